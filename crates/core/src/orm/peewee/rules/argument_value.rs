//! Values of arguments that a field class refuses.

use super::{Context, place};
use crate::check::{Diagnostic, Rule, fix};
use crate::document::{Field, Value};
use crate::orm::peewee::classes::argument;

/// The rule.
pub(super) static RULE: Rule = Rule { name: "argument-value", ids: &[], docs: DOCS };

const DOCS: &str = r#"## What

A field class looks at the value of an argument, or at the field's name, and refuses it: the resolution of a `TimestampField`, the decimal places of a `DecimalField`, the name of a `RowIDField`.

## Why

A `TimestampField` is a whole number of steps, and a step is a second or a tenth, a hundredth, … of one. A `DecimalField` computes with its places. SQLite's row id has the one name `rowid`.

## Example

```python
created = TimestampField(resolution=8)
```

## Fix

Write one of the values that the class takes, here 1, 10, 100, … or the number of digits from 2 to 6.
"#;

pub(super) fn check(cx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    for model in &cx.document.models {
        for field in &model.fields {
            let Some((exception, message, keyword, why)) = refused(field) else { continue };
            let mut found = Diagnostic::raised(
                RULE.name,
                exception,
                place::call(field),
                field.class.span,
                message,
            )
            .subject(&model.name.text, Some(&field.name.text))
            .titled(format!("`{}` does not take this", field.class.text))
            .why(why);
            if let Some(arg) = field.arg(keyword) {
                found.span = arg.span;
                found = found.fix("Take it out", fix::remove(cx.source, field, keyword));
            } else if keyword.is_empty() {
                found.span = field.name.span;
                found = found
                    .fix("Call it `rowid`", Some(vec![fix::replace(field.name.span, "rowid")]));
            }
            out.push(found);
        }
    }
}

/// Exception, message, argument and reason.
fn refused(field: &Field) -> Option<(&'static str, String, &'static str, &'static str)> {
    match field.base? {
        "TimestampField" => {
            let Value::Int(resolution) =
                argument(field, "resolution").or(field.arg("resolution").map(|arg| &arg.value))?
            else {
                return None;
            };
            let valid =
                matches!(resolution, 0..=6 | 10 | 100 | 1_000 | 10_000 | 100_000 | 1_000_000);
            (!valid).then(|| {
                (
                    "ValueError",
                    "TimestampField resolution must be one of: 1, 10, 100, 1000, 10000, 100000, 1000000".to_owned(),
                    "resolution",
                    "It says how many steps a second has: 1, 10, 100, … up to a million, or the number of digits.",
                )
            })
        }
        "DecimalField" => match argument(field, "decimal_places")? {
            Value::None => Some((
                "TypeError",
                "bad operand type for unary -: 'NoneType'".to_owned(),
                "decimal_places",
                "Peewee computes with the number of decimal places. Without the argument there are 5.",
            )),
            _ => None,
        },
        "RowIDField" if field.name.text != "rowid" => Some((
            "ValueError",
            "<class 'playhouse.sqlite_ext.RowIDField'> must be named \"rowid\".".to_owned(),
            "",
            "SQLite's own row id has this name and no other.",
        )),
        _ => None,
    }
}
