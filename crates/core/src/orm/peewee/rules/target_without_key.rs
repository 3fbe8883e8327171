//! A key to a model without a single primary key.

use super::{Context, place};
use crate::check::{Diagnostic, Rule};
use crate::orm::peewee::lower::Reason;

/// The rule.
pub(super) static RULE: Rule = Rule { name: "target-without-key", ids: &[], docs: DOCS };

const DOCS: &str = r#"## What

A foreign key, or the table of a many-to-many, points at a model that has no primary key, or one of several fields.

## Why

A foreign key is one column, and it holds the primary key of the row that it points at. Peewee makes the class all the same, and fails when it makes the table.

## Example

```python
class Seat(Model):
    row = CharField()
    number = IntegerField()

    class Meta:
        primary_key = CompositeKey("row", "number")

class Ticket(Model):
    seat = ForeignKeyField(Seat)
```

## Fix

Give the target an ordinary primary key and make the fields unique together; or reference a unique field of it with `field=`.
"#;

pub(super) fn check(cx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    for failure in &cx.created.failures {
        let target = failure
            .object
            .and_then(|object| cx.world.object(object))
            .and_then(|object| cx.world.target(object))
            .map_or("", |target| place::name(cx, target));
        let found = match failure.reason {
            Reason::TargetHasNoKey => place::unmakeable(
                cx,
                RULE.name,
                "AttributeError",
                failure,
                "Foreign-key has no attribute field_type, nor is it a valid field on the related model.",
            )
            .titled(format!("{target} has no primary key to point at")),
            Reason::TargetHasCompositeKey => {
                place::unmakeable(cx, RULE.name, "OperationalError", failure, "near \"(\": syntax error")
                    .titled(format!("{target} has a key of several fields"))
            }
            // Recorded: `peewee/463`.
            Reason::Ring => {
                let message = "maximum recursion depth exceeded";
                out.push(
                    place::unmakeable(cx, RULE.name, "RecursionError", failure, message)
                        .titled("This key refers to itself")
                        .why("A key's column has the type of what it refers to. This one comes back to itself, so it has none."),
                );
                continue;
            }
            _ => continue,
        };
        out.push(found.why(format!("A foreign key is one column that holds the primary key of its target, and {target} has no primary key of one column.")));
    }
}
