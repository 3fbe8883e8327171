//! Python constants as SQL literals, converted as the field they are compared with converts them.

use super::Flavour;
use crate::document::{Argument, ColumnType, Value};
use crate::python;

/// A string literal.
pub(super) fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

/// The literal for a value of a column's type. `None` where the value is not a constant of that type.
pub(super) fn literal(value: &Value, ty: &ColumnType, flavour: Flavour) -> Option<String> {
    if *value == Value::None {
        return Some("NULL".into());
    }
    match ty {
        ColumnType::SmallInt
        | ColumnType::Integer
        | ColumnType::BigInt
        | ColumnType::SmallIntUnsigned
        | ColumnType::IntegerUnsigned
        | ColumnType::BigIntUnsigned => integer(value),
        ColumnType::Boolean => match (value, flavour) {
            (Value::Bool(bool), Flavour::Plain) => {
                Some(if *bool { "TRUE" } else { "FALSE" }.into())
            }
            _ => integer(value),
        },
        ColumnType::Float => float(value),
        ColumnType::Decimal(_) => decimal(value).map(|text| match flavour {
            Flavour::Native => quoted(&text),
            Flavour::Plain => text,
        }),
        ColumnType::Varchar(_)
        | ColumnType::Char(_)
        | ColumnType::Text
        | ColumnType::Ip
        | ColumnType::Unknown(_) => text(value).map(|text| quoted(&text)),
        ColumnType::Date => date(value).map(|text| quoted(&text)),
        ColumnType::DateTime => date_time(value).map(|text| quoted(&text)),
        ColumnType::Time => time(value).map(|text| quoted(&text)),
        ColumnType::Duration => duration(value),
        ColumnType::Uuid => uuid(value, flavour).map(|text| quoted(&text)),
        ColumnType::Json => json(value).map(|text| quoted(&text)),
        ColumnType::Binary => None,
    }
}

/// The literal of a value by itself, as `Value(…)` and numbers in expressions are written.
pub(super) fn plain(value: &Value, flavour: Flavour) -> Option<String> {
    match value {
        Value::None => Some("NULL".into()),
        Value::Bool(bool) => Some(match (flavour, bool) {
            (Flavour::Native, bool) => u8::from(*bool).to_string(),
            (Flavour::Plain, true) => "TRUE".into(),
            (Flavour::Plain, false) => "FALSE".into(),
        }),
        Value::Int(int) => Some(int.to_string()),
        Value::Number(_) => float(value),
        Value::Str(text) => Some(quoted(text)),
        Value::Call { .. } => decimal(value)
            .map(|text| match flavour {
                Flavour::Native => format!("(CAST({} AS NUMERIC))", quoted(&text)),
                Flavour::Plain => text,
            })
            .or_else(|| date_call(value).map(|text| quoted(&text)))
            .or_else(|| duration(value)),
        Value::List(_) | Value::Dict(_) | Value::Name(_) | Value::Other(_) => None,
    }
}

fn integer(value: &Value) -> Option<String> {
    match value {
        Value::Int(int) => Some(int.to_string()),
        Value::Bool(bool) => Some(u8::from(*bool).to_string()),
        Value::Str(text) => text.trim().parse::<i64>().ok().map(|int| int.to_string()),
        Value::Number(text) => text
            .parse::<f64>()
            .ok()
            .filter(|number| number.abs() < 1e15)
            .map(|number| format!("{}", number.trunc() as i64)),
        _ => None,
    }
}

/// A float as Python prints it.
fn float(value: &Value) -> Option<String> {
    let number = match value {
        Value::Bool(bool) => f64::from(u8::from(*bool)),
        Value::Str(text) => text.parse().ok()?,
        other => python::as_float(other)?,
    };
    Some(python::float_text(number))
}

/// The digits of a decimal, from a number, a string or `Decimal("…")`.
fn decimal(value: &Value) -> Option<String> {
    match value {
        Value::Int(int) => Some(int.to_string()),
        Value::Number(text) | Value::Str(text) => text.parse::<f64>().ok().map(|_| text.clone()),
        Value::Call { callee, args } if callee == "Decimal" || callee == "decimal.Decimal" => {
            decimal(&args.first()?.value)
        }
        _ => None,
    }
}

fn text(value: &Value) -> Option<String> {
    match value {
        Value::Str(text) => Some(text.clone()),
        Value::Int(int) => Some(int.to_string()),
        Value::Number(_) => float(value),
        Value::Bool(true) => Some("True".into()),
        Value::Bool(false) => Some("False".into()),
        _ => None,
    }
}

fn integers(args: &[Argument]) -> Option<Vec<i64>> {
    args.iter()
        .map(|arg| {
            if let (None, Value::Int(int)) = (&arg.keyword, &arg.value) { Some(*int) } else { None }
        })
        .collect()
}

/// `datetime.date(2020, 1, 1)` and its like, in the form that SQLite keeps.
fn date_call(value: &Value) -> Option<String> {
    let Value::Call { callee, args } = value else { return None };
    let numbers = integers(args)?;
    match (callee.as_str(), numbers.as_slice()) {
        ("date" | "datetime.date", [year, month, day]) => {
            Some(format!("{year:04}-{month:02}-{day:02}"))
        }
        ("time" | "datetime.time", [hour, minute]) => Some(format!("{hour:02}:{minute:02}:00")),
        ("time" | "datetime.time", [hour, minute, second]) => {
            Some(format!("{hour:02}:{minute:02}:{second:02}"))
        }
        ("datetime" | "datetime.datetime", [year, month, day, rest @ ..]) => {
            let part = |at: usize| rest.get(at).copied().unwrap_or_default();
            (rest.len() <= 3).then(|| {
                format!(
                    "{year:04}-{month:02}-{day:02} {:02}:{:02}:{:02}",
                    part(0),
                    part(1),
                    part(2)
                )
            })
        }
        _ => None,
    }
}

