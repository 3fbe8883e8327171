//! A database that does not heed foreign keys.

use super::super::keys;
use super::{Context, place};
use crate::check::{Diagnostic, Rule, fix};
use crate::document::{Span, Value};
use crate::edit::TextEdit;

/// The rule.
pub(super) static RULE: Rule = Rule { name: "keys-not-enforced", ids: &[], docs: DOCS };

const DOCS: &str = r#"## What

Foreign keys say what happens on deletion, but the database does not heed foreign keys.

## Why

SQLite checks foreign keys only where a connection asks for it. Without the pragma `on_delete` does nothing: deleting a row leaves rows behind that point at nothing, and rows can point at what never was.

## Example

```python
db = SqliteDatabase("app.db")
```

## Fix

Ask for it: `SqliteDatabase("app.db", pragmas={"foreign_keys": 1})`.
"#;

pub(super) fn check(cx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    for id in cx.world.found() {
        let Some(class) = cx.world.class(id) else { continue };
        let Some(Value::Call { callee, args }) = class.option("database") else { continue };
        if keys::are_heeded(callee, args) {
            continue;
        }
        let acting = class.sorted.iter().filter_map(|object| {
            let (model, field) = place::declared(cx, *object)?;
            let relation = field.relation()?;
            let action = relation.on_delete.as_ref().or(relation.on_update.as_ref())?;
            (field.base == Some("ForeignKeyField")).then_some((model, field, action))
        });
        for (model, field, action) in acting {
            out.push(
                Diagnostic::advice(RULE.name, action.span, "SQLite does not heed it without the pragma foreign_keys.")
                    .subject(&model.name.text, Some(&field.name.text))
                    .cause(RULE.name, "The database does not heed foreign keys")
                    .why("SQLite checks foreign keys only where a connection asks for it, so `on_delete` has no effect. Give the database `pragmas={\"foreign_keys\": 1}`.")
                    .fix("Ask for foreign keys", with_pragma(cx, args)),
            );
        }
    }
}

/// The pragma after the last argument of the database's call.
fn with_pragma(cx: &Context<'_>, args: &[crate::document::Argument]) -> Option<Vec<TextEdit>> {
    let last = args.last()?;
    if args.iter().any(|arg| arg.keyword.as_deref() == Some("pragmas")) {
        return None;
    }
    let after = Span::new(last.span.end, fix::line_end(cx.source, last.span.end)).text(cx.source);
    after
        .trim_start()
        .starts_with(')')
        .then(|| vec![fix::insert(last.span.end, ", pragmas={\"foreign_keys\": 1}")])
}
