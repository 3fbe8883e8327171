//! A `ForwardRef` that is needed before it can be resolved.

use super::{Context, report};
use crate::check::{Diagnostic, Rule};
use crate::orm::ormar::world::Kind;

/// The rule.
pub(super) static RULE: Rule = Rule { name: "early-forward-ref", ids: &[], docs: DOCS };

const DOCS: &str = r#"## What

A model has a `ForwardRef` to a model further down, and another relation is completed before that is there.

## Why

With every reverse side pydantic builds the models at both ends again, and must know all names in them by then.

## Example

```python
class Ticket(ormar.Model):
    ormar_config = base_ormar_config.copy()
    id: int = ormar.Integer(primary_key=True)
    event = ormar.ForeignKey(ForwardRef("Event"))
    seat = ormar.ForeignKey(Seat)

class Event(ormar.Model):
    ormar_config = base_ormar_config.copy()
    id: int = ormar.Integer(primary_key=True)

Ticket.update_forward_refs()
```

## Fix

Declare the model before, so that it can be named directly; or let all relations of the model be `ForwardRef`s.
"#;

pub(super) fn check(cx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    for problem in cx.problems(Kind::EarlyForwardRef) {
        out.push(
            report(cx, &RULE, problem)
                .titled(format!("`{}` is needed before it is declared", problem.name))
                .why(format!("This relation puts its reverse side on its target. For that pydantic builds both models again, and `{}`, which a `ForwardRef` names, does not exist yet. Declare it further up, or make this relation a `ForwardRef`, too.", problem.name)),
        );
    }
}
