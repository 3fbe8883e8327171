//! A default that is the time of start-up.

use crate::check::fix;
use crate::check::{Diagnostic, Rule};
use crate::document::{Argument, Value};
use crate::edit::TextEdit;
use crate::orm::django::rules::Context;
use crate::orm::django::rules::{fields, on_field};

/// The rule.
pub(super) static RULE: Rule =
    Rule { name: "default-fixed-at-start", ids: &["fields.W161"], docs: DOCS };

const DOCS: &str = r#"## What

The default of a date or time field is the result of a call such as `timezone.now()`.

## Why

Python calls it once, when the file is read. Every row that is made afterwards gets the time at which the program was started.

## Example

```python
created = models.DateTimeField(default=timezone.now())
```

## Fix

Leave out the parentheses: `default=timezone.now`. Django then calls it for each new object.
"#;

pub(super) fn check(cx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    for (class, _, field) in fields(cx) {
        let Some(arg) = field.arg("default") else { continue };
        let Value::Call { callee, args } = &arg.value else { continue };
        let last = callee.rsplit('.').next().unwrap_or_default();
        let moment = match field.class.text.as_str() {
            "DateField" | "DateTimeField" => matches!(last, "now" | "today" | "utcnow"),
            // A time field looks at full moments only.
            "TimeField" => matches!(last, "now" | "utcnow") || callee.ends_with("datetime.today"),
            _ => false,
        };
        if moment && args.is_empty() {
            out.push(
                on_field(RULE.name, "fields.W161", class, field, arg.span, "Fixed default value provided.")
                    .hint(
                        "It seems you set a fixed date / time / datetime value as default for this field. This may not be what you want. \
                         If you want to have the current date as default, use `django.utils.timezone.now`",
                    )
                    .titled(format!("The default of `{}` is the time of start-up", field.name.text))
                    .why(format!("With the parentheses `{last}` is called once, when Python reads the file, and all rows get that one value. Without them Django calls it for each new row."))
                    .fix("Remove the parentheses", uncalled(cx, arg)),
            );
        }
    }
}

/// The call without its parentheses.
fn uncalled(cx: &Context<'_>, arg: &Argument) -> Option<Vec<TextEdit>> {
    let written = arg.value_span.text(cx.source);
    let callee = written.strip_suffix(')')?.trim_end().strip_suffix('(')?.trim_end();
    Some(vec![fix::replace(arg.value_span, callee)])
}
