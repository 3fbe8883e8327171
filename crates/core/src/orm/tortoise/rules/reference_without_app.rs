//! A target without its app.

use super::{Context, made, refused, steps};
use crate::check::{Diagnostic, Rule, fix};
use crate::document::TargetForm;
use crate::orm::tortoise::fields;
use crate::orm::tortoise::world::APP;

/// The rule.
pub(super) static RULE: Rule = Rule { name: "reference-without-app", ids: &[], docs: DOCS };

const DOCS: &str = r#"## What

A relation names its target by a text that is not an app and a model with one dot between them.

## Why

A text is looked up among the models of an app, so both have to be said. There is no `"self"` either.

## Example

```python
author = fields.ForeignKeyField("Author")
```

## Fix

Write `"models.Author"`, where `models` is the name under which the module is registered.
"#;

pub(super) fn check(cx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    for (model, field) in made(cx) {
        let Some(target) = field.relation().and_then(|relation| relation.target.as_ref()) else {
            continue;
        };
        if target.form != TargetForm::Text || target.text.matches('.').count() == 1 {
            continue;
        }
        let class =
            field.base.and_then(fields::known).map_or("ForeignKeyField", |known| known.name);
        let last = target.text.rsplit('.').next().unwrap_or_default();
        let meant = if target.text == "self" { model.name.text.as_str() } else { last };
        let written = format!("\"{APP}.{meant}\"");
        let there = cx.document.model(meant).is_some();
        out.push(
            refused(
                RULE.name,
                model,
                field,
                steps::TARGET,
                target.span,
                format!("{class} accepts model name in format \"app.Model\""),
            )
            .titled(format!("`{}` does not say which app", target.text))
            .why(format!("A target in quotes is an app and a model: `{written}`."))
            .fix(
                format!("Write `{written}`"),
                there.then(|| vec![fix::replace(target.span, written)]),
            ),
        );
    }
}
