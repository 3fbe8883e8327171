//! An IP address that may be left out but not be empty.

use crate::check::fix;
use crate::check::{Diagnostic, Rule};
use crate::orm::django::rules::Context;
use crate::orm::django::rules::truth;
use crate::orm::django::rules::{arg_span, fields, on_field};

/// The rule.
pub(super) static RULE: Rule =
    Rule { name: "blank-address-without-null", ids: &["fields.E150"], docs: DOCS };

const DOCS: &str = r#"## What

A `GenericIPAddressField` has `blank=True` without `null=True`.

## Why

A form that leaves the address out stores NULL, which the column then refuses.

## Example

```python
address = models.GenericIPAddressField(blank=True)
```

## Fix

Add `null=True`, or remove `blank=True`.
"#;

pub(super) fn check(cx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    for (class, _, field) in
        fields(cx).filter(|(_, _, field)| field.class.text == "GenericIPAddressField")
    {
        let blank = field.arg("blank").is_some_and(|arg| truth(&arg.value) == Some(true));
        if blank && !field.null {
            out.push(
                on_field(
                    RULE.name,
                    "fields.E150",
                    class,
                    field,
                    arg_span(field, "blank"),
                    "GenericIPAddressFields cannot have blank=True if null=False, as blank values are stored as nulls.",
                )
                .titled(format!("`{}` may be left out but not be empty", field.name.text))
                .why("An address that a form leaves out is stored as NULL. Without `null=True` the column refuses that.")
                .fix("Add `null=True`", fix::set(cx.source, field, "null", "True"))
                .fix("Remove `blank`", fix::remove(cx.source, field, "blank")),
            );
        }
    }
}
