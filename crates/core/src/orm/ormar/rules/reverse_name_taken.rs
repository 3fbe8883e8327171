//! A reverse name that another model has already.

use super::{Context, related, report};
use crate::check::{Diagnostic, Rule};
use crate::orm::ormar::world::Kind;

/// The rule.
pub(super) static RULE: Rule = Rule { name: "reverse-name-taken", ids: &[], docs: DOCS };

const DOCS: &str = r#"## What

The reverse name of a relation is taken on the target by a relation of another model.

## Why

The target can have only one attribute of that name. ormar also refuses a target that has a relation named like the declaring model in lower case.

## Example

```python
class Post(ormar.Model):
    ormar_config = base_ormar_config.copy()
    id: int = ormar.Integer(primary_key=True)
    user = ormar.ForeignKey(User, related_name="entries")

class Photo(ormar.Model):
    ormar_config = base_ormar_config.copy()
    id: int = ormar.Integer(primary_key=True)
    user = ormar.ForeignKey(User, related_name="entries")
```

## Fix

Give the relation another `related_name`.
"#;

pub(super) fn check(cx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    for problem in cx.problems(Kind::ReverseNameTaken) {
        let target = cx.target(problem.field).map_or("", |target| cx.world.name(target));
        let mut found = report(cx, &RULE, problem)
            .titled(format!("`{target}` already has a relation `{}`", problem.name))
            .why(format!(
                "The relation adds an attribute to `{target}` that leads back, and ormar also looks for one named like this model. `{}` leads to another model there.",
                problem.name
            ));
        // A target that has a relation named like the declaring class cannot be helped by another related name.
        let own = cx.world.related_name(problem.field.unwrap_or_default());
        if own.is_some_and(|own| *own == problem.name)
            && let Some((title, edits)) = related::rename(cx, problem.field)
        {
            found = found.fix(title, Some(edits));
        }
        out.push(found);
    }
}
