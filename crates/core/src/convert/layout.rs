//! How written code is laid out: classes, blocks of options, lists.

use crate::edit::INDENT;

/// The longest line.
const WIDTH: usize = 88;

/// A class. Parts of the body are separated by nothing where `body` says nothing; an empty body is `pass`.
pub fn class(name: &str, bases: &str, body: &[String]) -> String {
    let head =
        if bases.is_empty() { format!("class {name}:") } else { format!("class {name}({bases}):") };
    if body.iter().all(String::is_empty) {
        return format!("{head}\n{INDENT}pass\n");
    }
    format!("{head}\n{}\n", indented(body.join("\n").trim_end_matches('\n'), 1))
}

/// Every line that is not empty, deeper by so many levels.
pub fn indented(text: &str, levels: usize) -> String {
    let lines = text.lines().map(|line| {
        if line.is_empty() { String::new() } else { format!("{}{line}", INDENT.repeat(levels)) }
    });
    lines.collect::<Vec<_>>().join("\n")
}

/// `head[a, b]tail`, over several lines where one would be too long at this depth. Brackets are given as a pair; a tuple of one keeps its comma.
pub fn list(head: &str, brackets: (&str, &str), items: &[String], levels: usize) -> String {
    let (open, close) = brackets;
    let lonely = if open == "(" && items.len() == 1 { "," } else { "" };
    let line = format!("{head}{open}{}{lonely}{close}", items.join(", "));
    let long = line.chars().count() + levels * INDENT.len() > WIDTH || line.contains('\n');
    if !long || items.is_empty() {
        return line;
    }
    let lines: String = items.iter().map(|item| format!("{},\n", indented(item, 1))).collect();
    format!("{head}{open}\n{lines}{close}")
}

/// `callee(a, b)`, laid out likewise.
pub fn call(callee: &str, items: &[String], levels: usize) -> String {
    let line = format!("{callee}({})", items.join(", "));
    if items.len() == 1
        && line.chars().count() + levels * INDENT.len() <= WIDTH
        && !line.contains('\n')
    {
        return line;
    }
    list(callee, ("(", ")"), items, levels)
}

/// A whole file: imports, then parts with two blank lines between.
pub fn file(imports: &str, parts: &[String]) -> String {
    let mut out = imports.trim_end().to_owned();
    for part in parts {
        if !out.is_empty() {
            out.push_str("\n\n\n");
        }
        out.push_str(part.trim_end());
    }
    out.push('\n');
    out
}
