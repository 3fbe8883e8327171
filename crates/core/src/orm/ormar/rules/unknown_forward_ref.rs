//! A `ForwardRef` to what does not exist.

use super::{Context, nearest_model, report};
use crate::check::{Diagnostic, Rule, fix};
use crate::orm::ormar::world::Kind;

/// The rule.
pub(super) static RULE: Rule = Rule { name: "unknown-forward-ref", ids: &[], docs: DOCS };

const DOCS: &str = r#"## What

`update_forward_refs()` finds no class of the name that a `ForwardRef` gives.

## Why

The name is looked up in the module at that moment: a model further down is not there yet.

## Example

```python
class Ticket(ormar.Model):
    ormar_config = base_ormar_config.copy()
    id: int = ormar.Integer(primary_key=True)
    event = ormar.ForeignKey(ForwardRef("Evnt"))

Ticket.update_forward_refs()
```

## Fix

Correct the name; call `update_forward_refs()` after the class.
"#;

pub(super) fn check(cx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    for problem in cx.problems(Kind::UnknownForwardRef) {
        let later = cx.document.model(&problem.name).is_some();
        let why = if later {
            format!(
                "`update_forward_refs()` is called before `{}` is declared. Call it below that class.",
                problem.name
            )
        } else {
            format!(
                "Nothing in the file is called `{}` when `update_forward_refs()` looks for it.",
                problem.name
            )
        };
        let mut found = report(cx, &RULE, problem)
            .titled(format!("Nothing defines `{}`", problem.name))
            .why(why);
        let spec = cx.declared(problem.field).and_then(|field| field.relation());
        let place = spec
            .into_iter()
            .flat_map(|spec| spec.target.iter().chain(&spec.through))
            .find(|target| target.text == problem.name);
        if let Some(meant) = nearest_model(cx, &problem.name).filter(|_| !later)
            && let Some(place) = place
        {
            found = found.fix(
                format!("Did you mean `{meant}`?"),
                Some(vec![fix::replace(place.span, fix::quote(meant))]),
            );
        }
        out.push(found);
    }
}
