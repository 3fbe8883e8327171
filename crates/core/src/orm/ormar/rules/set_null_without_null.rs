//! `SET NULL` on a key that cannot be NULL.

use super::{Context, advice};
use crate::check::{Diagnostic, Rule, fix};

/// The rule.
pub(super) static RULE: Rule = Rule { name: "set-null-without-null", ids: &[], docs: DOCS };

const DOCS: &str = r#"## What

A foreign key has `ondelete="SET NULL"` and `nullable=False`.

## Why

ormar makes the table all the same. When the target goes, the database is to write NULL into a column that refuses it, and the deletion fails.

## Example

```python
class Book(ormar.Model):
    ormar_config = base_ormar_config.copy()
    id: int = ormar.Integer(primary_key=True)
    author = ormar.ForeignKey(Author, ondelete="SET NULL", nullable=False)
```

## Fix

Take `nullable=False` away, or choose another action.
"#;

pub(super) fn check(cx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    for (model, field) in cx.fields() {
        let Some(action) = field.relation().and_then(|spec| spec.on_delete.as_ref()) else {
            continue;
        };
        if action.text != "SET_NULL" || field.null {
            continue;
        }
        let name = &field.name.text;
        let cascade = if action.span.text(cx.source).starts_with(['"', '\'']) {
            "\"CASCADE\"".to_owned()
        } else {
            action.span.text(cx.source).replace("SET_NULL", "CASCADE")
        };
        let keyword = if field.arg("sql_nullable").is_some() { "sql_nullable" } else { "nullable" };
        out.push(
            advice(&RULE, model, field, action.span, format!("{name} is set to NULL on deletion but is NOT NULL."))
                .titled(format!("`{name}` is set to NULL on deletion but cannot be NULL"))
                .why("The database empties the key when its target is deleted. The column is `NOT NULL`, so the deletion fails instead.")
                .fix("Let it be NULL", fix::remove(cx.source, field, keyword))
                .fix("Use `CASCADE`", Some(vec![fix::replace(action.span, cascade)])),
        );
    }
}
