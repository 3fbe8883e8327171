//! `SET_DEFAULT` without a default of the database.

use super::{Context, declared};
use crate::check::{Diagnostic, Rule, fix};
use crate::document::RelationKind;

/// The rule.
pub(super) static RULE: Rule = Rule { name: "set-default-without-default", ids: &[], docs: DOCS };

const DOCS: &str = r#"## What

A key has `on_delete=fields.SET_DEFAULT`, and its column has no default that the database knows.

## Why

It is the database that writes the default into the column. A `default` is Python's own; without `db_default` the database writes NULL, and where NULL is not allowed the deletion fails.

## Example

```python
author = fields.ForeignKeyField("models.Author", on_delete=fields.SET_DEFAULT, default=1)
```

## Fix

Give the default as `db_default`, or choose another `on_delete`.
"#;

pub(super) fn check(cx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    for (model, field) in declared(cx) {
        let Some(relation) = field
            .relation()
            .filter(|relation| relation.kind != RelationKind::ManyToMany && relation.constraint)
        else {
            continue;
        };
        let Some(on_delete) =
            relation.on_delete.as_ref().filter(|action| action.text == "SET_DEFAULT")
        else {
            continue;
        };
        if field.db_default.is_some() {
            continue;
        }
        let module = on_delete
            .span
            .text(cx.source)
            .strip_suffix("SET_DEFAULT")
            .filter(|module| module.ends_with('.'));
        let outcome = if field.null {
            "it writes NULL"
        } else {
            "it tries to write NULL, and the deletion fails"
        };
        let default = field
            .arg("default")
            .map(|arg| crate::document::Span::new(arg.span.start, arg.span.start + 7));
        let constant = field.default.as_ref().is_some_and(|value| {
            matches!(value, crate::document::Value::Int(_) | crate::document::Value::Str(_))
        });
        out.push(
            Diagnostic::advice(RULE.name, on_delete.span, "The database has no default to set.")
                .subject(&model.name.text, Some(&field.name.text))
                .titled(format!("`{}` has no default that the database knows", field.name.text))
                .why(format!("When the target is deleted the database itself sets the default. A `default` in Python does not stand in the table, so {outcome}."))
                .fix("Make it the database's: `db_default`", default.filter(|span| constant && span.text(cx.source) == "default").map(|span| vec![fix::replace(span, "db_default")]))
                .fix("Use `CASCADE`", module.map(|module| vec![fix::replace(on_delete.span, format!("{module}CASCADE"))])),
        );
    }
}
