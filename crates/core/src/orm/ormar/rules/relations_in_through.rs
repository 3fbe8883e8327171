//! A through model with relations.

use super::{Context, report};
use crate::check::{Diagnostic, Rule, fix};
use crate::orm::ormar::world::Kind;

/// The rule.
pub(super) static RULE: Rule = Rule { name: "relations-in-through", ids: &[], docs: DOCS };

const DOCS: &str = r#"## What

The through model of a many-to-many has relations of its own, or serves another many-to-many already.

## Why

ormar adds the keys to both ends itself, and refuses a model that has any. So a through model serves one relation only.

## Example

```python
class Grade(ormar.Model):
    ormar_config = base_ormar_config.copy()
    id: int = ormar.Integer(primary_key=True)
    student = ormar.ForeignKey(Student)

class Course(ormar.Model):
    ormar_config = base_ormar_config.copy()
    id: int = ormar.Integer(primary_key=True)
    students = ormar.ManyToMany(Student, through=Grade)
```

## Fix

Take the foreign keys out of the through model; use a through model for each relation.
"#;

pub(super) fn check(cx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    for problem in cx.problems(Kind::RelationsInThrough) {
        let through =
            cx.declared(problem.field).and_then(|field| field.relation()?.through.as_ref());
        let name = through.map_or("", |through| &through.text);
        let relation = cx.declared(problem.other);
        let (why, edits) = match (relation, cx.document.model(name)) {
            (Some(field), Some(model)) if model.fields.contains(field) => (
                format!(
                    "`{name}` declares `{}`. ormar adds the keys to both ends by itself, and refuses a through model that brings relations.",
                    field.name.text
                ),
                fix::remove_field(cx.source, model, field),
            ),
            _ => (
                format!(
                    "`{name}` already stands between two other ends: ormar has added its keys there. A second relation needs a through model of its own."
                ),
                cx.declared(problem.field)
                    .and_then(|field| fix::remove(cx.source, field, "through")),
            ),
        };
        out.push(
            report(cx, &RULE, problem)
                .titled(format!("`{name}` cannot be the through model: it has relations"))
                .why(why)
                .fix("Take the relation out", edits),
        );
    }
}
