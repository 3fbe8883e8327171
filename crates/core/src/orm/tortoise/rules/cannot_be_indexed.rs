//! Indexes on what has none.

use super::{Context, is_true, made, refused, steps};
use crate::check::{Diagnostic, Rule, fix};
use crate::orm::tortoise::fields;

/// The rule.
pub(super) static RULE: Rule = Rule { name: "cannot-be-indexed", ids: &[], docs: DOCS };

const DOCS: &str = r#"## What

A `TextField`, `JSONField` or `BinaryField` is unique or has an index.

## Why

Not every database can index them, so that Tortoise refuses it for all.

## Example

```python
body = fields.TextField(unique=True)
```

## Fix

Leave the option out, or use a `CharField`.
"#;

pub(super) fn check(cx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    for (model, field) in made(cx) {
        let Some(known) = field.base.and_then(fields::known).filter(|known| !known.indexable)
        else {
            continue;
        };
        let given = ["unique", "db_index", "index"].into_iter().filter(|name| is_true(field, name));
        // To take one of several away would not do.
        let alone = given.clone().count() == 1;
        if let Some(name) = given.clone().next() {
            let (message, step) = match (known.name, name) {
                ("TextField", "unique") => ("TextField doesn't support unique indexes, consider CharField or another strategy".to_owned(), steps::TEXT),
                ("TextField", _) => ("TextField can't be indexed, consider CharField".to_owned(), steps::TEXT),
                _ => (format!("{} can't be indexed", field.class.text), steps::INDEXABLE),
            };
            out.push(
                refused(
                    RULE.name,
                    model,
                    field,
                    step,
                    crate::check::rules::arg_span(field, name),
                    message,
                )
                .titled(format!("A `{}` cannot have an index", field.class.text))
                .why("Databases keep an index only for values of bounded size.")
                .fix(
                    format!("Remove `{name}`"),
                    alone.then(|| fix::remove(cx.source, field, name)).flatten(),
                ),
            );
        }
    }
}
