//! A schema, which SQLite does not have.

use super::{Context, raised_by_class};
use crate::check::{Diagnostic, Rule, Stage};
use crate::document::ModelKind;

/// The rule.
pub(super) static RULE: Rule = Rule { name: "schema-on-sqlite", ids: &[], docs: DOCS };

const DOCS: &str = r#"## What

The configuration names a `schema`.

## Why

To SQLite that is the name of an attached database. There is none, so the table cannot be made. PostgreSQL has schemas.

## Example

```python
class Author(ormar.Model):
    ormar_config = base_ormar_config.copy(schema="library")
    id: int = ormar.Integer(primary_key=True)
```

## Fix

Leave the schema out where SQLite is used.
"#;

pub(super) fn check(cx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    let with_schema =
        cx.document.models.iter().filter(|model| model.kind == ModelKind::Concrete).find_map(
            |model| {
                let option = model.meta.options.iter().find(|(name, _)| name.text == "schema")?;
                Some((model, &option.0, option.1.as_str()?))
            },
        );
    // SQLite stops at the first.
    let Some((model, name, schema)) = with_schema else { return };
    let span = model
        .meta
        .span
        .filter(|span| span.contains(name.span))
        .map_or(model.name.span, |_| name.span);
    let message = format!("(sqlite3.OperationalError) unknown database {schema}");
    let mut found = raised_by_class(&RULE, "OperationalError", model, span, message)
        .titled("SQLite has no schemas")
        .why(format!("`{schema}` would have to be a database that is attached to the connection. On PostgreSQL this works."));
    found.stage = Stage::Schema;
    out.push(found);
}
