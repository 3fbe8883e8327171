//! A key that can be NULL.

use super::{Context, is_true, made, refused, steps};
use crate::check::{Diagnostic, Rule, fix};

/// The rule.
pub(super) static RULE: Rule = Rule { name: "nullable-primary-key", ids: &[], docs: DOCS };

const DOCS: &str = r#"## What

A field has `primary_key=True` and `null=True`.

## Why

A key tells rows apart, and NULL tells nothing.

## Example

```python
code = fields.CharField(max_length=3, primary_key=True, null=True)
```

## Fix

Leave `null` out of the field.
"#;

pub(super) fn check(cx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    for (model, field) in made(cx).filter(|(_, field)| field.null && field.base.is_some()) {
        let Some(name) = ["pk", "primary_key"].into_iter().find(|name| is_true(field, name)) else {
            continue;
        };
        let message = format!("{} can't be both null=True and {name}=True", super::instance(field));
        out.push(
            refused(
                RULE.name,
                model,
                field,
                steps::NULL_KEY,
                crate::check::rules::arg_span(field, "null"),
                message,
            )
            .titled("A primary key cannot be NULL")
            .why("A key tells rows apart. NULL stands for no value at all.")
            .fix("Remove `null`", fix::remove(cx.source, field, "null")),
        );
    }
}
