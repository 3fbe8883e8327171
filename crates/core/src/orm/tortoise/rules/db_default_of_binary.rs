//! A database-side default of bytes.

use super::schema::{Phase, refused};
use super::{Context, given};
use crate::check::rules::arg_span;
use crate::check::{Diagnostic, Rule, fix};
use crate::document::Value;

/// The rule.
pub(super) static RULE: Rule = Rule { name: "db-default-of-binary", ids: &[], docs: DOCS };

const DOCS: &str = r#"## What

A `BinaryField` has a `db_default`.

## Why

Tortoise has no way to write bytes into the definition of a table, and stumbles over them.

## Example

```python
seal = fields.BinaryField(db_default=b"x")
```

## Fix

Use `default`: then Python fills it in.
"#;

pub(super) fn check(cx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    for (place, class) in cx.world.app.iter().filter_map(|index| cx.world.class(*index)).enumerate()
    {
        let fields = class.columns.iter().filter_map(|id| cx.world.object(*id)?.field);
        for field in fields.filter(|field| field.base == Some("BinaryField")) {
            let Some(arg) = given(field, "db_default") else { continue };
            if matches!(arg.value, Value::Call { .. } | Value::Name(_)) {
                continue;
            }
            let start = arg.span.start;
            let rename =
                vec![fix::replace(crate::document::Span::new(start, start + 10), "default")];
            let free = field.arg("default").is_none() && arg.keyword.is_some();
            out.push(
                refused(
                    RULE.name,
                    "TypeError",
                    (Phase::Write, place),
                    class,
                    arg_span(field, "db_default"),
                    "'NoneType' object is not callable",
                )
                .titled("Bytes cannot stand in a table's definition")
                .why("Tortoise has no way to write them there.")
                .fix("Let Python fill it in: `default`", Some(rename).filter(|_| free)),
            );
        }
    }
}
