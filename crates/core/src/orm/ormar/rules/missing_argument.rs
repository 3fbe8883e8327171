//! An argument that a field class cannot do without.

use super::{Context, raised_by_call};
use crate::check::{Diagnostic, Rule, fix};
use crate::document::Field;
use crate::orm::ormar::fields;

/// The rule.
pub(super) static RULE: Rule = Rule { name: "missing-argument", ids: &[], docs: DOCS };

const DOCS: &str = r#"## What

A field lacks an argument that its class needs.

## Why

A `String` needs its length, an `Enum` its enumeration, a relation its target: without it Python cannot make the call.

## Example

```python
class Author(ormar.Model):
    ormar_config = base_ormar_config.copy()
    id: int = ormar.Integer(primary_key=True)
    name: str = ormar.String()
```

## Fix

Add the argument: `ormar.String(max_length=100)`.
"#;

pub(super) fn check(cx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    for (model, field) in cx.made() {
        let Some(known) = field.base.and_then(fields::known) else { continue };
        for name in known.required {
            if fields::argument(Some(known), &field.args, name).is_some() || is_spread(cx, field) {
                continue;
            }
            let relation = *name == "to";
            let message = if relation {
                format!("{}() missing 1 required positional argument: '{name}'", known.name)
            } else {
                format!(
                    "{}.__new__() missing 1 required keyword-only argument: '{name}'",
                    known.name
                )
            };
            let value = match (*name, known.name) {
                ("max_length", "String") => Some("100"),
                ("max_length", _) => Some("1000"),
                _ => None,
            };
            let mut found =
                raised_by_call(&RULE, "TypeError", (model, field), field.class.span, message)
                    .titled(format!("`{}` needs `{name}`", field.class.text))
                    .why(format!("Python cannot call `{}` without `{name}`.", known.name));
            if let Some(value) = value {
                found = found
                    .fix(format!("Add `{name}={value}`"), fix::set(cx.source, field, name, value));
            }
            out.push(found);
        }
    }
}

/// Whether arguments come from a dictionary: `ormar.String(**COMMON)`.
fn is_spread(cx: &Context<'_>, field: &Field) -> bool {
    field.span.text(cx.source).contains("**")
}
