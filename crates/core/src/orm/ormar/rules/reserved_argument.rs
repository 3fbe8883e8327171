//! An argument that ormar gives a field itself.

use super::{Context, raised_by_call};
use crate::check::{Diagnostic, Rule, fix};
use crate::document::{Field, RelationKind};

/// The rule.
pub(super) static RULE: Rule = Rule { name: "reserved-argument", ids: &[], docs: DOCS };

const DOCS: &str = r#"## What

A field has an argument that ormar fills in itself: `alias` or `column_type`, on a relation `primary_key` or `server_default` as well.

## Why

ormar puts its own arguments and those that it does not know into one dictionary. Python refuses one name twice there, so the class is never made.
The name of the column is called `name`; and a relation cannot be the primary key of an ormar model.

## Example

```python
class Item(ormar.Model):
    ormar_config = base_ormar_config.copy()
    id: int = ormar.Integer(primary_key=True)
    title: str = ormar.String(max_length=100, alias="heading")
```

## Fix

Write `name` in place of `alias`. Take the other arguments away.
"#;

/// Source: `ModelFieldFactory.__new__` in `ormar/fields/model_fields.py`; `ormar/310`.
const OF_COLUMNS: &[&str] =
    &["__type__", "__pydantic_type__", "__sample__", "alias", "annotation", "column_type"];

/// Source: `ForeignKey` in `ormar/fields/foreign_key.py`; `ormar/311`.
const OF_KEYS: &[&str] = &[
    "__type__",
    "to_pk_only",
    "through",
    "alias",
    "constraints",
    "column_type",
    "primary_key",
    "server_default",
    "is_relation",
];

/// Source: `ManyToMany` in `ormar/fields/many_to_many.py`; `ormar/312`.
const OF_MANY: &[&str] = &[
    "__type__",
    "to_pk_only",
    "alias",
    "column_type",
    "primary_key",
    "index",
    "server_default",
    "is_relation",
    "is_multi",
];

pub(super) fn check(cx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    for (model, field) in cx.made() {
        let Some(reserved) = reserved(field) else { continue };
        let mut refused = field.args.iter().filter_map(|arg| {
            let keyword = arg.keyword.as_deref()?;
            reserved.contains(&keyword).then_some((arg, keyword))
        });
        let Some((arg, keyword)) = refused.next() else { continue };
        let alone = refused.next().is_none();
        let message = format!("dict() got multiple values for keyword argument '{keyword}'");
        let found = raised_by_call(&RULE, "TypeError", (model, field), arg.span, message)
            .titled(format!("ormar gives `{}` its own `{keyword}`", field.name.text))
            .why("ormar hands its own arguments and those that it does not know on together, and one of them would be there twice.");
        out.push(if !alone {
            found
        } else if keyword == "alias" && field.arg("name").is_none() {
            let value = arg.value_span.text(cx.source);
            let rename = vec![fix::replace(arg.span, format!("name={value}"))];
            found.fix("Write `name`, which names the column", Some(rename))
        } else {
            found.fix(format!("Take `{keyword}` away"), fix::remove(cx.source, field, keyword))
        });
    }
}

/// What a field of ormar's own classes cannot be given.
fn reserved(field: &Field) -> Option<&'static [&'static str]> {
    field.base?;
    Some(match field.relation().map(|relation| relation.kind) {
        None => OF_COLUMNS,
        Some(RelationKind::ManyToMany) => OF_MANY,
        Some(RelationKind::ForeignKey | RelationKind::OneToOne) => OF_KEYS,
    })
}
