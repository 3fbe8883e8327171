//! The field behind a key is there already.

use super::{CONFIGURATION, Context, start_up};
use crate::check::{Diagnostic, Rule, fix};
use crate::orm::tortoise::world::What;

/// The rule.
pub(super) static RULE: Rule = Rule { name: "key-name-taken", ids: &[], docs: DOCS };

const DOCS: &str = r#"## What

A model has a relation `author` and, beside it, a field `author_id`.

## Why

A relation `author` brings a field `author_id` of its own, which holds the key.

## Example

```python
class Book(Model):
    author = fields.ForeignKeyField("models.Author")
    author_id = fields.IntField()
```

## Fix

Remove the field: what it would hold is there already. If it is about something else, call it so.
"#;

pub(super) fn check(cx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    for problem in start_up(cx) {
        let What::KeyTaken(name) = problem.what else { continue };
        let other = problem.class.model.field(name);
        let span = other.map_or(problem.field.name.span, |field| field.name.span);
        let relation = problem.field.name.text.as_str();
        out.push(
            problem
                .diagnostic(RULE.name, CONFIGURATION, span, format!("Field {name} already present in meta"))
                .related(problem.class.name(), Some(relation), Some(problem.field.name.span))
                .titled(format!("`{relation}` brings its own `{name}`"))
                .why(format!("The relation `{relation}` keeps its key in a field `{name}`, and there is one of that name already."))
                .fix(
                    format!("Remove `{name}`"),
                    other.and_then(|field| fix::remove_field(cx.source, problem.class.model, field)),
                ),
        );
    }
}
