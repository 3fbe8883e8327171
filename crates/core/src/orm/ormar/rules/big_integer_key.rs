//! A key that SQLite does not number.

use super::{Context, advice};
use crate::check::{Diagnostic, Rule, fix};
use crate::document::FieldKind;

/// The rule.
pub(super) static RULE: Rule = Rule { name: "big-integer-key", ids: &[], docs: DOCS };

const DOCS: &str = r#"## What

The primary key is a `BigInteger` or `SmallInteger` that is left to the database.

## Why

SQLite numbers only `INTEGER PRIMARY KEY`. A `BIGINT` key stays empty, and every insert without an explicit key fails: `NOT NULL constraint failed`. PostgreSQL and MySQL number it.

## Example

```python
class Event(ormar.Model):
    ormar_config = base_ormar_config.copy()
    id: int = ormar.BigInteger(primary_key=True)
```

## Fix

Use `Integer` where SQLite is to number the rows: it has 64 bits there anyway.
"#;

pub(super) fn check(cx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    for (model, field) in cx.fields() {
        let FieldKind::Column(column) = &field.kind else { continue };
        let Some("BigInteger" | "SmallInteger") = field.base else { continue };
        if !column.auto || field.default.is_some() {
            continue;
        }
        let class = &field.class.text;
        out.push(
            advice(&RULE, model, field, field.class.span, format!("SQLite does not number a {class}."))
                .titled(format!("SQLite does not number the rows of a `{class}` key"))
                .why("Only a column of type `INTEGER` that is the primary key is numbered by SQLite. Here it stays empty, so every `create()` without an explicit key fails with `NOT NULL constraint failed`. PostgreSQL and MySQL do number it.")
                .fix("Use `Integer`", fix::set_class(field, "Integer")),
        );
    }
}
