//! `class Meta`, which ormar does not read any more.

use super::Context;
use crate::check::{Diagnostic, Rule, Severity, fix};
use crate::document::{Model, Span};
use crate::edit::TextEdit;
use crate::orm::ormar::read::CONFIG;
use throughline_order::Arrange as _;

/// The rule.
pub(super) static RULE: Rule = Rule { name: "old-meta", ids: &[], docs: DOCS };

const DOCS: &str = r#"## What

A model is configured by a nested class `Meta`.

## Why

ormar reads `ormar_config` since 0.20. A class with `Meta` alone is a plain pydantic class to it: no table, and the first relation to it fails. Here it is shown as it was meant.

## Example

```python
class Author(ormar.Model):
    class Meta:
        tablename = "authors"
        database = database
        metadata = metadata

    id: int = ormar.Integer(primary_key=True)
```

## Fix

Write `ormar_config = ormar.OrmarConfig(database=database, metadata=metadata, tablename="authors")`, or a copy of a configuration that all models share.
"#;

pub(super) fn check(cx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    let old: Vec<(&Model, Span)> =
        cx.document.models.iter().filter_map(|model| Some((model, old(cx, model)?))).collect();
    let rewritten = rewrite(cx, &old);
    for (model, span) in &old {
        let name = &model.name.text;
        // The class's head is enough to point at.
        let head = Span::new(
            span.start,
            span.start + u32::try_from("class Meta".len()).unwrap_or_default(),
        );
        let mut found = Diagnostic::advice(RULE.name, head, format!("ormar does not read the class Meta of {name}."))
            .object(name.clone())
            .subject(name, None)
            .titled(format!("ormar does not read the class `Meta` of `{name}`"))
            .why(format!("Since 0.20 models are configured by `ormar_config`. With a class `Meta` alone `{name}` is a plain pydantic class: it has no table, and a relation to it fails. It is shown here as ormar 0.12 understood it."))
            .fix("Rewrite to `ormar_config`", rewritten.clone());
        found.severity = Severity::Warning;
        out.push(found);
    }
}

/// The place of a model's class `Meta`, where that is all that configures it.
fn old(cx: &Context<'_>, model: &Model) -> Option<Span> {
    model.meta.span.filter(|span| span.text(cx.source).starts_with("class"))
}

/// All models of the file at once, with what they derive their configuration from, and the connection.
fn rewrite(cx: &Context<'_>, old: &[(&Model, Span)]) -> Option<Vec<TextEdit>> {
    let mut edits = connect(cx).unwrap_or_default();
    let base = cx.document.calls.iter().find(|call| call.callee.text == "class");
    if let Some(base) = base {
        let mut args: Vec<String> = base
            .args
            .iter()
            .filter_map(|arg| {
                let keyword = arg
                    .keyword
                    .as_deref()
                    .filter(|keyword| matches!(*keyword, "metadata" | "database"))?;
                Some(format!("{keyword}={}", arg.value_span.text(cx.source)))
            })
            .collect();
        // A configuration without them takes no models.
        for (keyword, module, value) in NEEDED {
            if args.iter().any(|arg| arg.starts_with(keyword)) {
                continue;
            }
            if !cx.document.imports.iter().any(|import| import.name == *module) {
                return None;
            }
            args.push(format!("{keyword}={value}"));
        }
        edits.push(fix::replace(
            base.span,
            format!("base_ormar_config = ormar.OrmarConfig({})", args.join(", ")),
        ));
    }
    for (model, span) in old {
        let mut args = Vec::new();
        let mut complete = 0;
        for (name, _) in model.meta.options.iter().filter(|(name, _)| {
            name.text != CONFIG && span.contains(name.span) && name.span.end > name.span.start
        }) {
            let Some((_, value)) = name.span.text(cx.source).split_once('=') else { continue };
            let keyword = if name.text == "orders_by" { "order_by" } else { name.text.as_str() };
            if matches!(keyword, "metadata" | "database") {
                complete += 1;
            }
            args.push(format!("{keyword}={}", value.trim()));
        }
        let callee = if complete == 2 {
            "ormar.OrmarConfig"
        } else if base.is_some() {
            "base_ormar_config.copy"
        } else {
            return None;
        };
        edits.push(fix::replace(*span, format!("ormar_config = {callee}({})", args.join(", "))));
    }
    edits.arrange_by_key(|edit| edit.span);
    Some(edits)
}

/// What every configuration has: the keyword, the module that it needs and a value.
const NEEDED: &[(&str, &str, &str)] = &[
    ("database", "ormar", "ormar.DatabaseConnection(\"sqlite+aiosqlite:///db.sqlite3\")"),
    ("metadata", "sqlalchemy", "sqlalchemy.MetaData()"),
];

/// Connects with ormar in place of `databases`.
pub(super) fn connect(cx: &Context<'_>) -> Option<Vec<TextEdit>> {
    let import = cx
        .document
        .imports
        .iter()
        .find(|import| import.path == "databases" || import.path == "databases.Database")?;
    let callee = if import.path == "databases" {
        format!("{}.Database(", import.name)
    } else {
        format!("{}(", import.name)
    };
    let line = Span::new(
        fix::line_start(cx.source, import.span.start),
        fix::line_end(cx.source, import.span.end),
    );
    let mut edits = vec![fix::replace(line, "")];
    for (at, _) in cx.source.match_indices(callee.as_str()) {
        let before = cx.source.get(..at).and_then(|before| before.chars().next_back());
        if before.is_some_and(|letter| letter.is_alphanumeric() || letter == '_' || letter == '.') {
            continue;
        }
        let start = u32::try_from(at).ok()?;
        let end = start + u32::try_from(callee.len()).ok()?;
        edits.push(fix::replace(Span::new(start, end), "ormar.DatabaseConnection("));
        let rest = cx.source.get(end as usize..).unwrap_or_default();
        for (old, new) in [
            ("\"sqlite:", "\"sqlite+aiosqlite:"),
            ("\"postgresql:", "\"postgresql+asyncpg:"),
            ("\"mysql:", "\"mysql+aiomysql:"),
        ] {
            if rest.starts_with(old) {
                let end_of_old = end + u32::try_from(old.len()).ok()?;
                edits.push(fix::replace(Span::new(end, end_of_old), new));
            }
        }
    }
    Some(edits)
}
