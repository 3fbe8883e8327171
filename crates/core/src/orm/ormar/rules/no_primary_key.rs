//! A model without a primary key.

use super::{Context, report};
use crate::check::{Diagnostic, Rule, fix};
use crate::document::Model;
use crate::edit::TextEdit;
use crate::orm::ormar::world::Kind;

/// The rule.
pub(super) static RULE: Rule = Rule { name: "no-primary-key", ids: &[], docs: DOCS };

const DOCS: &str = r#"## What

A model has fields, but none of them is the primary key.

## Why

ormar adds a key of its own only to a model without any field.

## Example

```python
class Author(ormar.Model):
    ormar_config = base_ormar_config.copy()
    name: str = ormar.String(max_length=100)
```

## Fix

Add `id: int = ormar.Integer(primary_key=True)`.
"#;

pub(super) fn check(cx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    for problem in cx.problems(Kind::NoPrimaryKey) {
        let edits = cx.model(problem.class).and_then(|model| key(cx, model));
        let title = "Add the primary key";
        out.push(
            report(cx, &RULE, problem)
                .titled(format!("`{}` has no primary key", cx.world.name(problem.class)))
                .why("Every table of ormar has one column that names its rows. ormar adds `id` by itself only where a model has no fields at all.")
                .fix(title, edits),
        );
    }
}

/// Makes a field `id` the key, or adds one before the others.
fn key(cx: &Context<'_>, model: &Model) -> Option<Vec<TextEdit>> {
    if let Some(id) = model.field("id") {
        return match id.base {
            Some("ForeignKey" | "ManyToMany") | None => None,
            Some(_) => fix::set(cx.source, id, "primary_key", "True"),
        };
    }
    let first = model.fields.first()?;
    let at = fix::line_start(cx.source, first.span.start);
    let indent = fix::indent(cx.source, first.span.start);
    let module = cx.document.imports.iter().find(|import| import.path == "ormar")?;
    Some(vec![fix::insert(
        at,
        format!("{indent}id: int = {}.Integer(primary_key=True)\n", module.name),
    )])
}
