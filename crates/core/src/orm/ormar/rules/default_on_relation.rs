//! A default, or the like, on a relation.

use super::{Context, raised_by_call};
use crate::check::{Diagnostic, Rule, fix};
use crate::document::Value;

/// The rule.
pub(super) static RULE: Rule = Rule { name: "default-on-relation", ids: &[], docs: DOCS };

const DOCS: &str = r#"## What

A relation has a `default`, or an argument for encryption.

## Why

ormar refuses what it could not heed on a relation.

## Example

```python
class Child(ormar.Model):
    ormar_config = base_ormar_config.copy()
    id: int = ormar.Integer(primary_key=True)
    parent = ormar.ForeignKey(Parent, default=1)
```

## Fix

Take the argument away.
"#;

/// Source: `validate_not_allowed_fields` in `ormar/fields/foreign_key.py`; `ormar/039`.
const REFUSED: &[&str] = &[
    "default",
    "encrypt_secret",
    "encrypt_backend",
    "encrypt_custom_backend",
    "overwrite_pydantic_type",
];

pub(super) fn check(cx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    for (model, field) in cx.made() {
        if field.relation().is_none() {
            continue;
        }
        let refused =
            REFUSED.iter().find_map(|name| field.arg(name).filter(|arg| arg.value != Value::None));
        let (Some(arg), Some(keyword)) = (refused, refused.and_then(|arg| arg.keyword.as_deref()))
        else {
            continue;
        };
        let written = match &arg.value {
            Value::Str(text) => text.clone(),
            _ => arg.value_span.text(cx.source).to_owned(),
        };
        let message = format!("Argument {written} is not supported on relation fields!");
        out.push(
            raised_by_call(&RULE, "ModelDefinitionError", (model, field), arg.span, message)
                .titled(format!("A relation cannot have `{keyword}`"))
                .why("The key of a relation comes from the object that it points at. ormar refuses defaults and encryption there.")
                .fix(format!("Take `{keyword}` away"), fix::remove(cx.source, field, keyword)),
        );
    }
}
