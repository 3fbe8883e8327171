//! `max_length` on a number.

use crate::check::fix;
use crate::check::{Diagnostic, Rule};
use crate::document::{Argument, Field, Value};
use crate::orm::django::rules::Context;
use crate::orm::django::rules::{fields, on_field};

/// The rule.
pub(super) static RULE: Rule =
    Rule { name: "max-length-on-integer", ids: &["fields.W122"], docs: DOCS };

const DOCS: &str = r#"## What

A field for whole numbers has `max_length`.

## Why

The option is for text. On a number Django ignores it: it limits nothing.

## Example

```python
year = models.IntegerField(max_length=4)
```

## Fix

Remove it. To limit the value use validators: `MaxValueValidator(9999)`.
"#;

pub(super) fn check(cx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    for (class, _, field) in fields(cx) {
        let Some(arg) = useless(field) else { continue };
        let kind = &field.class.text;
        out.push(
            on_field(RULE.name, "fields.W122", class, field, arg.span, format!("'max_length' is ignored when used with {kind}."))
                .hint("Remove 'max_length' from field")
                .titled(format!("`max_length` does nothing on the number `{}`", field.name.text))
                .why("`max_length` counts characters of text. On a number Django ignores it; to limit the value use a validator.")
                .fix("Remove it", fix::remove(cx.source, field, "max_length")),
        );
    }
}

/// A `max_length` on a field for whole numbers.
pub(super) fn useless(field: &Field) -> Option<&Argument> {
    let whole = matches!(
        field.class.text.as_str(),
        "IntegerField"
            | "BigIntegerField"
            | "SmallIntegerField"
            | "PositiveIntegerField"
            | "PositiveBigIntegerField"
            | "PositiveSmallIntegerField"
            | "AutoField"
            | "BigAutoField"
            | "SmallAutoField"
    );
    field.arg("max_length").filter(|arg| whole && arg.value != Value::None)
}
