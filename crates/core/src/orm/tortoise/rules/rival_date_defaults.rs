//! `auto_now` and `auto_now_add`.

use super::{Context, is_true, made, refused, steps};
use crate::check::{Diagnostic, Rule, fix};

/// The rule.
pub(super) static RULE: Rule = Rule { name: "rival-date-defaults", ids: &[], docs: DOCS };

const DOCS: &str = r#"## What

A field has `auto_now=True` and `auto_now_add=True`.

## Why

One sets the moment at every save, the other only at the first.

## Example

```python
at = fields.DatetimeField(auto_now=True, auto_now_add=True)
```

## Fix

Keep one of them. For both moments use two fields.
"#;

pub(super) fn check(cx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    for (model, field) in made(cx) {
        let moment = matches!(field.base, Some("DatetimeField" | "TimeField"));
        if !moment || !is_true(field, "auto_now") || !is_true(field, "auto_now_add") {
            continue;
        }
        let span = crate::check::rules::arg_span(field, "auto_now_add");
        out.push(
            refused(
                RULE.name,
                model,
                field,
                steps::OWN,
                span,
                "You can choose only 'auto_now' or 'auto_now_add'",
            )
            .titled("`auto_now` and `auto_now_add` contradict each other")
            .why("One sets the moment at every save, the other only at the first.")
            .fix("Set it at every save", fix::remove(cx.source, field, "auto_now_add"))
            .fix("Set it once", fix::remove(cx.source, field, "auto_now")),
        );
    }
}
