//! A mixin whose fields are not taken over.

use super::Context;
use crate::check::{Diagnostic, Rule, Severity, Stage, fix};
use crate::document::{Model, ModelKind, Span};
use crate::edit::TextEdit;

/// The rule.
pub(super) static RULE: Rule = Rule { name: "mixin-is-no-model", ids: &[], docs: DOCS };

const DOCS: &str = r#"## What

A model derives from a class with fields that is no model.

## Why

Peewee takes over the fields of parents that are models. Those of a plain class are passed over in silence: the table lacks their columns.

## Example

```python
class Timestamps:
    created = DateTimeField()

class Post(Timestamps, BaseModel):
    text = TextField()
```

## Fix

Let the mixin derive from your base class: `class Timestamps(BaseModel):`.
"#;

pub(super) fn check(cx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    for (at, model) in
        cx.document.models.iter().enumerate().filter(|(_, model)| model.kind != ModelKind::Mixin)
    {
        for base in &model.bases {
            let mixin =
                cx.document.models.iter().take(at).rfind(|other| other.name.text == base.path);
            let Some(mixin) = mixin.filter(|mixin| mixin.kind == ModelKind::Mixin) else {
                continue;
            };
            let fields: Vec<String> =
                mixin.fields.iter().map(|field| format!("`{}`", field.name.text)).collect();
            out.push(
                Diagnostic::new(RULE.name, Severity::Warning, Stage::Silent, base.span, format!("{} does not get the fields of {}.", model.name.text, mixin.name.text))
                    .subject(&model.name.text, None)
                    .titled(format!("The fields of `{}` are not taken over", mixin.name.text))
                    .why(format!("`{}` is no model, and Peewee takes fields over from models only: {} {} not in the table.", mixin.name.text, fields.join(", "), if fields.len() == 1 { "is" } else { "are" }))
                    .fix("Make the mixin a model", as_model(cx, model, mixin)),
            );
        }
    }
}

/// The mixin with the model's other base as its own, where that stands above it and Python can still order the classes.
fn as_model(cx: &Context<'_>, model: &Model, mixin: &Model) -> Option<Vec<TextEdit>> {
    let place = model.bases.iter().position(|base| base.path == mixin.name.text)?;
    let other = model.bases.iter().skip(place + 1).find(|base| {
        cx.document.models.iter().any(|other| {
            other.name.text == base.path
                && other.kind != ModelKind::Mixin
                && other.span.end < mixin.span.start
        })
    })?;
    let after = Span::new(mixin.name.span.end, mixin.span.end).text(cx.source);
    let end = mixin.name.span.end;
    let head =
        ["(object)", "()"].into_iter().find(|head| after.starts_with(head)).unwrap_or_default();
    if head.is_empty() && !after.starts_with(':') {
        return None;
    }
    let span = Span::new(end, end + u32::try_from(head.len()).ok()?);
    Some(vec![fix::replace(span, format!("({})", other.path))])
}
