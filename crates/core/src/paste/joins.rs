//! Statements that a page broke apart: `name =` on one line, and the call on the next.

use super::Trouble;
use super::scan::{Open, code};
use super::text::{Line, Text};

/// Joins a line that ends with `=` to the one below, and a name alone to the line below that begins with `=`.
pub(super) fn join(text: &mut Text) -> Result<(), Trouble> {
    let mut open = Open::default();
    let mut out: Vec<Line> = Vec::new();
    let mut joined = Vec::new();
    let mut waiting = false;
    let mut joined_from_below = false;
    for line in text.lines.drain(..) {
        let bare = code(&line.text, open).to_owned();
        let starts_alone = open.is_closed() && is_assigned(&bare);
        open = open.after(&line.text);
        if waiting && bare.is_empty() {
            continue;
        }
        let above =
            out.last_mut().filter(|above| waiting || (starts_alone && is_name(above.text.trim())));
        match above {
            Some(above) => {
                joined_from_below |= !waiting;
                let begin = above.text.trim_end().len();
                above.text.truncate(begin);
                above.text.push(' ');
                above.text.push_str(line.text.trim_start());
                joined.push(above.number);
            }
            None => out.push(line),
        }
        waiting = open.is_closed() && ends_assigned(&bare);
    }
    // A name that is left over means that each could be one line off.
    let is_name_left = out.iter().zip(out.iter().skip(1)).any(|(joined_line, line)| {
        joined.contains(&joined_line.number) && is_name(line.text.trim())
    });
    text.lines = out;
    if is_name_left && joined_from_below {
        return Err(off_by_one(text, &joined));
    }
    text.note("Joined lines that were broken at `=`", &joined);
    stray(text)
}

fn off_by_one(text: &Text, joined: &[u32]) -> Trouble {
    let line = joined.first().copied().unwrap_or_default();
    let name = text
        .lines
        .iter()
        .find(|line| is_name(line.text.trim()))
        .map_or("", |line| line.text.trim());
    Trouble {
        line,
        what: "Names and values stand on lines of their own, and not in pairs".into(),
        why: format!(
            "`{name}` has no value: each name may belong to the value above it or to the one below."
        ),
        hint: HINT.into(),
    }
}

const HINT: &str = "Copy the code again where the page keeps its lines (a raw view, or the page's source), or write each name before its `=`.";

/// What cannot be joined: a value whose name is not above it, and a second word after a statement's end.
fn stray(text: &Text) -> Result<(), Trouble> {
    let mut open = Open::default();
    for (at, line) in text.lines.iter().enumerate() {
        let bare = code(&line.text, open);
        if open.is_closed() && is_assigned(bare) {
            let below =
                text.lines.get(at + 1).map(|line| line.text.trim()).filter(|name| is_name(name));
            let why = match below {
                Some(name) => format!(
                    "`{name}` on the line below may be the name that is missing, or something else: the page gave names and values in another order than they were written in."
                ),
                None => "The name is on no line beside it.".into(),
            };
            return Err(Trouble {
                line: line.number,
                what: format!(
                    "`{}` begins with `=`: the name before it is missing",
                    shortened(bare)
                ),
                why,
                hint: HINT.into(),
            });
        }
        open = open.after(&line.text);
    }
    Ok(())
}

fn is_assigned(bare: &str) -> bool {
    bare.starts_with('=') && !bare.starts_with("==")
}

fn ends_assigned(bare: &str) -> bool {
    bare.strip_suffix('=').is_some_and(|before| {
        let name = before.split(':').next().unwrap_or_default().trim();
        is_name(name)
    })
}

fn is_name(text: &str) -> bool {
    text.chars().next().is_some_and(|letter| letter.is_alphabetic() || letter == '_')
        && text.chars().all(|letter| letter.is_alphanumeric() || letter == '_')
        && text != "pass"
}

/// At most forty characters of a line.
pub(super) fn shortened(line: &str) -> String {
    if line.chars().count() <= 40 {
        return line.into();
    }
    line.chars().take(39).chain(std::iter::once('…')).collect()
}
