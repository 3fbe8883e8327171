//! A table and an index of one name.

use super::{Context, place};
use crate::check::{Diagnostic, Rule};
use crate::orm::peewee::lower::Reason;

/// The rule.
pub(super) static RULE: Rule = Rule { name: "name-taken", ids: &[], docs: DOCS };

const DOCS: &str = r#"## What

An index would get the name that a table has.

## Why

Peewee names an index after the model and its columns: that of `User.role` is `user_role`, which may well be the name of a table. In SQLite tables and indexes share their names.

## Example

```python
class User(Model):
    role = CharField(index=True)

class UserRole(Model):
    class Meta:
        table_name = "user_role"
```

## Fix

Give the table another `table_name`, or the column another `column_name`.
"#;

pub(super) fn check(cx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    for failure in &cx.created.failures {
        let (message, name) = match &failure.reason {
            Reason::NameIsAnIndex(name) => {
                (format!("there is already an index named {name}"), name)
            }
            Reason::NameIsATable(name) => (format!("there is already a table named {name}"), name),
            _ => continue,
        };
        out.push(
            place::unmakeable(cx, RULE.name, "OperationalError", failure, message)
                .titled(format!("A table and an index are both called `{name}`"))
                .why("Peewee names an index after its model and its columns, and in SQLite tables and indexes share their names."),
        );
    }
}
