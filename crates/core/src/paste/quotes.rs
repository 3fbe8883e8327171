//! Typographer's quotes, dashes and ellipses where Python wants plain ones.

use super::Trouble;
use super::scan::{Open, Place, walk};
use super::text::Text;

const DOUBLE: &[char] = &['“', '”', '„', '‟', '«', '»', '″'];
const SINGLE: &[char] = &['‘', '’', '‚', '‛', '′'];

/// Strings of one line that are put right.
const MOST: usize = 100;

/// Replaces typographer's quotes that delimit strings, and dashes outside of strings. What stands inside a string stays.
pub(super) fn straighten(text: &mut Text) -> Result<(), Trouble> {
    let (mut quotes, mut dashes) = (Vec::new(), Vec::new());
    let mut open = Open::default();
    for line in &mut text.lines {
        // Prose has quotes, too; it is left out later, and must not open a string here.
        let plain = straight(&line.text, open);
        if plain != line.text {
            quotes.push(line.number);
            line.text = plain;
        }
        let mut out = String::with_capacity(line.text.len());
        let after = walk(&line.text, open, &mut |_, letter, place| match letter {
            '–' | '—' | '−' | '‐' | '‑' if place == Place::Code => {
                dashes.push(line.number);
                out.push('-');
            }
            '…' if place == Place::Code => {
                dashes.push(line.number);
                out.push_str("...");
            }
            _ => out.push(letter),
        });
        line.text = out;
        open = after;
    }
    text.note("Replaced typographer's quotes by plain ones", &quotes);
    text.note("Replaced dashes and ellipses of typesetting by plain characters", &dashes);
    Ok(())
}

/// The line with the curly quotes that begin or end a string made straight.
fn straight(line: &str, open: Open) -> String {
    let mut line = tripled(line);
    // Each turn settles one string; a line with more is no code that anyone wrote.
    for _ in 0..line.matches(is_curly).count().min(MOST) {
        let mut first = None;
        let mut last_string = None;
        let after = walk(&line, open, &mut |at, letter, place| match place {
            Place::Code if is_curly(letter) => first = first.or(Some((at, letter))),
            Place::String => last_string = Some(at),
            Place::Code | Place::Comment => {}
        });
        let next = match first {
            Some((at, letter)) => pair(&line, at, letter),
            // A string that begins with a straight quote and ends with a curly one.
            None if after.torn && last_string.is_some() => closing(&line),
            None => None,
        };
        match next {
            Some(next) => line = next,
            None => break,
        }
    }
    line
}

fn is_curly(letter: char) -> bool {
    DOUBLE.contains(&letter) || SINGLE.contains(&letter)
}

fn tripled(line: &str) -> String {
    let mut out = line.to_owned();
    for quote in ["“““", "”””", "“\"\"", "\"\"”"] {
        out = out.replace(quote, "\"\"\"");
    }
    out
}

/// Replaces the curly quote at `at` and the one that closes it, unless plain quotes between them would end the string early.
fn pair(line: &str, at: usize, letter: char) -> Option<String> {
    let (kind, plain) = if DOUBLE.contains(&letter) { (DOUBLE, '"') } else { (SINGLE, '\'') };
    let before = line.get(..at)?;
    let after = line.get(at + letter.len_utf8()..)?;
    let end = after.find(|letter| kind.contains(&letter) || letter == plain)?;
    let closing = after.get(end..)?.chars().next()?;
    let inside = after.get(..end)?;
    let rest = after.get(end + closing.len_utf8()..)?;
    Some(format!("{before}{plain}{inside}{plain}{rest}"))
}

/// Replaces the first curly quote: no code has it before, so it is in the string that is not closed.
fn closing(line: &str) -> Option<String> {
    let quote = line.chars().find(|letter| matches!(letter, '"' | '\''))?;
    let kind = if quote == '"' { DOUBLE } else { SINGLE };
    let (at, found) = line.char_indices().find(|(_, letter)| kind.contains(letter))?;
    Some(format!("{}{quote}{}", line.get(..at)?, line.get(at + found.len_utf8()..)?))
}
