//! Values of an enumeration.

use super::{Context, is_true, made, refused, steps};
use crate::check::{Diagnostic, Rule, fix};
use crate::document::{FieldKind, Value};

/// The rule.
pub(super) static RULE: Rule = Rule { name: "enumeration-values", ids: &[], docs: DOCS };

const DOCS: &str = r#"## What

The enumeration of an `IntEnumField` has members that are no small whole numbers.

## Why

Its column is a small integer.

## Example

```python
class Colour(Enum):
    red = "r"

colour = fields.IntEnumField(Colour)
```

## Fix

Use a `CharEnumField` for texts, and numbers from -32768 to 32767 else.
"#;

pub(super) fn check(cx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    for (model, field) in made(cx).filter(|(_, field)| field.base == Some("IntEnumField")) {
        let FieldKind::Column(column) = &field.kind else { continue };
        let least = if is_true(field, "generated") { 1 } else { -32768 };
        let message = column.choices.iter().find_map(|(value, _)| {
            let number = match value {
                Value::Int(number) => *number,
                Value::Bool(yes) => i64::from(*yes),
                Value::Str(text) => match text.trim().parse() {
                    Ok(number) => number,
                    Err(_) => return Some("IntEnumField only supports integer enums!".to_owned()),
                },
                _ => return None,
            };
            (!(least..32768).contains(&number))
                .then(|| format!("The valid range of IntEnumField's values is {least}..32767!"))
        });
        let Some(message) = message else { continue };
        let texts = column.choices.iter().all(|(value, _)| matches!(value, Value::Str(_)));
        let module = fix::set_class(field, "CharEnumField").filter(|_| texts);
        out.push(
            refused(RULE.name, model, field, steps::OWN, field.class.span, message)
                .titled(format!("`{}` takes small whole numbers only", field.class.text))
                .why("Each member of the enumeration has to fit a column of small integers.")
                .fix("Make it a `CharEnumField`", module),
        );
    }
}
