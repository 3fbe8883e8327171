//! Marks in front of every line: those of a diff, and those of a quotation.

use super::Trouble;
use super::text::{Text, sift};

/// What a diff's own lines begin with.
const HEADS: &[&str] = &[
    "diff --git",
    "index ",
    "+++ ",
    "--- ",
    "@@ ",
    "new file mode",
    "deleted file mode",
    "\\ No newline",
];

/// Takes out the marks of a diff, and the lines that it removes.
pub(super) fn diff(text: &mut Text) -> Result<(), Trouble> {
    let is_head = |line: &str| HEADS.iter().any(|head| line.starts_with(head));
    let has_head = text.lines.iter().any(|line| line.text.starts_with("@@ "));
    let added = text.lines.iter().filter(|line| line.text.starts_with('+')).count();
    let is_diff = text.lines.iter().all(|line| {
        line.is_blank() || is_head(&line.text) || line.text.starts_with(['+', '-', ' '])
    });
    if !is_diff || (added < 2 && !has_head) {
        return Ok(());
    }
    let mut marked = Vec::new();
    let removed = sift(&mut text.lines, &mut |line| {
        if is_head(&line.text) || line.text.starts_with('-') {
            return false;
        }
        if line.text.starts_with('+') {
            marked.push(line.number);
        }
        line.text = line.text.get(1..).unwrap_or_default().into();
        true
    });
    text.note("Took out the marks of a diff and kept what it adds", &marked);
    text.note("Left out what the diff removes, and its heads", &removed);
    Ok(())
}

/// Takes out the `>` of a quotation.
pub(super) fn quoted(text: &mut Text) -> Result<(), Trouble> {
    let is_quoted = |line: &str| line.starts_with('>') && !line.starts_with(">>");
    if text.is_blank() || !text.lines.iter().all(|line| line.is_blank() || is_quoted(&line.text)) {
        return Ok(());
    }
    let mut marked = Vec::new();
    for line in text.lines.iter_mut().filter(|line| !line.is_blank()) {
        let rest = line.text.get(1..).unwrap_or_default();
        line.text = rest.strip_prefix(' ').unwrap_or(rest).into();
        marked.push(line.number);
    }
    text.note("Took out the `>` of a quotation", &marked);
    Ok(())
}
