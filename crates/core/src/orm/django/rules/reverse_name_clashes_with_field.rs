//! A reverse name that is the name of a field.

use crate::check::{Diagnostic, Rule};
use crate::check::{fix, names};
use crate::document::RelationKind;
use crate::orm::django::registry::{Class, Local, Relation};
use crate::orm::django::rules::Context;
use crate::orm::django::rules::related;
use throughline_order::Arrange as _;

/// The rule.
pub(super) static RULE: Rule = Rule {
    name: "reverse-name-clashes-with-field",
    ids: &["fields.E302", "fields.E303"],
    docs: DOCS,
};

const DOCS: &str = r#"## What

A relation would give its target an attribute (or a name in filters) that a field of the target has already.

## Why

The two would hide each other: `shelf.volume_set` could be the field or the way back.

## Example

```python
class Shelf(models.Model):
    volume_set = models.CharField(max_length=20)

class Volume(models.Model):
    shelf = models.ForeignKey(Shelf, on_delete=models.CASCADE)
```

## Fix

Give the relation another `related_name`, or rename the field.
"#;

pub(super) fn check(cx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    for relation in &cx.registry.relations {
        let (Some(class), Some(target)) = (
            cx.registry.class(relation.class),
            relation.target_index().and_then(|index| cx.registry.class(index)),
        ) else {
            continue;
        };
        if !class.installed {
            continue;
        }
        let accessor = relation.accessor.as_deref().filter(|_| !relation.hidden);
        let query = Some(relation.query_name.as_str());
        for (side, name) in [(Side::Accessor, accessor), (Side::Query, query)] {
            let taken = name.and_then(|name| cx.registry.field_named(target.index, name));
            out.extend(taken.map(|local| report(cx, relation, class, target, local, side)));
        }
    }
}

#[derive(Clone, Copy)]
enum Side {
    Accessor,
    Query,
}

fn report(
    cx: &Context<'_>,
    relation: &Relation<'_>,
    class: &Class<'_>,
    target: &Class<'_>,
    local: &Local<'_>,
    side: Side,
) -> Diagnostic {
    let path = class.path(&relation.name);
    let clash = target.path(&local.name);
    let (id, message) = match side {
        Side::Accessor => {
            let accessor = relation.accessor.as_deref().unwrap_or_default();
            (
                "fields.E302",
                format!(
                    "Reverse accessor '{}.{accessor}' for '{path}' clashes with field name '{clash}'.",
                    target.name()
                ),
            )
        }
        Side::Query => (
            "fields.E303",
            format!("Reverse query name for '{path}' clashes with field name '{clash}'."),
        ),
    };
    let wanted = related::proposal(cx, relation);
    let both_sides =
        local.relation.and_then(|at| cx.registry.relations.get(at)).is_some_and(|other| {
            other.kind == RelationKind::ManyToMany
                && relation.kind == RelationKind::ManyToMany
                && other.target_index() == Some(class.index)
                && other.accessor.as_deref() == Some(&relation.name)
        });
    let place = relation.field.map_or(class.model.name.span, related::name_span);
    let (key, title, why) = if both_sides {
        let mut sides = [path.clone(), clash.clone()];
        sides.arrange();
        (
            format!("{}:{}", RULE.name, sides.join(":")),
            format!("{} and {} declare the same relation twice", class.name(), target.name()),
            format!(
                "A many-to-many is declared on one side only: `{}.{}` is already the way back of `{}.{}`. Declared on both sides it is two relations with two tables, which want the same names.",
                target.name(),
                local.name,
                class.name(),
                relation.name
            ),
        )
    } else {
        (
            format!("{}:{path}:{clash}", RULE.name),
            format!("{} already has a field `{}`", target.name(), local.name),
            match side {
                Side::Accessor => format!(
                    "The relation `{}.{}` gives {} an attribute that leads back, and asks for the name `{}`. There is a field of that name, and one of the two would hide the other.",
                    class.name(),
                    relation.name,
                    target.name(),
                    local.name
                ),
                Side::Query => format!(
                    "In filters on {} the name `{}` would mean both the field and the way back along `{}.{}`.",
                    target.name(),
                    local.name,
                    class.name(),
                    relation.name
                ),
            },
        )
    };
    let mut found = Diagnostic::check(RULE.name, id, place, message)
        .object(path.clone())
        .subject(class.name(), Some(&relation.name))
        .related(target.name(), Some(&local.name), local.field.map(|field| field.name.span))
        .hint(format!("Rename field '{clash}', or add/change a related_name argument to the definition for field '{path}'."))
        .cause(key, title)
        .why(why);
    if both_sides {
        let removal =
            relation.field.and_then(|field| fix::remove_field(cx.source, class.model, field));
        found = found.fix(
            format!("Remove `{}.{}`", class.name(), relation.name),
            removal.filter(|_| relation.origin.is_some_and(|origin| origin.model == class.index)),
        );
    }
    found = found.fix(related::title(relation, &wanted), related::rename(cx, relation, &wanted));
    if let (Some(field), Some(owner)) = (
        local.field.filter(|_| !both_sides),
        local.origin.and_then(|origin| cx.document.models.get(origin.model)),
    ) {
        let stem = if field.relation().is_some() {
            format!("own_{}", local.name)
        } else {
            format!("{}_value", local.name)
        };
        let name =
            names::free(&[stem], |name| cx.registry.forward_field(target.index, name).is_some());
        found = found.fix(
            format!("Rename the field to `{name}`"),
            fix::rename_field(cx.source, cx.document, owner, field, &name)
                .filter(|_| field.relation().is_none()),
        );
    }
    found
}
