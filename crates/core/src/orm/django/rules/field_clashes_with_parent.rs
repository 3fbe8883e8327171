//! A field that a parent with a table has already.

use crate::check::{Diagnostic, Rule};
use crate::check::{fix, names};
use crate::document::RelationKind;
use crate::orm::django::rules::Context;
use crate::orm::django::rules::moments::{self, Step};

/// The rule.
pub(super) static RULE: Rule = Rule { name: "field-clashes-with-parent", ids: &[], docs: DOCS };

const DOCS: &str = r#"## What

A model declares a field that its parent model has.

## Why

A child of a model with a table has a table of its own, joined to the parent's. The value would stand in both, and Django does not allow to choose.

## Example

```python
class Place(models.Model):
    name = models.CharField(max_length=50)

class Restaurant(Place):
    name = models.CharField(max_length=80)
```

## Fix

Remove or rename the field. Fields of an *abstract* parent may be declared anew.
"#;

pub(super) fn check(cx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    for class in &cx.registry.classes {
        let model = class.model;
        let moment = moments::class(model, Step::Inherit);
        let direct: Vec<usize> = model
            .bases
            .iter()
            .filter_map(|base| {
                cx.registry
                    .classes
                    .get(..class.index)?
                    .iter()
                    .rposition(|other| other.name() == base.path)
            })
            .collect();
        for base in class
            .mro
            .iter()
            .filter(|at| direct.contains(at))
            .filter_map(|at| cx.registry.class(*at))
            .filter(|base| !base.is_abstract())
        {
            for local in base.locals() {
                let Some(field) = model.field(&local.name) else { continue };
                let message = format!(
                    "Local field '{}' in class '{}' clashes with field of the same name from base class '{}'.",
                    local.name,
                    class.name(),
                    base.name()
                );
                let free = |name: &str| cx.registry.forward_field(class.index, name).is_some();
                let wanted =
                    names::free(&[format!("{}_{}", names::snake(class.name()), local.name)], free);
                out.push(
                    Diagnostic::raised(RULE.name, "FieldError", moment, field.name.span, message)
                        .subject(class.name(), Some(&local.name))
                        .related(base.name(), Some(&local.name), local.field.map(|field| field.name.span))
                        .titled(format!("{} has the field `{}` from {} already", class.name(), local.name, base.name()))
                        .why(format!("{} has a table of its own, joined to that of {}. It has all its fields already; a second one of the same name would hide the first.", class.name(), base.name()))
                        .fix(format!("Remove `{}`", local.name), fix::remove_field(cx.source, model, field))
                        .fix(format!("Rename to `{wanted}`"), fix::rename_field(cx.source, cx.document, model, field, &wanted).filter(|_| field.relation().is_none())),
                );
            }
            let link = format!("{}_ptr", base.name().to_lowercase());
            let declared = model.field(&link).filter(|_| {
                !class.is_proxy()
                    && class.parents.iter().all(|(_, place)| {
                        place
                            .and_then(|at| class.fields.get(at))
                            .is_none_or(|local| local.field.is_none())
                    })
            });
            if let Some(field) = declared {
                let message = format!(
                    "Auto-generated field '{link}' in class '{}' for parent_link to base class '{}' clashes with declared field of the same name.",
                    class.name(),
                    base.name()
                );
                let parent_link = field
                    .relation()
                    .is_some_and(|relation| relation.kind == RelationKind::OneToOne);
                out.push(
                    Diagnostic::raised(RULE.name, "FieldError", moment, field.name.span, message)
                        .subject(class.name(), Some(&link))
                        .titled(format!("`{link}` is the name of the link to {}", base.name()))
                        .why(format!("Django adds a one-to-one named `{link}` that leads from each {} to its {}. A field of that name has to be that link.", class.name(), base.name()))
                        .fix("Make it the link", fix::set(cx.source, field, "parent_link", "True").filter(|_| parent_link))
                        .fix("Remove it", fix::remove_field(cx.source, model, field)),
                );
            }
        }
    }
}
