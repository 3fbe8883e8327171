//! Two primary keys.

use super::{Context, class_refused, making, steps};
use crate::check::{Diagnostic, Rule, fix};
use crate::orm::tortoise::world::What;

/// The rule.
pub(super) static RULE: Rule = Rule { name: "several-primary-keys", ids: &[], docs: DOCS };

const DOCS: &str = r#"## What

A model has more than one field with `primary_key=True`, its own or inherited.

## Why

Tortoise knows keys of one field only.

## Example

```python
class Seat(Model):
    row = fields.IntField(primary_key=True)
    number = fields.IntField(primary_key=True)
```

## Fix

Keep one key. If both together have to be unique, say so: `unique_together = (("row", "number"),)` in `Meta`.
"#;

pub(super) fn check(cx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    for (class, object, what) in making(cx) {
        let (What::SecondKey, Some(object)) = (what, object.and_then(|id| cx.world.object(id)))
        else {
            continue;
        };
        let Some(field) = object.field else { continue };
        let own = class.model.fields.iter().any(|own| own.span == field.span);
        let span = if own { field.name.span } else { class.model.name.span };
        let name = class.name();
        let message = format!(
            "Can't create model {name} with two primary keys, only single primary key is supported"
        );
        let keyword = if field.arg("pk").is_some() { "pk" } else { "primary_key" };
        out.push(
            class_refused(RULE.name, class.model, steps::KEY, span, message)
                .titled(format!("`{name}` has more than one primary key"))
                .why(format!(
                    "A key has one field here, and `{name}` has another one before `{}`.",
                    field.name.text
                ))
                .fix(
                    format!("Make `{}` a plain field", field.name.text),
                    fix::remove(cx.source, field, keyword).filter(|_| own),
                ),
        );
    }
}
