//! A model class without a table.

use super::Context;
use crate::check::{Diagnostic, Rule, Severity, fix};
use crate::document::Model;
use crate::edit::TextEdit;

/// The rule.
pub(super) static RULE: Rule = Rule { name: "model-without-config", ids: &[], docs: DOCS };

const DOCS: &str = r#"## What

A class derives from `ormar.Model` and declares fields, but has no `ormar_config` of its own.

## Why

Without a configuration ormar leaves the class alone: it is a plain pydantic class without a table. One that derives from an abstract model has its parent's configuration, and is abstract, too.

## Example

```python
class Author(ormar.Model):
    id: int = ormar.Integer(primary_key=True)
    name: str = ormar.String(max_length=100)
```

## Fix

Add `ormar_config = base_ormar_config.copy()`.
"#;

pub(super) fn check(cx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    for (id, class) in cx.world.classes.iter().enumerate() {
        let Some(model) = cx.model(id) else { continue };
        if model.meta.span.is_some() || !cx.world.is_model(id) {
            continue;
        }
        let name = &model.name.text;
        let parent = class.bases.iter().find(|base| cx.world.config(**base).is_some());
        // A model with a table can neither be derived from, nor derive from one.
        let related = cx.world.classes.iter().any(|class| class.bases.contains(&id))
            || cx.world.config(id).is_some_and(|config| !config.is_abstract);
        let why = match (cx.world.config(id), parent) {
            (Some(config), Some(parent)) if config.is_abstract => format!(
                "`{name}` has the configuration of `{}`, which is abstract. So `{name}` is abstract as well: it gets no table.",
                cx.world.name(*parent)
            ),
            (Some(_), Some(parent)) => format!(
                "`{name}` has the very configuration of `{0}`: its fields are added to those of `{0}`, but not to the table.",
                cx.world.name(*parent)
            ),
            (Some(_), None) => continue,
            (None, _) if model.fields.is_empty() => continue,
            (None, _) => format!(
                "ormar leaves a class without `ormar_config` alone: `{name}` is a plain pydantic class, has no table and cannot be pointed at."
            ),
        };
        let mut found = Diagnostic::advice(
            RULE.name,
            model.name.span,
            format!("{name} has no ormar_config of its own."),
        )
        .object(name.clone())
        .subject(name, None)
        .titled(format!("`{name}` has no table"))
        .why(why)
        .fix("Configure it", configure(cx, model).filter(|_| !related));
        found.severity = Severity::Warning;
        out.push(found);
    }
}

/// A copy of the configuration of the file, as the first statement of the body.
fn configure(cx: &Context<'_>, model: &Model) -> Option<Vec<TextEdit>> {
    let base = cx
        .document
        .calls
        .iter()
        .filter(|call| {
            call.span.end <= model.span.start && call.callee.text.ends_with("OrmarConfig")
        })
        .find_map(|call| call.target.as_ref())?;
    let first = model.fields.first()?;
    let at = fix::line_start(cx.source, first.span.start);
    let indent = fix::indent(cx.source, first.span.start);
    Some(vec![fix::insert(at, format!("{indent}ormar_config = {}.copy()\n", base.text))])
}
