//! Problems as SARIF 2.1.0, the form that code scanning takes.
//!
//! Source: the OASIS standard "Static Analysis Results Interchange Format (SARIF) Version 2.1.0".

use std::path::Path;

use serde_json::{Value, json};
use throughline_core::check::{Fix, Rule};
use throughline_core::{Diagnostic, Severity, Span};

use super::report::{Report, whole_message};

/// One log with one run. Rules bring their documentation as help.
pub(super) fn print(reports: &[Report]) -> String {
    let rules = rules(reports);
    let results: Vec<Value> = reports
        .iter()
        .flat_map(|report| report.diagnostics.iter().map(|found| result(report, found, &rules)))
        .collect();
    let log = json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": {
                "name": "throughline",
                "semanticVersion": env!("CARGO_PKG_VERSION"),
                "rules": rules.iter().map(|(name, rule)| rule_json(name, *rule)).collect::<Vec<_>>(),
            } },
            "columnKind": "unicodeCodePoints",
            "results": results,
        }],
    });
    format!("{log:#}\n")
}

/// The rules that found something, by name; those that have no file of their own have no documentation.
fn rules(reports: &[Report]) -> Vec<(&'static str, Option<&'static Rule>)> {
    let mut out: Vec<(&'static str, Option<&'static Rule>)> = Vec::new();
    for report in reports {
        let known = report.orm.rules();
        for found in &report.diagnostics {
            if !out.iter().any(|(name, _)| *name == found.rule) {
                out.push((found.rule, known.iter().find(|rule| rule.name == found.rule).copied()));
            }
        }
    }
    out
}

fn rule_json(name: &str, rule: Option<&Rule>) -> Value {
    let mut out = json!({ "id": name });
    if let (Some(rule), Some(fields)) = (rule, out.as_object_mut()) {
        // The first paragraph, under its heading, says what the rule is about.
        let what = rule.docs.split("\n\n").nth(1).unwrap_or(name).trim();
        fields.insert("shortDescription".into(), json!({ "text": what }));
        fields.insert("help".into(), json!({ "text": rule.docs, "markdown": rule.docs }));
    }
    out
}

fn result(
    report: &Report,
    found: &Diagnostic,
    rules: &[(&'static str, Option<&'static Rule>)],
) -> Value {
    let level = match found.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Advice => "note",
    };
    let related = found.related.iter().filter_map(|(subject, span)| {
        let mut place = location(report, (*span)?);
        let name = [subject.model.as_deref(), subject.field.as_deref()];
        let name: Vec<&str> = name.into_iter().flatten().collect();
        place.as_object_mut()?.insert("message".into(), json!({ "text": name.join(".") }));
        Some(place)
    });
    let properties = json!({
        "id": found.id,
        "exception": found.exception,
        "orm": report.orm.profile().id,
        "stage": found.stage.word(),
    });
    json!({
        "ruleId": found.rule,
        "ruleIndex": rules.iter().position(|(name, _)| *name == found.rule),
        "level": level,
        "message": { "text": whole_message(found) },
        "locations": [location(report, found.span)],
        "relatedLocations": related.collect::<Vec<_>>(),
        "fixes": found.fixes.iter().map(|way| fix(report, way)).collect::<Vec<_>>(),
        "properties": properties,
    })
}

fn location(report: &Report, span: Span) -> Value {
    json!({ "physicalLocation": {
        "artifactLocation": { "uri": uri(report) },
        "region": region(report, span),
    } })
}

fn region(report: &Report, span: Span) -> Value {
    let (start, end) = report.place(span);
    json!({
        "startLine": start.line,
        "startColumn": start.column,
        "endLine": end.line,
        "endColumn": end.column,
    })
}

fn fix(report: &Report, fix: &Fix) -> Value {
    let replacements = fix.edits.iter().map(|edit| {
        json!({ "deletedRegion": region(report, edit.span), "insertedContent": { "text": edit.insert } })
    });
    json!({
        "description": { "text": fix.title },
        "artifactChanges": [{
            "artifactLocation": { "uri": uri(report) },
            "replacements": replacements.collect::<Vec<_>>(),
        }],
    })
}

/// The file's place as a URI: relative where the path is, which then means the root of the repository.
fn uri(report: &Report) -> String {
    let Some(path) = &report.source.path else { return "stdin".into() };
    let relative = path.strip_prefix("./").unwrap_or(path);
    let scheme = if relative.is_absolute() { "file://" } else { "" };
    format!("{scheme}{}", percent_encoded(relative))
}

fn percent_encoded(path: &Path) -> String {
    let mut out = String::new();
    for byte in path.to_string_lossy().replace('\\', "/").bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' => {
                out.push(char::from(byte));
            }
            other => out.push_str(&format!("%{other:02X}")),
        }
    }
    out
}
