//! A constraint over a column that is not there.

use super::{Context, report};
use crate::check::{Diagnostic, Rule, fix, names};
use crate::orm::ormar::world::Kind;

/// The rule.
pub(super) static RULE: Rule = Rule { name: "constraint-column", ids: &[], docs: DOCS };

const DOCS: &str = r#"## What

A constraint names a column that the table does not have.

## Why

The columns of a constraint are columns, not fields: a field with `name="x"` is `"x"` here. The keys of a through model come later, so its constraints cannot name them.

## Example

```python
class Room(ormar.Model):
    ormar_config = base_ormar_config.copy(constraints=[ormar.UniqueColumns("building", "nummer")])
    id: int = ormar.Integer(primary_key=True)
    building: str = ormar.String(max_length=20)
    number: int = ormar.Integer()
```

## Fix

Name columns of the table.
"#;

pub(super) fn check(cx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    for problem in cx.problems(Kind::ConstraintColumn) {
        let mut found = report(cx, &RULE, problem)
            .titled(format!("`{}` has no column `{}`", cx.world.name(problem.class), problem.name))
            .why(format!("A constraint is made of the columns of its table, and `{}` is none of them. A field that has a `name` is known by that here.", problem.name));
        if let Some(meta) = cx.model(problem.class).and_then(|model| model.meta.span)
            && let Some(place) = fix::quoted_place(cx.source, meta, &problem.name)
        {
            found.span = place;
            let fields =
                cx.world.config(problem.class).into_iter().flat_map(|config| &config.columns);
            if let Some(meant) = names::nearest(&problem.name, fields.map(|column| &*column.name)) {
                found = found.fix(
                    format!("Did you mean `{meant}`?"),
                    Some(vec![fix::replace(place, meant)]),
                );
            }
        }
        out.push(found);
    }
}
