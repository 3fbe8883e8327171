//! A relation that does not say what it points at.

use super::{Context, place};
use crate::check::{Diagnostic, Rule, fix, names};
use crate::document::ModelKind;
use crate::orm::peewee::signature;

/// The rule.
pub(super) static RULE: Rule = Rule { name: "missing-argument", ids: &[], docs: DOCS };

const DOCS: &str = r#"## What

A relation does not say which model it points at.

## Why

The first argument of `ForeignKeyField` and `ManyToManyField` is the model; without it Python cannot make the field.

## Example

```python
author = ForeignKeyField(backref="books")
```

## Fix

Give the model first: `ForeignKeyField(Author, backref="books")`.
"#;

pub(super) fn check(cx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    for model in &cx.document.models {
        for field in model.made() {
            let Some(refusal) = signature::refusal(field, cx.source) else { continue };
            let Some(missing) = refusal.missing else { continue };
            let mut found = Diagnostic::raised(
                RULE.name,
                "TypeError",
                place::call(field),
                field.class.span,
                refusal.message,
            )
            .subject(&model.name.text, Some(&field.name.text))
            .titled(format!("`{}` does not say which model it points at", field.name.text))
            .why("The first argument of a relation is the model that it points at.");
            let wanted = names::singular(&field.name.text.to_lowercase()).replace('_', "");
            let meant = cx.document.models.iter().find(|other| {
                other.name.text.to_lowercase() == wanted
                    && other.kind == ModelKind::Concrete
                    && other.span.end < model.span.start
            });
            // `rel_model` is the old name of it, and Peewee still wants the new one beside it.
            let old = field
                .args
                .iter()
                .find(|arg| matches!(arg.keyword.as_deref(), Some("rel_model" | "to")));
            if let Some(old) = old.filter(|_| missing == "model") {
                let value = old.value_span.text(cx.source);
                found = found.fix(
                    format!("Write `model={value}`"),
                    Some(vec![fix::replace(old.span, format!("model={value}"))]),
                );
            } else if let Some(meant) = meant {
                let name = &meant.name.text;
                let text = if missing == "model" {
                    format!("model={name}")
                } else {
                    format!("{missing}={}", fix::quote(name))
                };
                found = found.fix(format!("Point at `{name}`"), fix::add(cx.source, field, &text));
            }
            out.push(found);
        }
    }
}
