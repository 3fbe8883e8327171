//! An argument that a field class refuses.

use super::{Context, raised_by_call};
use crate::check::{Diagnostic, Rule, fix};
use crate::document::{Field, Model, Value};
use crate::orm::ormar::fields;

/// The rule.
pub(super) static RULE: Rule = Rule { name: "bad-argument", ids: &[], docs: DOCS };

const DOCS: &str = r#"## What

A length is not positive, the digits of a `Decimal` are missing, or the `enum_class` of an `Enum` is no enumeration.

## Why

ormar could not make a column of it. Zero `decimal_places` count as missing: write `scale=0`.

## Example

```python
class Item(ormar.Model):
    ormar_config = base_ormar_config.copy()
    id: int = ormar.Integer(primary_key=True)
    price = ormar.Decimal(max_digits=8)
```

## Fix

Give the argument a value that makes sense.
"#;

pub(super) fn check(cx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    for (model, field) in cx.made() {
        match field.base {
            Some("String" | "LargeBinary") => length(cx, model, field, out),
            Some("Decimal") => digits(cx, model, field, out),
            Some("Enum") => enumeration(model, field, out),
            _ => {}
        }
    }
}

fn length(cx: &Context<'_>, model: &Model, field: &Field, out: &mut Vec<Diagnostic>) {
    let Some(arg) = field.arg("max_length") else { return };
    if !matches!(arg.value, Value::Int(length) if length <= 0) {
        return;
    }
    let class = field.base.unwrap_or_default();
    let message = format!("Parameter max_length is required for field {class}");
    out.push(
        raised_by_call(&RULE, "ModelDefinitionError", (model, field), arg.span, message)
            .titled(format!("The length of `{}` must be positive", field.name.text))
            .why("A column of no length holds nothing.")
            .fix("Make it 100", fix::set(cx.source, field, "max_length", "100")),
    );
}

fn digits(cx: &Context<'_>, model: &Model, field: &Field, out: &mut Vec<Diagnostic>) {
    let constant = |name: &str| {
        !matches!(
            field.arg(name).map(|arg| &arg.value),
            Some(Value::Name(_) | Value::Call { .. } | Value::Other(_))
        )
    };
    let names = ["max_digits", "precision", "decimal_places", "scale"];
    if fields::digits(&field.args).is_some() || !names.into_iter().all(constant) {
        return;
    }
    let message = "Parameters scale and precision are required for field Decimal";
    let zero = matches!(field.arg("decimal_places").map(|arg| &arg.value), Some(Value::Int(0)));
    let mut found =
        raised_by_call(&RULE, "ModelDefinitionError", (model, field), field.class.span, message)
            .titled(format!("`{}` needs the digits in all and those after the point", field.name.text))
            .why(if zero {
                "ormar takes `decimal_places=0` for not given. `scale=0` says the same, and counts."
            } else {
                "A decimal column has a fixed number of digits: `max_digits` in all, `decimal_places` of them after the point."
            });
    let edits = if zero {
        let places = field.arg("decimal_places");
        places
            .filter(|_| field.arg("scale").is_none())
            .map(|places| vec![fix::replace(places.span, "scale=0")])
    } else if field.arg("max_digits").is_none()
        && field.arg("precision").is_none()
        && field.arg("decimal_places").is_none()
        && field.arg("scale").is_none()
    {
        fix::add(cx.source, field, "max_digits=10, decimal_places=2")
    } else if field.arg("max_digits").or(field.arg("precision")).is_none() {
        fix::set(cx.source, field, "max_digits", "10")
    } else if field.arg("decimal_places").or(field.arg("scale")).is_none() {
        fix::set(cx.source, field, "decimal_places", "2")
    } else {
        None
    };
    found = found.fix(if zero { "Write `scale=0`" } else { "Add the digits" }, edits);
    out.push(found);
}

fn enumeration(model: &Model, field: &Field, out: &mut Vec<Diagnostic>) {
    let Some(arg) = field.arg("enum_class") else { return };
    match &arg.value {
        Value::Name(_) | Value::Call { .. } | Value::Other(_) => return,
        Value::None
        | Value::Bool(_)
        | Value::Int(_)
        | Value::Number(_)
        | Value::Str(_)
        | Value::List(_)
        | Value::Dict(_) => {}
    }
    let message = "Enum Field choices must be EnumType";
    out.push(
        raised_by_call(&RULE, "ModelDefinitionError", (model, field), arg.span, message)
            .titled(format!("The `enum_class` of `{}` is no enumeration", field.name.text))
            .why("The column keeps the names of an enumeration's members, so ormar needs a class that derives from `Enum`."),
    );
}
