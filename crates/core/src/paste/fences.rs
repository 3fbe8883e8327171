//! Fenced code blocks of Markdown: only the Python in them is taken.

use super::Trouble;
use super::scan::Open;
use super::text::{Line, Text, is_python};

/// What the word after a fence is for Python.
const PYTHON: &[&str] = &["python", "py", "python3", "py3", "pycon", "ipython", "ipython3", "diff"];

struct Block {
    language: String,
    lines: Vec<Line>,
}

/// Takes the code out of the fences, if there are any.
pub(super) fn extract(text: &mut Text) -> Result<(), Trouble> {
    let mut blocks: Vec<Block> = Vec::new();
    let mut fence: Option<(char, usize, usize)> = None;
    let mut open = Open::default();
    for line in &text.lines {
        let bare = line.text.trim();
        match fence {
            Some((mark, length, _)) if is_closing(bare, mark, length) => fence = None,
            Some((_, _, indent)) => {
                if let Some(block) = blocks.last_mut() {
                    // A list indents its blocks.
                    let margin = line.text.len() - line.text.trim_start().len();
                    let body = line.text.get(margin.min(indent)..).unwrap_or_default();
                    block.lines.push(Line { number: line.number, text: body.into() });
                }
            }
            None => {
                // Fences in a docstring are part of it.
                let opening = if open.string.is_none() { opening(bare) } else { None };
                if let Some((mark, length, language)) = opening {
                    let indent = line.text.len() - line.text.trim_start().len();
                    fence = Some((mark, length, indent));
                    blocks.push(Block { language, lines: Vec::new() });
                } else {
                    open = Open { brackets: 0, ..open.after(&line.text) };
                }
            }
        }
    }
    let found = blocks.len();
    blocks.retain(|block| {
        PYTHON.contains(&block.language.as_str())
            || (block.language.is_empty()
                && (looks_like_code(&block.lines) || is_python(&block.lines)))
    });
    if blocks.is_empty() {
        return Ok(());
    }
    let taken = blocks.len();
    let numbers: Vec<u32> =
        blocks.iter().flat_map(|block| &block.lines).map(|line| line.number).collect();
    let mut lines: Vec<Line> = Vec::new();
    for block in blocks {
        if let Some(last) = lines.last() {
            lines.push(Line { number: last.number, text: String::new() });
        }
        lines.extend(block.lines);
    }
    text.lines = lines;
    let what = match (taken, found) {
        (1, 1) => "Took the code out of its fence".into(),
        _ if taken == found => format!("Took the code out of {taken} fenced blocks"),
        _ => format!("Took the Python out of {taken} of {found} fenced blocks"),
    };
    text.note(what, &numbers);
    Ok(())
}

/// The mark, how often, and the language, in lower case.
fn opening(line: &str) -> Option<(char, usize, String)> {
    let mark = line.chars().next().filter(|mark| matches!(mark, '`' | '~'))?;
    let length = line.chars().take_while(|letter| *letter == mark).count();
    let info = line.trim_start_matches(mark).trim().trim_start_matches(['{', '.']);
    if length < 3 || info.contains('`') {
        return None;
    }
    let language = info.split([' ', ',', '}', ':']).next().unwrap_or_default();
    Some((mark, length, language.to_lowercase()))
}

fn is_closing(line: &str, mark: char, length: usize) -> bool {
    line.chars().count() >= length && line.chars().all(|letter| letter == mark)
}

/// A block that declares something, though it may be damaged in other ways.
fn looks_like_code(lines: &[Line]) -> bool {
    lines.iter().any(|line| {
        let bare =
            line.text.trim_start_matches(|letter: char| !letter.is_alphabetic() && letter != '>');
        ["class ", "from ", "import ", ">>> "].iter().any(|start| bare.starts_with(start))
    })
}
