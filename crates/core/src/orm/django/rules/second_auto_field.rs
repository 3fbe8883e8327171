//! Two fields that count by themselves.

use crate::check::fix;
use crate::check::{Diagnostic, Rule};
use crate::document::Field;
use crate::orm::django::rules::Context;
use crate::orm::django::rules::moments::{self, Step};

/// The rule.
pub(super) static RULE: Rule = Rule { name: "second-auto-field", ids: &[], docs: DOCS };

const DOCS: &str = r#"## What

A model has two auto fields, one of which may be the `id` that Django adds.

## Why

The database numbers the rows of a table by one column only.

## Example

```python
class Ticket(models.Model):
    number = models.AutoField()
```

## Fix

Make it the primary key with `primary_key=True`, or use an `IntegerField`.
"#;

pub(super) fn check(cx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    for class in cx.registry.classes.iter().filter(|class| !class.is_proxy()) {
        let auto: Vec<&Field> = class
            .fields
            .iter()
            .filter_map(|local| local.field)
            .filter(|field| {
                matches!(field.class.text.as_str(), "AutoField" | "BigAutoField" | "SmallAutoField")
            })
            .collect();
        let implicit = class
            .key
            .and_then(|at| class.fields.get(at))
            .is_some_and(|local| local.field.is_none() && local.name == "id");
        let (Some(first), true) = (auto.first(), auto.len() + usize::from(implicit) > 1) else {
            continue;
        };
        let culprit = auto
            .iter()
            .copied()
            .find(|field| !field.primary_key)
            .unwrap_or(auto.last().copied().unwrap_or(first));
        let step = if auto.len() > 1 { Step::Fields } else { Step::Key };
        let plain = match culprit.class.text.as_str() {
            "BigAutoField" => "BigIntegerField",
            "SmallAutoField" => "SmallIntegerField",
            _ => "IntegerField",
        };
        let mut found = Diagnostic::raised(RULE.name, "ValueError", moments::class(class.model, step), culprit.class.span, format!("Model {} can't have more than one auto-generated field.", class.label()))
            .subject(class.name(), Some(&culprit.name.text))
            .titled(format!("{} would count by two fields", class.name()))
            .why(if implicit {
                format!("Without a primary key of its own a model gets an `id` that counts by itself. `{}` would be a second one, and a table can have only one.", culprit.name.text)
            } else {
                "The database numbers the rows of a table by one column only.".to_owned()
            });
        if implicit && auto.len() == 1 {
            found = found.fix(
                "Make it the primary key",
                fix::set(cx.source, culprit, "primary_key", "True"),
            );
        }
        let other_key = class.fields.iter().any(|local| {
            local.primary_key
                && local.field.is_none_or(|field| field.name.text != culprit.name.text)
        });
        out.push(
            found.fix(
                format!("Use `{plain}`"),
                fix::set_class(culprit, plain)
                    .filter(|_| other_key && auto.len() <= 2 && !culprit.primary_key),
            ),
        );
    }
}
