//! An action on deletion that ormar does not know.

use super::{Context, raised_by_call};
use crate::check::{Diagnostic, Rule, fix, names};
use crate::document::Value;

/// The rule.
pub(super) static RULE: Rule = Rule { name: "invalid-action", ids: &[], docs: DOCS };

const DOCS: &str = r#"## What

`ondelete` or `onupdate` is not one of the actions of SQL.

## Why

ormar knows `CASCADE`, `RESTRICT`, `SET NULL`, `SET DEFAULT` and `NO ACTION`, as strings or as members of `ReferentialAction`.

## Example

```python
class Book(ormar.Model):
    ormar_config = base_ormar_config.copy()
    id: int = ormar.Integer(primary_key=True)
    author = ormar.ForeignKey(Author, ondelete="DELETE")
```

## Fix

Use one of those: `ondelete="CASCADE"`, or `ondelete=ormar.ReferentialAction.CASCADE`.
"#;

const ACTIONS: [&str; 5] = ["CASCADE", "RESTRICT", "SET NULL", "SET DEFAULT", "NO ACTION"];

pub(super) fn check(cx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    for (model, field) in cx.made().filter(|(_, field)| field.base == Some("ForeignKey")) {
        for keyword in ["onupdate", "ondelete"] {
            let Some(arg) = field.arg(keyword) else { continue };
            let written = match &arg.value {
                Value::Str(text) if ACTIONS.contains(&text.to_uppercase().as_str()) => continue,
                Value::Str(text) => text.clone(),
                Value::Int(number) => number.to_string(),
                Value::Bool(true) => "True".to_owned(),
                Value::Bool(false) => "False".to_owned(),
                _ => continue,
            };
            // In the message a string stands in upper case only where it is one.
            let message = format!("{written} ReferentialAction not supported.");
            let meant = names::nearest(&written.replace('_', " "), ACTIONS).unwrap_or("CASCADE");
            out.push(
                raised_by_call(&RULE, "ModelDefinitionError", (model, field), arg.value_span, message)
                    .titled(format!("`{written}` is no referential action"))
                    .why("What the database does with the rows that point at one that goes, is one of five actions: `CASCADE`, `RESTRICT`, `SET NULL`, `SET DEFAULT`, `NO ACTION`.")
                    .fix(format!("Use `{meant}`"), Some(vec![fix::replace(arg.value_span, fix::quote(meant))])),
            );
        }
    }
}
