//! Keys in circles.

use super::schema::{Phase, refused};
use super::{CONFIGURATION, Context, schema};
use crate::check::{Diagnostic, Rule};
use crate::orm::tortoise::world::Class;

/// The rule.
pub(super) static RULE: Rule = Rule { name: "cyclic-keys", ids: &[], docs: DOCS };

const DOCS: &str = r#"## What

Models point at each other in a circle: no table can be made first.

## Why

Tortoise makes a table only after all that its keys point at, and adds no key later. `null=True` and `db_constraint=False` change nothing about that. A model may point at itself.

## Example

```python
class Team(Model):
    captain = fields.ForeignKeyField("models.Player", related_name="captain_of", null=True)

class Player(Model):
    team = fields.ForeignKeyField("models.Team")
```

## Fix

Say one of the relations in another way: as a many-to-many, as a mark on the row (`is_captain`), or as a model in between.
"#;

pub(super) fn check(cx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    let (_, stuck) = schema::order(cx.world);
    let waits = |class: &Class<'_>| -> Vec<String> {
        schema::references(cx.world, class).into_iter().map(str::to_owned).collect()
    };
    let stuck: Vec<&Class<'_>> =
        stuck.into_iter().filter_map(|index| cx.world.class(index)).collect();
    // Those that only wait for a circle are no part of one.
    let Some(first) = stuck.iter().find(|class| reaches(&stuck, class, &waits)) else { return };
    let span = circle_field(cx, first, &stuck).unwrap_or(first.model.name.span);
    let mut found = refused(RULE.name, CONFIGURATION, (Phase::Order, cx.world.app.len()), first, span, "Can't create schema due to cyclic fk references")
        .titled(format!("The keys of `{}` lead back to itself", first.name()))
        .why("Each table has to wait for those that its keys point at. Here they wait for each other, and none can be made first.");
    for other in stuck.iter().filter(|class| class.name() != first.name()) {
        found = found.related(other.name(), None, Some(other.model.name.span));
    }
    out.push(found);
}

/// Whether a table waits, over others, for itself.
fn reaches(
    stuck: &[&Class<'_>],
    class: &Class<'_>,
    waits: &dyn Fn(&Class<'_>) -> Vec<String>,
) -> bool {
    let mut seen = rustc_hash::FxHashSet::default();
    let mut open: Vec<String> =
        waits(class).into_iter().filter(|table| *table != class.table).collect();
    while let Some(table) = open.pop() {
        if table == class.table {
            return true;
        }
        if seen.insert(table.clone())
            && let Some(next) = stuck.iter().find(|class| class.table == table)
        {
            open.extend(waits(next).into_iter().filter(|other| *other != table));
        }
    }
    false
}

/// The name of a relation to another model that waits.
fn circle_field(
    cx: &Context<'_>,
    class: &Class<'_>,
    stuck: &[&Class<'_>],
) -> Option<crate::document::Span> {
    class.columns.iter().find_map(|id| {
        let relation = cx.world.object(*id)?.reference?;
        let related = cx.world.class(cx.world.relation(relation)?.related?)?;
        let waits =
            related.table != class.table && stuck.iter().any(|other| other.table == related.table);
        cx.world.object(relation)?.field.filter(|_| waits).map(|field| field.name.span)
    })
}
