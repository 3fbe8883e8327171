//! Changes inside a call: arguments replaced, removed and added, the rest and its layout left alone.

use ruff_python_ast::{Expr, ExprCall};
use ruff_text_size::Ranged;
use throughline_order::Arrange as _;

use super::layout::Source;
use super::written::WrittenArgument;
use super::{EditError, TextEdit};
use crate::document::{Span, Value};
use crate::python::{self, Scope};

/// What becomes of a call.
pub(super) struct Change<'c> {
    /// The callee's last segment or the whole of it, and what stands there then.
    pub(super) callee: Option<TextEdit>,
    /// What positional arguments mean, before and after.
    pub(super) positional: (&'c [&'c str], &'c [&'c str]),
    /// What must be there, and what must not.
    pub(super) set: Vec<WrittenArgument>,
    /// Whether an argument means nothing to the new callee.
    pub(super) drops: &'c dyn Fn(&str) -> bool,
}

/// An argument as it stands.
struct Present<'s> {
    /// Its keyword, also of a positional one where that is known.
    name: Option<String>,
    positional: bool,
    span: Span,
    value: &'s Expr,
    fate: Fate,
}

enum Fate {
    Stays,
    Value(String),
    Goes,
    /// Another argument comes in its place.
    Becomes(String),
}

impl Change<'_> {
    /// The edits. Nothing for an argument whose value already means what is wanted.
    pub(super) fn edits(
        &self,
        source: &Source<'_>,
        call: &ExprCall,
    ) -> Result<Vec<TextEdit>, EditError> {
        let mut present = self.present(call);
        let mut new = Vec::new();
        for wanted in &self.set {
            if let Some(value) = &wanted.value {
                check_expression(value)?;
            }
            let existing =
                present.iter_mut().rfind(|arg| arg.name.as_deref() == Some(&wanted.keyword));
            match (existing, &wanted.value) {
                (Some(arg), Some(value)) if !is_same(arg.value, value, source.text) => {
                    arg.fate = Fate::Value(value.clone())
                }
                (Some(arg), None) => arg.fate = Fate::Goes,
                (None, Some(_)) => new.extend(wanted.text()),
                (Some(_), Some(_)) | (None, None) => {}
            }
        }
        let spoken_of = |name: &str| self.set.iter().any(|wanted| wanted.keyword == name);
        for arg in &mut present {
            if arg.name.as_deref().is_some_and(|name| !spoken_of(name) && (self.drops)(name)) {
                arg.fate = Fate::Goes;
            }
        }
        let mut new = new.into_iter();
        for arg in present.iter_mut().filter(|arg| matches!(arg.fate, Fate::Goes)) {
            if let Some(text) = new.next() {
                arg.fate = Fate::Becomes(text);
            }
        }
        let mut edits: Vec<TextEdit> = self.callee.iter().cloned().collect();
        self.rewrite(&present, &mut edits);
        remove(source, &present, &mut edits);
        append(source, call, &present, &new.collect::<Vec<_>>(), &mut edits);
        Ok(edits)
    }

    fn present<'s>(&self, call: &'s ExprCall) -> Vec<Present<'s>> {
        let positional = call.arguments.args.iter().enumerate().map(|(at, value)| Present {
            name: if value.is_starred_expr() {
                None
            } else {
                self.positional.0.get(at).map(|name| (*name).to_owned())
            },
            positional: !value.is_starred_expr(),
            span: python::span(value.range()),
            value,
            fate: Fate::Stays,
        });
        let keywords = call.arguments.keywords.iter().map(|keyword| Present {
            name: keyword.arg.as_ref().map(|name| name.id.to_string()),
            positional: false,
            span: python::span(keyword.range()),
            value: &keyword.value,
            fate: Fate::Stays,
        });
        let mut all: Vec<Present<'s>> = positional.chain(keywords).collect();
        all.arrange_by_key(|arg| arg.span);
        all
    }

    /// New values, and keywords for positional arguments that would come to mean something else.
    fn rewrite(&self, present: &[Present<'_>], edits: &mut Vec<TextEdit>) {
        let mut at = 0;
        let mut by_keyword = false;
        for arg in present {
            let value = python::span(arg.value.range());
            match &arg.fate {
                Fate::Becomes(text) => {
                    edits.push(TextEdit { span: arg.span, insert: text.clone() });
                    by_keyword |= arg.positional;
                }
                Fate::Value(text) => edits.push(TextEdit { span: value, insert: text.clone() }),
                Fate::Stays | Fate::Goes => {}
            }
            if !arg.positional || matches!(arg.fate, Fate::Goes | Fate::Becomes(_)) {
                continue;
            }
            by_keyword |= self.positional.1.get(at).copied() != arg.name.as_deref();
            if let (true, Some(name)) = (by_keyword, &arg.name) {
                edits.push(TextEdit {
                    span: Span::new(arg.span.start, arg.span.start),
                    insert: format!("{name}="),
                });
            }
            at += 1;
        }
    }
}

