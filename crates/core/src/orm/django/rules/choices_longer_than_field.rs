//! A choice that does not fit its column.

use crate::check::fix;
use crate::check::{Diagnostic, Rule};
use crate::document::{Field, FieldKind, Value};
use crate::orm::django::rules::Context;
use crate::orm::django::rules::choices::{self, Choices};
use crate::orm::django::rules::{arg_span, fields, on_field};

/// The rule.
pub(super) static RULE: Rule =
    Rule { name: "choices-longer-than-field", ids: &["fields.E009"], docs: DOCS };

const DOCS: &str = r#"## What

One of the values in `choices` is longer than `max_length`.

## Why

The value could be chosen but not stored: the column has no room for it.

## Example

```python
size = models.CharField(max_length=3, choices=[("large", "Large")])
```

## Fix

Raise `max_length` to the length of the longest value.
"#;

pub(super) fn check(cx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    for (class, _, field) in fields(cx) {
        let Some(arg) = field.arg("choices") else { continue };
        let Some(bound) = choices::max_length(field) else { continue };
        let Some(longest) = longest(field, &arg.value) else { continue };
        if longest as i64 > bound {
            out.push(
                on_field(
                    RULE.name,
                    "fields.E009",
                    class,
                    field,
                    arg_span(field, "max_length"),
                    format!("'max_length' is too small to fit the longest value in 'choices' ({longest} characters)."),
                )
                .titled(format!("`{}` has no room for its longest choice", field.name.text))
                .why(format!("The longest value has {longest} characters, the column holds {bound}. It could be chosen but not stored."))
                .fix(format!("Set `max_length={longest}`"), fix::set(cx.source, field, "max_length", &longest.to_string())),
            );
        }
    }
}

/// The length of the longest value: of what is written, or of the enumeration that is named.
fn longest(field: &Field, written: &Value) -> Option<usize> {
    match choices::read(written) {
        Choices::Fine(longest) => Some(longest),
        Choices::Unknown => match &field.kind {
            FieldKind::Column(column) => column
                .choices
                .iter()
                .filter_map(|(value, _)| value.as_str())
                .map(|text| text.chars().count())
                .max(),
            FieldKind::Relation(_) | FieldKind::Virtual => None,
        },
        Choices::NotIterable | Choices::NotPairs => None,
    }
}
