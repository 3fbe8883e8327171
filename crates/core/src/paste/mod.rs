//! Repair of pasted text: a page's code comes with fences, prompts, line numbers and prose around it, in typographer's quotes,
//! or without its indentation.
//!
//! Text that is Python is never changed. What can be read in one way only is repaired and said; what cannot is left as it came,
//! with an explanation. Each repair is a small module with one function that changes the lines and notes what it did.

mod characters;
mod entities;
mod fences;
mod indentation;
mod joins;
mod marks;
mod numbers;
mod prompts;
mod prose;
mod quotes;
mod scan;
#[cfg(test)]
mod tests;
mod text;
mod units;

use serde::Serialize;

use text::Text;

/// What came of a pasted text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Pasted {
    /// The text to take: repaired, or as it came.
    pub source: String,
    /// What was repaired, in the order in which it was done; empty where `source` is the text as it came.
    pub repairs: Vec<Repair>,
    /// How far `source` can be trusted.
    pub confidence: Confidence,
    /// Why the text was left as it came, where a page has scrambled it.
    pub trouble: Option<Trouble>,
}

/// How far the text can be trusted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Confidence {
    /// It is Python, as it came.
    Sound,
    /// It is Python now.
    Repaired,
    /// It is not Python, for reasons that are its author's: an ordinary syntax error.
    Broken,
    /// Its lines are in no order that has one reading: see [`Pasted::trouble`].
    Scrambled,
}

/// One thing that was repaired.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Repair {
    /// What was done, as a sentence without its full stop: `Took out the line numbers`.
    pub what: String,
    /// The first line of the pasted text that it touched, from 1.
    pub first: u32,
    /// The last one.
    pub last: u32,
}

/// Why a text cannot be repaired.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Trouble {
    /// The line of the pasted text, from 1.
    pub line: u32,
    /// What is wrong there.
    pub what: String,
    /// Why no repair can be sure.
    pub why: String,
    /// What to do.
    pub hint: String,
}

/// Repairs a pasted text. Never fails, never changes what is Python already.
pub fn repair(pasted: &str) -> Pasted {
    let mut text = Text::new(pasted);
    if text.is_python() {
        return untouched(pasted, Confidence::Sound, None);
    }
    for step in STEPS {
        if let Err(trouble) = step(&mut text) {
            return untouched(pasted, Confidence::Scrambled, Some(trouble));
        }
        if text.is_python() && !text.is_blank() {
            return finish(text, Confidence::Repaired);
        }
    }
    if text.is_blank() {
        // Prose without a line of code: there is nothing to take.
        return untouched(pasted, Confidence::Broken, None);
    }
    finish(text, Confidence::Broken)
}

type Step = fn(&mut Text) -> Result<(), Trouble>;

/// From the outside to the inside: the page's own marks first, then the characters, then the lines. It ends as soon as the text is
/// Python.
const STEPS: &[Step] = &[
    entities::decode,
    characters::plain_blanks,
    fences::extract,
    marks::diff,
    marks::quoted,
    numbers::drop,
    prompts::drop,
    quotes::straighten,
    prose::leave_out,
    indentation::shift,
    joins::join,
    indentation::restore,
];

fn untouched(pasted: &str, confidence: Confidence, trouble: Option<Trouble>) -> Pasted {
    Pasted { source: pasted.into(), repairs: Vec::new(), confidence, trouble }
}

fn finish(text: Text, confidence: Confidence) -> Pasted {
    let source = text.source();
    Pasted { source, repairs: text.repairs, confidence, trouble: None }
}
