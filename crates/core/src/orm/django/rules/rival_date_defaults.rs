//! More than one source for a date.

use crate::check::fix;
use crate::check::{Diagnostic, Rule};
use crate::document::Value;
use crate::orm::django::rules::Context;
use crate::orm::django::rules::{arg_span, fields, on_field};

/// The rule.
pub(super) static RULE: Rule =
    Rule { name: "rival-date-defaults", ids: &["fields.E160"], docs: DOCS };

const DOCS: &str = r#"## What

A date or time field has more than one of `auto_now`, `auto_now_add` and `default`.

## Why

Each of them fills in the value; only one can win.

## Example

```python
created = models.DateTimeField(auto_now=True, auto_now_add=True)
```

## Fix

Keep one: `auto_now_add` for the time of creation, `auto_now` for the last change.
"#;

pub(super) fn check(cx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    for (class, _, field) in fields(cx) {
        if !matches!(field.class.text.as_str(), "DateField" | "DateTimeField" | "TimeField") {
            continue;
        }
        let on = |keyword: &str| {
            field.arg(keyword).is_some_and(|arg| {
                !matches!(arg.value, Value::None | Value::Bool(false) | Value::Int(0))
            })
        };
        let given: Vec<&str> = ["auto_now_add", "auto_now"]
            .into_iter()
            .filter(|keyword| on(keyword))
            .chain(field.arg("default").map(|_| "default"))
            .collect();
        let Some((keep, others)) = given.split_first().filter(|(_, others)| !others.is_empty())
        else {
            continue;
        };
        let mut found = on_field(
            RULE.name,
            "fields.E160",
            class,
            field,
            others.first().map_or(field.class.span, |keyword| arg_span(field, keyword)),
            "The options auto_now, auto_now_add, and default are mutually exclusive. Only one of these options may be present.",
        )
        .titled(format!("`{}` is filled in by {} options at once", field.name.text, given.len()))
        .why("`auto_now_add` sets the time of creation, `auto_now` the time of the last change, `default` a value of your own. Only one of them can fill in the field.");
        if let [other] = others {
            found = found
                .fix(format!("Remove `{other}`"), fix::remove(cx.source, field, other))
                .fix(format!("Remove `{keep}`"), fix::remove(cx.source, field, keep));
        }
        out.push(found);
    }
}
