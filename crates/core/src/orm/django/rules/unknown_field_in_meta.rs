//! A field in `Meta` that cannot stand there.

use crate::check::{Diagnostic, Rule};
use crate::check::{fix, names};
use crate::document::{FieldKind, RelationKind, Span, Value};
use crate::orm::django::registry::Class;
use crate::orm::django::rules::Context;
use crate::orm::django::rules::on_model;

/// The rule.
pub(super) static RULE: Rule = Rule {
    name: "unknown-field-in-meta",
    ids: &["models.E012", "models.E013", "models.E016", "models.E048"],
    docs: DOCS,
};

const DOCS: &str = r#"## What

`unique_together` or `indexes` names a field that does not exist, is a many-to-many, or belongs to a parent.

## Why

Both are about columns of the model's own table. A many-to-many has no column, and the fields of a parent stand in the parent's table.

## Example

```python
class Meta:
    unique_together = [("room", "dya")]
```

## Fix

Correct the name, or remove it from the list.
"#;

pub(super) fn check(cx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    for class in cx.registry.installed() {
        for unique in class.meta.uniques.iter().filter(|unique| !unique.constraint) {
            for name in &unique.fields {
                local_field(cx, class, "unique_together", name, unique.span, out);
            }
        }
        for index in &class.meta.indexes {
            for (name, _) in &index.fields {
                local_field(cx, class, "indexes", name, index.span, out);
            }
        }
        let indexes = class
            .meta
            .options
            .iter()
            .find(|(name, _)| name.text == "indexes")
            .and_then(|(_, value)| value.as_list());
        for (item, index) in indexes.unwrap_or_default().iter().zip(&class.meta.indexes) {
            let Value::Call { args, .. } = item else { continue };
            let include = args
                .iter()
                .find(|arg| arg.keyword.as_deref() == Some("include"))
                .and_then(|arg| arg.value.as_list());
            for name in include.unwrap_or_default().iter().filter_map(Value::as_str) {
                local_field(cx, class, "indexes", name, index.span, out);
            }
        }
    }
}

/// Django's `Model._check_local_fields` for one name.
fn local_field(
    cx: &Context<'_>,
    class: &Class<'_>,
    option: &str,
    name: &str,
    span: Span,
    out: &mut Vec<Diagnostic>,
) {
    let place = fix::quoted_place(cx.source, span, name).unwrap_or(span);
    // Virtual fields are no concern of the registry.
    let is_virtual = class.mro.iter().filter_map(|at| cx.registry.class(*at)).any(|base| {
        base.model.field(name).is_some_and(|field| {
            field.kind == FieldKind::Virtual && field.class.text != "CompositePrimaryKey"
        })
    });
    let Some((owner, local)) = cx.registry.forward_field(class.index, name) else {
        if is_virtual {
            return;
        }
        let known = cx.registry.all_fields(class.index);
        let usable = known
            .iter()
            .filter(|(owner, local)| owner.index == class.index && local.column.is_some());
        let mut found = on_model(
            RULE.name,
            "models.E012",
            class,
            place,
            format!("'{option}' refers to the nonexistent field '{name}'."),
        )
        .titled(format!("{} has no field `{name}`", class.name()))
        .why(format!(
            "`{option}` is about columns of the table of {}, and there is none for `{name}`.",
            class.name()
        ));
        if let Some(meant) = names::nearest(name, usable.map(|(_, local)| local.name.as_ref())) {
            found = found.fix(
                format!("Did you mean `{meant}`?"),
                (place != span).then(|| vec![fix::replace(place, meant)]),
            );
        }
        out.push(found);
        return;
    };
    let (id, message, title, why) = if local.field.is_some_and(|field| {
        field.relation().is_some_and(|relation| relation.kind == RelationKind::ManyToMany)
    }) {
        (
            "models.E013",
            format!("'{option}' refers to a ManyToManyField '{name}', but ManyToManyFields are not permitted in '{option}'."),
            format!("The many-to-many `{name}` cannot stand in `{option}`"),
            "A many-to-many has no column in the model's table: its pairs stand in a table of their own.".to_owned(),
        )
    } else if local.field.is_some_and(|field| field.class.text == "CompositePrimaryKey") {
        (
            "models.E048",
            format!(
                "'{option}' refers to a CompositePrimaryKey '{name}', but CompositePrimaryKeys are not permitted in '{option}'."
            ),
            format!("A composite key cannot stand in `{option}`"),
            "A composite key has no column of its own. Name the fields that it is made of."
                .to_owned(),
        )
    } else if owner.index != class.index {
        (
            "models.E016",
            format!(
                "'{option}' refers to field '{name}' which is not local to model '{}'.",
                class.name()
            ),
            format!("`{name}` stands in the table of {}", owner.name()),
            format!(
                "{} inherits `{name}` from {}, which has a table of its own. An index or a unique group cannot reach across two tables.",
                class.name(),
                owner.name()
            ),
        )
    } else {
        return;
    };
    let mut found = on_model(RULE.name, id, class, place, message)
        .related(owner.name(), Some(&local.name), local.field.map(|field| field.name.span))
        .titled(title)
        .why(why);
    if id == "models.E016" {
        found = found.hint("This issue may be caused by multi-table inheritance.");
    }
    out.push(found);
}
