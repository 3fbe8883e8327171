//! A relation to an abstract model.

use super::{Context, report};
use crate::check::{Diagnostic, Rule};
use crate::orm::ormar::world::Kind;

/// The rule.
pub(super) static RULE: Rule = Rule { name: "abstract-target", ids: &[], docs: DOCS };

const DOCS: &str = r#"## What

A relation points at an abstract model.

## Why

An abstract model has no table and no primary key, so there is nothing that a key could reference. ormar stops with `KeyError: None`.

## Example

```python
class Base(ormar.Model):
    ormar_config = base_ormar_config.copy(abstract=True)
    id: int = ormar.Integer(primary_key=True)

class Book(ormar.Model):
    ormar_config = base_ormar_config.copy()
    id: int = ormar.Integer(primary_key=True)
    base = ormar.ForeignKey(Base)
```

## Fix

Point at one of the models that derive from it, or take `abstract=True` away.
"#;

pub(super) fn check(cx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    for problem in cx.problems(Kind::AbstractTarget) {
        out.push(
            report(cx, &RULE, problem)
                .titled(format!("`{}` is abstract: there is no table to point at", problem.name))
                .why(format!("`{}` only lends its fields to the models that derive from it. It has no table, so no row of it can be referenced.", problem.name)),
        );
    }
}
