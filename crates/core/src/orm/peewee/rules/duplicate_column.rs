//! Two fields with one column.

use super::{Context, place};
use crate::check::{Diagnostic, Rule, fix};
use crate::document::RelationKind;
use crate::orm::peewee::lower::Reason;

/// The rule.
pub(super) static RULE: Rule = Rule { name: "duplicate-column", ids: &[], docs: DOCS };

const DOCS: &str = r#"## What

Two fields of a model have the same column.

## Why

The column of a foreign key is the field's name with `_id`, so a field of that name beside it asks for the same one. Databases do not tell small letters from capitals in names of columns.

## Example

```python
author = ForeignKeyField(Author)
author_id = IntegerField()
```

## Fix

Take one of them out, or give it a `column_name` of its own. The key itself is there without a field: `book.author_id`.
"#;

pub(super) fn check(cx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    for failure in &cx.created.failures {
        let Reason::DuplicateColumn(column) = &failure.reason else { continue };
        let mut found = place::unmakeable(cx, RULE.name, "OperationalError", failure, format!("duplicate column name: {column}"))
            .titled(format!("Two fields have the column `{column}`"))
            .why("A table has each column once, and its database does not tell small letters from capitals.");
        if let Some((model, field)) = failure.object.and_then(|object| place::declared(cx, object))
        {
            let other = model.fields.iter().find(|other| {
                other.name.text != field.name.text
                    && other
                        .relation()
                        .is_some_and(|relation| relation.kind != RelationKind::ManyToMany)
                    && format!("{}_id", other.name.text) == field.name.text
            });
            if let Some(other) = other {
                found = found
                    .why(format!("The foreign key `{}` has the column `{column}` already, and gives its models the attribute `{}`.", other.name.text, field.name.text))
                    .fix("Take this field out", fix::remove_field(cx.source, model, field));
            }
            // `a = b = CharField()` is one field under two names.
            let twice = model.fields.iter().filter(|other| other.span == field.span).count() > 1;
            found = found.fix(
                "Give it a column of its own",
                (!twice)
                    .then(|| {
                        fix::set(
                            cx.source,
                            field,
                            "column_name",
                            &fix::quote(&format!("{}_value", field.name.text)),
                        )
                    })
                    .flatten(),
            );
        }
        out.push(found);
    }
}
