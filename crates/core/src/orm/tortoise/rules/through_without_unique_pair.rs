//! Pairs that can be there twice.

use super::Context;
use crate::check::{Diagnostic, Rule, fix};
use crate::orm::tortoise::resolve::{many_fields, table_owners};

/// The rule.
pub(super) static RULE: Rule = Rule { name: "through-without-unique-pair", ids: &[], docs: DOCS };

const DOCS: &str = r#"## What

A many-to-many goes through the table of a declared model, and that model does not say that its pairs are unique.

## Why

A table that Tortoise makes by itself has a unique index over both keys. For a declared one nothing is added, so that one pair can be there several times.

## Example

```python
class UserRole(Model):
    user = fields.ForeignKeyField("models.User", related_name="user_roles")
    role = fields.ForeignKeyField("models.Role", related_name="role_users")

    class Meta:
        table = "user_role"
```

## Fix

Add `unique_together = (("user", "role"),)` to its `Meta`.
"#;

pub(super) fn check(cx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    let owners = table_owners(cx.world);
    let mut told = Vec::new();
    for index in &cx.world.app {
        for id in many_fields(cx.world, *index) {
            let Some(relation) = cx.world.relation(id) else { continue };
            let through = relation.through.as_deref().and_then(|table| owners.get(table)).copied();
            let Some((through, class)) =
                through.and_then(|index| Some((index, cx.world.class(index)?)))
            else {
                continue;
            };
            let field_of = |column: Option<&str>| {
                let column = column?;
                let id = class.columns.iter().find(|id| cx.world.column(**id) == column)?;
                let behind = cx.world.object(*id)?;
                Some(
                    behind
                        .reference
                        .and_then(|relation| cx.world.object(relation))
                        .unwrap_or(behind)
                        .name
                        .to_string(),
                )
            };
            let keys = (
                field_of(relation.backward_key.as_deref()),
                field_of(relation.forward_key.as_deref()),
            );
            let (Some(backward), Some(forward)) = keys else { continue };
            let same = |name: &str, key: &str| name == key || name.strip_suffix("_id") == Some(key);
            let is_unique = class.option("unique_together").is_some_and(|(meta, ..)| {
                meta.uniques.iter().any(|unique| {
                    unique.fields.iter().all(|name| same(name, &backward) || same(name, &forward))
                })
            });
            let by_itself = class.model.fields.iter().any(|field| {
                field.unique && (field.name.text == backward || field.name.text == forward)
            });
            if is_unique || by_itself || told.contains(&through) {
                continue;
            }
            told.push(through);
            let Some(field) = cx.world.object(id).and_then(|object| object.field) else { continue };
            let group = format!("(\"{backward}\", \"{forward}\")");
            let flat = class.option("unique_together").is_some_and(|(_, _, value)| {
                value.as_list().and_then(<[_]>::first).is_some_and(|first| first.as_str().is_some())
            });
            let own =
                class.model.meta.options.iter().any(|(name, _)| name.text == "unique_together")
                    || class.option("unique_together").is_none();
            out.push(
                Diagnostic::advice(RULE.name, class.model.name.span, format!("Pairs of \"{}\" are not unique.", class.table))
                    .subject(class.name(), None)
                    .related(class.name(), Some(&field.name.text), Some(field.name.span))
                    .titled(format!("`{}` can hold the same pair twice", class.name()))
                    .why(format!("`{}` goes through this table. As it is declared as a model, Tortoise adds no unique index over `{backward}` and `{forward}`.", field.name.text))
                    .fix(
                        "Make each pair unique",
                        fix::add_to_meta(cx.source, class.model, "unique_together", &group).filter(|_| own && !flat),
                    ),
            );
        }
    }
}
