//! A model without a database or metadata.

use super::{Context, report};
use crate::check::{Diagnostic, Rule, fix};
use crate::document::Span;
use crate::edit::TextEdit;
use crate::orm::ormar::world::Kind;

/// The rule.
pub(super) static RULE: Rule = Rule { name: "no-database", ids: &[], docs: DOCS };

const DOCS: &str = r#"## What

The configuration of a model has no database, or no metadata.

## Why

Without a database ormar could not run a query, without metadata it could not make the table. It refuses the class.

## Example

```python
class Lone(ormar.Model):
    ormar_config = ormar.OrmarConfig(tablename="lones")
    id: int = ormar.Integer(primary_key=True)
```

## Fix

Copy a configuration that has both: `ormar_config = base_ormar_config.copy(tablename="lones")`.
"#;

pub(super) fn check(cx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    for problem in cx.problems(Kind::NoDatabase) {
        out.push(
            report(cx, &RULE, problem)
                .titled(format!("`{}` has no {}", cx.world.name(problem.class), problem.name))
                .why(format!("Every model with a table needs a `database` and a `metadata` in its configuration. This one has no `{}`. Usually all models copy one configuration that has both.", problem.name))
                .fix("Copy the configuration of the file", base(cx, problem.class)),
        );
    }
}

/// Makes the configuration a copy of the first one of the file that has all it needs.
fn base(cx: &Context<'_>, class: usize) -> Option<Vec<TextEdit>> {
    let model = cx.model(class)?;
    let base = cx.document.calls.iter().find(|call| {
        call.span.end <= model.span.start
            && ["database", "metadata"]
                .iter()
                .all(|keyword| call.args.iter().any(|arg| arg.keyword.as_deref() == Some(keyword)))
    })?;
    let meta = model.meta.span?;
    let text = meta.text(cx.source);
    let at = meta.start + u32::try_from(text.find("ormar.OrmarConfig(")?).ok()?;
    let name = &base.target.as_ref()?.text;
    let span = Span::new(at, at + u32::try_from("ormar.OrmarConfig".len()).ok()?);
    Some(vec![fix::replace(span, format!("{name}.copy"))])
}
