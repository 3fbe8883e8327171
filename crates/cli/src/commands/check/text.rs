//! Problems as compilers print them: code, place, the lines with what is meant underlined, why, and ways out as changed lines.

use std::collections::HashMap;
use std::ops::Range;

use annotate_snippets::{AnnotationKind, Group, Level, Patch, Renderer, Snippet};
use throughline_core::check::{Fix, Subject};
use throughline_core::{Diagnostic, Severity, Span};

use super::report::{Counts, Report, code};

/// Whether there are colours.
#[derive(Clone, Copy)]
pub(super) enum Style {
    Plain,
    Coloured,
}

/// How many ways out are shown. The first is the best.
const MOST_FIXES: usize = 2;

/// All problems, then a line that counts them. Messages of one cause stand together, under the first of them.
pub(super) fn print(reports: &[Report], style: Style) -> String {
    let renderer = match style {
        Style::Plain => Renderer::plain(),
        Style::Coloured => Renderer::styled(),
    };
    let mut out = String::new();
    for report in reports {
        for cause in causes(&report.diagnostics) {
            out.push_str(&renderer.render(&groups(report, &cause)));
            out.push_str("\n\n");
        }
    }
    out.push_str(&summary(reports));
    out.push('\n');
    out
}

/// The problems by cause, in source order.
fn causes(diagnostics: &[Diagnostic]) -> Vec<Vec<&Diagnostic>> {
    let mut by_key: HashMap<&str, usize> = HashMap::new();
    let mut out: Vec<Vec<&Diagnostic>> = Vec::new();
    for diagnostic in diagnostics {
        let at = *by_key.entry(&diagnostic.cause.key).or_insert(out.len());
        match out.get_mut(at) {
            Some(cause) => cause.push(diagnostic),
            None => out.push(vec![diagnostic]),
        }
    }
    out
}

fn groups<'a>(report: &'a Report, cause: &[&'a Diagnostic]) -> Vec<Group<'a>> {
    let Some((first, rest)) = cause.split_first() else { return Vec::new() };
    let text = report.source.text.as_str();
    let path = report.source.name();
    let level = match first.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
        Severity::Advice => Level::INFO.with_name("advice"),
    };
    let snippet = Snippet::source(text).path(path.clone()).annotations(
        labels(first, rest)
            .into_iter()
            .map(|(span, kind, label)| kind.span(range(text, span)).label(label)),
    );
    let mut group = level.primary_title(first.message.as_str()).id(code(first)).element(snippet);
    for other in rest {
        let place = report.place(other.span).0;
        let message =
            format!("{}:{} [{}] {}", place.line, place.column, code(other), other.message);
        group = group.element(Level::NOTE.with_name("also").message(message));
    }
    if !first.why.is_empty() {
        group = group.element(Level::NOTE.with_name("why").message(first.why.as_str()));
    }
    if let Some(hint) = &first.hint {
        group = group.element(Level::NOTE.with_name("hint").message(hint.as_str()));
    }
    if code(first) != first.rule {
        group = group.element(Level::NOTE.with_name("rule").message(first.rule));
    }
    let fixes = first.fixes.iter().take(MOST_FIXES).map(|fix| suggestion(text, &path, fix));
    std::iter::once(group).chain(fixes).collect()
}

/// What is underlined: the place itself, what is related to it, and where the other messages of the cause are; each place once.
fn labels(first: &Diagnostic, rest: &[&Diagnostic]) -> Vec<(Span, AnnotationKind, Option<String>)> {
    let mut out = vec![(first.span, AnnotationKind::Primary, None)];
    let related = first.related.iter().filter_map(|(subject, span)| Some(((*span)?, subject)));
    let others = rest.iter().map(|other| (other.span, &other.subject));
    for (span, subject) in related.chain(others) {
        if !out.iter().any(|(seen, ..)| *seen == span) {
            out.push((span, AnnotationKind::Context, named(subject)));
        }
    }
    out
}

fn named(subject: &Subject) -> Option<String> {
    match (&subject.model, &subject.field) {
        (Some(model), Some(field)) => Some(format!("{model}.{field}")),
        (Some(name), None) | (None, Some(name)) => Some(name.clone()),
        (None, None) => None,
    }
}

fn suggestion<'a>(text: &'a str, path: &str, fix: &'a Fix) -> Group<'a> {
    let patches =
        fix.edits.iter().map(|edit| Patch::new(range(text, edit.span), edit.insert.as_str()));
    Level::HELP
        .secondary_title(fix.title.as_str())
        .element(Snippet::source(text).path(path.to_owned()).patches(patches))
}

/// A span that lies inside the text and between characters, as the renderer needs it.
fn range(text: &str, span: Span) -> Range<usize> {
    let at = |offset: u32| text.floor_char_boundary(offset as usize);
    let start = at(span.start);
    start..at(span.end).max(start)
}

fn summary(reports: &[Report]) -> String {
    let files = counted(reports.len(), "file");
    let counts = Counts::of(reports);
    let parts: Vec<String> = [
        (counts.errors, "error"),
        (counts.warnings, "warning"),
        (counts.advice, "piece of advice"),
    ]
    .into_iter()
    .filter(|(count, _)| *count > 0)
    .map(|(count, word)| counted(count, word))
    .collect();
    if parts.is_empty() {
        format!("No problems in {files}.")
    } else {
        format!("{} in {files}.", parts.join(", "))
    }
}

fn counted(count: usize, word: &str) -> String {
    match (count, word.split_once(' ')) {
        (1, _) => format!("1 {word}"),
        (_, Some((noun, rest))) => format!("{count} {noun}s {rest}"),
        (_, None) => format!("{count} {word}s"),
    }
}
