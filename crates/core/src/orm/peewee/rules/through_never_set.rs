//! A `DeferredThroughModel` that never gets its model.

use super::Context;
use crate::check::{Diagnostic, Rule, Severity, Stage, fix};
use crate::orm::peewee::classes::{Attribute, Kind, Through};

/// The rule.
pub(super) static RULE: Rule = Rule { name: "through-never-set", ids: &[], docs: DOCS };

const DOCS: &str = r#"## What

A many-to-many waits for its through model, and nothing sets it.

## Why

With a `DeferredThroughModel` the field is only made when `set_model` is called. Until then it does not exist: neither does the attribute work, nor is there a way back.

## Example

```python
Through = DeferredThroughModel()

class User(Model):
    groups = ManyToManyField(Group, through_model=Through)
```

## Fix

After the through model is declared, write `Through.set_model(Membership)`.
"#;

pub(super) fn check(cx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    for id in cx.world.found() {
        let Some(class) = cx.world.class(id) else { continue };
        let Some(model) = class.model.and_then(|at| cx.document.models.get(at)) else { continue };
        for field in &model.fields {
            let Some(Attribute::Raw(object)) = class.attribute(&field.name.text) else { continue };
            let waits = cx.world.object(object).is_some_and(|object| {
                matches!(&object.kind, Kind::Many(many) if matches!(many.through, Through::Deferred(_)))
            });
            if !waits {
                continue;
            }
            out.push(
                Diagnostic::new(RULE.name, Severity::Warning, Stage::Silent, field.name.span, format!("{}.{} has no through model.", class.name, field.name.text))
                    .subject(&class.name, Some(&field.name.text))
                    .titled(format!("`{}` waits for its through model", field.name.text))
                    .why("Nothing calls `set_model`, so the many-to-many is never made. The attribute is there, but gives no rows.")
                    .fix("Let Peewee make the table", fix::remove(cx.source, field, "through_model")),
            );
        }
    }
}
