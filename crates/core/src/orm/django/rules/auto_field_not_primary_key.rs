//! An auto field that is not the primary key.

use crate::check::fix;
use crate::check::{Diagnostic, Rule};
use crate::orm::django::rules::Context;
use crate::orm::django::rules::{fields, on_field};

/// The rule.
pub(super) static RULE: Rule =
    Rule { name: "auto-field-not-primary-key", ids: &["fields.E100"], docs: DOCS };

const DOCS: &str = r#"## What

An `AutoField` (or `BigAutoField`, `SmallAutoField`) lacks `primary_key=True`.

## Why

Databases number rows by the primary key only, so Django allows such a field nowhere else.

## Example

```python
code = models.CharField(max_length=8, primary_key=True)
number = models.AutoField()
```

## Fix

Make it the primary key, or an `IntegerField` that you fill yourself.
"#;

pub(super) fn check(cx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    for (class, _, field) in fields(cx) {
        let plain = match field.class.text.as_str() {
            "AutoField" => "IntegerField",
            "BigAutoField" => "BigIntegerField",
            "SmallAutoField" => "SmallIntegerField",
            _ => continue,
        };
        if !field.primary_key {
            out.push(
                on_field(RULE.name, "fields.E100", class, field, field.class.span, "AutoFields must set primary_key=True.")
                    .titled(format!("`{}` counts by itself but is not the primary key", field.name.text))
                    .why("The database numbers rows by their primary key only. Another field cannot count by itself.")
                    .fix(format!("Use `{plain}`"), fix::set_class(field, plain)),
            );
        }
    }
}
