//! A through model that lacks a key to one of its sides.

use super::{Context, place};
use crate::check::{Diagnostic, Rule, fix};
use crate::orm::peewee::classes::What;

/// The rule.
pub(super) static RULE: Rule = Rule { name: "through-without-key", ids: &[], docs: DOCS };

const DOCS: &str = r#"## What

The through model of a many-to-many has no foreign key to one of the two models that it joins.

## Why

Peewee looks for a foreign key to the very class that has the many-to-many field, and it looks when that class is made. A through model that stands above it cannot have one yet: its key may point at an older class of the same name. A many-to-many that a child inherits has its keys to the parent only.

## Example

```python
class Membership(Model):
    group = ForeignKeyField(Group)

class User(Model):
    groups = ManyToManyField(Group, through_model=Membership)
```

## Fix

Declare `Through = DeferredThroughModel()` first, give the field `through_model=Through`, then the through model with keys to both, and last `Through.set_model(Membership)`. Or leave `through_model` out: Peewee makes the table itself.
"#;

pub(super) fn check(cx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    for fault in &cx.world.faults {
        let What::NoKey { to, through } = fault.what else { continue };
        let (to, name) = (place::name(cx, to), place::name(cx, through));
        let message =
            format!("Cannot find foreign-key to \"<Model: {to}>\" on \"<Model: {name}>\" model.");
        let declared = fault.object.and_then(|object| place::declared(cx, object));
        let own =
            fault.object.and_then(|object| cx.world.object(object)).and_then(|object| object.class);
        let inherited = declared.is_some_and(|(model, _)| {
            own.is_some_and(|own| place::name(cx, own) != model.name.text)
        });
        let generated = cx.world.class(through).is_some_and(|class| class.generated_by.is_some());
        let mut found = place::raised(cx, RULE.name, "ValueError", fault, message)
            .cause(
                format!("{}:{}:{name}", RULE.name, fault.moment.at),
                format!("{name} has no key to {to}"),
            )
            .why(if inherited && generated {
                format!("{to} inherits the many-to-many, but the keys of `{name}` lead to the class that declares it. Peewee cannot hand a many-to-many on: declare it in each child.")
            } else {
                format!("Each row of `{name}` is to join two rows, so it needs a foreign key to each model. When this class is made, `{name}` has none to this `{to}`: a class of that name further up is another one.")
            });
        if let Some((_, field)) = declared.filter(|_| !inherited) {
            found = found
                .fix("Let Peewee make the table", fix::remove(cx.source, field, "through_model"));
        }
        out.push(found);
    }
}
