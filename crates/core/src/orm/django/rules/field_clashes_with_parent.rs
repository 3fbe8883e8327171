//! A field that a parent with a table has already.

use crate::check::{Diagnostic, Rule};
use crate::check::{fix, names};
use crate::document::{Field, RelationKind};
use crate::orm::django::registry::Class;
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
        let bases = class.mro.iter().filter(|at| class.bases.contains(at));
        for base in bases.filter_map(|at| cx.registry.class(*at)).filter(|base| !base.is_abstract())
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
            let Some(base) = cx.registry.class(base.concrete).filter(|_| !class.is_proxy()) else {
                continue;
            };
            let link = format!("{}_ptr", base.model_name);
            let links = class.parents.iter().filter(|(parent, _)| *parent == base.index);
            let mut links = links.filter_map(|(_, place)| class.fields.get((*place)?)?.field);
            let declared = links
                .find(|field| field.name.text == link)
                .filter(|field| model.field(&link).is_some() && !leads_to(cx, class, field, base));
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

/// Whether the field is a declared link to this parent.
fn leads_to(cx: &Context<'_>, class: &Class<'_>, field: &Field, parent: &Class<'_>) -> bool {
    field
        .relation()
        .filter(|relation| relation.parent_link && relation.kind == RelationKind::OneToOne)
        .and_then(|relation| cx.registry.find(class, relation.target.as_ref()?).index())
        .is_some_and(|target| cx.registry.concrete(target) == parent.index)
}
