//! A relation to a composite primary key.

use crate::check::{Diagnostic, Rule};
use crate::document::RelationKind;
use crate::orm::django::rules::Context;
use crate::orm::django::rules::on_field;

/// The rule.
pub(super) static RULE: Rule =
    Rule { name: "composite-key-relation", ids: &["fields.E347"], docs: DOCS };

const DOCS: &str = r#"## What

A relation points at a model (or stands on one) whose primary key has several fields.

## Why

Django's foreign keys have one column, and cannot hold a key of several.

## Example

```python
class Seat(models.Model):
    pk = models.CompositePrimaryKey("row", "number")
    row = models.IntegerField()
    number = models.IntegerField()

class Ticket(models.Model):
    seat = models.ForeignKey(Seat, on_delete=models.CASCADE)
```

## Fix

Give the target an ordinary primary key, and make the several fields unique together.
"#;

pub(super) fn check(cx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    for relation in &cx.registry.relations {
        let (Some(class), Some(field), Some(target)) = (
            cx.registry.class(relation.class),
            relation.field,
            relation.target_index().and_then(|index| cx.registry.class(index)),
        ) else {
            continue;
        };
        let Some(spec) = relation.spec().filter(|_| class.installed) else { continue };
        let culprit = if relation.kind == RelationKind::ManyToMany {
            if spec.through_fields.is_some() {
                continue;
            }
            [target, class].into_iter().find(|class| is_composite(cx, class.index))
        } else {
            let to_key = spec.to_field.as_ref().is_none_or(|to_field| to_field.text == "pk");
            Some(target).filter(|target| to_key && is_composite(cx, target.index))
        };
        let Some(culprit) = culprit else { continue };
        out.push(
            on_field(
                RULE.name,
                "fields.E347",
                class,
                field,
                spec.target.as_ref().map_or(field.span, |target| target.span),
                format!("Field defines a relation involving model '{}' which has a CompositePrimaryKey and such relations are not supported.", culprit.name()),
            )
            .related(culprit.name(), Some("pk"), None)
            .titled(format!("Nothing can point at {}: its key has several fields", culprit.name()))
            .why("A relation stores the key of its target in one column. A composite key needs several, and Django does not support that."),
        );
    }
}

fn is_composite(cx: &Context<'_>, index: usize) -> bool {
    cx.registry
        .key(index)
        .and_then(|(_, local)| local.field)
        .is_some_and(|field| field.class.text == "CompositePrimaryKey")
}
