//! A primary key that may be empty.

use crate::check::fix;
use crate::check::{Diagnostic, Rule};
use crate::orm::django::rules::Context;
use crate::orm::django::rules::{arg_span, fields, on_field};

/// The rule.
pub(super) static RULE: Rule =
    Rule { name: "nullable-primary-key", ids: &["fields.E007"], docs: DOCS };

const DOCS: &str = r#"## What

A field has both `primary_key=True` and `null=True`.

## Why

The primary key is what tells rows apart; a row without one could not be found again.

## Example

```python
code = models.CharField(max_length=8, primary_key=True, null=True)
```

## Fix

Remove `null=True` from the field.
"#;

pub(super) fn check(cx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    for (class, _, field) in fields(cx) {
        if field.primary_key && field.null {
            out.push(
                on_field(RULE.name, "fields.E007", class, field, arg_span(field, "null"), "Primary keys must not have null=True.")
                    .hint("Set null=False on the field, or remove primary_key=True argument.")
                    .titled(format!("The primary key `{}` may be empty", field.name.text))
                    .why("The primary key tells the rows of a table apart. A row without one could not be found again, so it can never be NULL.")
                    .fix("Remove `null`", fix::remove(cx.source, field, "null")),
            );
        }
    }
}
