//! `db_index` that is neither true nor false.

use crate::check::fix;
use crate::check::{Diagnostic, Rule};
use crate::document::Value;
use crate::orm::django::rules::Context;
use crate::orm::django::rules::{fields, on_field};

/// The rule.
pub(super) static RULE: Rule = Rule { name: "db-index-value", ids: &["fields.E006"], docs: DOCS };

const DOCS: &str = r#"## What

`db_index` is given something other than `True`, `False` or `None`.

## Why

The option only switches an index on or off. An index with a name of its own is declared in `Meta.indexes`.

## Example

```python
name = models.CharField(max_length=50, db_index="name_idx")
```

## Fix

Write `db_index=True`.
"#;

pub(super) fn check(cx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    for (class, _, field) in fields(cx) {
        let Some(arg) = field.arg("db_index") else { continue };
        let wrong = match &arg.value {
            Value::Int(number) => *number != 0 && *number != 1,
            Value::Str(_) | Value::List(_) | Value::Dict(_) => true,
            Value::None
            | Value::Bool(_)
            | Value::Number(_)
            | Value::Name(_)
            | Value::Call { .. }
            | Value::Other(_) => false,
        };
        if wrong {
            out.push(
                on_field(RULE.name, "fields.E006", class, field, arg.span, "'db_index' must be None, True or False.")
                    .titled(format!("`db_index` of `{}` is neither true nor false", field.name.text))
                    .why("`db_index` only switches an index on or off. An index with a name or several fields goes into `Meta.indexes`.")
                    .fix("Set `db_index=True`", fix::set(cx.source, field, "db_index", "True"))
                    .fix("Remove it", fix::remove(cx.source, field, "db_index")),
            );
        }
    }
}
