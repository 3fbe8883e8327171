//! A `server_default` that is no string.

use super::{Context, raised_by_class};
use crate::check::{Diagnostic, Rule, fix};
use crate::document::Value;

/// The rule.
pub(super) static RULE: Rule = Rule { name: "server-default", ids: &[], docs: DOCS };

const DOCS: &str = r#"## What

`server_default` is a number or a truth value.

## Why

SQLAlchemy takes a string, or an expression of SQL such as `sqlalchemy.text("0")`.

## Example

```python
class Item(ormar.Model):
    ormar_config = base_ormar_config.copy()
    id: int = ormar.Integer(primary_key=True)
    stock: int = ormar.Integer(server_default=0)
```

## Fix

Write `sqlalchemy.text("0")`, or the string `"0"`.
"#;

pub(super) fn check(cx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    for (model, field) in cx.fields().filter(|(_, field)| field.relation().is_none()) {
        let Some(arg) = field.arg("server_default") else { continue };
        let (class, text) = match &arg.value {
            Value::Int(number) => ("int", number.to_string()),
            Value::Bool(truth) => ("bool", if *truth { "1" } else { "0" }.to_owned()),
            Value::Number(number) => ("float", number.clone()),
            _ => continue,
        };
        let message = format!(
            "Argument 'arg' is expected to be one of type '<class 'str'>' or '<class 'sqlalchemy.sql.elements.ClauseElement'>' or '<class 'sqlalchemy.sql.elements.TextClause'>', got '<class '{class}'>'"
        );
        let mut found = raised_by_class(&RULE, "ArgumentError", model, arg.value_span, message);
        found.subject.field = Some(field.name.text.clone());
        found.object = Some(format!("{}.{}", model.name.text, field.name.text));
        out.push(
            found
                .titled(format!("The `server_default` of `{}` is no SQL", field.name.text))
                .why("A default of the database is part of the table's SQL, so SQLAlchemy wants it as a string or as `sqlalchemy.text(…)`.")
                .fix("Write it as a string", Some(vec![fix::replace(arg.value_span, fix::quote(&text))])),
        );
    }
}
