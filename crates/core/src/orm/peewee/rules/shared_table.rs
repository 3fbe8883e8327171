//! Two models with one table.

use super::{Context, place};
use crate::check::{Diagnostic, Rule, Severity, Stage};

/// The rule.
pub(super) static RULE: Rule = Rule { name: "shared-table", ids: &[], docs: DOCS };

const DOCS: &str = r#"## What

Two models have the same table: their names differ in capitals only, they have the same `table_name`, or two many-to-many fields join the same models.

## Why

Peewee makes a table only where there is none of that name, and says nothing. The second model reads and writes the rows of the first one, and columns that only it has are not there. Two many-to-many fields between the same models share all their pairs.

## Example

```python
class Lesson(Model):
    teachers = ManyToManyField(Teacher, backref="lessons")
    substitutes = ManyToManyField(Teacher, backref="stands_in")
```

## Fix

Give one of them another `table_name`. Of two many-to-many fields give one a through model of its own.
"#;

pub(super) fn check(cx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    for (id, first) in &cx.created.shared {
        let (Some(class), Some(owner)) = (cx.world.class(*id), cx.world.class(*first)) else {
            continue;
        };
        let Some(model) = place::model(cx, *id) else { continue };
        let made = class.generated_by.as_ref().map(|(_, field)| field.as_ref());
        let field = made.and_then(|name| model.field(name));
        let span = field.map_or(model.name.span, |field| field.name.span);
        let found = Diagnostic::new(RULE.name, Severity::Warning, Stage::Silent, span, format!("The table {} is there already.", class.table))
            .subject(&model.name.text, made)
            .titled(match (made, &owner.generated_by) {
                (Some(field), Some((_, other))) => format!("`{other}` and `{field}` share one table"),
                _ => format!("{} and {} share one table", owner.name, class.name),
            })
            .why(match made {
                Some(_) => format!("Both join the same models, so both have the table `{}`: what is added to one is in the other, too.", class.table),
                None => format!("Peewee finds the table `{}` of {} and makes no other. The columns of {} that it does not have are missing.", owner.table, owner.name, class.name),
            });
        let other = owner.model.and_then(|at| cx.document.models.get(at));
        out.push(match other {
            Some(other) => found.related(&other.name.text, None, Some(other.name.span)),
            None => found,
        });
    }
}
