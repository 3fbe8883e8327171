//! Text as the default of bytes.

use crate::check::fix;
use crate::check::{Diagnostic, Rule};
use crate::orm::django::rules::Context;
use crate::orm::django::rules::{fields, on_field};

/// The rule.
pub(super) static RULE: Rule =
    Rule { name: "text-default-of-binary", ids: &["fields.E170"], docs: DOCS };

const DOCS: &str = r#"## What

The default of a `BinaryField` is a string.

## Why

The field holds bytes; text would have to be encoded first, and Django does not guess how.

## Example

```python
payload = models.BinaryField(default="")
```

## Fix

Write bytes: `default=b""`.
"#;

pub(super) fn check(cx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    for (class, _, field) in fields(cx).filter(|(_, _, field)| field.class.text == "BinaryField") {
        let Some((arg, text)) =
            field.arg("default").and_then(|arg| Some((arg, arg.value.as_str()?)))
        else {
            continue;
        };
        let written = arg.value_span.text(cx.source);
        let plain = text.is_ascii() && (written.starts_with('"') || written.starts_with('\''));
        out.push(
            on_field(RULE.name, "fields.E170", class, field, arg.span, "BinaryField's default cannot be a string. Use bytes content instead.")
                .titled(format!("The default of `{}` is text, the field holds bytes", field.name.text))
                .why("A `BinaryField` stores bytes. A string is text; the `b` in front of the quotes makes it bytes.")
                .fix("Make it bytes", plain.then(|| vec![fix::insert(arg.value_span.start, "b")]))
                .fix("Remove it", fix::remove(cx.source, field, "default")),
        );
    }
}
