//! Two fields with one column.

use super::{Context, report};
use crate::check::{Diagnostic, Rule, fix};
use crate::orm::ormar::world::Kind;

/// The rule.
pub(super) static RULE: Rule = Rule { name: "duplicate-column", ids: &[], docs: DOCS };

const DOCS: &str = r#"## What

Two fields of a model have the same column.

## Why

A table has each column name once.

## Example

```python
class Place(ormar.Model):
    ormar_config = base_ormar_config.copy()
    id: int = ormar.Integer(primary_key=True)
    x: int = ormar.Integer(name="y")
    y: int = ormar.Integer()
```

## Fix

Take the `name` argument away, or give another.
"#;

pub(super) fn check(cx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    for problem in cx.problems(Kind::DuplicateColumn) {
        let class = cx.model(problem.class);
        let aliased = class.into_iter().flat_map(|model| &model.fields).find(|field| {
            field.column.as_ref().is_some_and(|column| {
                column.text == problem.name && field.name.text != problem.name
            })
        });
        let edits = aliased.and_then(|field| fix::remove(cx.source, field, "name"));
        out.push(
            report(cx, &RULE, problem)
                .titled(format!("Two fields of `{}` have the column `{}`", cx.world.name(problem.class), problem.name))
                .why(format!("A column is named like its field unless `name=` says otherwise. Here two fields end up with `{}`.", problem.name))
                .fix("Take `name` away", edits),
        );
    }
}
