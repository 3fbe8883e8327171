//! A function as the database's default.

use super::{Context, given, made, refused, steps};
use crate::check::{Diagnostic, Rule, fix};
use crate::document::Value;

/// The rule.
pub(super) static RULE: Rule = Rule { name: "callable-db-default", ids: &[], docs: DOCS };

const DOCS: &str = r#"## What

`db_default` is a function or class: `dict`, `uuid4`, a `lambda`.

## Why

The database fills the default in by itself, and cannot call Python.

## Example

```python
data = fields.JSONField(db_default=dict)
```

## Fix

Use `default` for what Python computes, or a value.
"#;

pub(super) fn check(cx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    for (model, field) in made(cx).filter(|(_, field)| field.base.is_some()) {
        let Some(arg) = given(field, "db_default").filter(|arg| is_callable(&arg.value)) else {
            continue;
        };
        let message = format!(
            "{}: db_default must be a static value or SqlDefault(...), not a callable",
            super::instance(field)
        );
        let free = field.arg("default").is_none();
        let start = arg.span.start;
        let rename = vec![fix::replace(crate::document::Span::new(start, start + 10), "default")];
        out.push(
            refused(RULE.name, model, field, steps::DB_DEFAULT, arg.span, message)
                .titled("A database cannot call a Python function")
                .why("`db_default` stands in the table's own definition.")
                .fix(
                    "Let Python fill it in: `default`",
                    Some(rename).filter(|_| free && arg.keyword.is_some()),
                ),
        );
    }
}

/// Whether a value is something to call. Names of constants are in capitals.
fn is_callable(value: &Value) -> bool {
    match value {
        Value::Name(path) => {
            let last = path.rsplit('.').next().unwrap_or(path);
            last.chars().any(char::is_lowercase)
                && (!path.contains('.') || last.starts_with(char::is_lowercase))
        }
        Value::Other(text) => text.starts_with("lambda"),
        Value::None
        | Value::Bool(_)
        | Value::Int(_)
        | Value::Number(_)
        | Value::Str(_)
        | Value::List(_)
        | Value::Dict(_)
        | Value::Call { .. } => false,
    }
}
