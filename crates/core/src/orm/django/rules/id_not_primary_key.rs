//! An `id` that is not the primary key.

use crate::check::{Diagnostic, Rule};
use crate::check::{fix, names};
use crate::orm::django::rules::Context;
use crate::orm::django::rules::{on_model, owner};

/// The rule.
pub(super) static RULE: Rule =
    Rule { name: "id-not-primary-key", ids: &["models.E004"], docs: DOCS };

const DOCS: &str = r#"## What

A model has a field named `id` that is not its primary key, and no other primary key.

## Why

Without a primary key Django adds one, and calls it `id`. The name is taken.

## Example

```python
class Product(models.Model):
    id = models.CharField(max_length=20)
```

## Fix

Add `primary_key=True`, or rename the field.
"#;

pub(super) fn check(cx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    for class in cx.registry.installed() {
        let implicit = class
            .key
            .and_then(|at| class.fields.get(at))
            .is_some_and(|key| key.field.is_none() && key.name == "id");
        let declared = class.declared().find(|(local, field)| {
            local.name == "id" && !field.primary_key && local.column.is_some()
        });
        let Some((local, field)) = declared.filter(|_| implicit) else { continue };
        let wanted = names::free(
            &[format!("{}_id", names::snake(class.name())), "code".to_owned()],
            |name| cx.registry.forward_field(class.index, name).is_some(),
        );
        out.push(
            on_model(RULE.name, "models.E004", class, field.name.span, "'id' can only be used as a field name if the field also sets 'primary_key=True'.")
                .subject(class.name(), Some("id"))
                .titled("`id` is not the primary key")
                .why("A model without a primary key gets one from Django, and its name is `id`. So a field of that name has to be the primary key itself.")
                .fix("Make it the primary key", fix::set(cx.source, field, "primary_key", "True").filter(|_| !field.null))
                .fix(format!("Rename to `{wanted}`"), owner(cx, local).and_then(|model| fix::rename_field(cx.source, cx.document, model, field, &wanted))),
        );
    }
}
