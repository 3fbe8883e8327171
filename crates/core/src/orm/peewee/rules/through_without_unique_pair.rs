//! A through model that may hold a pair twice.

use super::{Context, place};
use crate::check::{Diagnostic, Rule, fix};
use crate::orm::peewee::classes::{Kind, Through};

/// The rule.
pub(super) static RULE: Rule = Rule { name: "through-without-unique-pair", ids: &[], docs: DOCS };

const DOCS: &str = r#"## What

A through model of your own does not say that each pair is there once.

## Why

The table that Peewee makes itself has a unique index over the pair. In one of yours, `user.groups.add(group)` called twice makes two rows, and the group is listed twice.

## Example

```python
class Membership(Model):
    user = ForeignKeyField(User)
    group = ForeignKeyField(Group)
```

## Fix

Add the index: `indexes = [(("user", "group"), True)]`, or make the pair the primary key with `CompositeKey("user", "group")`.
"#;

pub(super) fn check(cx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    let mut told = Vec::new();
    for id in cx.world.found() {
        let Some(class) = cx.world.class(id) else { continue };
        for object in class.many.iter().filter_map(|(_, object)| cx.world.object(object)) {
            let Kind::Many(many) = &object.kind else { continue };
            let (Through::Class(through), Some((one, other)), false) =
                (many.through, many.sides, many.is_backref)
            else {
                continue;
            };
            let Some(through_class) =
                cx.world.class(through).filter(|through| through.generated_by.is_none())
            else {
                continue;
            };
            let Some(model) = place::model(cx, through) else { continue };
            let column = |id| cx.world.object(id).and_then(|key| key.column.as_deref());
            let (Some(from), Some(to)) = (column(one), column(other)) else { continue };
            let Some(table) =
                cx.created.tables.iter().find(|table| table.name == *through_class.table)
            else {
                continue;
            };
            let within =
                |columns: &[String]| columns.iter().all(|column| column == from || column == to);
            let alone = |name: &str| {
                table.columns.iter().any(|column| column.name == name && column.unique)
            };
            let unique = table.uniques.iter().any(|unique| within(&unique.columns))
                || (!table.primary_key.is_empty() && within(&table.primary_key))
                || alone(from)
                || alone(to);
            if unique || told.contains(&through) {
                continue;
            }
            told.push(through);
            let name = |id| cx.world.object(id).map_or("", |key| &*key.name);
            let item = format!("(({}, {}), True)", fix::quote(name(one)), fix::quote(name(other)));
            out.push(
                Diagnostic::advice(RULE.name, model.name.span, format!("{} may hold a pair more than once.", through_class.name))
                    .subject(&through_class.name, None)
                    .titled(format!("{} may hold a pair more than once", through_class.name))
                    .why(format!("Nothing says that a pair of `{}` and `{}` is there once, so adding it twice makes two rows.", name(one), name(other)))
                    .fix("Make the pair unique", fix::add_to_meta(cx.source, model, "indexes", &item)),
            );
        }
    }
}
