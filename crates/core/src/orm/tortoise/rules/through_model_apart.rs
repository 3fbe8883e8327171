//! A through model that is none.

use rustc_hash::FxHashMap;

use super::Context;
use crate::check::{Diagnostic, Rule, fix};
use crate::orm::tortoise::resolve::{makers, table_owners};
use crate::orm::tortoise::world::Class;

/// The rule.
pub(super) static RULE: Rule = Rule { name: "through-model-apart", ids: &[], docs: DOCS };

const DOCS: &str = r#"## What

A many-to-many names a table for its pairs, and a model with keys to both sides is called like it, but has another table.

## Why

The model `UserRole` has the table `userrole`. `through="user_role"` makes a second table: what is added to the relation is not in the model, and the other way round.

## Example

```python
class User(Model):
    roles = fields.ManyToManyField("models.Role", related_name="users", through="user_role")

class UserRole(Model):
    user = fields.ForeignKeyField("models.User", related_name="user_roles")
    role = fields.ForeignKeyField("models.Role", related_name="role_users")
```

## Fix

Give the model that table: `table = "user_role"` in its `Meta`. Or remove the model, if it only has the two keys.
"#;

pub(super) fn check(cx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    let owners = table_owners(cx.world);
    let plain = |text: &str| text.replace('_', "").to_lowercase();
    let mut named: FxHashMap<String, Vec<&Class<'_>>> = FxHashMap::default();
    for class in cx.world.app.iter().filter_map(|index| cx.world.class(*index)) {
        named.entry(plain(class.name())).or_default().push(class);
    }
    for (index, id) in makers(cx.world, &owners) {
        let (Some(owner), Some(relation)) = (cx.world.class(index), cx.world.relation(id)) else {
            continue;
        };
        let (Some(table), Some(field)) =
            (relation.through.as_deref(), cx.world.object(id).and_then(|object| object.field))
        else {
            continue;
        };
        let alike = named.get(&plain(table)).into_iter().flatten().find(|class| {
            leads_to(cx, class, Some(index)) && leads_to(cx, class, relation.related)
        });
        let Some(class) = alike else { continue };
        out.push(
            Diagnostic::advice(RULE.name, class.model.name.span, format!("{} has the table \"{}\", not \"{table}\".", class.name(), class.table))
                .subject(class.name(), None)
                .related(owner.name(), Some(&field.name.text), Some(field.name.span))
                .titled(format!("`{}` is not the table behind `{}.{}`", class.name(), owner.name(), field.name.text))
                .why(format!("`{}` has the table `{}`. For the pairs Tortoise makes a second one, `{table}`, and neither knows of the other.", class.name(), class.table))
                .fix(format!("Give it the table `{table}`"), fix::set_option(cx.source, class.model, "table", &fix::quote(table))),
        );
    }
}

/// Whether a model has a key to a class.
fn leads_to(cx: &Context<'_>, class: &Class<'_>, target: Option<usize>) -> bool {
    class.columns.iter().any(|id| {
        let relation = cx.world.object(*id).and_then(|object| cx.world.relation(object.reference?));
        target.is_some() && relation.is_some_and(|relation| relation.related == target)
    })
}
