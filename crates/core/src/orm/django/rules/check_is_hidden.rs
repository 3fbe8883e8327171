//! Something called `check`.

use crate::check::{Diagnostic, Rule};
use crate::check::{fix, names};
use crate::orm::django::rules::Context;
use crate::orm::django::rules::related;
use crate::orm::django::rules::{on_model, owner};

/// The rule.
pub(super) static RULE: Rule = Rule { name: "check-is-hidden", ids: &["models.E020"], docs: DOCS };

const DOCS: &str = r#"## What

A model has a field, a method or a reverse name called `check`.

## Why

Django checks each model by calling its class method `check`. What takes its place is not that method, and then Django looks at nothing else of the model.

## Example

```python
class Order(models.Model):
    check = models.BooleanField(default=False)
```

## Fix

Rename the field, the method or the related name.
"#;

pub(super) fn check(cx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    for class in cx.registry.installed() {
        let Some(span) = cx.registry.check_hidden_by(cx.source, class.index) else { continue };
        let local = class.declared().find(|(_, field)| field.name.span == span);
        let reverse = cx
            .registry
            .reverse(class.index)
            .into_iter()
            .find(|relation| relation.accessor.as_deref() == Some("check"));
        let what = match (local, reverse) {
            (Some(_), _) => "<django.db.models.query_utils.DeferredAttribute object at 0x…>".to_owned(),
            (None, Some(_)) => "<django.db.models.fields.related_descriptors.ReverseManyToOneDescriptor object at 0x…>".to_owned(),
            (None, None) => {
                let holder = class.mro.iter().filter_map(|at| cx.registry.class(*at)).find(|base| base.model.span.contains(span));
                format!("<function {}.check at 0x…>", holder.unwrap_or(class).name())
            }
        };
        let mut found = on_model(RULE.name, "models.E020", class, span, format!("The '{}.check()' class method is currently overridden by {what}.", class.name()))
            .subject(class.name(), Some("check"))
            .titled(format!("`check` hides Django's own check of {}", class.name()))
            .why("Django looks for mistakes in a model by calling its class method `check`. With something else under that name it cannot, and everything else that may be wrong with the model stays unsaid.");
        if let Some((local, field)) = local {
            let wanted = names::free(&["is_checked".to_owned()], |name| {
                cx.registry.forward_field(class.index, name).is_some()
            });
            let wanted = if field.class.text == "BooleanField" {
                wanted
            } else {
                names::free(&["check_value".to_owned()], |name| {
                    cx.registry.forward_field(class.index, name).is_some()
                })
            };
            found = found.fix(
                format!("Rename to `{wanted}`"),
                owner(cx, local).and_then(|model| {
                    fix::rename_field(cx.source, cx.document, model, field, &wanted)
                }),
            );
        } else if let Some(relation) = reverse {
            let wanted = related::proposal(cx, relation);
            found = found
                .fix(related::title(relation, &wanted), related::rename(cx, relation, &wanted));
        }
        out.push(found);
    }
}
