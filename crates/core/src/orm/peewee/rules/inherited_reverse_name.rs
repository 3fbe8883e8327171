//! A reverse name that children do not inherit.

use super::{Context, place};
use crate::check::{Diagnostic, Rule};
use crate::orm::peewee::classes::Kind;

/// The rule.
pub(super) static RULE: Rule = Rule { name: "inherited-reverse-name", ids: &[], docs: DOCS };

const DOCS: &str = r#"## What

A child inherits a foreign key, but not the `backref` that its parent gives it.

## Why

The reverse name leads to the parent's rows, and one name cannot lead to those of the children, too. Peewee forgets it in the copies and calls them after the children: `car_set`, `boat_set`.

## Example

```python
class Owned(Model):
    owner = ForeignKeyField(Person, backref="things")

class Car(Owned):
    pass
```

## Fix

Give a function instead of a name: `backref=lambda field: "%s_items" % field.model._meta.name`.
"#;

pub(super) fn check(cx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    for id in cx.world.found() {
        let Some(class) = cx.world.class(id) else { continue };
        let Some(model) = class.model.and_then(|at| cx.document.models.get(at)) else { continue };
        for object in class.sorted.iter().filter_map(|object| cx.world.object(*object)) {
            let Kind::Key(key) = &object.kind else { continue };
            let inherited = object.origin.is_some_and(|origin| Some(origin.model) != class.model);
            let Some((parent, field)) = place::of_object(cx, object) else { continue };
            let declared = field.relation().and_then(|relation| relation.related_name.as_ref());
            let Some(declared) = declared.filter(|name| inherited && key.backref != name.text)
            else {
                continue;
            };
            let target = cx.world.target(object).map_or("", |target| place::name(cx, target));
            out.push(
                Diagnostic::advice(
                    RULE.name,
                    model.name.span,
                    format!(
                        "{target}.{} leads to {}, not to {}.",
                        declared.text, parent.name.text, class.name
                    ),
                )
                .subject(&class.name, Some(&field.name.text))
                .titled(format!(
                    "{} does not inherit the reverse name `{}`",
                    class.name, declared.text
                ))
                .why(format!(
                    "`{target}.{}` gives rows of {} only. Those of {} are under `{target}.{}`.",
                    declared.text, parent.name.text, class.name, key.backref
                )),
            );
        }
    }
}
