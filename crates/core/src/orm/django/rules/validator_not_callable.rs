//! A validator that cannot be called.

use crate::check::fix;
use crate::check::{Diagnostic, Rule};
use crate::document::Value;
use crate::orm::django::rules::Context;
use crate::orm::django::rules::{fields, on_field};

/// The rule.
pub(super) static RULE: Rule =
    Rule { name: "validator-not-callable", ids: &["fields.E008"], docs: DOCS };

const DOCS: &str = r#"## What

An item of `validators` is a plain value, not a function.

## Why

Django calls each validator with the value that is to be checked.

## Example

```python
age = models.IntegerField(validators=[18])
```

## Fix

Write a validator: `validators=[MinValueValidator(18)]`.
"#;

pub(super) fn check(cx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    for (class, _, field) in fields(cx) {
        let Some(arg) = field.arg("validators") else { continue };
        let before = usize::from(matches!(
            field.class.text.as_str(),
            "EmailField" | "URLField" | "SlugField"
        ));
        for (place, item) in arg.value.as_list().unwrap_or_default().iter().enumerate() {
            let shown = match item {
                Value::Int(number) => number.to_string(),
                Value::Number(number) => number.clone(),
                Value::Str(text) => format!("'{text}'"),
                Value::Bool(true) => "True".to_owned(),
                Value::Bool(false) => "False".to_owned(),
                Value::None => "None".to_owned(),
                Value::List(_) => "[…]".to_owned(),
                Value::Dict(_) => "{…}".to_owned(),
                Value::Name(_) | Value::Call { .. } | Value::Other(_) => continue,
            };
            out.push(
                on_field(RULE.name, "fields.E008", class, field, arg.span, "All 'validators' must be callable.")
                    .hint(format!("validators[{}] ({shown}) isn't a function or instance of a validator class.", before + place))
                    .titled(format!("A validator of `{}` is not a function", field.name.text))
                    .why("Django calls each validator with the value that is to be checked. A plain value cannot be called.")
                    .fix("Remove the validators", fix::remove(cx.source, field, "validators")),
            );
        }
    }
}
