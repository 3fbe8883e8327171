//! `SET_NULL` on a column that cannot be NULL.

use super::{Context, made, refused, steps};
use crate::check::{Diagnostic, Rule, fix};
use crate::document::RelationKind;

/// The rule.
pub(super) static RULE: Rule = Rule { name: "set-null-without-null", ids: &[], docs: DOCS };

const DOCS: &str = r#"## What

A key has `on_delete=fields.SET_NULL` but not `null=True`.

## Why

When the target is deleted the database writes NULL into the column, which refuses it.

## Example

```python
editor = fields.ForeignKeyField("models.Person", on_delete=fields.SET_NULL)
```

## Fix

Add `null=True`, or choose another `on_delete`.
"#;

pub(super) fn check(cx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    for (model, field) in made(cx) {
        let Some(relation) =
            field.relation().filter(|relation| relation.kind != RelationKind::ManyToMany)
        else {
            continue;
        };
        let Some(on_delete) =
            relation.on_delete.as_ref().filter(|action| action.text == "SET_NULL")
        else {
            continue;
        };
        if field.null || on_delete.span.text(cx.source).contains("SET_NULL\"") {
            continue;
        }
        let written = on_delete.span.text(cx.source);
        let module = written.strip_suffix("SET_NULL").filter(|module| module.ends_with('.'));
        out.push(
            refused(RULE.name, model, field, steps::SET_NULL, on_delete.span, "If on_delete is SET_NULL, then field must have null=True set")
                .titled(format!("`{}` is set to NULL on deletion but cannot be NULL", field.name.text))
                .why("With `SET_NULL` the column is emptied when the target is deleted. Without `null=True` it cannot be empty.")
                .fix("Add `null=True`", fix::set(cx.source, field, "null", "True"))
                .fix("Use `CASCADE`", module.map(|module| vec![fix::replace(on_delete.span, format!("{module}CASCADE"))])),
        );
    }
}
