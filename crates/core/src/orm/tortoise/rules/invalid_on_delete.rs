//! What happens on deletion.

use super::{Context, made, refused, steps};
use crate::check::{Diagnostic, Rule, fix};
use crate::document::{RelationKind, Value};

/// The rule.
pub(super) static RULE: Rule = Rule { name: "invalid-on-delete", ids: &[], docs: DOCS };

const DOCS: &str = r#"## What

`on_delete` of a key is a text that is none of `CASCADE`, `RESTRICT`, `SET NULL`, `SET DEFAULT` and `NO ACTION`.

## Why

It goes into the table's definition as it is. In texts the words are parted by a blank.

## Example

```python
author = fields.ForeignKeyField("models.Author", on_delete="SET_NULL", null=True)
```

## Fix

Use the constant: `fields.SET_NULL`.
"#;

pub(super) fn check(cx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    for (model, field) in made(cx) {
        if field.relation().is_none_or(|relation| relation.kind == RelationKind::ManyToMany) {
            continue;
        }
        let Some(arg) = super::argument(field, "on_delete") else { continue };
        let Value::Str(text) = &arg.value else { continue };
        if ACTIONS.contains(&text.as_str()) {
            continue;
        }
        let meant = text.replace('_', " ").to_uppercase();
        let better = ACTIONS.iter().find(|action| **action == meant);
        let fits = better.is_some_and(|action| *action != "SET NULL" || field.null);
        out.push(
            refused(RULE.name, model, field, steps::ON_DELETE, arg.value_span, "on_delete can only be CASCADE, RESTRICT, SET_NULL, SET_DEFAULT or NO_ACTION")
                .titled(format!("`{text}` is nothing that can happen on deletion"))
                .why("Tortoise compares the text with those of its constants, whose words are parted by a blank.")
                .fix(format!("Write `\"{meant}\"`"), better.filter(|_| fits).map(|action| vec![fix::replace(arg.value_span, fix::quote(action))])),
        );
    }
}

const ACTIONS: &[&str] = &["CASCADE", "RESTRICT", "SET NULL", "SET DEFAULT", "NO ACTION"];
