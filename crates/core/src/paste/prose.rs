//! Prose around code: sentences, headings, lists, and what buttons of the page say.

use super::Trouble;
use super::scan::Open;
use super::text::{Line, Text, is_python};

/// Words that begin statements; a sentence may begin with them, too, so they count for less.
const KEYWORDS: &[&str] = &[
    "and", "as", "assert", "async", "await", "break", "class", "continue", "def", "del", "elif",
    "else", "except", "finally", "for", "from", "global", "if", "import", "in", "is", "lambda",
    "match", "nonlocal", "not", "or", "pass", "raise", "return", "try", "type", "while", "with",
    "yield", "case",
];

#[derive(Clone, Copy, PartialEq, Eq)]
enum Sort {
    Blank,
    Prose,
    Code,
    /// A word alone: code where it stands in code, a button or a file's name where it stands in prose.
    Word,
}

/// Leaves out the prose, if there is code beside it; then each part of the code goes to the left margin.
pub(super) fn leave_out(text: &mut Text) -> Result<(), Trouble> {
    let sorts = sorts(&text.lines);
    if !sorts.contains(&Sort::Prose) || !sorts.contains(&Sort::Code) {
        return Ok(());
    }
    let mut parts: Vec<Vec<Line>> = vec![Vec::new()];
    let mut dropped = Vec::new();
    for (line, sort) in text.lines.drain(..).zip(sorts) {
        match sort {
            Sort::Prose | Sort::Word => {
                dropped.push(line.number);
                if parts.last().is_some_and(|part| !part.iter().all(Line::is_blank)) {
                    parts.push(Vec::new());
                }
            }
            Sort::Blank | Sort::Code => {
                if let Some(part) = parts.last_mut() {
                    part.push(line);
                }
            }
        }
    }
    let mut lines: Vec<Line> = Vec::new();
    for mut part in parts {
        while part.last().is_some_and(Line::is_blank) {
            part.pop();
        }
        let Some(first) = part.iter().find(|line| !line.is_blank()) else { continue };
        let margin = margin(&first.text);
        // A block that a page indents, not the body of what stands before it.
        if margin > 0 {
            for line in &mut part {
                let own = self::margin(&line.text).min(margin);
                line.text = line.text.get(own..).unwrap_or_default().into();
            }
        }
        if let Some(last) = lines.last() {
            lines.push(Line { number: last.number, text: String::new() });
        }
        lines.extend(part);
    }
    text.lines = lines;
    let what = match dropped.len() {
        1 => "Left out a line that is not code".into(),
        count => format!("Left out {count} lines that are not code"),
    };
    text.note(what, &dropped);
    Ok(())
}

fn margin(line: &str) -> usize {
    line.len() - line.trim_start().len()
}

/// What each line is. Nothing inside brackets or strings is prose.
fn sorts(lines: &[Line]) -> Vec<Sort> {
    let mut open = Open::default();
    let mut before = Sort::Blank;
    let mut out = Vec::with_capacity(lines.len());
    for line in lines {
        let sort = if !open.is_closed() {
            Sort::Code
        } else if line.is_blank() {
            Sort::Blank
        } else {
            sort(&line.text, before)
        };
        if sort == Sort::Code {
            open = open.after(&line.text);
        }
        before = sort;
        out.push(sort);
    }
    out
}

fn sort(line: &str, before: Sort) -> Sort {
    let bare = line.trim();
    if bare.starts_with(['@', '#', ')', ']', '}', '"', '\'']) {
        return Sort::Code;
    }
    if is_alone(bare) {
        return if margin(line) == 0 && !KEYWORDS.contains(&bare) {
            Sort::Word
        } else {
            Sort::Code
        };
    }
    let statement = Line { number: 0, text: bare.to_owned() };
    let body = Line { number: 0, text: "    pass".into() };
    if is_python(std::slice::from_ref(&statement))
        || (bare.ends_with(':') && is_python(&[statement, body]))
    {
        return Sort::Code;
    }
    if is_sentence(bare, before) { Sort::Prose } else { Sort::Code }
}

/// `models.py`, `Copy`, `Output`.
fn is_alone(bare: &str) -> bool {
    bare.chars().all(|letter| letter.is_alphanumeric() || matches!(letter, '_' | '.' | '-' | '/'))
        && !bare.chars().all(|letter| letter == '.')
}

/// Whether a line that Python does not accept reads as words.
fn is_sentence(bare: &str, before: Sort) -> bool {
    let is_marked = ["- ", "* ", "• ", "+ ", "> ", "http://", "https://", "<", "![", "["]
        .iter()
        .any(|mark| bare.starts_with(mark))
        || bare.split_once(['.', ')']).is_some_and(|(number, rest)| {
            rest.starts_with(' ')
                && !number.is_empty()
                && number.bytes().all(|byte| byte.is_ascii_digit())
        });
    // Text between back ticks is code in prose; Python has none.
    let plain: String = bare.split('`').step_by(2).collect::<Vec<_>>().join("x");
    let words: Vec<&str> = plain.split_whitespace().collect();
    let is_words = words.iter().all(|word| is_word(word));
    let first = words.first().copied().unwrap_or_default();
    let begins_statement = KEYWORDS.contains(&first);
    let is_long = words.len() >= 5;
    if bare.contains('`') && words.len() > 1 {
        return true;
    }
    if is_marked && is_words {
        return true;
    }
    match before {
        // A paragraph goes on, with any word.
        Sort::Prose => {
            is_words || words.iter().filter(|word| is_word(word)).count() * 4 >= words.len() * 3
        }
        Sort::Blank | Sort::Word | Sort::Code => {
            let mostly = words.iter().filter(|word| is_word(word)).count() * 5 >= words.len() * 4;
            let capital = first.chars().next().is_some_and(char::is_uppercase);
            (is_words
                && !begins_statement
                && (words.len() > 1 || bare.ends_with([':', '.', '!', '?'])))
                || (mostly && is_long && (capital || !begins_statement))
        }
    }
}

/// A word of a sentence, with the marks that stand around words.
fn is_word(word: &str) -> bool {
    let bare = word.trim_matches(|letter: char| {
        matches!(
            letter,
            ',' | '.'
                | ';'
                | ':'
                | '!'
                | '?'
                | '('
                | ')'
                | '"'
                | '\''
                | '“'
                | '”'
                | '‘'
                | '’'
                | '*'
                | '…'
                | '–'
                | '—'
                | '-'
        )
    });
    let inner = |letter: char| {
        letter.is_alphanumeric() || matches!(letter, '-' | '\'' | '’' | '/' | '_' | '.')
    };
    bare.chars().all(inner) && !word.ends_with("()")
}
