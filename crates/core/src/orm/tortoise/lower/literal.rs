//! Python constants as SQL, converted as Tortoise's fields and encoders convert them.
//!
//! Source: `_get_field_default` of the schema generator, `to_db_value` of the fields, `tortoise/converters.py`.

use crate::document::{Argument, ColumnSpec, ColumnType, Value};
use crate::orm::tortoise::fields;
use crate::python;

/// A database-side default.
pub(super) struct Default {
    /// As Tortoise writes it on SQLite.
    pub(super) native: String,
    /// In standard SQL, where it can be said.
    pub(super) plain: Option<String>,
}

/// `db_default=`; `None` where it is not understood.
pub(super) fn default(
    value: &Value,
    ty: &ColumnType,
    spec: Option<&ColumnSpec>,
) -> Option<Default> {
    if let Value::Call { callee, args } = value {
        let same = |sql: &str| Some(Default { native: sql.into(), plain: Some(sql.into()) });
        match callee.rsplit('.').next().unwrap_or(callee) {
            "Now" => return same("CURRENT_TIMESTAMP"),
            "RandomHex" => {
                let native = "(lower(hex(randomblob(16))))".to_owned();
                return Some(Default { native, plain: None });
            }
            "SqlDefault" => return args.first()?.value.as_str().and_then(same),
            _ => {}
        }
    }
    let value = member(value, spec).unwrap_or(value);
    let native = native(value, ty)?;
    Some(Default { plain: plain(value, ty), native })
}

/// A member of the field's own enumeration stands for its value.
fn member<'a>(value: &Value, spec: Option<&'a ColumnSpec>) -> Option<&'a Value> {
    let Value::Name(path) = value else { return None };
    let name = path.rsplit('.').next()?;
    let choices = spec.map(|spec| spec.choices.as_slice()).unwrap_or_default();
    choices.iter().find(|(_, known)| known.as_str() == Some(name)).map(|(value, _)| value)
}

fn native(value: &Value, ty: &ColumnType) -> Option<String> {
    if *value == Value::None {
        return Some("NULL".into());
    }
    match ty {
        ColumnType::Boolean => python::truth(value).map(|yes| u8::from(yes).to_string()),
        ColumnType::Decimal(_) => decimal(value),
        ColumnType::Float => match value {
            Value::Bool(yes) => Some(u8::from(*yes).to_string()),
            Value::Str(text) => general(text.trim().parse().ok()?),
            other => general(python::as_float(other)?),
        },
        ColumnType::SmallInt | ColumnType::Integer | ColumnType::BigInt => integer(value),
        ColumnType::Duration => duration(value).map(|micros| micros.to_string()),
        ColumnType::Json => json(value).map(|text| escaped(&text)),
        ColumnType::Date => date(value).map(|text| escaped(&text)),
        ColumnType::DateTime | ColumnType::Time => match value {
            Value::Str(text) => Some(escaped(text)),
            other => moment(other).map(|text| format!("'{text}'")),
        },
        ColumnType::Varchar(_) | ColumnType::Char(_) | ColumnType::Text | ColumnType::Uuid => {
            fields::text(value).map(|text| escaped(&text))
        }
        ColumnType::Binary
        | ColumnType::SmallIntUnsigned
        | ColumnType::IntegerUnsigned
        | ColumnType::BigIntUnsigned
        | ColumnType::Ip
        | ColumnType::Unknown(_) => match value {
            Value::Int(int) => Some(int.to_string()),
            Value::Str(text) => Some(escaped(text)),
            _ => None,
        },
    }
}

/// The same for our own engine.
fn plain(value: &Value, ty: &ColumnType) -> Option<String> {
    match (value, ty) {
        (Value::None, _) => Some("NULL".into()),
        (value, ColumnType::Boolean) => {
            python::truth(value).map(|yes| if yes { "TRUE" } else { "FALSE" }.into())
        }
        (value, ColumnType::Json) => json(value).map(|text| quoted(&text)),
        (value, ColumnType::Date) => date(value).map(|text| quoted(&text)),
        (Value::Str(text), ColumnType::DateTime | ColumnType::Time) => Some(quoted(text)),
        (
            value,
            ColumnType::Varchar(_) | ColumnType::Char(_) | ColumnType::Text | ColumnType::Uuid,
        ) => fields::text(value).map(|text| quoted(&text)),
        _ => native(value, ty),
    }
}

/// A value of an enumeration.
pub(super) fn choice(value: &Value, ty: &ColumnType) -> Option<String> {
    plain(value, ty).filter(|text| text != "NULL")
}

/// The condition of a `PartialIndex`: names and constants, all of which must hold.
pub(super) fn condition(value: &Value) -> Option<String> {
    let Value::Dict(entries) = value else { return None };
    let each = |(name, value): &(Value, Value)| {
        let value = match value {
            Value::Str(text) => quoted(text),
            Value::Int(int) => int.to_string(),
            Value::Bool(yes) => yes.to_string(),
            Value::Number(text) => text.clone(),
            Value::None => "null".into(),
            Value::List(_)
            | Value::Dict(_)
            | Value::Name(_)
            | Value::Call { .. }
            | Value::Other(_) => {
                return None;
            }
        };
        Some(format!("{} = {value}", name.as_str()?))
    };
    let parts: Option<Vec<String>> = entries.iter().map(each).collect();
    parts.filter(|parts| !parts.is_empty()).map(|parts| parts.join(" AND "))
}

