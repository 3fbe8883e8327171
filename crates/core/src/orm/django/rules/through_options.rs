//! Options that do not go together with `through`.

use crate::check::fix;
use crate::check::{Diagnostic, Rule};
use crate::document::RelationKind;
use crate::orm::django::rules::Context;
use crate::orm::django::rules::moments;

/// The rule.
pub(super) static RULE: Rule = Rule { name: "through-options", ids: &[], docs: DOCS };

const DOCS: &str = r#"## What

A many-to-many has `through` and an option for a table that Django makes, or `through_fields` without `through`.

## Why

With a through model you declare the table yourself: its name and its constraints are that model's business.

## Example

```python
members = models.ManyToManyField(Person, through="Membership", db_table="club_members")
```

## Fix

Remove the option. The table's name goes into the `Meta` of the through model.
"#;

pub(super) fn check(cx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    for model in &cx.document.models {
        for field in model.made() {
            let Some(relation) =
                field.relation().filter(|relation| relation.kind == RelationKind::ManyToMany)
            else {
                continue;
            };
            let (option, message, why) = if relation.through.is_some()
                && relation.through_table.is_some()
            {
                (
                    "db_table",
                    "Cannot specify a db_table if an intermediary model is used.",
                    "`db_table` names the table that Django makes for the pairs. With `through` there is a model for them, and the name of its table stands in its own `Meta`.",
                )
            } else if relation.through.is_some() && !relation.constraint {
                (
                    "db_constraint",
                    "Can't supply a through model and db_constraint=False",
                    "`db_constraint` is about the foreign keys of the table that Django makes for the pairs. With `through` those are declared in a model, each with its own `db_constraint`.",
                )
            } else if relation.through.is_none()
                && relation.through_fields.as_ref().is_some_and(|(fields, _)| !fields.is_empty())
            {
                (
                    "through_fields",
                    "Cannot specify through_fields without a through model",
                    "`through_fields` names foreign keys of a through model, and there is none. The table that Django makes by itself has just the two that it needs.",
                )
            } else {
                continue;
            };
            out.push(
                Diagnostic::raised(
                    RULE.name,
                    "ValueError",
                    moments::call(field),
                    field.arg(option).map_or(field.span, |arg| arg.span),
                    message,
                )
                .subject(&model.name.text, Some(&field.name.text))
                .titled(if option == "through_fields" {
                    "`through_fields` needs `through`".to_owned()
                } else {
                    format!("`{option}` and `through` exclude each other")
                })
                .why(why)
                .fix(format!("Remove `{option}`"), fix::remove(cx.source, field, option)),
            );
        }
    }
}
