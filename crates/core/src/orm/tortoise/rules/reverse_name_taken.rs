//! A reverse name that the target has already.

use super::{CONFIGURATION, Context, StartUp, start_up};
use crate::check::{Diagnostic, Rule, fix, names};
use crate::document::{Field, RelationKind};
use crate::orm::tortoise::world::{Class, Kind, What};

/// The rule.
pub(super) static RULE: Rule = Rule { name: "reverse-name-taken", ids: &[], docs: DOCS };

const DOCS: &str = r#"## What

The reverse side of a relation would be called as something that its target has already: a field, or the reverse side of another relation.

## Why

Every relation gives its target an attribute that leads back: `related_name`, or else the table's name with an `s`. Two relations of one model to
one target ask for the same name, and so do both halves of a many-to-many that is declared on both sides.
Tortoise wires its models in alphabetical order and stops at the first name that is there twice.

## Example

```python
class Flight(Model):
    origin = fields.ForeignKeyField("models.City")
    destination = fields.ForeignKeyField("models.City")
```

## Fix

Give each relation a `related_name` of its own. Declare a many-to-many on one side only: the other side is there by itself.
"#;

pub(super) fn check(cx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    for problem in start_up(cx) {
        let What::ReverseTaken { name, target } = problem.what else { continue };
        let Some(target) = cx.world.class(*target) else { continue };
        let Some(relation) = problem.field.relation() else { continue };
        let span = relation.related_name.as_ref().map_or(problem.field.name.span, |name| name.span);
        let message = format!("backward relation \"{name}\" duplicates in model {}", target.name());
        let found = problem
            .diagnostic(RULE.name, CONFIGURATION, span, message)
            .titled(format!("`{}` has a `{name}` already", target.name()));
        let (found, other) = taken_by(cx, found, target, name);
        let other_half =
            other.filter(|other| is_other_half(cx, problem.field, problem.class, other));
        let inherited = problem.owner.name.text != problem.class.name();
        let found = if let Some(other) = other_half {
            let why = format!(
                "`{}.{}` and `{}.{}` declare the same many-to-many from both sides. One is enough: it gives the other model its side by itself.",
                problem.class.name(),
                problem.field.name.text,
                target.name(),
                other.name.text
            );
            found.why(why).fix(
                format!("Keep only `{}.{}`", target.name(), other.name.text),
                fix::remove_field(cx.source, problem.owner, problem.field).filter(|_| !inherited),
            )
        } else {
            found.why(format!("`{}.{}` gives `{}` an attribute that leads back, and the name `{name}` is taken there.", problem.class.name(), problem.field.name.text, target.name()))
        };
        out.push(ways_out(cx, found, &problem, target, inherited));
    }
}

/// Marks what has the name.
fn taken_by<'a>(
    cx: &Context<'a>,
    found: Diagnostic,
    target: &Class<'a>,
    name: &str,
) -> (Diagnostic, Option<&'a Field>) {
    let Some(other) = target.fields.get(name).and_then(|id| cx.world.object(id)) else {
        return (found, None);
    };
    if let Some(field) = other.field {
        return (found.related(target.name(), Some(name), Some(field.name.span)), Some(field));
    }
    let Some(relation) = other.relation.as_deref() else { return (found, None) };
    let source = relation.related.and_then(|index| cx.world.class(index));
    let field = relation.made_for.and_then(|id| cx.world.object(id)?.field);
    match (source, field) {
        (Some(source), Some(field)) => {
            (found.related(source.name(), Some(&field.name.text), Some(field.name.span)), None)
        }
        _ => (found, None),
    }
}

/// Whether a field of the target is the same many-to-many, seen from there.
fn is_other_half(cx: &Context<'_>, field: &Field, class: &Class<'_>, other: &Field) -> bool {
    let back = other.relation().filter(|relation| relation.kind == RelationKind::ManyToMany);
    let here = field.relation().filter(|relation| relation.kind == RelationKind::ManyToMany);
    let (Some(back), Some(_)) = (back, here) else { return false };
    let points_here = back
        .target
        .as_ref()
        .is_some_and(|target| target.text.rsplit('.').next() == Some(class.name()));
    let _ = cx;
    points_here && back.related_name.as_ref().is_some_and(|name| name.text == field.name.text)
}

/// Other names.
fn ways_out(
    cx: &Context<'_>,
    found: Diagnostic,
    problem: &StartUp<'_, '_>,
    target: &Class<'_>,
    inherited: bool,
) -> Diagnostic {
    let field = problem.field;
    let is_key = cx.world.object(problem.id).is_some_and(|object| object.kind != Kind::ManyToMany);
    if inherited {
        // One name for all children cannot be theirs alone. Without it keys take the name of each child's table.
        return found.fix(
            "Use each child's own default name",
            fix::remove(cx.source, field, "related_name").filter(|_| is_key),
        );
    }
    let table = target_name(problem);
    let candidates =
        [format!("{}_{table}", field.name.text), format!("{table}_by_{}", field.name.text)];
    let refused = |name: &str| cx.world.refused.iter().any(|(_, known, ..)| known == name);
    let name = names::free(&candidates, |name| target.fields.contains(name) || refused(name));
    found
        .fix(
            format!("Call it `{name}`"),
            fix::set(cx.source, field, "related_name", &fix::quote(&name)),
        )
        .fix(
            "Do without the reverse side",
            fix::set(cx.source, field, "related_name", "False").filter(|_| is_key),
        )
}

/// What the reverse side would be called by default.
fn target_name(problem: &StartUp<'_, '_>) -> String {
    names::to_identifier(&format!("{}s", problem.class.table))
}
