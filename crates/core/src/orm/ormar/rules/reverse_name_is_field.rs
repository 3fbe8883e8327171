//! A reverse name that is a plain field of the target.

use super::{Context, related, report};
use crate::check::{Diagnostic, Rule};
use crate::orm::ormar::world::Kind;

/// The rule.
pub(super) static RULE: Rule = Rule { name: "reverse-name-is-field", ids: &[], docs: DOCS };

const DOCS: &str = r#"## What

The reverse name of a relation is that of a plain field of its target, or the target has a plain field named like the declaring model in lower case.

## Why

ormar takes what has the name for a relation, and stops with an `AttributeError` that says nothing of the cause.

## Example

```python
class Shop(ormar.Model):
    ormar_config = base_ormar_config.copy()
    id: int = ormar.Integer(primary_key=True)
    orders: int = ormar.Integer(default=0)

class Purchase(ormar.Model):
    ormar_config = base_ormar_config.copy()
    id: int = ormar.Integer(primary_key=True)
    shop = ormar.ForeignKey(Shop, related_name="orders")
```

## Fix

Give the relation another `related_name`, or rename the field.
"#;

pub(super) fn check(cx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    for problem in cx.problems(Kind::ReverseNameIsField) {
        let target = cx.target(problem.field).map_or("", |target| cx.world.name(target));
        let mut found = report(cx, &RULE, problem)
            .titled(format!("`{target}` already has a field `{}`", problem.name))
            .why(format!(
                "The relation adds an attribute to `{target}` that leads back, and ormar also looks for one named like this model. It finds the field `{}`, takes it for a relation, and fails with this message.",
                problem.name
            ));
        let own = cx.world.related_name(problem.field.unwrap_or_default());
        if own.is_some_and(|own| *own == problem.name)
            && let Some((title, edits)) = related::rename(cx, problem.field)
        {
            found = found.fix(title, Some(edits));
        }
        out.push(found);
    }
}
