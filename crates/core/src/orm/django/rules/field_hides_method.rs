//! A field that hides what every model has.

use crate::check::{Diagnostic, Rule};
use crate::check::{fix, names};
use crate::orm::django::rules::Context;
use crate::orm::django::rules::MODEL_ATTRIBUTES;
use crate::orm::django::rules::owner;

/// The rule.
pub(super) static RULE: Rule = Rule { name: "field-hides-method", ids: &[], docs: DOCS };

const DOCS: &str = r#"## What

A field has the name of a method of Django's `Model`, such as `save`, `delete` or `clean`.

## Why

The field takes the method's place. Django calls these methods itself, and so does nearly all code that works with models.

## Example

```python
class Backup(models.Model):
    save = models.BooleanField(default=True)
```

## Fix

Rename the field: `is_saved`, `deleted_at`.
"#;

pub(super) fn check(cx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    for class in cx.registry.installed() {
        for (local, field) in class.declared() {
            let name = field.name.text.as_str();
            if !MODEL_ATTRIBUTES.contains(&name) || matches!(name, "check" | "pk" | "objects") {
                continue;
            }
            let wanted = names::free(&[format!("{name}_value")], |name| {
                cx.registry.forward_field(class.index, name).is_some()
            });
            out.push(
                Diagnostic::advice(RULE.name, field.name.span, format!("The field '{}' hides the method '{name}' of every model.", class.path(name)))
                    .object(class.path(name))
                    .subject(class.name(), Some(name))
                    .titled(format!("The field `{name}` hides a method of every model"))
                    .why(format!("Every model has `{name}`; Django and other code call it. The field takes its place."))
                    .fix(format!("Rename to `{wanted}`"), owner(cx, local).and_then(|model| fix::rename_field(cx.source, cx.document, model, field, &wanted))),
            );
        }
    }
}
