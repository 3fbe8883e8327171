//! A many-to-many whose table is another's.

use crate::check::{Diagnostic, Rule};
use crate::check::{fix, names};
use crate::orm::django::registry::{Target, Through};
use crate::orm::django::rules::Context;
use crate::orm::django::rules::on_field;
use crate::orm::django::rules::tables;
use throughline_order::Arrange as _;

/// The rule.
pub(super) static RULE: Rule =
    Rule { name: "many-to-many-table-clash", ids: &["fields.E340"], docs: DOCS };

const DOCS: &str = r#"## What

The table of a many-to-many has the name of another model's table or of another many-to-many.

## Why

The pairs would be mixed with other rows, or the table could not be made at all.

## Example

```python
class Post(models.Model):
    tags = models.ManyToManyField(Tag, db_table="post_tags")
    topics = models.ManyToManyField(Topic, db_table="post_tags")
```

## Fix

Give one of them another `db_table`, or leave it out.
"#;

pub(super) fn check(cx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    let tables = tables::all(cx);
    for relation in cx.registry.relations.iter() {
        let (Some(class), Some(field)) = (cx.registry.class(relation.class), relation.field) else {
            continue;
        };
        let own = match &relation.through {
            Some(Through::Generated) => tables::Owner::Relation(relation.index),
            Some(Through::Model(
                Target::Class(index) | Target::Replaced(index) | Target::Abstract(index),
            )) => tables::Owner::Class(*index),
            Some(Through::Model(
                Target::Missing(..) | Target::Imported | Target::Late(_) | Target::Unknown,
            ))
            | None => continue,
        };
        if !class.installed || !tables::is_managed(cx, own) {
            continue;
        }
        let name = tables::name(cx, own);
        // Django looks at the last model with that table, and lets a proxy of the same table pass.
        let Some(other) =
            tables.get(name).into_iter().flatten().rev().find(|other| **other != own).copied()
        else {
            continue;
        };
        if tables::concrete(cx, other) == tables::concrete(cx, own) {
            continue;
        }
        let label = tables::label(cx, other);
        let place = field
            .arg("db_table")
            .or_else(|| field.arg("through"))
            .map_or(field.name.span, |arg| arg.value_span);
        let (other_model, other_field, other_span) = tables::subject(cx, other);
        let mut sides = [tables::label(cx, own), label.clone()];
        sides.arrange();
        let mut found = on_field(RULE.name, "fields.E340", class, field, place, format!("The field's intermediary table '{name}' clashes with the table name of '{label}'."))
            .related(&other_model, other_field.as_deref(), other_span)
            .cause(format!("table-clash:{name}"), format!("The table `{name}` is used twice"))
            .why(format!("The pairs of `{}` stand in a table named `{name}`, and `{label}` has a table of the same name. One table cannot be both.", field.name.text));
        if field.arg("db_table").is_some() {
            let usual = format!("{}_{}", cx.registry.table(class.index), field.name.text);
            let free = !tables.contains_key(usual.as_str());
            found = found.fix(
                "Remove `db_table`",
                fix::remove(cx.source, field, "db_table").filter(|_| free),
            );
        }
        if own == tables::Owner::Relation(relation.index) {
            let wanted = names::free(
                &[format!("{}_{}_pairs", cx.registry.table(class.index), field.name.text)],
                |name| tables.contains_key(name),
            );
            found = found.fix(
                format!("Call the table `{wanted}`"),
                fix::set(cx.source, field, "db_table", &fix::quote(&wanted))
                    .filter(|_| relation.origin.is_some_and(|origin| origin.model == class.index)),
            );
        }
        out.push(found);
    }
}
