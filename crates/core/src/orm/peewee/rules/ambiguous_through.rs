//! A through model with several keys to one side.

use super::{Context, place};
use crate::check::{Diagnostic, Rule};
use crate::orm::peewee::classes::{Kind, Through};

/// The rule.
pub(super) static RULE: Rule = Rule { name: "ambiguous-through", ids: &[], docs: DOCS };

const DOCS: &str = r#"## What

The through model of a many-to-many has more than one foreign key to one of its sides.

## Why

Only one of them can make the pairs. Peewee takes the first that is declared and says nothing.

## Example

```python
class Membership(Model):
    user = ForeignKeyField(User, backref="memberships")
    invited_by = ForeignKeyField(User, backref="invitations")
    group = ForeignKeyField(Group)
```

## Fix

Declare the key that makes the pairs first.
"#;

pub(super) fn check(cx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    for id in cx.world.found() {
        let Some(class) = cx.world.class(id) else { continue };
        for (name, object_id) in class.many.iter() {
            let Some(object) = cx.world.object(object_id) else { continue };
            let Kind::Many(many) = &object.kind else { continue };
            let (Through::Class(through), false) = (many.through, many.is_backref) else {
                continue;
            };
            let (Some(through), Some(target)) = (cx.world.class(through), cx.world.target(object))
            else {
                continue;
            };
            let Some((model, field)) = place::declared(cx, object_id) else { continue };
            for side in [id, target] {
                let keys: Vec<&str> = through
                    .refs
                    .iter()
                    .filter(|(to, _)| *to == side)
                    .filter_map(|(_, key)| cx.world.object(*key))
                    .map(|key| &*key.name)
                    .collect();
                let [first, rest @ ..] = keys.as_slice() else { continue };
                if rest.is_empty() {
                    continue;
                }
                let side = place::name(cx, side);
                out.push(
                    Diagnostic::advice(RULE.name, field.name.span, format!("{} has {} keys to {side}.", through.name, keys.len()))
                        .subject(&model.name.text, Some(name))
                        .titled(format!("{} has several keys to {side}", through.name))
                        .why(format!("Peewee takes the first, `{first}`, and does not ask. `{}` has no part in the pairs.", rest.join("`, `"))),
                );
            }
        }
    }
}
