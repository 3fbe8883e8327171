//! `max_length` that is no positive number.

use crate::check::fix;
use crate::check::{Diagnostic, Rule};
use crate::document::{Argument, Field, Value};
use crate::orm::django::rules::Context;
use crate::orm::django::rules::{fields, on_field};

/// The rule.
pub(super) static RULE: Rule = Rule { name: "max-length-value", ids: &["fields.E121"], docs: DOCS };

const DOCS: &str = r#"## What

`max_length` is zero, negative or not a whole number.

## Why

It is the number of characters that the column holds.

## Example

```python
name = models.CharField(max_length="100")
```

## Fix

Write a number: `max_length=100`.
"#;

pub(super) fn check(cx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    for (class, _, field) in fields(cx) {
        let Some((arg, wanted)) = wrong(field) else { continue };
        out.push(
            on_field(RULE.name, "fields.E121", class, field, arg.span, "'max_length' must be a positive integer.")
                .titled(format!("`max_length` of `{}` is not a positive number", field.name.text))
                .why("`max_length` is how many characters the column holds, so it is a whole number above zero.")
                .fix(format!("Set `max_length={wanted}`"), fix::set(cx.source, field, "max_length", &wanted)),
        );
    }
}

/// A `max_length` that is no positive number, with one that would be.
pub(super) fn wrong(field: &Field) -> Option<(&Argument, String)> {
    if !matches!(
        field.class.text.as_str(),
        "CharField" | "SlugField" | "EmailField" | "URLField" | "CommaSeparatedIntegerField"
    ) {
        return None;
    }
    let arg = field.arg("max_length")?;
    let parsed = |text: &str| text.trim().parse::<u32>().ok().filter(|number| *number > 0);
    let wanted = match &arg.value {
        Value::Int(number) if *number > 0 => return None,
        Value::Int(number) => number.unsigned_abs().max(1).to_string(),
        Value::Str(text) => parsed(text).unwrap_or(100).to_string(),
        Value::Bool(_) | Value::Number(_) | Value::List(_) | Value::Dict(_) => "100".to_owned(),
        Value::Other(text) if text.starts_with('-') => "100".to_owned(),
        Value::None | Value::Name(_) | Value::Call { .. } | Value::Other(_) => return None,
    };
    Some((arg, wanted))
}
