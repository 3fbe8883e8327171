//! Problems as GitHub's workflow commands, which its runners show beside the changed lines.
//!
//! Source: "Workflow commands for GitHub Actions", and `escapeData` and `escapeProperty` of its toolkit.

use throughline_core::{Diagnostic, Severity};

use super::report::{Report, code, whole_message};

/// One line for each problem.
pub(super) fn print(reports: &[Report]) -> String {
    let lines = reports
        .iter()
        .flat_map(|report| report.diagnostics.iter().map(|diagnostic| command(report, diagnostic)));
    lines.collect()
}

fn command(report: &Report, diagnostic: &Diagnostic) -> String {
    let word = match diagnostic.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Advice => "notice",
    };
    let (start, end) = report.place(diagnostic.span);
    // Columns are allowed only within one line.
    let columns = if start.line == end.line {
        format!(",col={},endColumn={}", start.column, end.column)
    } else {
        String::new()
    };
    let title = if code(diagnostic) == diagnostic.rule {
        diagnostic.rule.to_owned()
    } else {
        format!("{} ({})", code(diagnostic), diagnostic.rule)
    };
    format!(
        "::{word} file={},line={},endLine={}{columns},title={}::{}\n",
        property(&report.source.name()),
        start.line,
        end.line,
        property(&title),
        data(&whole_message(diagnostic))
    )
}

fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}