fn date(value: &Value) -> Option<String> {
    match value {
        Value::Str(text) if is_shaped(text, "dddd-dd-dd") => Some(text.clone()),
        Value::Call { .. } => date_call(value).and_then(|text| text.get(..10).map(str::to_owned)),
        _ => None,
    }
}

fn date_time(value: &Value) -> Option<String> {
    let text = match value {
        Value::Str(text) => text.replace('T', " "),
        Value::Call { .. } => date_call(value)?,
        _ => return None,
    };
    if is_shaped(&text, "dddd-dd-dd") {
        return Some(format!("{text} 00:00:00"));
    }
    if is_shaped(&text, "dddd-dd-dd dd:dd") {
        return Some(format!("{text}:00"));
    }
    is_shaped(&text, "dddd-dd-dd dd:dd:dd").then_some(text)
}

fn time(value: &Value) -> Option<String> {
    match value {
        Value::Str(text) if is_shaped(text, "dd:dd:dd") => Some(text.clone()),
        Value::Str(text) if is_shaped(text, "dd:dd") => Some(format!("{text}:00")),
        Value::Call { .. } => date_call(value),
        _ => None,
    }
}

/// Whether a text has digits where the pattern has `d`, and the pattern's own characters elsewhere.
fn is_shaped(text: &str, pattern: &str) -> bool {
    text.len() == pattern.len()
        && text.chars().zip(pattern.chars()).all(|(letter, wanted)| {
            if wanted == 'd' { letter.is_ascii_digit() } else { letter == wanted }
        })
}

/// Microseconds, as databases without intervals keep them.
fn duration(value: &Value) -> Option<String> {
    let Value::Call { callee, args } = value else { return None };
    if callee != "timedelta" && callee != "datetime.timedelta" {
        return None;
    }
    let mut total: i64 = 0;
    for (at, arg) in args.iter().enumerate() {
        let unit = arg
            .keyword
            .as_deref()
            .or_else(|| ["days", "seconds", "microseconds"].get(at).copied())?;
        let factor: i64 = match unit {
            "weeks" => 604_800_000_000,
            "days" => 86_400_000_000,
            "hours" => 3_600_000_000,
            "minutes" => 60_000_000,
            "seconds" => 1_000_000,
            "milliseconds" => 1_000,
            "microseconds" => 1,
            _ => return None,
        };
        let Value::Int(count) = arg.value else { return None };
        total = total.checked_add(count.checked_mul(factor)?)?;
    }
    Some(total.to_string())
}

fn uuid(value: &Value, flavour: Flavour) -> Option<String> {
    let written = match value {
        Value::Str(text) => text.clone(),
        Value::Call { callee, args } if callee == "UUID" || callee == "uuid.UUID" => {
            args.first()?.value.as_str()?.to_owned()
        }
        _ => return None,
    };
    let digits: String = written
        .chars()
        .filter(|letter| *letter != '-')
        .map(|letter| letter.to_ascii_lowercase())
        .collect();
    if digits.len() != 32 || !digits.chars().all(|letter| letter.is_ascii_hexdigit()) {
        return None;
    }
    match flavour {
        Flavour::Native => Some(digits),
        Flavour::Plain => {
            let part = |from: usize, to: usize| digits.get(from..to).unwrap_or_default();
            Some(format!(
                "{}-{}-{}-{}-{}",
                part(0, 8),
                part(8, 12),
                part(12, 16),
                part(16, 20),
                part(20, 32)
            ))
        }
    }
}

/// JSON as Python's `json.dumps` writes it.
pub(super) fn json(value: &Value) -> Option<String> {
    Some(match value {
        Value::None => "null".into(),
        Value::Bool(bool) => bool.to_string(),
        Value::Int(int) => int.to_string(),
        Value::Number(_) => float(value)?,
        Value::Str(text) => ascii_json(text),
        Value::List(items) => {
            format!("[{}]", items.iter().map(json).collect::<Option<Vec<_>>>()?.join(", "))
        }
        Value::Dict(entries) => {
            let entry = |(key, value): &(Value, Value)| {
                Some(format!("{}: {}", ascii_json(key.as_str()?), json(value)?))
            };
            format!("{{{}}}", entries.iter().map(entry).collect::<Option<Vec<_>>>()?.join(", "))
        }
        Value::Name(name) if name == "dict" => "{}".into(),
        Value::Name(name) if name == "list" => "[]".into(),
        Value::Name(_) | Value::Call { .. } | Value::Other(_) => return None,
    })
}

/// A JSON string with everything that is not ASCII escaped.
fn ascii_json(text: &str) -> String {
    let mut out = String::from("\"");
    for letter in text.chars() {
        match letter {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            ' '..='~' => out.push(letter),
            other => {
                for unit in other.encode_utf16(&mut [0; 2]) {
                    out.push_str(&format!("\\u{unit:04x}"));
                }
            }
        }
    }
    out.push('"');
    out
}
