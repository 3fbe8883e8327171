//! More than one primary key.

use crate::check::fix;
use crate::check::{Diagnostic, Rule};
use crate::orm::django::registry::Local;
use crate::orm::django::rules::Context;
use crate::orm::django::rules::{arg_span, on_model};

/// The rule.
pub(super) static RULE: Rule =
    Rule { name: "several-primary-keys", ids: &["models.E026"], docs: DOCS };

const DOCS: &str = r#"## What

Several fields of a model have `primary_key=True`.

## Why

A table has one primary key. For a key of several fields there is `CompositePrimaryKey`.

## Example

```python
class Seat(models.Model):
    row = models.IntegerField(primary_key=True)
    number = models.IntegerField(primary_key=True)
```

## Fix

Keep one; make the others `unique=True`, or unique together with a `UniqueConstraint`.
"#;

pub(super) fn check(cx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    for class in cx.registry.installed() {
        let keys: Vec<&Local<'_>> = class.fields.iter().filter(|local| local.primary_key).collect();
        if keys.len() < 2 {
            continue;
        }
        let mut found = on_model(
            RULE.name,
            "models.E026",
            class,
            keys.get(1).and_then(|local| local.field).map_or(class.model.name.span, |field| arg_span(field, "primary_key")),
            "The model cannot have more than one field with 'primary_key=True'.",
        )
        .titled(format!("{} has {} primary keys", class.name(), keys.len()))
        .why("The primary key tells rows apart, and a table has one. If only the fields together tell them apart, use `CompositePrimaryKey` or a `UniqueConstraint`.");
        for local in &keys {
            found = found.related(
                class.name(),
                Some(&local.name),
                local.field.map(|field| field.name.span),
            );
        }
        for keep in &keys {
            let edits: Option<Vec<_>> = keys
                .iter()
                .filter(|local| local.name != keep.name)
                .map(|local| {
                    local
                        .field
                        .filter(|field| !field.class.text.ends_with("AutoField"))
                        .and_then(|field| fix::remove(cx.source, field, "primary_key"))
                })
                .collect();
            found = found.fix(
                format!("Keep `{}`", keep.name),
                edits.map(|edits| edits.into_iter().flatten().collect()),
            );
        }
        out.push(found);
    }
}
