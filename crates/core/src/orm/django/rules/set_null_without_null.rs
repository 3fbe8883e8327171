//! `SET_NULL` on a column that cannot be NULL.

use crate::check::fix;
use crate::check::{Diagnostic, Rule};
use crate::orm::django::rules::Context;
use crate::orm::django::rules::delete_rule;
use crate::orm::django::rules::{fields, on_field};

/// The rule.
pub(super) static RULE: Rule =
    Rule { name: "set-null-without-null", ids: &["fields.E320"], docs: DOCS };

const DOCS: &str = r#"## What

A foreign key has `on_delete=models.SET_NULL` but not `null=True`.

## Why

When the target is deleted Django writes NULL into the column, which refuses it.

## Example

```python
editor = models.ForeignKey(Person, on_delete=models.SET_NULL)
```

## Fix

Add `null=True`, or choose another `on_delete`.
"#;

pub(super) fn check(cx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    for (class, _, field) in fields(cx) {
        let Some(on_delete) = field.relation().and_then(|relation| relation.on_delete.as_ref())
        else {
            continue;
        };
        if on_delete.text != "SET_NULL" || field.null {
            continue;
        }
        out.push(
            on_field(RULE.name, "fields.E320", class, field, on_delete.span, "Field specifies on_delete=SET_NULL, but cannot be null.")
                .hint("Set null=True argument on the field, or change the on_delete rule.")
                .titled(format!("`{}` is set to NULL on deletion but cannot be NULL", field.name.text))
                .why("With `SET_NULL` Django empties the column when the target is deleted. Without `null=True` the column cannot be empty.")
                .fix("Add `null=True`", fix::set(cx.source, field, "null", "True"))
                .fix("Use `CASCADE`", delete_rule(cx.source, on_delete, "CASCADE"))
                .fix("Use `PROTECT`", delete_rule(cx.source, on_delete, "PROTECT")),
        );
    }
}
