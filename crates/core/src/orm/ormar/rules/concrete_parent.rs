//! A model that derives from a model with a table.

use super::{Context, report};
use crate::check::{Diagnostic, Rule};
use crate::orm::ormar::world::Kind;

/// The rule.
pub(super) static RULE: Rule = Rule { name: "concrete-parent", ids: &[], docs: DOCS };

const DOCS: &str = r#"## What

A model declares fields and derives from a model that has a table.

## Why

ormar has no multi-table inheritance: only abstract models and mixins lend their fields.

## Example

```python
class Person(ormar.Model):
    ormar_config = base_ormar_config.copy()
    id: int = ormar.Integer(primary_key=True)

class Student(Person):
    ormar_config = base_ormar_config.copy()
    number: int = ormar.Integer()
```

## Fix

Make the parent abstract, or point at it with a foreign key.
"#;

pub(super) fn check(cx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    for problem in cx.problems(Kind::ConcreteParent) {
        out.push(
            report(cx, &RULE, problem)
                .titled(format!("`{}` derives from `{}`, which has a table", cx.world.name(problem.class), problem.name))
                .why(format!("ormar has no inheritance over several tables. Only an abstract model lends its fields: `{}` would need `abstract=True`, and a foreign key does the rest.", problem.name)),
        );
    }
}
