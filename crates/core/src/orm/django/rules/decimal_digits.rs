//! How many digits a decimal number has.

use crate::check::fix;
use crate::check::{Diagnostic, Rule};
use crate::document::{Field, Value};
use crate::edit::TextEdit;
use crate::orm::django::rules::Context;
use crate::orm::django::rules::{arg_span, fields, on_field};

/// The rule.
pub(super) static RULE: Rule = Rule {
    name: "decimal-digits",
    ids: &["fields.E130", "fields.E131", "fields.E132", "fields.E133", "fields.E134"],
    docs: DOCS,
};

const DOCS: &str = r#"## What

A `DecimalField` lacks `max_digits` or `decimal_places`, or they do not fit each other.

## Why

The database stores such numbers exactly, with a fixed number of digits, and has to be told how many.

## Example

```python
price = models.DecimalField()
```

## Fix

Give both: `max_digits=8, decimal_places=2` holds up to 999999.99.
"#;

pub(super) fn check(cx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    for (class, _, field) in fields(cx).filter(|(_, _, field)| field.class.text == "DecimalField") {
        let (places, digits) = (number(field, "decimal_places"), number(field, "max_digits"));
        for (id, keyword, message) in problems(field) {
            out.push(
                on_field(RULE.name, id, class, field, arg_span(field, keyword), message)
                    .cause(format!("{}:{}", RULE.name, field.span.start), format!("`{}` does not say how many digits it holds", field.name.text))
                    .why("A decimal number is stored exactly. The database has to know how many digits it has in all (`max_digits`) and how many of them stand after the point (`decimal_places`).")
                    .fix(repair_title(places, digits), repair(cx, field, places, digits)),
            );
        }
    }
}

/// What is wrong with the digits of a `DecimalField`: id, keyword, message.
pub(super) fn problems(field: &Field) -> Vec<(&'static str, &'static str, &'static str)> {
    let (places, digits) = (number(field, "decimal_places"), number(field, "max_digits"));
    let mut found = Vec::new();
    match places {
        Digits::Missing => found.push((
            "fields.E130",
            "decimal_places",
            "DecimalFields must define a 'decimal_places' attribute.",
        )),
        Digits::Wrong => found.push((
            "fields.E131",
            "decimal_places",
            "'decimal_places' must be a non-negative integer.",
        )),
        Digits::Known(count) if count < 0 => found.push((
            "fields.E131",
            "decimal_places",
            "'decimal_places' must be a non-negative integer.",
        )),
        Digits::Known(_) | Digits::Unknown => {}
    }
    match digits {
        Digits::Missing => found.push((
            "fields.E132",
            "max_digits",
            "DecimalFields must define a 'max_digits' attribute.",
        )),
        Digits::Wrong => {
            found.push(("fields.E133", "max_digits", "'max_digits' must be a positive integer."))
        }
        Digits::Known(count) if count <= 0 => {
            found.push(("fields.E133", "max_digits", "'max_digits' must be a positive integer."))
        }
        Digits::Known(_) | Digits::Unknown => {}
    }
    if let (Digits::Known(places), Digits::Known(digits), true) = (places, digits, found.is_empty())
        && places > digits
    {
        found.push((
            "fields.E134",
            "max_digits",
            "'max_digits' must be greater or equal to 'decimal_places'.",
        ));
    }
    found
}

#[derive(Clone, Copy)]
enum Digits {
    Missing,
    Wrong,
    Known(i64),
    Unknown,
}

fn number(field: &Field, keyword: &str) -> Digits {
    match field.arg(keyword).map(|arg| &arg.value) {
        None if field.args.iter().filter(|arg| arg.keyword.is_none()).count() > 2 => {
            Digits::Unknown
        }
        None | Some(Value::None | Value::List(_) | Value::Dict(_)) => Digits::Missing,
        Some(Value::Int(number)) => Digits::Known(*number),
        Some(Value::Bool(yes)) => Digits::Known(i64::from(*yes)),
        Some(Value::Str(text)) => text.trim().parse().map_or(Digits::Wrong, Digits::Known),
        Some(Value::Number(text)) => text
            .split('.')
            .next()
            .and_then(|whole| whole.parse().ok())
            .map_or(Digits::Unknown, Digits::Known),
        Some(Value::Other(text)) => text.parse().map_or(Digits::Unknown, Digits::Known),
        Some(Value::Name(_) | Value::Call { .. }) => Digits::Unknown,
    }
}

/// What both numbers become: what is right stays.
fn wanted(places: Digits, digits: Digits) -> (i64, i64) {
    let places = match places {
        Digits::Known(count) if count >= 0 => count,
        Digits::Known(_) | Digits::Missing | Digits::Wrong | Digits::Unknown => 2,
    };
    let digits = match digits {
        Digits::Known(count) if count > 0 => count.max(places),
        Digits::Known(_) | Digits::Missing | Digits::Wrong | Digits::Unknown => places + 8,
    };
    (places, digits)
}

fn repair_title(places: Digits, digits: Digits) -> String {
    let (places, digits) = wanted(places, digits);
    format!("Set `max_digits={digits}, decimal_places={places}`")
}

fn repair(
    cx: &Context<'_>,
    field: &Field,
    places: Digits,
    digits: Digits,
) -> Option<Vec<TextEdit>> {
    let (places, digits) = wanted(places, digits);
    let mut edits = Vec::new();
    let mut missing = Vec::new();
    for (keyword, count) in [("max_digits", digits), ("decimal_places", places)] {
        match field.arg(keyword) {
            Some(arg) => edits.push(fix::replace(arg.value_span, count.to_string())),
            None => missing.push(format!("{keyword}={count}")),
        }
    }
    if !missing.is_empty() {
        edits.extend(fix::add(cx.source, field, &missing.join(", "))?);
    }
    Some(edits)
}
