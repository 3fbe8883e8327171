//! A many-to-many of an abstract parent that a child cannot inherit.

use super::{Context, report};
use crate::check::{Diagnostic, Rule, fix, names};
use crate::orm::ormar::world::Kind;

/// The rule.
pub(super) static RULE: Rule = Rule { name: "inherited-many-to-many", ids: &[], docs: DOCS };

const DOCS: &str = r#"## What

An abstract model has a many-to-many, and a child cannot take it over.

## Why

Each child gets a through table of its own. For its name ormar needs the `tablename` of the child written out, and for the reverse name the `related_name` of the relation.

## Example

```python
class Owned(ormar.Model):
    ormar_config = base_ormar_config.copy(abstract=True)
    id: int = ormar.Integer(primary_key=True)
    owners = ormar.ManyToMany(Owner)

class Car(Owned):
    ormar_config = base_ormar_config.copy(tablename="cars")
```

## Fix

Give the relation a `related_name`, and every child a `tablename`.
"#;

pub(super) fn check(cx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    for problem in cx.problems(Kind::InheritedManyToMany) {
        let Some(field) = cx.declared(problem.field) else { continue };
        let name = &field.name.text;
        let child = cx.world.name(problem.class);
        let found = report(cx, &RULE, problem);
        out.push(if problem.name == "tablename" {
            found
                .titled(format!("`{child}` needs a `tablename` to inherit `{name}`"))
                .why(format!("`{child}` gets a through table of its own for `{name}`, and ormar adds the table name of the child to its name. It does so before it knows the default one."))
        } else {
            let proposal = names::free(&[names::plural(&names::snake(&owner(cx, problem.field)))], |_| false);
            found
                .titled(format!("`{name}` needs a `related_name` to be inherited"))
                .why(format!("`{child}` inherits `{name}`. ormar adds the table name of each child to the related name, and there is none."))
                .fix(format!("Name it `{proposal}`"), fix::set(cx.source, field, "related_name", &fix::quote(&proposal)))
        });
    }
}

/// The model that declares the relation.
fn owner(cx: &Context<'_>, field: Option<usize>) -> String {
    let origin = field.and_then(|field| cx.world.field(field)?.origin);
    origin
        .and_then(|origin| cx.document.models.get(origin.model))
        .map_or_else(|| "item".to_owned(), |model| model.name.text.clone())
}