fn integer(value: &Value) -> Option<String> {
    match value {
        Value::Int(int) => Some(int.to_string()),
        Value::Bool(yes) => Some(u8::from(*yes).to_string()),
        Value::Str(text) => text.trim().parse::<i64>().ok().map(|int| int.to_string()),
        Value::Number(text) => {
            let number: f64 = text.parse().ok()?;
            (number.abs() < 1e15).then(|| format!("{}", number.trunc() as i64))
        }
        _ => None,
    }
}

/// The digits of a decimal, from a number, a string or `Decimal("…")`.
fn decimal(value: &Value) -> Option<String> {
    match value {
        Value::Int(int) => Some(int.to_string()),
        Value::Number(text) | Value::Str(text) => text.parse::<f64>().ok().map(|_| text.clone()),
        Value::Call { callee, args } if callee.rsplit('.').next() == Some("Decimal") => {
            decimal(&args.first()?.value)
        }
        _ => None,
    }
}

/// Python's `f"{number:.15g}"`.
fn general(number: f64) -> Option<String> {
    if !number.is_finite() {
        return None;
    }
    let short = format!("{number:.14e}");
    let (digits, exponent) = short.split_once('e')?;
    let exponent: i32 = exponent.parse().ok()?;
    let trim = |text: &str| {
        if text.contains('.') {
            text.trim_end_matches('0').trim_end_matches('.').to_owned()
        } else {
            text.to_owned()
        }
    };
    if !(-4..15).contains(&exponent) {
        let sign = if exponent < 0 { '-' } else { '+' };
        return Some(format!("{}e{sign}{:02}", trim(digits), exponent.abs()));
    }
    let places = usize::try_from(14 - exponent).unwrap_or_default();
    Some(trim(&format!("{number:.places$}")))
}

fn json(value: &Value) -> Option<String> {
    Some(match value {
        // A text is taken for JSON already.
        Value::Str(text) => text.clone(),
        other => json_of(other)?.to_string(),
    })
}

fn json_of(value: &Value) -> Option<serde_json::Value> {
    Some(match value {
        Value::None => serde_json::Value::Null,
        Value::Bool(yes) => (*yes).into(),
        Value::Int(int) => (*int).into(),
        Value::Number(_) => python::as_float(value)?.into(),
        Value::Str(text) => text.clone().into(),
        Value::List(items) => {
            serde_json::Value::Array(items.iter().map(json_of).collect::<Option<_>>()?)
        }
        Value::Dict(entries) => {
            let each =
                |(name, value): &(Value, Value)| Some((name.as_str()?.to_owned(), json_of(value)?));
            serde_json::Value::Object(entries.iter().map(each).collect::<Option<_>>()?)
        }
        Value::Name(_) | Value::Call { .. } | Value::Other(_) => return None,
    })
}

fn numbers(args: &[Argument]) -> Option<Vec<i64>> {
    args.iter()
        .filter(|arg| arg.keyword.is_none())
        .map(|arg| if let Value::Int(int) = arg.value { Some(int) } else { None })
        .collect()
}

/// `datetime.date(2024, 1, 31)`, or a text.
fn date(value: &Value) -> Option<String> {
    match value {
        Value::Str(text) => Some(text.clone()),
        Value::Call { callee, args } if callee.rsplit('.').next() == Some("date") => {
            let [year, month, day] = numbers(args)?.try_into().ok()?;
            Some(format!("{year:04}-{month:02}-{day:02}"))
        }
        _ => None,
    }
}

/// `datetime.datetime(…)` and `datetime.time(…)` as `isoformat` writes them.
fn moment(value: &Value) -> Option<String> {
    let Value::Call { callee, args } = value else { return None };
    let numbers = numbers(args)?;
    if args.iter().any(|arg| arg.keyword.is_some()) {
        return None;
    }
    let part = |at: usize| numbers.get(at).copied().unwrap_or_default();
    let clock = |at: usize| {
        let base = format!("{:02}:{:02}:{:02}", part(at), part(at + 1), part(at + 2));
        if part(at + 3) == 0 { base } else { format!("{base}.{:06}", part(at + 3)) }
    };
    match callee.rsplit('.').next()? {
        "time" => Some(clock(0)),
        "datetime" if numbers.len() >= 3 => {
            Some(format!("{:04}-{:02}-{:02}T{}", part(0), part(1), part(2), clock(3)))
        }
        _ => None,
    }
}

/// `datetime.timedelta(…)` in microseconds.
fn duration(value: &Value) -> Option<i64> {
    let Value::Call { callee, args } = value else { return None };
    if callee.rsplit('.').next() != Some("timedelta") {
        return None;
    }
    const UNITS: [(&str, i64); 7] = [
        ("days", 86_400_000_000),
        ("seconds", 1_000_000),
        ("microseconds", 1),
        ("milliseconds", 1_000),
        ("minutes", 60_000_000),
        ("hours", 3_600_000_000),
        ("weeks", 604_800_000_000),
    ];
    let mut total = 0_i64;
    for (at, arg) in args.iter().enumerate() {
        let (_, unit) = match &arg.keyword {
            Some(keyword) => UNITS.iter().find(|(name, _)| name == keyword)?,
            None => UNITS.get(at)?,
        };
        let Value::Int(count) = arg.value else { return None };
        total = total.checked_add(count.checked_mul(*unit)?)?;
    }
    Some(total)
}

/// A text as SQL has it.
fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

/// A text as Tortoise's encoder writes it: with backslashes, which SQLite does not know.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('\'');
    for letter in text.chars() {
        match letter {
            '\0' => out.push_str("\\0"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\u{1a}' => out.push_str("\\Z"),
            '\\' | '"' | '\'' => {
                out.push('\\');
                out.push(letter);
            }
            other => out.push(other),
        }
    }
    out.push('\'');
    out
}
