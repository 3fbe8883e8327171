//! `id` is there, but is no key.

use super::{Context, class_refused, making, steps};
use crate::check::{Diagnostic, Rule, fix};
use crate::orm::tortoise::world::What;

/// The rule.
pub(super) static RULE: Rule = Rule { name: "id-not-primary-key", ids: &[], docs: DOCS };

const DOCS: &str = r#"## What

A model has no primary key, but something else called `id`.

## Why

A model without a key gets one from Tortoise, and that is called `id`. Here the name is taken.

## Example

```python
class Device(Model):
    id = fields.CharField(max_length=20)
```

## Fix

Make `id` the key with `primary_key=True`, or call it something else.
"#;

pub(super) fn check(cx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    for (class, _, what) in making(cx) {
        let What::IdWithoutKey = what else { continue };
        let name = class.name();
        let field = class.model.field("id");
        let member = class.model.members.iter().find(|member| member.name.text == "id");
        let span = field
            .map(|field| field.name.span)
            .or_else(|| member.map(|member| member.name.span))
            .unwrap_or(class.model.name.span);
        let message = format!(
            "Can't create model {name} without explicit primary key if field 'id' already present"
        );
        let plain = field.filter(|field| {
            !field.null
                && !matches!(
                    field.relation().map(|relation| relation.kind),
                    Some(crate::document::RelationKind::ManyToMany)
                )
        });
        out.push(
            class_refused(RULE.name, class.model, steps::ID, span, message)
                .titled(format!("`{name}` has an `id` that is not its primary key"))
                .why("Tortoise adds a key called `id` to a model that has none, and cannot do so where the name is taken.")
                .fix(
                    "Make `id` the primary key",
                    plain.and_then(|field| fix::set(cx.source, field, "primary_key", "True")),
                ),
        );
    }
}
