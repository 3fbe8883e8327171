//! A `to_field` that cannot be referenced.

use crate::check::{Diagnostic, Rule};
use crate::check::{Moment, Severity, Stage, fix, names};
use crate::document::RelationKind;
use crate::orm::django::registry::{Class, Local};
use crate::orm::django::rules::Context;
use crate::orm::django::rules::on_field;

/// The rule.
pub(super) static RULE: Rule = Rule {
    name: "to-field-target",
    ids: &["fields.E310", "fields.E311", "fields.E312"],
    docs: DOCS,
};

const DOCS: &str = r#"## What

The field that `to_field` names does not exist on the target, or it is not unique.

## Why

A foreign key has to lead to exactly one row. If two rows had the same value, it would not be clear which is meant.

## Example

```python
class Currency(models.Model):
    code = models.CharField(max_length=3)

class Price(models.Model):
    currency = models.ForeignKey(Currency, on_delete=models.CASCADE, to_field="code")
```

## Fix

Add `unique=True` to the field, or leave `to_field` out: then the primary key is used.
"#;

pub(super) fn check(cx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    for relation in
        cx.registry.relations.iter().filter(|relation| relation.kind != RelationKind::ManyToMany)
    {
        let (Some(class), Some(field), Some(target)) = (
            cx.registry.class(relation.class),
            relation.field,
            relation.target_index().and_then(|index| cx.registry.class(index)),
        ) else {
            continue;
        };
        let Some(to_field) =
            relation.spec().and_then(|spec| spec.to_field.as_ref()).filter(|_| class.installed)
        else {
            continue;
        };
        let name = to_field.text.as_str();
        let forward = cx.registry.forward_field(target.index, name);
        if forward.is_none()
            && let Some(side) = cx.registry.reverse_class(target.index, name)
        {
            let message = format!("'{side}' object has no attribute 'unique'");
            let mut found = Diagnostic::new(RULE.name, Severity::Error, Stage::Check, to_field.span, message)
                .subject(class.name(), Some(&field.name.text))
                .titled(format!("`{name}` is a reverse side, and has no column"))
                .why(format!("`{}.{name}` leads back to rows that point at {}. A foreign key can only refer to a column of the table that it points at.", target.name(), target.name()))
                .fix("Remove `to_field`", fix::remove(cx.source, field, "to_field"));
            found.exception = Some("AttributeError");
            found.moment = Moment { at: class.index as u32, step: field.span.start };
            out.push(found);
            continue;
        }
        let Some((owner, local)) = forward else {
            let mut found = on_field(RULE.name, "fields.E312", class, field, to_field.span, format!("The to_field '{name}' doesn't exist on the related model '{}'.", target.label()))
                .titled(format!("{} has no field `{name}`", target.name()))
                .why(format!("`to_field` says which field of {} the key refers to. Without it the key refers to the primary key.", target.name()));
            let all = cx.registry.all_fields(target.index);
            let unique = all.iter().filter(|(owner, local)| {
                local.column.is_some()
                    && owner.index == target.index
                    && is_unique(cx, target, local)
            });
            if let Some(meant) = names::nearest(name, unique.map(|(_, local)| local.name.as_ref()))
            {
                found = found.fix(
                    format!("Did you mean `{meant}`?"),
                    Some(vec![fix::replace(to_field.span, fix::quote(meant))]),
                );
            }
            out.push(found.fix("Remove `to_field`", fix::remove(cx.source, field, "to_field")));
            continue;
        };
        if owner.index != cx.registry.concrete(target.index) {
            let message = format!(
                "'{}' refers to field '{}' which is not local to model '{}'.",
                class.path(&field.name.text),
                local.name,
                target.label()
            );
            let mut found = Diagnostic::new(RULE.name, Severity::Error, Stage::Check, to_field.span, message)
                .subject(class.name(), Some(&field.name.text))
                .titled(format!("`{name}` belongs to {}, not to {}", owner.name(), target.name()))
                .why(format!("{} inherits `{name}`: its column is in the table of {}. A foreign key can only refer to a column of the table that it points at.", target.name(), owner.name()))
                .fix("Remove `to_field`", fix::remove(cx.source, field, "to_field"));
            found.exception = Some("FieldError");
            found.moment = Moment { at: class.index as u32, step: field.span.start };
            out.push(found);
            continue;
        }
        if !is_unique(cx, target, local) {
            let declaration = local.field;
            out.push(
                on_field(RULE.name, "fields.E311", class, field, to_field.span, format!("'{}.{}' must be unique because it is referenced by a foreign key.", target.name(), local.name))
                    .hint("Add unique=True to this field or add a UniqueConstraint (without condition) in the model Meta.constraints.")
                    .related(target.name(), Some(&local.name), declaration.map(|field| field.name.span))
                    .cause(format!("{}:{}:{name}", RULE.name, target.name()), format!("`{}.{name}` is referenced but not unique", target.name()))
                    .why(format!("`{}` refers to rows of {} by `{name}`. Two rows could have the same value, and then it would not be clear which one is meant.", field.name.text, target.name()))
                    .fix(format!("Make `{name}` unique"), declaration.filter(|field| field.relation().is_none()).and_then(|field| fix::set(cx.source, field, "unique", "True")))
                    .fix("Remove `to_field`", fix::remove(cx.source, field, "to_field")),
            );
        }
    }
}

/// Whether a field is unique by itself, so that a key may refer to it.
pub(super) fn is_unique(cx: &Context<'_>, target: &Class<'_>, local: &Local<'_>) -> bool {
    let alone = |fields: &[String]| fields.iter().all(|field| *field == local.name);
    let uniques = || {
        cx.registry
            .class(cx.registry.concrete(target.index))
            .into_iter()
            .flat_map(|class| &class.meta.uniques)
    };
    local.primary_key
        || local.written.is_some_and(|field| field.unique)
        || uniques().any(|unique| {
            unique.condition.is_none()
                && unique.expressions.is_empty()
                && !unique.fields.is_empty()
                && alone(&unique.fields)
        })
}
