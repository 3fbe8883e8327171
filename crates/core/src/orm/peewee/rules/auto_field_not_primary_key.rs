//! An `AutoField` that is not to be the primary key.

use super::{Context, place};
use crate::check::{Diagnostic, Rule, fix};
use crate::document::Value;
use crate::orm::peewee::fields;

/// The rule.
pub(super) static RULE: Rule = Rule { name: "auto-field-not-primary-key", ids: &[], docs: DOCS };

const DOCS: &str = r#"## What

An `AutoField` says `primary_key=False`.

## Why

The database numbers the rows by it, and only a primary key can do that. Peewee makes it the primary key whether you say so or not, and refuses the contrary.

## Example

```python
number = AutoField(primary_key=False)
```

## Fix

Leave the argument out, or use an `IntegerField`.
"#;

pub(super) fn check(cx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    for model in &cx.document.models {
        for field in &model.fields {
            let Some(known) =
                field.base.and_then(fields::anywhere).filter(|known| fields::is_auto(known))
            else {
                continue;
            };
            let Some(arg) = field.arg("primary_key").filter(|arg| arg.value == Value::Bool(false))
            else {
                continue;
            };
            let message = format!("<class 'peewee.{}'> must always be a primary key.", known.name);
            out.push(
                Diagnostic::raised(RULE.name, "ValueError", place::call(field), arg.span, message)
                    .subject(&model.name.text, Some(&field.name.text))
                    .titled(format!("`{}` always is the primary key", field.class.text))
                    .why("The database numbers the rows by such a field, and only a primary key can do that.")
                    .fix("Leave the argument out", fix::remove(cx.source, field, "primary_key")),
            );
        }
    }
}
