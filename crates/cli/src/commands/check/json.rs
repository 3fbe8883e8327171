//! Problems for programs.

use serde_json::{Value, json};
use throughline_core::check::Fix;
use throughline_core::{Diagnostic, Severity, Span};

use super::report::{Counts, Report};

/// `{"files": [{"path", "orm", "problems"}], "summary"}`. Offsets count bytes from 0, lines and columns from 1; `end` is exclusive.
pub(super) fn print(reports: &[Report]) -> String {
    let counts = Counts::of(reports);
    let files: Vec<Value> = reports
        .iter()
        .map(|report| {
            let problems = report.diagnostics.iter().map(|diagnostic| problem(report, diagnostic));
            json!({
                "path": report.source.name(),
                "orm": report.orm.profile().id,
                "problems": problems.collect::<Vec<_>>(),
            })
        })
        .collect();
    let document = json!({
        "files": files,
        "summary": { "errors": counts.errors, "warnings": counts.warnings, "advice": counts.advice },
    });
    format!("{document:#}\n")
}

fn problem(report: &Report, diagnostic: &Diagnostic) -> Value {
    let related = diagnostic.related.iter().map(|(subject, span)| {
        json!({
            "model": subject.model,
            "field": subject.field,
            "span": span.map(|span| place(report, span)),
        })
    });
    json!({
        "rule": diagnostic.rule,
        "id": diagnostic.id,
        "exception": diagnostic.exception,
        "severity": word(diagnostic.severity),
        "stage": diagnostic.stage.word(),
        "object": diagnostic.object,
        "title": diagnostic.cause.title,
        "message": diagnostic.message,
        "hint": diagnostic.hint,
        "why": diagnostic.why,
        "span": place(report, diagnostic.span),
        "related": related.collect::<Vec<_>>(),
        "fixes": diagnostic.fixes.iter().map(|way| fix(report, way)).collect::<Vec<_>>(),
    })
}

const fn word(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Advice => "advice",
    }
}

fn fix(report: &Report, fix: &Fix) -> Value {
    let edits = fix
        .edits
        .iter()
        .map(|edit| json!({ "span": place(report, edit.span), "insert": edit.insert }));
    json!({ "title": fix.title, "edits": edits.collect::<Vec<_>>() })
}

fn place(report: &Report, span: Span) -> Value {
    let (start, end) = report.place(span);
    json!({
        "start": { "offset": span.start, "line": start.line, "column": start.column },
        "end": { "offset": span.end, "line": end.line, "column": end.column },
    })
}
