//! Two relations of a model to one target with the same related name.

use super::{Context, related, report};
use crate::check::{Diagnostic, Rule};
use crate::orm::ormar::world::Kind;

/// The rule.
pub(super) static RULE: Rule = Rule { name: "related-names-clash", ids: &[], docs: DOCS };

const DOCS: &str = r#"## What

Two relations of one model lead to the same target, and have the same related name, or both none.

## Why

Each relation adds an attribute to its target that leads back. By default it is called after the declaring model, so only one relation can go without a name.

## Example

```python
class Flight(ormar.Model):
    ormar_config = base_ormar_config.copy()
    id: int = ormar.Integer(primary_key=True)
    origin = ormar.ForeignKey(City)
    destination = ormar.ForeignKey(City)
```

## Fix

Give one of them a `related_name` of its own: `related_name="arrivals"`.
"#;

pub(super) fn check(cx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    for problem in cx.problems(Kind::RelatedNamesClash) {
        let target = cx.declared(problem.field).and_then(|field| field.relation());
        let target = target.and_then(|spec| spec.target.as_ref()).map_or("", |target| &target.text);
        let names = |id: Option<usize>| {
            cx.declared(id).map(|field| field.name.text.clone()).unwrap_or_default()
        };
        let mut found = report(cx, &RULE, problem)
            .titled(format!("Two relations give `{target}` the same name back"))
            .why(format!(
                "Each relation to `{target}` adds an attribute to it that leads back. `{}` and `{}` would both use the same one. Give one of them a name of its own.",
                names(problem.other),
                names(problem.field)
            ));
        if let Some((title, edits)) = related::rename(cx, problem.field) {
            found = found.fix(title, Some(edits));
        }
        out.push(found);
    }
}
