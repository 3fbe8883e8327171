//! A `unique_together` that is no list of groups.

use crate::check::fix;
use crate::check::{Diagnostic, Rule};
use crate::document::Value;
use crate::orm::django::rules::Context;
use crate::orm::django::rules::on_model;

/// The rule.
pub(super) static RULE: Rule =
    Rule { name: "malformed-unique-together", ids: &["models.E010", "models.E011"], docs: DOCS };

const DOCS: &str = r#"## What

`unique_together` is neither a list of field names nor a list of such lists.

## Why

Each group names the fields whose values must not occur together twice.

## Example

```python
class Meta:
    unique_together = "room"
```

## Fix

Write a list of groups: `unique_together = [("room", "day")]`.
"#;

pub(super) fn check(cx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    for class in cx.registry.installed() {
        let Some((name, value)) =
            class.meta.options.iter().find(|(name, _)| name.text == "unique_together")
        else {
            continue;
        };
        let plain =
            |value: &Value| matches!(value, Value::Int(_) | Value::Number(_) | Value::Bool(_));
        let (id, message) = match value {
            Value::Str(text) if !text.is_empty() => {
                ("models.E010", "'unique_together' must be a list or tuple.")
            }
            Value::Int(1..) | Value::Bool(true) | Value::Number(_) => {
                ("models.E010", "'unique_together' must be a list or tuple.")
            }
            Value::Dict(items) if !items.is_empty() => {
                ("models.E010", "'unique_together' must be a list or tuple.")
            }
            Value::List(items)
                if matches!(items.first(), Some(Value::List(_))) && items.iter().any(plain) =>
            {
                ("models.E011", "All 'unique_together' elements must be lists or tuples.")
            }
            _ => continue,
        };
        out.push(
            on_model(RULE.name, id, class, name.span, message)
                .titled(format!("`unique_together` of {} is no list of groups", class.name()))
                .why("`unique_together` holds groups of field names: those whose values must not occur together a second time.")
                .fix("Remove it", fix::remove_option(cx.source, class.model, "unique_together")),
        );
    }
}
