//! A many-to-many whose reverse side is not registered.

use super::{Context, report};
use crate::check::{Diagnostic, Rule};
use crate::orm::ormar::world::Kind;

/// The rule.
pub(super) static RULE: Rule = Rule { name: "through-incomplete", ids: &[], docs: DOCS };

const DOCS: &str = r#"## What

A many-to-many goes without its reverse side, as the target has a field named like the declaring model.

## Why

Together with the reverse side ormar leaves out the keys of the through model, and then misses them: `KeyError`.

## Example

```python
class Person(ormar.Model):
    ormar_config = base_ormar_config.copy()
    id: int = ormar.Integer(primary_key=True)
    clubs = ormar.ManyToMany(ForwardRef("Club"))

class Club(ormar.Model):
    ormar_config = base_ormar_config.copy()
    id: int = ormar.Integer(primary_key=True)
    person = ormar.ForeignKey(Person, related_name="led")

Person.update_forward_refs()
```

## Fix

Rename the field of the target, so that it is not the name of the declaring model.
"#;

pub(super) fn check(cx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    for problem in cx.problems(Kind::ThroughIncomplete) {
        out.push(
            report(cx, &RULE, problem)
                .titled(format!("The through model has no key `{}`", problem.name))
                .why("The target already has a relation with the reverse name, or one named like this model in lower case, and it leads to this model. ormar then leaves the reverse side out, with it the keys of the through model, and fails as they are missing."),
        );
    }
}
