//! A foreign key to a table that is not made.

use super::{Context, report};
use crate::check::{Diagnostic, Rule, Stage};
use crate::orm::ormar::world::Kind;

/// The rule.
pub(super) static RULE: Rule = Rule { name: "missing-table", ids: &[], docs: DOCS };

const DOCS: &str = r#"## What

A foreign key references a table that is not among those that are made with its own.

## Why

The target is in another metadata, or its table is missing as a `ForwardRef` of it is not resolved.

## Example

```python
class Author(ormar.Model):
    ormar_config = base_ormar_config.copy(metadata=sqlalchemy.MetaData())
    id: int = ormar.Integer(primary_key=True)

class Book(ormar.Model):
    ormar_config = base_ormar_config.copy()
    id: int = ormar.Integer(primary_key=True)
    author = ormar.ForeignKey(Author)
```

## Fix

Use one metadata for all models, and call `update_forward_refs()` on models that say `ForwardRef`.
"#;

pub(super) fn check(cx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    // SQLAlchemy stops at the first.
    if let Some(problem) = cx.problems(Kind::MissingTable).next() {
        let mut found = report(cx, &RULE, problem)
            .titled(format!("The table `{}` is not made", problem.name))
            .why(format!("All tables of one metadata are made together, and `{}` is not among them: its model has another `metadata`, or a `ForwardRef` of it is still open.", problem.name));
        found.stage = Stage::Schema;
        out.push(found);
    }
}
