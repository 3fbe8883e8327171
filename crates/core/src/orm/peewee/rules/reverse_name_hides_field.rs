//! A reverse name that is a field of the target.

use super::{Context, place, reverse};
use crate::check::{Diagnostic, Rule, Severity, Stage};
use crate::orm::peewee::classes::{Attribute, Kind};

/// The rule.
pub(super) static RULE: Rule = Rule { name: "reverse-name-hides-field", ids: &[], docs: DOCS };

const DOCS: &str = r#"## What

The reverse name of a relation is the name of a field of its target.

## Why

The attribute that leads back takes the place of the field. Of a foreign key the column stays, but cannot be reached: `Shop.create(orders=5)` writes the default, and `Shop.orders == 5` is never true. Of a many-to-many the field is taken out of the model, and its column is not in the table.

## Example

```python
class Shop(Model):
    orders = IntegerField(default=0)

class Purchase(Model):
    shop = ForeignKeyField(Shop, backref="orders")
```

## Fix

Give the relation another `backref`.
"#;

pub(super) fn check(cx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    for (id, object) in reverse::relations(cx) {
        let Some((target, name)) = reverse::name(cx, object) else { continue };
        let Some(class) = cx.world.class(target) else { continue };
        let hidden = matches!(object.kind, Kind::Key(_))
            && class.attribute(name) == Some(Attribute::Backref(id))
            && class.fields.contains(name);
        let removed = cx.world.replaced.iter().find(|(of, what, before, by)| {
            let by = cx.world.object(*by);
            let is_field = cx
                .world
                .object(*before)
                .is_some_and(|before| !matches!(before.kind, Kind::Many(_)));
            *of == target
                && *what == name
                && is_field
                && by.is_some_and(|by| by.origin == object.origin)
        });
        if !hidden && (removed.is_none() || !matches!(object.kind, Kind::Many(_))) {
            continue;
        }
        let Some((model, field)) = place::declared(cx, id) else { continue };
        let target_name = place::name(cx, target);
        let (message, why) = if hidden {
            (
                format!("The reverse name takes the place of the field {target_name}.{name}."),
                format!(
                    "The column `{name}` is still in the table, but the attribute now leads back to {}. Values that are given for it are lost, and it cannot be asked for.",
                    model.name.text
                ),
            )
        } else {
            (
                format!("The reverse name takes the field {target_name}.{name} out of the model."),
                format!(
                    "The other side of a many-to-many is a field of its target. Peewee takes out what had the name: the column `{name}` is not in the table."
                ),
            )
        };
        let mut found =
            Diagnostic::new(RULE.name, Severity::Warning, Stage::Silent, field.name.span, message)
                .subject(&model.name.text, Some(&field.name.text))
                .related(target_name, Some(name), None)
                .titled(format!("`{name}` is a field of {target_name} already"))
                .why(why);
        if let Some((wanted, edits)) = reverse::rename(cx, id, target) {
            found = found.fix(format!("Call it `{wanted}`"), Some(edits));
        }
        out.push(found);
    }
}
