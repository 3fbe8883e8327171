//! A through model that does not exist.

use crate::check::{Diagnostic, Rule};
use crate::check::{fix, names};
use crate::document::Field;
use crate::orm::django::registry::{Class, Target, Through};
use crate::orm::django::rules::Context;
use crate::orm::django::rules::on_field;

/// The rule.
pub(super) static RULE: Rule =
    Rule { name: "unknown-through", ids: &["fields.E331", "models.E022"], docs: DOCS };

const DOCS: &str = r#"## What

The model that `through` names is not declared, is abstract, or was replaced by a later one of its name.

## Why

The pairs of the relation stand in the table of the through model. Without the model there is no table.

## Example

```python
tags = models.ManyToManyField(Tag, through="ItemTag")  # there is no ItemTag
```

## Fix

Correct the name, declare the model, or leave `through` out: then Django makes a table by itself.
"#;

pub(super) fn check(cx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    for relation in &cx.registry.relations {
        let (Some(class), Some(field)) = (cx.registry.class(relation.class), relation.field) else {
            continue;
        };
        let (shown, lazy) = match &relation.through {
            Some(Through::Model(Target::Missing(app, name))) => {
                let written = relation
                    .spec()
                    .and_then(|spec| spec.through.as_ref())
                    .map_or_else(|| name.clone(), |through| through.text.clone());
                (written, Some((app.clone(), name.to_lowercase())))
            }
            Some(Through::Model(Target::Abstract(index))) => {
                let Some(through) = cx.registry.class(*index) else { continue };
                (through.label(), Some((through.app().to_owned(), through.name().to_lowercase())))
            }
            Some(Through::Model(Target::Replaced(index))) => {
                (cx.registry.class(*index).map(Class::label).unwrap_or_default(), None)
            }
            Some(Through::Generated)
                if cx.registry.generated_for(relation.index).is_some_and(|made| made.replaced) =>
            {
                (format!("{}.{}_{}", class.app(), class.name(), relation.name), None)
            }
            Some(
                Through::Generated
                | Through::Model(
                    Target::Class(_) | Target::Imported | Target::Late(_) | Target::Unknown,
                ),
            )
            | None => continue,
        };
        if let Some((app, name)) = lazy {
            let operation = "<function ManyToManyField.contribute_to_class.<locals>.resolve_through_model at 0x…>";
            let why = if app == class.app() {
                format!("app '{app}' doesn't provide model '{name}'")
            } else {
                format!("app '{app}' isn't installed")
            };
            let message =
                format!("{operation} contains a lazy reference to {app}.{name}, but {why}.");
            let mut found = explain(cx, class, field, &shown, "models.E022", message);
            found.object = Some(operation.to_owned());
            out.push(found);
        }
        if class.installed {
            let message = format!(
                "Field specifies a many-to-many relation through model '{shown}', which has not been installed."
            );
            out.push(explain(cx, class, field, &shown, "fields.E331", message));
        }
    }
}

fn explain(
    cx: &Context<'_>,
    class: &Class<'_>,
    field: &Field,
    shown: &str,
    id: &'static str,
    message: String,
) -> Diagnostic {
    let through = field.relation().and_then(|relation| relation.through.as_ref());
    let span = through.map_or(field.name.span, |through| through.span);
    let name = shown.rsplit('.').next().unwrap_or_default();
    let mut found = on_field(RULE.name, id, class, field, span, message);
    if through.is_none() {
        return found
            .titled(format!("The class `{name}` takes the place of the table that Django made"))
            .why(format!("For `{}` Django makes a through model named `{name}` by itself. The class of that name replaces it, but the relation does not use it. Say `through=\"{name}\"` if it should.", field.name.text))
            .fix(format!("Add `through=\"{name}\"`"), fix::set(cx.source, field, "through", &fix::quote(name)).filter(|_| uses(cx, class, field, name)));
    }
    found = found
        .titled(format!("There is no through model `{name}`"))
        .why(format!("The pairs of `{}` stand in the table of its through model, and no model of that name is declared here.", field.name.text));
    if let Some(meant) = names::nearest(name, cx.registry.installed().map(Class::name))
        .filter(|meant| uses(cx, class, field, meant))
    {
        found = found.fix(
            format!("Did you mean `{meant}`?"),
            Some(vec![fix::replace(span, fix::quote(meant))]),
        );
    }
    let keep = field.arg("through_fields").is_some();
    found.fix(
        "Let Django make the table",
        fix::remove(cx.source, field, "through").filter(|_| !keep),
    )
}

/// Whether the model has the two foreign keys that make it a through model of the field.
fn uses(cx: &Context<'_>, class: &Class<'_>, field: &Field, name: &str) -> bool {
    let Some(through) = cx.registry.registered(name) else { return false };
    let Some(relation) =
        class.local(&field.name.text).and_then(|local| cx.registry.relations.get(local.relation?))
    else {
        return false;
    };
    let ends = |index: Option<usize>| {
        index.is_some_and(|index| {
            let keys = cx
                .registry
                .all_fields(through.index)
                .into_iter()
                .filter_map(|(_, local)| cx.registry.relations.get(local.relation?));
            keys.filter(|key| {
                key.kind != crate::document::RelationKind::ManyToMany
                    && key.target_index() == Some(index)
            })
            .count()
                == 1
        })
    };
    ends(Some(class.index)) && ends(relation.target_index())
}
