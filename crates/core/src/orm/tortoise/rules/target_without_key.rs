//! A relation to a class without a key.

use super::{Context, start_up};
use crate::check::{Diagnostic, Rule};
use crate::document::RelationKind;
use crate::orm::tortoise::world::What;

/// The rule.
pub(super) static RULE: Rule = Rule { name: "target-without-key", ids: &[], docs: DOCS };

const DOCS: &str = r#"## What

A relation names an abstract class, by the class itself.

## Why

An abstract class has no table and mostly no key. Tortoise looks for the key that the column should copy, and fails over what it finds.

## Example

```python
class Animal(Model):
    class Meta:
        abstract = True

class Collar(Model):
    animal = fields.ForeignKeyField(Animal)
```

## Fix

Point at one of the models that inherit from it.
"#;

pub(super) fn check(cx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    for problem in start_up(cx) {
        let What::KeylessTarget(target) = problem.what else { continue };
        let Some(target) = cx.world.class(*target) else { continue };
        let relation = problem.field.relation().and_then(|relation| relation.target.as_ref());
        let span = relation.map_or(problem.field.name.span, |written| written.span);
        let many = problem
            .field
            .relation()
            .is_some_and(|relation| relation.kind == RelationKind::ManyToMany);
        let wanted = if many { "to_db_value" } else { "field_type" };
        let message = format!("'NoneType' object has no attribute '{wanted}'");
        out.push(
            problem
                .diagnostic(RULE.name, "AttributeError", span, message)
                .titled(format!("`{}` has no table to point at", target.name()))
                .why(format!("`{}` is abstract and has no primary key. The column of a relation is a copy of the target's key.", target.name())),
        );
    }
}
