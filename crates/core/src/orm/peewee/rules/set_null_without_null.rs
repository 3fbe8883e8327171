//! `SET NULL` on a column that takes no NULL.

use super::Context;
use crate::check::{Diagnostic, Rule, Severity, Stage, fix};

/// The rule.
pub(super) static RULE: Rule = Rule { name: "set-null-without-null", ids: &[], docs: DOCS };

const DOCS: &str = r#"## What

A foreign key says `on_delete="SET NULL"`, but its column may not be NULL.

## Why

Peewee makes the table. When a row that is pointed at is deleted, the database tries to write NULL and fails with `IntegrityError: NOT NULL constraint failed`.

## Example

```python
editor = ForeignKeyField(Editor, on_delete="SET NULL")
```

## Fix

Add `null=True`, or choose another action.
"#;

pub(super) fn check(cx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    for model in &cx.document.models {
        for field in model.fields.iter().filter(|field| !field.null) {
            let Some(relation) = field.relation() else { continue };
            let actions = [("on_delete", &relation.on_delete), ("on_update", &relation.on_update)];
            let Some((keyword, action)) = actions
                .into_iter()
                .filter_map(|(keyword, action)| Some((keyword, action.as_ref()?)))
                .find(|(_, action)| action.text == "SET_NULL")
            else {
                continue;
            };
            if field.base == Some("ManyToManyField") || field.primary_key {
                continue;
            }
            out.push(
                Diagnostic::new(RULE.name, Severity::Warning, Stage::Silent, action.span, "The column may not be NULL.")
                    .subject(&model.name.text, Some(&field.name.text))
                    .titled(format!("`{}` cannot be set to NULL", field.name.text))
                    .why(format!("`{keyword}` asks for NULL in a column that does not take it, so the database will refuse the deletion."))
                    .fix("Allow NULL", fix::set(cx.source, field, "null", "True")),
            );
        }
    }
}
