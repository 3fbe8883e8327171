//! More than one primary key.

use super::{Context, report};
use crate::check::{Diagnostic, Rule, fix};
use crate::orm::ormar::world::Kind;

/// The rule.
pub(super) static RULE: Rule = Rule { name: "several-primary-keys", ids: &[], docs: DOCS };

const DOCS: &str = r#"## What

More than one field of a model is its primary key.

## Why

ormar has no keys of several columns.

## Example

```python
class Seat(ormar.Model):
    ormar_config = base_ormar_config.copy()
    row: int = ormar.Integer(primary_key=True)
    number: int = ormar.Integer(primary_key=True)
```

## Fix

Keep one; a pair that must not come twice is a constraint: `ormar.UniqueColumns("row", "number")`.
"#;

pub(super) fn check(cx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    for problem in cx.problems(Kind::SeveralPrimaryKeys) {
        let edits = cx
            .declared(problem.field)
            .and_then(|field| fix::remove(cx.source, field, "primary_key"));
        out.push(
            report(cx, &RULE, problem)
                .titled(format!("`{}` has more than one primary key", cx.world.name(problem.class)))
                .why("A row of ormar is named by one column. To have each pair only once, give the configuration `constraints=[ormar.UniqueColumns(…)]`.")
                .fix("Take this one away", edits),
        );
    }
}
