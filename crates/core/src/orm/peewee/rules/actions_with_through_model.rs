//! `on_delete` beside `through_model`.

use super::{Context, place};
use crate::check::{Diagnostic, Rule, fix};
use crate::document::Value;
use crate::orm::peewee::classes::argument;

/// The rule.
pub(super) static RULE: Rule = Rule { name: "actions-with-through-model", ids: &[], docs: DOCS };

const DOCS: &str = r#"## What

A many-to-many has both a `through_model` and `on_delete` or `on_update`; or its `through_model` is none.

## Why

The actions belong to the foreign keys of the table in between. Peewee sets them where it makes that table itself; a through model of yours has its own keys.

## Example

```python
groups = ManyToManyField(Group, through_model=Membership, on_delete="CASCADE")
```

## Fix

Move `on_delete` to the foreign keys of the through model.
"#;

pub(super) fn check(cx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    for model in &cx.document.models {
        for field in model.fields.iter().filter(|field| field.base == Some("ManyToManyField")) {
            let given = |name: &str| argument(field, name).filter(|value| **value != Value::None);
            let Some(through) = given("through_model") else { continue };
            let raised = |exception, message: &str| {
                Diagnostic::raised(
                    RULE.name,
                    exception,
                    place::call(field),
                    field.class.span,
                    message,
                )
                .subject(&model.name.text, Some(&field.name.text))
            };
            match through {
                Value::Str(_)
                | Value::Bool(_)
                | Value::Int(_)
                | Value::Number(_)
                | Value::List(_)
                | Value::Dict(_) => {
                    let mut found = raised("TypeError", "Unexpected value for through_model. Expected Model or DeferredThroughModel.")
                        .titled("The through model is no class")
                        .why("Peewee wants the class itself, or a `DeferredThroughModel` that gets it later.");
                    if let Value::Str(text) = through
                        && cx.document.models.iter().any(|other| {
                            other.name.text == *text && other.span.end < model.span.start
                        })
                    {
                        found = found.fix(
                            format!("Write `{text}` without quotes"),
                            fix::set(cx.source, field, "through_model", text),
                        );
                    }
                    out.push(found.fix(
                        "Let Peewee make the table",
                        fix::remove(cx.source, field, "through_model"),
                    ));
                    continue;
                }
                Value::None | Value::Name(_) | Value::Call { .. } | Value::Other(_) => {}
            }
            let Some(action) =
                ["on_delete", "on_update"].into_iter().find(|name| given(name).is_some())
            else {
                continue;
            };
            let mut edits = Vec::new();
            for name in ["on_delete", "on_update"] {
                edits.extend(fix::remove(cx.source, field, name).unwrap_or_default());
            }
            let mut found = raised("ValueError", "Cannot specify on_delete or on_update when through_model is specified.")
                .titled(format!("`{action}` belongs to the through model"))
                .why("The action is one of the foreign keys of the table in between, and that is your own model.");
            if let Some(arg) = field.arg(action) {
                found.span = arg.span;
            }
            out.push(found.fix("Take it out", Some(edits).filter(|edits| edits.len() == 1)));
        }
    }
}
