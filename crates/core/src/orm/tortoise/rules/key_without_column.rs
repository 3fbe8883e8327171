//! Keys to keys.

use super::Context;
use crate::check::{Diagnostic, Rule, Severity, Stage};
use crate::orm::tortoise::world::Kind;

/// The rule.
pub(super) static RULE: Rule = Rule { name: "key-without-column", ids: &[], docs: DOCS };

const DOCS: &str = r#"## What

A key points at a model whose primary key is itself a relation.

## Why

The column of a key is a copy of the target's key. Here that is a relation, which has no column, so that the copy has none either: the table is made without it, and the first insert or join fails or loses the key.

## Example

```python
class Place(Model):
    name = fields.CharField(max_length=10)

class Shop(Model):
    place = fields.OneToOneField("models.Place", primary_key=True)

class Clerk(Model):
    shop = fields.ForeignKeyField("models.Shop")
```

## Fix

Give the target a key of its own, and keep the one-to-one beside it.
"#;

pub(super) fn check(cx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    for class in cx.world.app.iter().filter_map(|index| cx.world.class(*index)) {
        for (name, id) in class.fields.iter() {
            let Some(object) = cx
                .world
                .object(id)
                .filter(|object| matches!(object.kind, Kind::ForeignKey | Kind::OneToOne))
            else {
                continue;
            };
            let (Some(field), Some(relation)) = (object.field, object.relation.as_deref()) else {
                continue;
            };
            let copied = relation.to_object.and_then(|id| cx.world.object(id));
            let Some(target) = relation.related.and_then(|index| cx.world.class(index)) else {
                continue;
            };
            let key = class.fields.get(&format!("{name}_id")).and_then(|id| cx.world.object(id));
            if copied.is_none_or(|copied| copied.kind == Kind::Column)
                || key.is_none_or(|key| key.kind == Kind::Column)
            {
                continue;
            }
            out.push(
                Diagnostic::new(RULE.name, Severity::Warning, Stage::Silent, field.name.span, format!("{} gets no column for \"{name}\".", class.name()))
                    .subject(class.name(), Some(name))
                    .related(target.name(), None, Some(target.model.name.span))
                    .titled(format!("The table of `{}` has no column for `{name}`", class.name()))
                    .why(format!("The primary key of `{}` is a relation. A key that points there copies it, and a relation has no column: Tortoise makes the table without one and says nothing.", target.name())),
            );
        }
    }
}
