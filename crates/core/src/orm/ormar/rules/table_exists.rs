//! Two tables of one name.

use super::{Context, report};
use crate::check::{Diagnostic, Rule};
use crate::orm::ormar::world::Kind;

/// The rule.
pub(super) static RULE: Rule = Rule { name: "table-exists", ids: &[], docs: DOCS };

const DOCS: &str = r#"## What

Two models have the same table, or a through table has the name of one that is there.

## Why

The default through table is named after the two classes, so a second many-to-many between them needs a through model of its own.

## Example

```python
class Lesson(ormar.Model):
    ormar_config = base_ormar_config.copy()
    id: int = ormar.Integer(primary_key=True)
    lecturers = ormar.ManyToMany(Teacher, related_name="lectures")
    assistants = ormar.ManyToMany(Teacher, related_name="assisted")
```

## Fix

Give one of the relations a `through` model, or one of the models another `tablename`.
"#;

pub(super) fn check(cx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    for problem in cx.problems(Kind::TableExists) {
        let why = match cx.declared(problem.field) {
            Some(field) => format!(
                "ormar names the through table of `{}` after the two classes: `{}`. There is a table of that name already, so this relation needs a through model of its own.",
                field.name.text, problem.name
            ),
            None => format!(
                "SQLAlchemy keeps all tables of one metadata under their names, and `{}` is taken. Give one of the models another `tablename`.",
                problem.name
            ),
        };
        out.push(
            report(cx, &RULE, problem)
                .titled(format!("The table `{}` is there already", problem.name))
                .why(why),
        );
    }
}
