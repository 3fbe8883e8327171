//! What was found in one file, with lines and columns.

use throughline_core::document::{LineColumn, LineIndex};
use throughline_core::orm::Orm;
use throughline_core::{Diagnostic, Severity, Span, analyze};

use super::files::Source;

/// The problems of one file, in source order.
pub(super) struct Report {
    /// The file.
    pub(super) source: Source,
    /// The ORM that it was checked for.
    pub(super) orm: &'static dyn Orm,
    /// What was found.
    pub(super) diagnostics: Vec<Diagnostic>,
    lines: LineIndex,
}

/// How many there are of each severity.
#[derive(Clone, Copy, Default)]
pub(super) struct Counts {
    pub(super) errors: usize,
    pub(super) warnings: usize,
    pub(super) advice: usize,
}

impl Counts {
    /// Counts what was found in some files.
    pub(super) fn of(reports: &[Report]) -> Self {
        let mut counts = Self::default();
        for diagnostic in reports.iter().flat_map(|report| &report.diagnostics) {
            match diagnostic.severity {
                Severity::Error => counts.errors += 1,
                Severity::Warning => counts.warnings += 1,
                Severity::Advice => counts.advice += 1,
            }
        }
        counts
    }
}

impl Report {
    /// Checks a file for an ORM.
    pub(super) fn new(source: Source, orm: &'static dyn Orm) -> Self {
        let diagnostics = analyze(orm, &source.text).diagnostics;
        let lines = LineIndex::new(&source.text);
        Self { source, orm, diagnostics, lines }
    }

    /// Whether the ORM would refuse something in it.
    pub(super) fn has_errors(&self) -> bool {
        self.diagnostics.iter().any(|diagnostic| diagnostic.severity == Severity::Error)
    }

    /// Line and column of both ends.
    pub(super) fn place(&self, span: Span) -> (LineColumn, LineColumn) {
        let at = |offset| self.lines.line_column(&self.source.text, offset);
        (at(span.start), at(span.end.max(span.start)))
    }
}

/// What a problem is called by: the ORM's own id, its exception, or the name of the rule.
pub(super) fn code(diagnostic: &Diagnostic) -> &'static str {
    diagnostic.id.or(diagnostic.exception).unwrap_or(diagnostic.rule)
}

/// The message with the ORM's hint and the reason.
pub(super) fn whole_message(diagnostic: &Diagnostic) -> String {
    let hint = diagnostic.hint.as_ref().map(|hint| format!("Hint: {hint}"));
    let parts = [Some(diagnostic.message.clone()), Some(diagnostic.why.clone()), hint];
    parts.into_iter().flatten().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("\n")
}
