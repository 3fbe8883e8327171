//! Two many-to-manys in one table.

use super::Context;
use rustc_hash::FxHashMap;

use crate::check::{Diagnostic, Rule, fix, names};
use crate::orm::tortoise::resolve::{many_fields, table_owners};

/// The rule.
pub(super) static RULE: Rule = Rule { name: "shared-through-table", ids: &[], docs: DOCS };

const DOCS: &str = r#"## What

Two many-to-many fields have the same table in between. Without `through` the table is called by both tables, whatever the fields are called.

## Why

Tortoise makes one table for both and says nothing: what is added to one relation shows up in the other. From two different models, the second one's column is not even there.

## Example

```python
class Lesson(Model):
    lecturers = fields.ManyToManyField("models.Teacher", related_name="lectures")
    assistants = fields.ManyToManyField("models.Teacher", related_name="assisted")
```

## Fix

Give each a table of its own with `through`.
"#;

pub(super) fn check(cx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    let owners = table_owners(cx.world);
    let mut seen = FxHashMap::default();
    for index in &cx.world.app {
        let Some(class) = cx.world.class(*index) else { continue };
        for id in many_fields(cx.world, *index) {
            let Some(object) = cx.world.object(id) else { continue };
            let (Some(field), Some(relation)) = (object.field, object.relation.as_deref()) else {
                continue;
            };
            let Some(table) =
                relation.through.as_deref().filter(|table| !owners.contains_key(table))
            else {
                continue;
            };
            let keys = (relation.backward_key.as_deref(), relation.forward_key.as_deref());
            let Some((first, first_keys)) = seen.get(table).copied() else {
                seen.insert(table, (id, keys));
                continue;
            };
            // The two halves of one many-to-many, declared from both sides: another rule speaks of that.
            let halves = keys.0.is_some() && keys == (first_keys.1, first_keys.0);
            if halves && keys.0 != keys.1 {
                continue;
            }
            let Some(other) = cx.world.object(first).and_then(|object| object.field) else {
                continue;
            };
            let own = class.model.fields.iter().any(|own| own.span == field.span);
            let name = names::free(&[format!("{}_{}", class.table, field.name.text)], |name| {
                seen.contains_key(name) || owners.contains_key(name)
            });
            let why = if keys == first_keys {
                "Both write into it, and each shows the other's rows as its own."
            } else {
                "The first one decides its columns. This one looks for columns that are not there, and fails when it is used."
            };
            out.push(
                Diagnostic::advice(
                    RULE.name,
                    field.name.span,
                    format!("The table \"{table}\" is shared with another many-to-many."),
                )
                .subject(class.name(), Some(&field.name.text))
                .related(class.name(), Some(&other.name.text), Some(other.name.span))
                .titled(format!(
                    "`{}` and `{}` are kept in one table",
                    other.name.text, field.name.text
                ))
                .why(format!("Both are kept in the table `{table}`. {why}"))
                .fix(
                    format!("Use the table `{name}`"),
                    fix::set(cx.source, field, "through", &fix::quote(&name)).filter(|_| own),
                ),
            );
        }
    }
}
