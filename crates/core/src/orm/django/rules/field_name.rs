//! Names that no field can have.

use crate::check::{Diagnostic, Rule};
use crate::check::{fix, names};
use crate::document::Field;
use crate::orm::django::registry::Class;
use crate::orm::django::rules::Context;
use crate::orm::django::rules::{fields, on_field};
use throughline_order::Arrange as _;

/// The rule.
pub(super) static RULE: Rule = Rule {
    name: "field-name",
    ids: &["fields.E001", "fields.E002", "fields.E003", "fields.E013"],
    docs: DOCS,
};

const DOCS: &str = r#"## What

A field is called `pk`, its name ends with an underscore, or it contains two underscores in a row.

## Why

In filters two underscores lead from one field to the next (`author__name`), and `pk` always means the primary key. A name that uses them could not be told apart from that.

## Example

```python
class Book(models.Model):
    first__edition = models.BooleanField()
    class_ = models.CharField(max_length=20)
```

## Fix

Rename the field: `first_edition`, `category`.
"#;

pub(super) fn check(cx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    let fields = fields(cx).map(|(class, _, field)| (class, field));
    for (class, field) in fields.chain(generic(cx)) {
        let name = field.name.text.as_str();
        let (id, message, title, why) = if field.class.text == "CompositePrimaryKey" {
            if name == "pk" {
                continue;
            }
            (
                "fields.E013",
                "'CompositePrimaryKey' must be named 'pk'.".to_owned(),
                format!("A composite primary key cannot be called `{name}`"),
                "`pk` is how Django speaks of the primary key everywhere, so a key of several fields has to have that name.",
            )
        } else if name.ends_with('_') {
            (
                "fields.E001",
                "Field names must not end with an underscore.".to_owned(),
                format!("`{name}` ends with an underscore"),
                "Filters put two underscores after a field's name: `name__contains`. With one more at the end Django could not see where the name stops.",
            )
        } else if name.contains("__") {
            (
                "fields.E002",
                "Field names must not contain \"__\".".to_owned(),
                format!("`{name}` contains two underscores in a row"),
                "In filters two underscores lead from one field to the next: `author__name` is the name of the author. A field's own name cannot contain them.",
            )
        } else if name == "pk" {
            (
                "fields.E003",
                "'pk' is a reserved word that cannot be used as a field name.".to_owned(),
                "`pk` cannot be the name of a field".to_owned(),
                "`pk` always means the primary key, whatever that is called. A field of that name could not be reached.",
            )
        } else {
            continue;
        };
        let taken = |candidate: &str| {
            candidate == "id" || cx.registry.forward_field(class.index, candidate).is_some()
        };
        let wanted = if id == "fields.E013" {
            "pk".to_owned()
        } else {
            names::free(
                &[proposal(name), format!("{}_{}", names::snake(class.name()), proposal(name))],
                taken,
            )
        };
        // A child may declare a field of an abstract parent anew; then both have the name.
        let declarations = class
            .mro
            .iter()
            .filter_map(|at| cx.document.models.get(*at))
            .filter_map(|model| Some((model, model.field(name)?)));
        let edits = declarations
            .map(|(model, field)| fix::rename_field(cx.source, cx.document, model, field, &wanted));
        let edits: Option<Vec<_>> = edits.collect();
        let edits = edits.map(|edits| {
            let mut edits = edits.concat();
            edits.arrange_by_key(|edit| edit.span);
            edits.dedup();
            edits
        });
        out.push(
            on_field(RULE.name, id, class, field, field.name.span, message)
                .titled(title)
                .why(why)
                .fix(format!("Rename to `{wanted}`"), edits),
        );
    }
}

/// The generic foreign keys, which Django asks only whether their names end with an underscore.
fn generic<'r>(cx: &'r Context<'_>) -> impl Iterator<Item = (&'r Class<'r>, &'r Field)> {
    cx.registry.installed().flat_map(|class| {
        let fields = class.private.iter().filter_map(|local| local.field);
        let generic = fields.filter(|field| field.base == Some("GenericForeignKey"));
        generic.filter(|field| field.name.text.ends_with('_')).map(move |field| (class, field))
    })
}

fn proposal(name: &str) -> String {
    if name == "pk" { "key".to_owned() } else { names::to_identifier(name) }
}
