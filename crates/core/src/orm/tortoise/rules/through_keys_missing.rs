//! Keys that a through model does not have.

use super::Context;
use crate::check::{Diagnostic, Rule, Severity, Stage, fix};
use crate::document::{Field, RelationKind};
use crate::orm::tortoise::resolve::{many_fields, table_owners};
use crate::orm::tortoise::world::Class;

/// The rule.
pub(super) static RULE: Rule = Rule { name: "through-keys-missing", ids: &[], docs: DOCS };

const DOCS: &str = r#"## What

A many-to-many goes through the table of a declared model, and looks there for key columns that the model does not have.

## Why

The columns are called by the models, or as `forward_key` and `backward_key` say. Tortoise never compares them with the model's, and the relation fails whenever it is used.

## Example

```python
class User(Model):
    roles = fields.ManyToManyField("models.Role", through="user_role")

class UserRole(Model):
    owner = fields.ForeignKeyField("models.User", related_name="user_roles")
    granted = fields.ForeignKeyField("models.Role", related_name="role_users")

    class Meta:
        table = "user_role"
```

## Fix

Name the columns on the many-to-many: `forward_key="granted_id", backward_key="owner_id"`.
"#;

pub(super) fn check(cx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    let owners = table_owners(cx.world);
    for index in &cx.world.app {
        let Some(class) = cx.world.class(*index) else { continue };
        for id in many_fields(cx.world, *index) {
            let Some(object) = cx.world.object(id) else { continue };
            let (Some(field), Some(relation)) = (object.field, object.relation.as_deref()) else {
                continue;
            };
            let through = relation.through.as_deref().and_then(|table| owners.get(table));
            let Some(through) = through.and_then(|index| cx.world.class(*index)) else { continue };
            let has = |column: &str| {
                through.columns.iter().any(|id| cx.world.column(*id).eq_ignore_ascii_case(column))
            };
            let keys = [
                ("backward_key", relation.backward_key.as_deref(), Some(*index)),
                ("forward_key", relation.forward_key.as_deref(), relation.related),
            ];
            let missing: Vec<_> = keys
                .into_iter()
                .filter(|(_, column, _)| column.is_some_and(|column| !has(column)))
                .collect();
            let Some((_, Some(column), _)) = missing.first() else { continue };
            let own = class.model.fields.iter().any(|own| own.span == field.span);
            let edits: Option<Vec<(&str, String)>> = missing
                .iter()
                .map(|(keyword, _, target)| Some((*keyword, key_to(cx, through, *target)?)))
                .collect();
            let edits = edits.filter(|_| own).and_then(|pairs| write(cx, field, &pairs));
            out.push(
                Diagnostic::new(RULE.name, Severity::Warning, Stage::Use, field.name.span, format!("table {} has no column named {column}", through.table))
                    .subject(class.name(), Some(&field.name.text))
                    .related(through.name(), None, Some(through.model.name.span))
                    .titled(format!("`{}` has no column `{column}`", through.name()))
                    .why(format!("`{}` keeps its pairs in the table of `{}`, and looks there for `{column}`. It fails when it is first used.", field.name.text, through.name()))
                    .fix("Name the columns that are there", edits),
            );
        }
    }
}

/// The only key of a through model that leads to a class.
fn key_to(cx: &Context<'_>, through: &Class<'_>, target: Option<usize>) -> Option<String> {
    let mut keys = through.columns.iter().filter(|id| {
        let relation =
            cx.world.object(**id).and_then(|object| cx.world.relation(object.reference?));
        relation.is_some_and(|relation| relation.related == target && target.is_some())
    });
    let key = keys.next()?;
    keys.next().is_none().then(|| cx.world.column(*key).to_string())
}

/// Says the columns on the field: replaces what is said, and adds the rest at once.
fn write(
    cx: &Context<'_>,
    field: &Field,
    pairs: &[(&str, String)],
) -> Option<Vec<crate::edit::TextEdit>> {
    let mut edits = Vec::new();
    let mut added = Vec::new();
    for (keyword, column) in pairs {
        match field.arg(keyword) {
            Some(arg) => edits.push(fix::replace(arg.value_span, fix::quote(column))),
            None => added.push(format!("{keyword}={}", fix::quote(column))),
        }
    }
    if !added.is_empty() {
        edits.extend(fix::add(cx.source, field, &added.join(", "))?);
    }
    field
        .relation()
        .is_some_and(|relation| relation.kind == RelationKind::ManyToMany)
        .then_some(edits)
}
