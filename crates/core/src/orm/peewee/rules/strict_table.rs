//! A strict table with types that it does not have.

use super::{Context, place};
use crate::check::{Diagnostic, Rule};
use crate::orm::peewee::ddl;
use crate::orm::peewee::lower::Reason;

/// The rule.
pub(super) static RULE: Rule = Rule { name: "strict-table", ids: &[], docs: DOCS };

const DOCS: &str = r#"## What

A model says `strict_tables = True` and has a field whose type strict tables do not have.

## Why

A strict table of SQLite has six types: `INT`, `INTEGER`, `REAL`, `TEXT`, `BLOB`, `ANY`. Peewee's `CharField` is a `VARCHAR`, its dates and decimals have types of their own, too.

## Example

```python
class Note(Model):
    title = CharField()

    class Meta:
        strict_tables = True
```

## Fix

Use `TextField`, `IntegerField`, `FloatField`, `BlobField`, or make the table an ordinary one.
"#;

pub(super) fn check(cx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    for failure in &cx.created.failures {
        let Some(class) = cx.world.class(failure.class) else { continue };
        let table = &class.table;
        let of = |name: &str| {
            let table = cx.created.tables.iter().find(|other| other.name == **table)?;
            let column = table.columns.iter().find(|column| column.name == name)?;
            Some(ddl::sqlite_type(column.native.as_deref()?).to_owned())
        };
        let message = match &failure.reason {
            Reason::StrictType(column) => {
                format!(
                    "unknown datatype for {table}.{column}: \"{}\"",
                    of(column).unwrap_or_default()
                )
            }
            Reason::StrictWithoutType(column) => format!("missing datatype for {table}.{column}"),
            _ => continue,
        };
        out.push(
            place::unmakeable(cx, RULE.name, "OperationalError", failure, message)
                .titled("A strict table does not have this type")
                .why("Strict tables have the types `INT`, `INTEGER`, `REAL`, `TEXT`, `BLOB` and `ANY`; this field makes another."),
        );
    }
}
