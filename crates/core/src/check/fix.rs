//! Edits of the source that fixes are made of. Each is `None` where the text does not look as expected: no fix is better than a wrong one.

use crate::document::{Argument, Document, Field, Model, Span, Value};
use crate::edit::TextEdit;

/// Replaces a piece of the text.
pub(crate) fn replace(span: Span, insert: impl Into<String>) -> TextEdit {
    TextEdit { span, insert: insert.into() }
}

/// Inserts before a byte of the text.
pub(crate) fn insert(at: u32, text: impl Into<String>) -> TextEdit {
    replace(Span::new(at, at), text)
}

/// The byte at which the line of `at` begins.
pub(crate) fn line_start(source: &str, at: u32) -> u32 {
    source
        .get(..at as usize)
        .and_then(|before| before.rfind('\n'))
        .map_or(0, |found| found as u32 + 1)
}

/// The byte after the line of `at`, its line break included.
pub(crate) fn line_end(source: &str, at: u32) -> u32 {
    source
        .get(at as usize..)
        .and_then(|after| after.find('\n'))
        .map_or(source.len() as u32, |found| at + found as u32 + 1)
}

/// The white space at the start of the line of `at`.
pub(crate) fn indent(source: &str, at: u32) -> &str {
    let line = Span::new(line_start(source, at), at).text(source);
    line.get(..line.len() - line.trim_start().len()).unwrap_or_default()
}

fn stands_alone(source: &str, span: Span) -> bool {
    Span::new(line_start(source, span.start), span.start).text(source).trim().is_empty()
}

/// The byte after the opening parenthesis of the call whose callee ends at `callee_end`.
fn after_paren(source: &str, callee_end: u32) -> Option<u32> {
    let rest = source.get(callee_end as usize..)?;
    let at = rest.find(|letter: char| !letter.is_whitespace())?;
    rest.get(at..)?.starts_with('(').then_some(callee_end + at as u32 + 1)
}

/// Takes an argument out of a call, with its comma, and with its line where it has one of its own.
pub(crate) fn remove_argument(
    source: &str,
    args: &[Argument],
    index: usize,
) -> Option<Vec<TextEdit>> {
    let arg = args.get(index)?;
    let after = source.get(arg.span.end as usize..)?;
    let comma = after
        .trim_start()
        .starts_with(',')
        .then(|| arg.span.end + (after.len() - after.trim_start().len()) as u32 + 1);
    let end = comma.unwrap_or(arg.span.end);
    let rest_of_line = Span::new(end, line_end(source, end)).text(source);
    let rest = rest_of_line.trim();
    if stands_alone(source, arg.span) && (rest.is_empty() || rest.starts_with('#')) {
        return Some(vec![replace(
            Span::new(line_start(source, arg.span.start), line_end(source, end)),
            "",
        )]);
    }
    let span = match (args.get(index + 1), index.checked_sub(1).and_then(|before| args.get(before)))
    {
        (Some(next), _) if is_gap(Span::new(arg.span.end, next.span.start).text(source)) => {
            Span::new(arg.span.start, next.span.start)
        }
        (None, Some(previous))
            if is_gap(Span::new(previous.span.end, arg.span.start).text(source)) =>
        {
            Span::new(previous.span.end, arg.span.end)
        }
        (None, None) => Span::new(arg.span.start, end),
        _ => return None,
    };
    Some(vec![replace(span, "")])
}

fn is_gap(text: &str) -> bool {
    text.chars().all(|letter| letter == ',' || letter.is_whitespace())
}

/// Takes a field's argument out.
pub(crate) fn remove(source: &str, field: &Field, keyword: &str) -> Option<Vec<TextEdit>> {
    let index = field.args.iter().position(|arg| arg.keyword.as_deref() == Some(keyword))?;
    remove_argument(source, &field.args, index)
}

/// Adds an argument after a call's last one.
fn add_argument(
    source: &str,
    args: &[Argument],
    callee_end: u32,
    text: &str,
) -> Option<Vec<TextEdit>> {
    let Some(last) = args.last() else {
        return Some(vec![insert(after_paren(source, callee_end)?, text)]);
    };
    let after = source.get(last.span.end as usize..)?.trim_start();
    if !(after.starts_with(',') || after.starts_with(')') || after.starts_with('#')) {
        return None;
    }
    let separator = if stands_alone(source, last.span) {
        format!(",\n{}", indent(source, last.span.start))
    } else {
        ", ".to_owned()
    };
    Some(vec![insert(last.span.end, format!("{separator}{text}"))])
}

