//! Fields of a composite primary key.

use crate::check::{Diagnostic, Rule};
use crate::check::{fix, names};
use crate::document::{Field, Span};
use crate::orm::django::registry::Class;
use crate::orm::django::rules::Context;
use crate::orm::django::rules::on_model;

/// The rule.
pub(super) static RULE: Rule =
    Rule { name: "composite-key-fields", ids: &["models.E042"], docs: DOCS };

const DOCS: &str = r#"## What

`CompositePrimaryKey` names a field that does not exist, may be NULL, is computed or inherited, or it names one twice.

## Why

The key is made of columns of the model's own table that always have a value.

## Example

```python
class Seat(models.Model):
    pk = models.CompositePrimaryKey("row", "number")
    row = models.IntegerField()
    number = models.IntegerField(null=True)
```

## Fix

Name fields of the model that cannot be NULL.
"#;

pub(super) fn check(cx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    for class in cx.registry.installed().filter(|class| !class.is_proxy()) {
        let Some(key) = class
            .key
            .and_then(|at| class.fields.get(at))
            .and_then(|local| local.field)
            .filter(|field| field.class.text == "CompositePrimaryKey")
        else {
            continue;
        };
        let mut columns: Vec<(String, Vec<&str>)> = Vec::new();
        for arg in key.args.iter().filter(|arg| arg.keyword.is_none()) {
            let Some(name) = arg.value.as_str() else { continue };
            let found = cx.registry.forward_field(class.index, name);
            let mut edits = None;
            let reason = match found {
                None => Some(format!("'{name}' is not a valid field.")),
                Some((owner, local)) => match (&local.column, local.field) {
                    (None, _) => Some(format!("'{name}' field has no column.")),
                    (Some(_), Some(field)) if field.null => {
                        edits = fix::remove(cx.source, field, "null")
                            .map(|edits| (format!("Remove `null` from `{name}`"), edits));
                        Some(format!("'{name}' field may not set 'null=True'."))
                    }
                    (Some(_), Some(field)) if field.class.text == "GeneratedField" => {
                        Some(format!("'{name}' field is a generated field."))
                    }
                    (Some(_), _) if owner.index != class.index => {
                        Some(format!("'{name}' field is not a local field."))
                    }
                    (Some(column), _) => {
                        match columns.iter_mut().find(|(other, _)| other == column) {
                            Some((_, names)) => names.push(name),
                            None => columns.push((column.to_string(), vec![name])),
                        }
                        None
                    }
                },
            };
            let Some(reason) = reason else { continue };
            if found.is_none() {
                let own = class
                    .fields
                    .iter()
                    .filter(|local| local.column.is_some())
                    .map(|local| local.name.as_ref());
                edits = names::nearest(name, own).map(|meant| {
                    (
                        format!("Did you mean `{meant}`?"),
                        vec![fix::replace(arg.value_span, fix::quote(meant))],
                    )
                });
            }
            let (title, edits) =
                edits.map_or((String::new(), None), |(title, edits)| (title, Some(edits)));
            out.push(
                report(
                    class,
                    key,
                    arg.span,
                    format!("'{name}' cannot be included in the composite primary key."),
                    reason,
                )
                .fix(title, edits),
            );
        }
        for (_, names) in columns.iter().filter(|(_, names)| names.len() > 1) {
            let Some((first, rest)) = names.split_first() else { continue };
            let listed: Vec<String> = rest.iter().map(|name| format!("'{name}'")).collect();
            let listed = listed.join(", ");
            out.push(report(
                class,
                key,
                key.span,
                format!("{listed} cannot be included in the composite primary key."),
                format!("{listed} and '{first}' are the same fields."),
            ));
        }
    }
}

fn report(class: &Class<'_>, key: &Field, span: Span, message: String, hint: String) -> Diagnostic {
    on_model(RULE.name, "models.E042", class, span, message)
        .subject(class.name(), Some(&key.name.text))
        .titled(format!("The primary key of {} cannot be made of these fields", class.name()))
        .why("A composite key is made of columns of the model's own table, each of which always has a value.")
        .hint(hint)
}
