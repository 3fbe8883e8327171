//! What SQLite refuses.

use super::{Context, place};
use crate::check::{Diagnostic, Rule, fix};
use crate::orm::peewee::lower::Reason;

/// The rule.
pub(super) static RULE: Rule = Rule { name: "table-cannot-be-made", ids: &[], docs: DOCS };

const DOCS: &str = r#"## What

Peewee writes SQL for the table that SQLite does not take.

## Why

Many arguments go into the SQL as they are: the first of `CharField` is its length, `constraints` are pieces of SQL, and sequences, schemas and kinds of indexes belong to other databases.

## Example

```python
name = CharField("the name")
```

## Fix

Give each argument what it is for: `CharField(max_length=100, verbose_name="the name")`.
"#;

pub(super) fn check(cx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    for failure in &cx.created.failures {
        let table =
            cx.world.class(failure.class).map(|class| class.table.to_string()).unwrap_or_default();
        let near = |word: &str| format!("near \"{word}\": syntax error");
        let (message, title, why): (String, String, &str) = match &failure.reason {
            Reason::NoColumns => (
                near(")"),
                "The table has no columns".into(),
                "The model has no fields and no primary key, so there is nothing to make a table of.",
            ),
            Reason::TypeArgument(word) => (
                near(word),
                format!("`{word}` is no number"),
                "The argument goes into the type of the column, as in `VARCHAR(255)`, and only numbers can stand there. The first argument of `CharField` is `max_length`.",
            ),
            Reason::WithoutRowId => (
                format!("PRIMARY KEY missing on table {table}"),
                "A table without row ids needs a primary key".into(),
                "`without_rowid` stores the rows by their primary key, and there is none.",
            ),
            Reason::Schema(schema) => (
                format!("unknown database \"{schema}\""),
                format!("There is no schema `{schema}`"),
                "SQLite has no schemas; the name would have to be that of a database file that is attached.",
            ),
            Reason::Options => (
                near("="),
                "SQLite has no table options".into(),
                "Peewee writes `Meta.options` into the statement for MySQL, and SQLite does not read it.",
            ),
            Reason::Sequence => (
                near("("),
                "SQLite has no sequences".into(),
                "Sequences are PostgreSQL's. SQLite numbers the rows by the primary key alone.",
            ),
            Reason::Identity => (
                near("AS"),
                "SQLite has no identity columns".into(),
                "`IdentityField` is PostgreSQL's. `AutoField` numbers rows in every database.",
            ),
            Reason::ConstraintIsText => (
                near("?"),
                "A constraint is a text".into(),
                "Peewee sends a plain text as a value, not as SQL. Write `SQL(\"…\")` or `Check(\"…\")` around it.",
            ),
            Reason::Reserved(name) => (
                format!("object name reserved for internal use: {name}"),
                format!("`{name}` is a name of SQLite's own"),
                "Names that begin with `sqlite_` belong to SQLite itself.",
            ),
            Reason::Collation(collation) => (
                match collation.split_whitespace().nth(1) {
                    Some(word) => near(word),
                    None => format!("no such collation sequence: {collation}"),
                },
                format!("There is no collation `{collation}`"),
                "SQLite has the collations `BINARY`, `NOCASE` and `RTRIM`; others a program has to register first.",
            ),
            Reason::IndexType(_) => (
                near("USING"),
                "SQLite has one kind of index".into(),
                "`index_type` names a kind of index that PostgreSQL or MySQL have.",
            ),
            _ => continue,
        };
        let mut found = place::unmakeable(cx, RULE.name, "OperationalError", failure, message)
            .titled(title)
            .why(why);
        if let Some((_, field)) = failure.object.and_then(|object| place::declared(cx, object)) {
            let keyword = match failure.reason {
                Reason::Sequence => Some("sequence"),
                Reason::Collation(_) => Some("collation"),
                Reason::IndexType(_) => Some("index_type"),
                _ => None,
            };
            if let Some(keyword) = keyword {
                found = found.fix("Take it out", fix::remove(cx.source, field, keyword));
            }
            if failure.reason == Reason::Identity
                && field.class.text == "IdentityField"
                && field.args.is_empty()
            {
                found = found.fix("Write `AutoField`", fix::set_class(field, "AutoField"));
            }
        }
        out.push(found);
    }
}
