//! A `ForwardRef` that nothing resolves.

use super::{Context, completion, report};
use crate::check::{Diagnostic, Rule, Severity, Stage};
use crate::orm::ormar::world::Kind;

/// The rule.
pub(super) static RULE: Rule = Rule { name: "unresolved-forward-ref", ids: &[], docs: DOCS };

const DOCS: &str = r#"## What

A model has a `ForwardRef`, and `update_forward_refs()` is not called on it.

## Why

Its table is not made, its reverse side is missing, and the first query on it raises `ModelError`.

## Example

```python
class Ticket(ormar.Model):
    ormar_config = base_ormar_config.copy()
    id: int = ormar.Integer(primary_key=True)
    event = ormar.ForeignKey(ForwardRef("Event"))

class Event(ormar.Model):
    ormar_config = base_ormar_config.copy()
    id: int = ormar.Integer(primary_key=True)
```

## Fix

Call `Ticket.update_forward_refs()` below both classes.
"#;

pub(super) fn check(cx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    for problem in cx.problems(Kind::UnresolvedForwardRef) {
        let Some(model) = cx.model(problem.class) else { continue };
        let open: Vec<&str> = model
            .fields
            .iter()
            .filter_map(|field| field.relation())
            .flat_map(|spec| spec.target.iter().chain(&spec.through))
            .map(|target| target.text.as_str())
            .collect();
        let there = open.iter().all(|name| {
            cx.document.model(name).is_some()
                || cx.document.imports.iter().any(|import| import.name == *name)
        });
        let mut found = report(cx, &RULE, problem)
            .titled(format!("The `ForwardRef` of `{}` is never resolved", model.name.text))
            .why(format!("A `ForwardRef` is only a name until `{}.update_forward_refs()` is called. Before that the model has no table and no way back, and its first query raises `ModelError`.", model.name.text));
        if there {
            found = found.fix("Resolve it", completion(cx, model, &open).map(|edit| vec![edit]));
        }
        // It is raised by the first query, not by the import.
        found.severity = Severity::Error;
        found.stage = Stage::Use;
        found.exception = None;
        out.push(found);
    }
}
