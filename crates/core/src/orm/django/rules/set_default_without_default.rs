//! `SET_DEFAULT` without a default.

use crate::check::fix;
use crate::check::{Diagnostic, Rule};
use crate::orm::django::rules::Context;
use crate::orm::django::rules::delete_rule;
use crate::orm::django::rules::{fields, on_field};

/// The rule.
pub(super) static RULE: Rule =
    Rule { name: "set-default-without-default", ids: &["fields.E321"], docs: DOCS };

const DOCS: &str = r#"## What

A foreign key has `on_delete=models.SET_DEFAULT` but no `default`.

## Why

When the target is deleted Django writes the default into the column, and there is none.

## Example

```python
editor = models.ForeignKey(Person, on_delete=models.SET_DEFAULT)
```

## Fix

Give a `default`, or choose another `on_delete`.
"#;

pub(super) fn check(cx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    for (class, _, field) in fields(cx) {
        let Some(on_delete) = field.relation().and_then(|relation| relation.on_delete.as_ref())
        else {
            continue;
        };
        if on_delete.text != "SET_DEFAULT" || field.default.is_some() {
            continue;
        }
        let mut to_null = delete_rule(cx.source, on_delete, "SET_NULL");
        if let (Some(edits), false) = (to_null.as_mut(), field.null) {
            edits.extend(fix::set(cx.source, field, "null", "True").unwrap_or_default());
        }
        out.push(
            on_field(RULE.name, "fields.E321", class, field, on_delete.span, "Field specifies on_delete=SET_DEFAULT, but has no default value.")
                .hint("Set a default value, or change the on_delete rule.")
                .titled(format!("`{}` is set to its default on deletion but has none", field.name.text))
                .why("With `SET_DEFAULT` Django writes the default into the column when the target is deleted. The default is the key of the row that takes its place.")
                .fix("Use `SET_NULL`", to_null.filter(|edits| field.null || edits.len() > 1))
                .fix("Use `CASCADE`", delete_rule(cx.source, on_delete, "CASCADE"))
                .fix("Use `PROTECT`", delete_rule(cx.source, on_delete, "PROTECT")),
        );
    }
}
