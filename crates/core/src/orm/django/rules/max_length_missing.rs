//! Text without a length.

use crate::check::fix;
use crate::check::{Diagnostic, Rule};
use crate::document::Value;
use crate::orm::django::rules::Context;

/// The rule.
pub(super) static RULE: Rule = Rule { name: "max-length-missing", ids: &[], docs: DOCS };

const DOCS: &str = r#"## What

A `CharField` has no `max_length`.

## Why

SQLite and PostgreSQL take text of any length, and there Django accepts it. On MySQL and Oracle it does not, and forms check nothing.

## Example

```python
title = models.CharField(100)  # 100 is the label here, not the length
```

## Fix

Write `max_length=100`, or use `TextField` for text of any length.
"#;

pub(super) fn check(cx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    for class in cx.registry.installed() {
        for (_, field) in class.declared().filter(|(_, field)| field.class.text == "CharField") {
            let positional = field.args.iter().filter(|arg| arg.keyword.is_none()).count();
            let computed = field.args.iter().any(|arg| arg.span.text(cx.source).starts_with('*'));
            if field.arg("max_length").is_some_and(|arg| arg.value != Value::None)
                || positional > 3
                || computed
            {
                continue;
            }
            let label = field.args.first().filter(|arg| arg.keyword.is_none());
            let length = label.and_then(|arg| match arg.value {
                Value::Int(number) if number > 0 => Some((arg, number)),
                _ => None,
            });
            let found = Diagnostic::advice(
                RULE.name,
                length.map_or(field.class.span, |(arg, _)| arg.span),
                format!("'{}' has no max_length.", class.path(&field.name.text)),
            )
            .object(class.path(&field.name.text))
            .subject(class.name(), Some(&field.name.text));
            out.push(match length {
                Some((arg, number)) => found
                    .titled(format!("`{number}` is the label of `{}`, not its length", field.name.text))
                    .why("The first argument of a field is its label (`verbose_name`). The length has to be said by name, or there is none.")
                    .fix(format!("Write `max_length={number}`"), Some(vec![fix::insert(arg.span.start, "max_length=")])),
                None => found
                    .titled(format!("`{}` has no length", field.name.text))
                    .why("SQLite and PostgreSQL take text of any length, MySQL and Oracle do not: there Django refuses a `CharField` without `max_length`. `TextField` is for text of any length.")
                    .fix("Add `max_length=100`", fix::set(cx.source, field, "max_length", "100"))
                    .fix("Use `TextField`", fix::set_class(field, "TextField").filter(|_| field.arg("max_length").is_none())),
            });
        }
    }
}
