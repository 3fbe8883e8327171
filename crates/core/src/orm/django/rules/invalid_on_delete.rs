//! An `on_delete` that is no rule.

use crate::check::fix;
use crate::check::{Diagnostic, Rule};
use crate::document::{RelationKind, Value};
use crate::orm::django::rules::Context;
use crate::orm::django::rules::moments;

/// The rule.
pub(super) static RULE: Rule = Rule { name: "invalid-on-delete", ids: &[], docs: DOCS };

const DOCS: &str = r#"## What

`on_delete` is a string or another plain value.

## Why

Django calls it when a target is deleted, so it has to be one of its functions: `models.CASCADE`, `models.PROTECT`, …

## Example

```python
author = models.ForeignKey(Author, on_delete="CASCADE")
```

## Fix

Write `models.CASCADE`, without quotes.
"#;

pub(super) fn check(cx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    for model in &cx.document.models {
        for field in model.made().filter(|field| {
            field.relation().is_some_and(|relation| relation.kind != RelationKind::ManyToMany)
        }) {
            let positional = field.args.iter().filter(|arg| arg.keyword.is_none()).nth(1);
            let Some(arg) = field.arg("on_delete").or(positional) else { continue };
            let written = match &arg.value {
                Value::Str(text) => {
                    text.rsplit('.').next().unwrap_or_default().to_uppercase().replace(' ', "_")
                }
                Value::None
                | Value::Bool(_)
                | Value::Int(_)
                | Value::Number(_)
                | Value::List(_)
                | Value::Dict(_) => String::new(),
                Value::Name(_) | Value::Call { .. } | Value::Other(_) => continue,
            };
            let rule = cx
                .orm
                .profile()
                .on_delete
                .iter()
                .copied()
                .find(|rule| **rule == written)
                .unwrap_or("CASCADE");
            let nullable = rule != "SET_NULL" || field.null;
            out.push(
                Diagnostic::raised(RULE.name, "TypeError", moments::call(field), arg.value_span, "on_delete must be callable.")
                    .subject(&model.name.text, Some(&field.name.text))
                    .titled(format!("`on_delete` of `{}` is not one of Django's rules", field.name.text))
                    .why("`on_delete` is a function that Django calls when the target is deleted: `models.CASCADE`, `models.PROTECT` and so on, without quotes.")
                    .fix(format!("Write `models.{rule}`"), Some(vec![fix::replace(arg.value_span, format!("models.{rule}"))]).filter(|_| nullable)),
            );
        }
    }
}
