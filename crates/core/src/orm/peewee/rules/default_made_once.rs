//! Defaults that are made once.

use super::Context;
use crate::check::{Diagnostic, Rule, Severity, Stage, fix};
use crate::document::{Span, Value};

/// The rule.
pub(super) static RULE: Rule = Rule { name: "default-made-once", ids: &[], docs: DOCS };

const DOCS: &str = r#"## What

A default is computed when the file is read, or is one list or dictionary for all rows.

## Why

Peewee calls a default that is a function anew for each row; anything else is the same object every time. `default=datetime.now()` is the moment at which the program started, and what one row adds to a shared list is in all others.

## Example

```python
created = DateTimeField(default=datetime.datetime.now())
tags = JSONField(default=[])
```

## Fix

Give the function itself: `default=datetime.datetime.now`, `default=list`.
"#;

/// Functions that give something else each time.
const CHANGING: &[&str] =
    &["now", "utcnow", "today", "time", "uuid1", "uuid4", "random", "token_hex", "token_urlsafe"];

pub(super) fn check(cx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    for model in &cx.document.models {
        for field in &model.fields {
            let Some(arg) = field.arg("default") else { continue };
            let (title, why, written): (&str, &str, Option<String>) = match &arg.value {
                Value::Call { callee, args }
                    if CHANGING.contains(&callee.rsplit('.').next().unwrap_or_default()) =>
                {
                    let text = arg.value_span.text(cx.source);
                    let function = text.strip_suffix("()").filter(|_| args.is_empty());
                    (
                        "The default is fixed when the program starts",
                        "The brackets call the function while the file is read. All rows get that one value.",
                        function.map(str::to_owned),
                    )
                }
                Value::List(items) => {
                    let list = arg.value_span.text(cx.source).starts_with('[');
                    if !list {
                        continue;
                    }
                    (
                        "All rows share one list",
                        "The default is one object for all rows: what is added to it in one is in all others.",
                        items.is_empty().then(|| "list".to_owned()),
                    )
                }
                Value::Dict(items) => (
                    "All rows share one dictionary",
                    "The default is one object for all rows: what is written into it in one is in all others.",
                    items.is_empty().then(|| "dict".to_owned()),
                ),
                _ => continue,
            };
            let span: Span = arg.value_span;
            out.push(
                Diagnostic::new(RULE.name, Severity::Warning, Stage::Silent, span, title)
                    .subject(&model.name.text, Some(&field.name.text))
                    .titled(title)
                    .why(why)
                    .fix(
                        "Give the function itself",
                        written.map(|written| vec![fix::replace(span, written)]),
                    ),
            );
        }
    }
}
