//! Old names of arguments, options and classes.

use super::{Context, place};
use crate::check::{Diagnostic, Moment, Rule, Severity, Stage, fix};
use crate::document::{Field, Model, Span, Value};
use crate::edit::TextEdit;
use crate::orm::peewee::fields::{self, Shape};

/// The rule.
pub(super) static RULE: Rule = Rule { name: "deprecated-name", ids: &[], docs: DOCS };

const DOCS: &str = r#"## What

The file uses a name that Peewee has given up: `related_name`, `rel_model`, `to_field`, `db_column`, `db_table`, `PrimaryKeyField`.

## Why

It still works and means the same, with a `DeprecationWarning`; a later release may take it away.

## Example

```python
author = ForeignKeyField(Author, related_name="books")
```

## Fix

Write the new name: `backref`, `model`, `field`, `column_name`, `table_name`, `AutoField`.
"#;

/// Old and new names of arguments, and of what kind of thing Peewee says they are.
const ARGUMENTS: &[(&str, &str, &str)] = &[
    ("db_column", "column_name", "Field"),
    ("rel_model", "model", "ForeignKeyField"),
    ("to_field", "field", "ForeignKeyField"),
    ("related_name", "backref", "Field"),
];

pub(super) fn check(cx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    for model in &cx.document.models {
        for field in model.made() {
            of_field(cx, model, field, out);
        }
        let option = |name: &str| model.meta.options.iter().find(|(known, _)| known.text == name);
        if let Some((name, value)) = option("db_table")
            && *value != Value::None
        {
            let message = "\"db_table\" has been deprecated in favor of \"table_name\" for Models.";
            let moment = Moment { at: model.span.end, step: 0 };
            let edits =
                option("table_name").is_none().then(|| vec![fix::replace(name.span, "table_name")]);
            out.push(
                warning(message, name.span, moment, "db_table", "table_name", edits)
                    .subject(&model.name.text, None),
            );
        }
    }
}

fn of_field(cx: &Context<'_>, model: &Model, field: &Field, out: &mut Vec<Diagnostic>) {
    let Some(known) = field.base.and_then(fields::anywhere) else { return };
    let moment = place::call(field);
    if known.name == "PrimaryKeyField" {
        let message = "\"PrimaryKeyField\" has been renamed to \"AutoField\". Please update your code accordingly as this will be completely removed in a subsequent release.";
        let written = field.class.text == "PrimaryKeyField";
        let edits = written.then(|| fix::set_class(field, "AutoField")).flatten();
        out.push(
            warning(message, field.class.span, moment, "PrimaryKeyField", "AutoField", edits)
                .subject(&model.name.text, Some(&field.name.text)),
        );
    }
    for (old, new, of) in ARGUMENTS {
        let heard = match known.shape {
            Shape::Column => *old == "db_column",
            // Only when it becomes a foreign key.
            Shape::Deferred => resolved(cx, field),
            Shape::ForeignKey => true,
            Shape::ManyToMany | Shape::Virtual => false,
        };
        let Some(arg) = field.arg(old).filter(|arg| heard && arg.value != Value::None) else {
            continue;
        };
        let message =
            format!("\"{old}\" has been deprecated in favor of \"{new}\" for {of} objects.");
        let name = Span::new(arg.span.start, arg.span.start + old.len() as u32);
        let own = name.text(cx.source) == *old && field.arg(new).is_none() && *old != "rel_model";
        let edits = own.then(|| vec![fix::replace(name, *new)]);
        out.push(
            warning(&message, arg.span, moment, old, new, edits)
                .subject(&model.name.text, Some(&field.name.text)),
        );
    }
}

/// Whether a deferred key has found its model.
fn resolved(cx: &Context<'_>, field: &Field) -> bool {
    use crate::orm::peewee::classes::Kind;
    cx.world.objects.iter().any(|object| {
        object.declared.is_some_and(|declared| std::ptr::eq(declared, field))
            && matches!(object.kind, Kind::Key(_))
    })
}

fn warning(
    message: &str,
    span: Span,
    moment: Moment,
    old: &str,
    new: &str,
    edits: Option<Vec<TextEdit>>,
) -> Diagnostic {
    let mut found = Diagnostic::new(RULE.name, Severity::Warning, Stage::Import, span, message)
        .titled(format!("`{old}` is now called `{new}`"))
        .why(format!(
            "Peewee has renamed it. `{old}` still works, with a warning, until a later release."
        ))
        .fix(format!("Write `{new}`"), edits);
    found.exception = Some("DeprecationWarning");
    found.moment = moment;
    found
}
