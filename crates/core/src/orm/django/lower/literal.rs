//! Python constants as SQL literals, converted as the field they are compared with converts them.

use super::spelling;
use crate::document::{Argument, ColumnType, Value};
use crate::python;
use crate::sql::Dialect;

/// The literal for a value of a column's type. `None` where the value is not a constant of that type.
pub(super) fn literal(value: &Value, ty: &ColumnType, dialect: Dialect) -> Option<String> {
    if *value == Value::None {
        return Some("NULL".into());
    }
    let typed = |text: String, ty| spelling::typed(&text, ty, dialect);
    match ty {
        ColumnType::SmallInt
        | ColumnType::Integer
        | ColumnType::BigInt
        | ColumnType::SmallIntUnsigned
        | ColumnType::IntegerUnsigned
        | ColumnType::BigIntUnsigned => {
            integer(value).map(|digits| spelling::number(digits, dialect))
        }
        ColumnType::Boolean => match (value, dialect) {
            (Value::Bool(truth), _) => Some(spelling::boolean(*truth, dialect)),
            (_, Dialect::Engine | Dialect::Sqlite) => integer(value),
            (Value::Int(0), Dialect::Postgres | Dialect::MySql) => {
                Some(spelling::boolean(false, dialect))
            }
            (Value::Int(1), Dialect::Postgres | Dialect::MySql) => {
                Some(spelling::boolean(true, dialect))
            }
            (_, Dialect::Postgres | Dialect::MySql) => None,
        },
        ColumnType::Float => float(value).map(|digits| spelling::float(digits, dialect)),
        ColumnType::Decimal(_) => decimal(value).map(|digits| match dialect {
            Dialect::Sqlite => spelling::string(&digits, dialect),
            Dialect::Engine | Dialect::Postgres | Dialect::MySql => {
                spelling::number(digits, dialect)
            }
        }),
        ColumnType::Varchar(_)
        | ColumnType::Char(_)
        | ColumnType::Text
        | ColumnType::Unknown(_) => text(value).map(|text| spelling::string(&text, dialect)),
        ColumnType::Ip => text(value).map(|text| typed(text, "inet")),
        ColumnType::Date => date(value).map(|text| typed(text, "date")),
        ColumnType::DateTime => date_time(value).map(|text| typed(text, "timestamp")),
        ColumnType::Time => time(value).map(|text| typed(on_clock(text, dialect), "time")),
        ColumnType::Duration => interval(value, dialect),
        ColumnType::Uuid => uuid(value, dialect).map(|text| typed(text, "uuid")),
        ColumnType::Json => json(value).map(|text| typed(text, "jsonb")),
        ColumnType::Binary => None,
    }
}

/// The literal of a value by itself, as `Value(…)` and numbers in expressions are written.
pub(super) fn plain(value: &Value, dialect: Dialect) -> Option<String> {
    match value {
        Value::None => Some("NULL".into()),
        Value::Bool(truth) => Some(spelling::boolean(*truth, dialect)),
        Value::Int(int) => Some(spelling::number(int.to_string(), dialect)),
        Value::Number(_) => float(value).map(|digits| spelling::float(digits, dialect)),
        Value::Str(text) => Some(spelling::string(text, dialect)),
        Value::Call { callee, .. } => decimal(value)
            .map(|digits| match dialect {
                Dialect::Sqlite => {
                    format!("(CAST({} AS NUMERIC))", spelling::string(&digits, dialect))
                }
                Dialect::Engine | Dialect::Postgres | Dialect::MySql => {
                    spelling::number(digits, dialect)
                }
            })
            .or_else(|| {
                let ty = match callee.rsplit('.').next()? {
                    "date" => "date",
                    "time" => "time",
                    _ => "timestamp",
                };
                date_call(value).map(|text| spelling::typed(&text, ty, dialect))
            })
            .or_else(|| interval(value, dialect)),
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
        ("time" | "datetime.time", [hour, minute, second, rest @ ..]) if rest.len() <= 1 => {
            Some(format!("{hour:02}:{minute:02}:{second:02}{}", fraction(rest.first())))
        }
        ("datetime" | "datetime.datetime", [year, month, day, rest @ ..]) => {
            let part = |at: usize| rest.get(at).copied().unwrap_or_default();
            (rest.len() <= 4).then(|| {
                format!(
                    "{year:04}-{month:02}-{day:02} {:02}:{:02}:{:02}{}",
                    part(0),
                    part(1),
                    part(2),
                    fraction(rest.get(3))
                )
            })
        }
        _ => None,
    }
}

/// Microseconds as Python prints them after the seconds: nothing where there are none.
fn fraction(microseconds: Option<&i64>) -> String {
    match microseconds {
        None | Some(0) => String::new(),
        Some(microseconds) => format!(".{microseconds:06}"),
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
    let whole = text.split_once('.').map_or(text.as_str(), |(whole, _)| whole);
    (is_shaped(whole, "dddd-dd-dd dd:dd:dd") && (whole.len() == text.len() || is_call(value)))
        .then_some(text)
}

fn time(value: &Value) -> Option<String> {
    match value {
        Value::Str(text) if is_shaped(text, "dd:dd:dd") => Some(text.clone()),
        Value::Str(text) if is_shaped(text, "dd:dd") => Some(format!("{text}:00")),
        Value::Call { .. } => date_call(value),
        _ => None,
    }
}

fn is_call(value: &Value) -> bool {
    matches!(value, Value::Call { .. })
}

/// MySQL always gets microseconds.
fn on_clock(text: String, dialect: Dialect) -> String {
    match dialect {
        Dialect::MySql if !text.contains('.') => format!("{text}.000000"),
        Dialect::Engine | Dialect::Sqlite | Dialect::Postgres | Dialect::MySql => text,
    }
}

/// A duration: on PostgreSQL an interval as Python prints it, otherwise microseconds.
fn interval(value: &Value, dialect: Dialect) -> Option<String> {
    let total = duration(value)?;
    if dialect != Dialect::Postgres {
        return Some(total.to_string());
    }
    const DAY: i64 = 86_400_000_000;
    let (days, rest) = (total.div_euclid(DAY), total.rem_euclid(DAY));
    let seconds = rest / 1_000_000;
    let clock = format!(
        "{}:{:02}:{:02}{}",
        seconds / 3600,
        seconds / 60 % 60,
        seconds % 60,
        fraction(Some(&(rest % 1_000_000)))
    );
    let text = match days {
        0 => clock,
        1 | -1 => format!("{days} day {clock}"),
        _ => format!("{days} days {clock}"),
    };
    Some(spelling::typed(&text, "interval", dialect))
}

/// Whether a text has digits where the pattern has `d`, and the pattern's own characters elsewhere.
fn is_shaped(text: &str, pattern: &str) -> bool {
    text.len() == pattern.len()
        && text.chars().zip(pattern.chars()).all(|(letter, wanted)| {
            if wanted == 'd' { letter.is_ascii_digit() } else { letter == wanted }
        })
}

/// Microseconds, as databases without intervals keep them.
fn duration(value: &Value) -> Option<i64> {
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
    Some(total)
}

fn uuid(value: &Value, dialect: Dialect) -> Option<String> {
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
    match dialect {
        Dialect::Sqlite | Dialect::Postgres | Dialect::MySql => Some(digits),
        Dialect::Engine => {
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
