//! A default that all rows would share.

use crate::check::{Diagnostic, Rule};
use crate::check::{Severity, fix};
use crate::document::Value;
use crate::orm::django::rules::Context;
use crate::orm::django::rules::{fields, on_field};

/// The rule.
pub(super) static RULE: Rule = Rule { name: "shared-default", ids: &["fields.E010"], docs: DOCS };

const DOCS: &str = r#"## What

The default of a `JSONField` is a list or dictionary itself instead of something that makes one.

## Why

Python makes such a value once, when the file is read. All new objects would hold the very same list, and a change to one would show in all.

## Example

```python
options = models.JSONField(default={})
```

## Fix

Give the class instead: `default=dict` or `default=list`. Django calls it for each new object.
"#;

pub(super) fn check(cx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    for (class, _, field) in fields(cx) {
        let Some(arg) = field.arg("default").filter(|_| field.class.text == "JSONField") else {
            continue;
        };
        let instead = match &arg.value {
            Value::Dict(items) => items.is_empty().then_some("dict"),
            Value::List(items) => items.is_empty().then_some("list"),
            Value::Call { callee, args } if args.is_empty() && callee == "dict" => Some("dict"),
            Value::Call { callee, args } if args.is_empty() && callee == "list" => Some("list"),
            Value::Bool(_) | Value::Int(_) | Value::Number(_) | Value::Str(_) => None,
            Value::None | Value::Name(_) | Value::Call { .. } | Value::Other(_) => continue,
        };
        let mut found = on_field(
            RULE.name,
            "fields.E010",
            class,
            field,
            arg.span,
            "JSONField default should be a callable instead of an instance so that it's not shared between all field instances.",
        )
        .hint("Use a callable instead, e.g., use `dict` instead of `{}`.")
        .titled(format!("All objects would share one default of `{}`", field.name.text))
        .why("The value is made once, when Python reads the file, and every new object would get that same one. Django wants something that it can call for a fresh value each time.");
        found.severity = Severity::Warning;
        found = match instead {
            Some(callable) => found.fix(
                format!("Use `{callable}`"),
                Some(vec![fix::replace(arg.value_span, callable)]),
            ),
            None => found.fix(
                "Make it a function",
                Some(vec![fix::insert(arg.value_span.start, "lambda: ")]),
            ),
        };
        out.push(found);
    }
}
