//! A relation to something that is no class.

use super::{Context, place};
use crate::check::{Diagnostic, Rule, fix};
use crate::document::{Field, Model, RelationKind, TargetForm};
use crate::edit::TextEdit;
use crate::orm::peewee::classes::What;

/// The rule.
pub(super) static RULE: Rule = Rule { name: "target-in-quotes", ids: &[], docs: DOCS };

const DOCS: &str = r#"## What

A relation names its model in quotes, or names no model at all.

## Why

Peewee wants the class itself. The one word that it knows in quotes is `"self"`, and that only in a `ForeignKeyField`. A key to a model that stands further down is a `DeferredForeignKey`.

## Example

```python
author = ForeignKeyField("Author")
```

## Fix

Write the class without quotes where it stands above: `ForeignKeyField(Author)`. Where it stands below, write `DeferredForeignKey("Author")`.
"#;

pub(super) fn check(cx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    for fault in &cx.world.faults {
        let What::NotAModel { ty, attribute } = fault.what else { continue };
        let message = format!("'{ty}' object has no attribute '{attribute}'");
        let mut found = place::raised(cx, RULE.name, "AttributeError", fault, message);
        let declared = fault.object.and_then(|object| place::declared(cx, object));
        if let Some((model, field)) = declared {
            found = explain(cx, found, model, field);
        }
        out.push(found);
    }
}

fn explain(cx: &Context<'_>, found: Diagnostic, model: &Model, field: &Field) -> Diagnostic {
    let name = &field.name.text;
    let target = field.relation().and_then(|relation| relation.target.as_ref());
    let Some(target) = target.filter(|target| target.form != TargetForm::Class) else {
        return found
            .titled(format!("`{name}` points at no model"))
            .why("The first argument of a relation is the class of the model that it points at.");
    };
    let many = field.relation().is_some_and(|relation| relation.kind == RelationKind::ManyToMany);
    let found = Diagnostic { span: target.span, ..found };
    if many && (target.text == "self" || target.text == model.name.text) {
        return found
            .titled(format!("`{name}` cannot point at its own model"))
            .why("Peewee has no many-to-many of a model with itself. Write a model of its own with two foreign keys, each with a `backref` of its own.");
    }
    let last = target.text.rsplit('.').next().unwrap_or(&target.text);
    let above = cx
        .document
        .models
        .iter()
        .any(|other| other.name.text == last && other.span.end < model.span.start);
    let found = found.titled(format!("`{name}` names its model in quotes")).why(format!(
        "Peewee wants the class itself, and does not look up what `\"{}\"` may be.",
        target.text
    ));
    if above {
        return found.fix(
            format!("Write `{last}` without quotes"),
            Some(vec![fix::replace(target.span, last)]),
        );
    }
    if many {
        return found;
    }
    let found = if last == model.name.text {
        found.fix("Write `\"self\"`", Some(vec![fix::replace(target.span, "\"self\"")]))
    } else {
        found
    };
    found.fix("Write `DeferredForeignKey`", deferred(cx, field, last))
}

/// A `DeferredForeignKey` in the place of a `ForeignKeyField`.
pub(super) fn deferred(cx: &Context<'_>, field: &Field, target: &str) -> Option<Vec<TextEdit>> {
    let relation = field.relation()?;
    let span = relation.target.as_ref()?.span;
    let arg = field.args.iter().find(|arg| arg.value_span == span)?;
    let text = match arg.keyword {
        None => fix::quote(target),
        Some(_) => format!("rel_model_name={}", fix::quote(target)),
    };
    // More positional arguments than the name it does not take.
    let plain = field.args.iter().filter(|arg| arg.keyword.is_none()).count() <= 1;
    let own = field.class.text == "ForeignKeyField";
    let written = field.class.span.text(cx.source) == "ForeignKeyField";
    (plain && own && written).then(|| {
        vec![fix::replace(field.class.span, "DeferredForeignKey"), fix::replace(arg.span, text)]
    })
}
