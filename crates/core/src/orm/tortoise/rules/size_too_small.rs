//! Sizes of texts and numbers.

use super::{Context, made, refused, steps};
use crate::check::{Diagnostic, Rule, fix};
use crate::document::Value;

/// The rule.
pub(super) static RULE: Rule = Rule { name: "size-too-small", ids: &[], docs: DOCS };

const DOCS: &str = r#"## What

`max_length` or `max_digits` is less than one, `decimal_places` is negative, or one of them is no number.

## Why

The field checks them when it is made.

## Example

```python
name = fields.CharField(max_length=0)
```

## Fix

Give a size that a value fits into.
"#;

pub(super) fn check(cx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    for (model, field) in made(cx) {
        let checks: &[(&str, i64)] = match field.base {
            Some("CharField") => &[("max_length", 1)],
            Some("DecimalField") => &[("max_digits", 1), ("decimal_places", 0)],
            _ => continue,
        };
        for (name, least) in checks {
            let Some(arg) = super::argument(field, name) else { continue };
            let (exception, message) = match &arg.value {
                Value::Int(size) if size < least => (super::CONFIGURATION, format!("'{name}' must be >= {least}")),
                Value::None => ("TypeError", "int() argument must be a string, a bytes-like object or a real number, not 'NoneType'".to_owned()),
                Value::Str(text) if text.trim().parse::<i64>().is_err() => ("ValueError", format!("invalid literal for int() with base 10: '{text}'")),
                _ => continue,
            };
            let better = if *name == "max_length" {
                "100"
            } else if *least == 1 {
                "10"
            } else {
                "0"
            };
            let mut found = refused(RULE.name, model, field, steps::OWN, arg.span, message)
                .titled(format!("`{name}` has to be a number, and at least {least}"))
                .why("Nothing would fit into the field.")
                .fix(format!("Use `{better}`"), Some(vec![fix::replace(arg.value_span, better)]));
            found.exception = Some(exception);
            out.push(found);
            break;
        }
    }
}
