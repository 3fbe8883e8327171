//! Models that share one configuration.

use super::{Context, report};
use crate::check::{Diagnostic, Rule, fix};
use crate::orm::ormar::world::Kind;

/// The rule.
pub(super) static RULE: Rule = Rule { name: "shared-config", ids: &[], docs: DOCS };

const DOCS: &str = r#"## What

Two models have the very same configuration object.

## Why

A configuration holds the table, the fields and the key of its model. The second model finds those of the first there: it gets no table, and its fields go to the first.

## Example

```python
class Author(ormar.Model):
    ormar_config = base_ormar_config
    id: int = ormar.Integer(primary_key=True)

class Book(ormar.Model):
    ormar_config = base_ormar_config
    id: int = ormar.Integer(primary_key=True)
```

## Fix

Write `ormar_config = base_ormar_config.copy()`.
"#;

pub(super) fn check(cx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    for problem in cx.problems(Kind::SharedConfig) {
        out.push(
            report(cx, &RULE, problem)
                .titled(format!(
                    "`{}` has the configuration of another model",
                    cx.world.name(problem.class)
                ))
                .why(WHY)
                .fix("Copy it", cx.model(problem.class).and_then(copy)),
        );
    }
    for model in &cx.document.models {
        let Some(base) = model.meta.bases.first() else { continue };
        let same = |other: &&crate::document::Model| {
            other.meta.bases.iter().any(|other| other.path == base.path)
        };
        if cx.document.models.iter().filter(same).count() < 2 {
            continue;
        }
        out.push(
            Diagnostic::advice(
                RULE.name,
                base.span,
                format!("{} shares its configuration.", model.name.text),
            )
            .object(model.name.text.clone())
            .subject(&model.name.text, None)
            .titled(format!("`{}` shares its configuration with another model", model.name.text))
            .why(WHY)
            .fix("Copy it", copy(model)),
        );
    }
}

const WHY: &str = "ormar keeps the table, the fields and the key of a model in its configuration. Models that have the same object get one table between them, that of the first. Each needs a copy: `.copy()`.";

fn copy(model: &crate::document::Model) -> Option<Vec<crate::edit::TextEdit>> {
    let base = model.meta.bases.first()?;
    Some(vec![fix::insert(base.span.end, ".copy()")])
}