/// Gives a field's argument this value, in Python; adds it where it is missing.
pub(crate) fn set(
    source: &str,
    field: &Field,
    keyword: &str,
    value: &str,
) -> Option<Vec<TextEdit>> {
    match field.arg(keyword) {
        Some(arg) => Some(vec![replace(arg.value_span, value)]),
        None => {
            add_argument(source, &field.args, field.class.span.end, &format!("{keyword}={value}"))
        }
    }
}

/// Changes the class of a field: `ForeignKey` to `OneToOneField`.
pub(crate) fn set_class(field: &Field, class: &str) -> Option<Vec<TextEdit>> {
    Some(vec![replace(field.class.span, class)])
}

/// Takes a whole statement of a class body out. A body that would be empty gets a `pass`.
pub(crate) fn remove_field(source: &str, model: &Model, field: &Field) -> Option<Vec<TextEdit>> {
    if !stands_alone(source, field.span) {
        return None;
    }
    let rest = Span::new(field.span.end, line_end(source, field.span.end)).text(source).trim();
    if !(rest.is_empty() || rest.starts_with('#')) {
        return None;
    }
    if model.fields.len() + model.members.len() <= 1 && model.meta.span.is_none() {
        return Some(vec![replace(field.span, "pass")]);
    }
    Some(vec![replace(
        Span::new(line_start(source, field.span.start), line_end(source, field.span.end)),
        "",
    )])
}

/// Renames a field where it is declared and where the file names it in a string: in the `Meta` of its model and its heirs,
/// in `to_field` of relations to it, in `through_fields`.
pub(crate) fn rename_field(
    source: &str,
    document: &Document,
    model: &Model,
    field: &Field,
    name: &str,
) -> Option<Vec<TextEdit>> {
    let old = field.name.text.as_str();
    // A name that the body binds twice would come to light again.
    let bindings = model.span.text(source).lines().filter(|line| {
        let rest = line.trim_start().strip_prefix(old).map(str::trim_start);
        rest.is_some_and(|rest| rest.starts_with('=') || rest.starts_with(':'))
    });
    if bindings.count() > 1 {
        return None;
    }
    let mut edits = vec![replace(field.name.span, name)];
    for other in &document.models {
        let own = other.name.text == model.name.text;
        if let Some(meta) = other.meta.span
            && (own || other.bases.iter().any(|base| base.path == model.name.text))
        {
            edits.extend(quoted(source, meta, old).map(|span| replace(span, name)));
        }
        for relation in other.fields.iter().filter_map(Field::relation) {
            let to_us = relation.target.as_ref().is_some_and(|target| {
                target.text.rsplit('.').next() == Some(model.name.text.as_str())
                    || (own && target.text == "self")
            });
            if let Some(to_field) =
                relation.to_field.as_ref().filter(|to_field| to_us && to_field.text == old)
            {
                edits.push(replace(to_field.span, format!("\"{name}\"")));
            }
            let through_us = relation.through.as_ref().is_some_and(|through| {
                through.text.rsplit('.').next() == Some(model.name.text.as_str())
            });
            if let Some((_, span)) = relation.through_fields.as_ref().filter(|_| through_us) {
                edits.extend(quoted(source, *span, old).map(|span| replace(span, name)));
            }
        }
    }
    edits.dedup();
    Some(edits)
}

/// The places inside `within` where the text stands as a whole string, with or without a sign; without the quotes.
fn quoted<'a>(source: &'a str, within: Span, text: &'a str) -> impl Iterator<Item = Span> + 'a {
    let hay = within.text(source);
    hay.match_indices(text).filter_map(move |(at, _)| {
        let before = hay.get(..at)?.trim_end_matches('-').chars().next_back()?;
        let after = hay.get(at + text.len()..)?.chars().next()?;
        ((before == '"' || before == '\'') && after == before)
            .then(|| Span::new(within.start + at as u32, within.start + (at + text.len()) as u32))
    })
}

/// The edit that removes the first place where `keyword = …` stands as a whole line (an option of `Meta`).
pub(crate) fn remove_option(source: &str, model: &Model, option: &str) -> Option<Vec<TextEdit>> {
    let (name, _) = model.meta.options.iter().find(|(name, _)| name.text == option)?;
    let start = line_start(source, name.span.start);
    let end = statement_end(source, name.span.end)?;
    if model.meta.options.len() == 1 {
        return Some(vec![replace(Span::new(name.span.start, end), "pass")]);
    }
    Some(vec![replace(Span::new(start, line_end(source, end)), "")])
}

