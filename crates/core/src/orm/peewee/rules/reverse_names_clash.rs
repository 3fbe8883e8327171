//! Two relations that want the same reverse name.

use super::{Context, place, reverse};
use crate::check::{Diagnostic, Rule, Severity, Stage};
use crate::orm::peewee::classes::{Attribute, ClassId, Kind};

/// The rule.
pub(super) static RULE: Rule = Rule { name: "reverse-names-clash", ids: &[], docs: DOCS };

const DOCS: &str = r#"## What

Two relations give the same model the same attribute.

## Why

Each relation adds an attribute to its target that leads back. Peewee lets the last one have the name and says nothing: the others have no way back any more, and the attribute gives other rows than its name says.

## Example

```python
class Flight(Model):
    origin = ForeignKeyField(City)
    destination = ForeignKeyField(City)
```

## Fix

Give each a `backref` of its own: `backref="departures"`, `backref="arrivals"`. With `backref="+"` there is no way back at all.
"#;

pub(super) fn check(cx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    for (id, object) in reverse::relations(cx) {
        let Some((target, name)) = reverse::name(cx, object) else { continue };
        let winner = match cx.world.class(target).and_then(|class| class.attribute(name)) {
            Some(Attribute::Backref(other)) => Some(other),
            Some(Attribute::Field(other)) => Some(other),
            Some(Attribute::Raw(_) | Attribute::ObjectId(_) | Attribute::Other) | None => None,
        };
        // The other side of a many-to-many is an object of its own.
        let mine = |other: usize| {
            other == id
                || matches!(&object.kind, Kind::Many(_))
                    && cx.world.object(other).is_some_and(|other| {
                        matches!(&other.kind, Kind::Many(many) if many.is_backref)
                            && other.origin == object.origin
                            && cx.world.target(other) == object.class
                    })
        };
        let Some(winner) = winner.filter(|winner| !mine(*winner)) else { continue };
        let is_reverse = cx.world.object(winner).is_some_and(|winner| match &winner.kind {
            Kind::Key(_) => matches!(
                cx.world.class(target).and_then(|class| class.attribute(name)),
                Some(Attribute::Backref(_))
            ),
            Kind::Many(many) => many.is_backref,
            Kind::Column | Kind::Auto | Kind::Deferred(_) | Kind::Virtual => false,
        });
        if is_reverse {
            out.push(report(cx, id, target, name, winner));
        }
    }
}

fn report(cx: &Context<'_>, id: usize, target: ClassId, name: &str, winner: usize) -> Diagnostic {
    let target_name = place::name(cx, target);
    let path = |id: usize| {
        let object = cx.world.object(id);
        let owner = object.and_then(|object| match &object.kind {
            // The field that was written, not the other side of it.
            Kind::Many(many) if many.is_backref => cx.world.target(object),
            _ => object.class,
        });
        let field = object.map_or("", |object| match &object.kind {
            Kind::Many(many) if many.is_backref => many.backref.as_deref().unwrap_or_default(),
            _ => &object.name,
        });
        (owner.map_or("", |owner| place::name(cx, owner)).to_owned(), field.to_owned())
    };
    let ((owner, field), (other_owner, other_field)) = (path(id), path(winner));
    let declared = place::declared(cx, id);
    let span = declared.map(|(_, field)| field.name.span).unwrap_or_default();
    let message = format!(
        "{target_name}.{name} leads to {other_owner}.{other_field}, not to {owner}.{field}."
    );
    let mut found = Diagnostic::new(RULE.name, Severity::Warning, Stage::Silent, span, message)
        .subject(&owner, Some(&field))
        .related(&other_owner, Some(&other_field), place::declared(cx, winner).map(|(_, field)| field.name.span))
        .related(target_name, Some(name), None)
        .cause(format!("{}:{target_name}:{name}", RULE.name), format!("Several relations give {target_name} the name `{name}`"))
        .why(format!(
            "`{owner}.{field}` and `{other_owner}.{other_field}` both give {target_name} the attribute `{name}`. The one that is declared last has it, and the other has no way back."
        ));
    if let Some((wanted, edits)) = reverse::rename(cx, id, target) {
        found = found.fix(format!("Call it `{wanted}`"), Some(edits));
    }
    found
}