/// Removes what goes, with one comma each; an argument on lines of its own takes them along.
fn remove(source: &Source<'_>, present: &[Present<'_>], edits: &mut Vec<TextEdit>) {
    let goes = |arg: &Present<'_>| matches!(arg.fate, Fate::Goes);
    let kept = present.iter().rposition(|arg| !goes(arg));
    for pair in present.windows(2).take(kept.unwrap_or_default()) {
        if let [arg, next] = pair
            && goes(arg)
        {
            edits.push(TextEdit {
                span: Span::new(arg.span.start, next.span.start),
                insert: String::new(),
            });
        }
    }
    let tail = present.get(kept.map_or(0, |at| at + 1)..).unwrap_or_default();
    let (Some(first), Some(last)) = (tail.first(), tail.last()) else { return };
    let before = kept.and_then(|at| present.get(at));
    let own_line = source
        .text
        .get(source.line_start(first.span.start) as usize..first.span.start as usize)
        .is_some_and(|text| text.trim().is_empty());
    let after_comma = |end: u32| {
        let rest = source.from(end);
        let spaces = rest.len() - rest.trim_start().len();
        if rest.trim_start().starts_with(',') { end + spaces as u32 + 1 } else { end }
    };
    let rest_of_line = Span::new(after_comma(last.span.end), source.line_end(last.span.end))
        .text(source.text)
        .trim_start();
    let span = match before {
        Some(_) if own_line && (rest_of_line.is_empty() || rest_of_line.starts_with('#')) => {
            Span::new(source.line_start(first.span.start), source.next_line(last.span.end))
        }
        Some(before) => Span::new(before.span.end, last.span.end),
        None => Span::new(first.span.start, after_comma(last.span.end)),
    };
    edits.push(TextEdit { span, insert: String::new() });
}

/// Adds what is new after the last argument, on a line of its own where the others have theirs.
fn append(
    source: &Source<'_>,
    call: &ExprCall,
    present: &[Present<'_>],
    new: &[String],
    edits: &mut Vec<TextEdit>,
) {
    if new.is_empty() {
        return;
    }
    let Some(last) = present.iter().rfind(|arg| !matches!(arg.fate, Fate::Goes)) else {
        let at = u32::from(call.arguments.range().start()) + 1;
        edits.push(TextEdit { span: Span::new(at, at), insert: new.join(", ") });
        return;
    };
    let close = u32::from(call.range().end()).saturating_sub(1);
    let rest = Span::new(last.span.end, close).text(source.text);
    let line = Span::new(source.line_start(last.span.start), last.span.start).text(source.text);
    if !line.trim().is_empty() || !rest.contains('\n') {
        edits.push(TextEdit {
            span: Span::new(last.span.end, last.span.end),
            insert: format!(", {}", new.join(", ")),
        });
        return;
    }
    let comma = rest.trim_start().starts_with(',');
    if !comma {
        edits.push(TextEdit { span: Span::new(last.span.end, last.span.end), insert: ",".into() });
    }
    let end = source.line_end(last.span.end);
    let mut insert = String::new();
    for (at, text) in new.iter().enumerate() {
        let comma = if comma || at + 1 < new.len() { "," } else { "" };
        insert.push_str(&format!("{}{line}{text}{comma}", source.eol));
    }
    edits.push(TextEdit { span: Span::new(end, end), insert });
}

/// Whether a draft's value is what stands there, letter by letter or in another spelling.
fn is_same(present: &Expr, wanted: &str, source: &str) -> bool {
    python::span(present.range()).text(source) == wanted
        || means(present, source) == means_text(wanted)
}

/// What an expression means, as far as spellings of the same thing are to be told from others.
fn means(value: &Expr, source: &str) -> Value {
    match python::eval(value, &Scope::default(), source) {
        Value::Name(path) => Value::Name(path.rsplit('.').next().unwrap_or_default().to_owned()),
        other => other,
    }
}

fn means_text(text: &str) -> Value {
    ruff_python_parser::parse_expression(text)
        .map_or(Value::None, |parsed| means(parsed.expr(), text))
}

/// Whether a draft's value can stand in a call.
pub(super) fn check_expression(text: &str) -> Result<(), EditError> {
    ruff_python_parser::parse_expression(text)
        .map(|_| ())
        .map_err(|_| EditError::Refused(format!("{text} is not a Python expression.")))
}