/// Where the statement that goes on at `at` ends: the end of the first line with all brackets closed.
pub(crate) fn statement_end(source: &str, at: u32) -> Option<u32> {
    let mut depth = 0_i32;
    let mut quote: Option<char> = None;
    let mut comment = false;
    for (offset, letter) in source.get(at as usize..)?.char_indices() {
        match (quote, letter) {
            (_, '\n') if comment => comment = false,
            (None, '\n') if depth <= 0 => return Some(at + offset as u32),
            _ if comment => {}
            (Some(open), _) if letter == open => quote = None,
            (Some(_), _) => {}
            (None, '"' | '\'') => quote = Some(letter),
            (None, '#') => comment = true,
            (None, '(' | '[' | '{') => depth += 1,
            (None, ')' | ']' | '}') => depth -= 1,
            _ => {}
        }
        if !comment && letter == '\n' && depth <= 0 && quote.is_none() {
            return Some(at + offset as u32);
        }
    }
    Some(source.len() as u32)
}

/// A string as Python source.
pub(crate) fn quote(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}

/// Adds an item to a list option of `Meta` (`constraints`), or the option, or the whole `Meta`.
pub(crate) fn add_to_meta(
    source: &str,
    model: &Model,
    option: &str,
    item: &str,
) -> Option<Vec<TextEdit>> {
    if let Some((name, value)) = model.meta.options.iter().find(|(name, _)| name.text == option) {
        if !matches!(value, Value::List(_)) {
            return None;
        }
        let end = statement_end(source, name.span.end)?;
        let text = Span::new(name.span.end, end).text(source);
        let close = text.rfind([']', ')'])?;
        let body = text.get(..close)?.trim_end();
        let comma = if body.ends_with(['[', '(', ',']) { "" } else { ", " };
        let at = name.span.end + body.len() as u32;
        return Some(vec![insert(at, format!("{comma}{item}"))]);
    }
    new_option(source, model, option, &format!("[{item}]"))
}

/// Gives an option of `Meta` this value, in Python; adds the option, or the whole `Meta`, where it is missing.
pub(crate) fn set_option(
    source: &str,
    model: &Model,
    option: &str,
    value: &str,
) -> Option<Vec<TextEdit>> {
    match model.meta.options.iter().find(|(name, _)| name.text == option) {
        Some((name, _)) => {
            let end = statement_end(source, name.span.end)?;
            Some(vec![replace(Span::new(name.span.end, end), format!(" = {value}"))])
        }
        None => new_option(source, model, option, value),
    }
}

/// Adds an option to `Meta`, or the whole `Meta`.
fn new_option(source: &str, model: &Model, option: &str, value: &str) -> Option<Vec<TextEdit>> {
    let outer = indent(source, model.name.span.start);
    let inner = model
        .fields
        .first()
        .map(|field| indent(source, field.span.start))
        .filter(|inner| inner.len() > outer.len());
    let body = inner.map_or_else(|| format!("{outer}    "), str::to_owned);
    if let Some(meta) = model.meta.span {
        let mut edits = break_open(source, meta.start, &format!("{body}{body}"))?;
        edits.push(insert(meta.end, format!("\n{body}{body}{option} = {value}")));
        return Some(edits);
    }
    let mut edits = break_open(source, model.name.span.end, &body)?;
    edits.push(insert(
        model.span.end,
        format!("\n\n{body}class Meta:\n{body}{body}{option} = {value}"),
    ));
    Some(edits)
}

/// Moves the body of `class A: pass` to a line of its own. No edits where it stands there already.
fn break_open(source: &str, header: u32, indent: &str) -> Option<Vec<TextEdit>> {
    let mut depth = 0_i32;
    let rest = source.get(header as usize..)?;
    let (colon, _) = rest.char_indices().find(|(_, letter)| {
        match letter {
            '(' | '[' => depth += 1,
            ')' | ']' => depth -= 1,
            _ => {}
        }
        depth == 0 && *letter == ':'
    })?;
    let after = rest.get(colon + 1..)?;
    let line = after.lines().next().unwrap_or_default();
    let text = line.trim_start();
    if text.is_empty() || text.starts_with('#') {
        return Some(Vec::new());
    }
    let start = header + colon as u32 + 1;
    let blank = (line.len() - text.len()) as u32;
    Some(vec![replace(Span::new(start, start + blank), format!("\n{indent}"))])
}

/// Adds arguments, as written, after a field's last one.
pub(crate) fn add(source: &str, field: &Field, text: &str) -> Option<Vec<TextEdit>> {
    add_argument(source, &field.args, field.class.span.end, text)
}

/// The place of the text of a string literal inside `within`, without its quotes.
pub(crate) fn quoted_place(source: &str, within: Span, text: &str) -> Option<Span> {
    quoted(source, within, text).next()
}
