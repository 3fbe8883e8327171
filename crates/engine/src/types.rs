//! The engine's types and values.

#[cfg(feature = "second-opinion")]
use gluesql_core::ast::DataType;
use gluesql_core::chrono::{NaiveDate, NaiveDateTime, NaiveTime};
use gluesql_core::data::{Key, Value};
use rust_decimal::Decimal;

use crate::outcome::Cell;

/// The type of an expression, known before anything runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Type {
    /// Whole numbers, 64 bits.
    Int,
    /// Floating-point numbers, 64 bits.
    Float,
    /// Exact numbers.
    Decimal,
    /// Whole or floating-point from row to row, as SQLite's CASE and COALESCE can give.
    Number,
    /// Text.
    Text,
    /// Booleans.
    Bool,
    /// Dates.
    Date,
    /// Times of day.
    Time,
    /// Dates with times.
    Timestamp,
    /// UUIDs.
    Uuid,
    /// JSON, kept as its text.
    Json,
    /// Bytes.
    Blob,
    /// The type of NULL: fits all.
    Null,
}

impl Type {
    /// Its name in messages and in results.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Type::Int => "INTEGER",
            Type::Float => "DOUBLE",
            Type::Decimal => "NUMERIC",
            Type::Number => "NUMBER",
            Type::Text => "TEXT",
            Type::Bool => "BOOLEAN",
            Type::Date => "DATE",
            Type::Time => "TIME",
            Type::Timestamp => "TIMESTAMP",
            Type::Uuid => "UUID",
            Type::Json => "JSON",
            Type::Blob => "BLOB",
            Type::Null => "",
        }
    }

    pub(crate) fn is_numeric(self) -> bool {
        matches!(self, Type::Int | Type::Float | Type::Decimal | Type::Number)
    }

    /// GlueSQL's type for it.
    #[cfg(feature = "second-opinion")]
    pub(crate) fn data_type(self) -> DataType {
        match self {
            Type::Int => DataType::Int,
            Type::Float | Type::Number => DataType::Float,
            Type::Decimal => DataType::Decimal,
            Type::Text | Type::Json | Type::Null => DataType::Text,
            Type::Bool => DataType::Boolean,
            Type::Date => DataType::Date,
            Type::Time => DataType::Time,
            Type::Timestamp => DataType::Timestamp,
            Type::Uuid => DataType::Uuid,
            Type::Blob => DataType::Bytea,
        }
    }
}

/// The key of a value in an index. Values in a column all have the column's type, so equal values have equal keys.
pub(crate) fn key(value: &Value) -> Key {
    match value {
        Value::Null => Key::None,
        Value::I64(number) => Key::I64(*number),
        Value::Str(text) => Key::Str(text.clone()),
        // -0.0 and 0.0 are one value.
        Value::F64(number) if *number == 0.0 => Key::F64(0.0.into()),
        value => Key::try_from(value).unwrap_or(Key::None),
    }
}

/// A value that nobody else needs, as the outside sees it.
pub(crate) fn into_cell(value: Value) -> Cell {
    match value {
        Value::Str(text) => Cell::Text(text),
        Value::Bytea(bytes) => Cell::Bytes(bytes),
        other => cell(&other),
    }
}

/// A value as the outside sees it.
pub(crate) fn cell(value: &Value) -> Cell {
    match value {
        Value::Null => Cell::Null,
        Value::Bool(value) => Cell::Bool(*value),
        Value::I64(value) => Cell::Int(*value),
        Value::F64(value) => Cell::Float(*value),
        Value::Decimal(value) => Cell::Decimal(value.to_string()),
        Value::Str(value) => Cell::Text(value.clone()),
        Value::Bytea(value) => Cell::Bytes(value.clone()),
        Value::Date(value) => Cell::Date(value.to_string()),
        Value::Time(value) => Cell::Time(time_text(value)),
        Value::Timestamp(value) => Cell::Timestamp(timestamp_text(value)),
        Value::Uuid(value) => Cell::Uuid(uuid_text(*value)),
        #[cfg(feature = "second-opinion")]
        other => Cell::Text(String::from(other)),
        // Only GlueSQL's executor makes others.
        #[cfg(not(feature = "second-opinion"))]
        _ => Cell::Null,
    }
}

/// A value as text, as `CAST(… AS TEXT)` and `||` give it.
pub(crate) fn text(value: &Value) -> Option<String> {
    Some(match value {
        Value::Null => return None,
        Value::Bool(value) => i64::from(*value).to_string(),
        Value::I64(value) => value.to_string(),
        Value::F64(value) => float_text(*value),
        Value::Str(value) => value.clone(),
        other => match cell(other) {
            Cell::Decimal(text)
            | Cell::Date(text)
            | Cell::Time(text)
            | Cell::Timestamp(text)
            | Cell::Uuid(text)
            | Cell::Text(text) => text,
            Cell::Bytes(bytes) => String::from_utf8_lossy(&bytes).into_owned(),
            Cell::Null => return None,
            Cell::Bool(value) => i64::from(value).to_string(),
            Cell::Int(value) => value.to_string(),
            Cell::Float(value) => float_text(value),
        },
    })
}

/// A floating-point number as SQLite prints it (`%!.15g`): 15 digits, always with a point.
pub(crate) fn float_text(value: f64) -> String {
    if value.is_infinite() {
        return if value > 0.0 { "Inf".to_owned() } else { "-Inf".to_owned() };
    }
    if value == 0.0 {
        return "0.0".to_owned();
    }
    let scientific = format!("{value:.14e}");
    let (mantissa, exponent) = scientific.split_once('e').unwrap_or((&scientific, "0"));
    let exponent: i32 = exponent.parse().unwrap_or(0);
    if (-5..15).contains(&exponent) {
        let decimals = usize::try_from(14 - exponent).unwrap_or(0);
        let fixed = format!("{value:.decimals$}");
        let fixed =
            if fixed.contains('.') { fixed.trim_end_matches('0').to_owned() } else { fixed };
        return if fixed.ends_with('.') {
            fixed + "0"
        } else if fixed.contains('.') {
            fixed
        } else {
            fixed + ".0"
        };
    }
    let mantissa = mantissa.trim_end_matches('0');
    let mantissa =
        if mantissa.ends_with('.') { format!("{mantissa}0") } else { mantissa.to_owned() };
    format!("{mantissa}e{}{:02}", if exponent < 0 { '-' } else { '+' }, exponent.abs())
}

pub(crate) fn time_text(value: &NaiveTime) -> String {
    value.to_string()
}

pub(crate) fn timestamp_text(value: &NaiveDateTime) -> String {
    value.to_string()
}

pub(crate) fn uuid_text(value: u128) -> String {
    let hex = format!("{value:032x}");
    let part = |from: usize, to: usize| hex.get(from..to).unwrap_or_default();
    format!("{}-{}-{}-{}-{}", part(0, 8), part(8, 12), part(12, 16), part(16, 20), part(20, 32))
}

/// Reads text as a value of a type, if it is one.
pub(crate) fn parse(text: &str, ty: Type) -> Option<Value> {
    let trimmed = text.trim();
    match ty {
        Type::Int => trimmed.parse().ok().map(Value::I64),
        Type::Float | Type::Number => {
            trimmed.parse().ok().filter(|number: &f64| number.is_finite()).map(Value::F64)
        }
        Type::Decimal => decimal(trimmed).map(Value::Decimal),
        Type::Text | Type::Null => Some(Value::Str(text.to_owned())),
        Type::Json => serde_json::from_str::<serde::de::IgnoredAny>(text)
            .ok()
            .map(|_| Value::Str(text.to_owned())),
        Type::Bool => match trimmed.to_lowercase().as_str() {
            "true" | "t" | "1" => Some(Value::Bool(true)),
            "false" | "f" | "0" => Some(Value::Bool(false)),
            _ => None,
        },
        Type::Date => date(trimmed).map(Value::Date),
        Type::Time => time(trimmed).map(Value::Time),
        Type::Timestamp => timestamp(trimmed).map(Value::Timestamp),
        Type::Uuid => uuid(trimmed).map(Value::Uuid),
        Type::Blob => Some(Value::Bytea(text.as_bytes().to_vec())),
    }
}

pub(crate) fn decimal(text: &str) -> Option<Decimal> {
    Decimal::from_str_exact(text).ok().or_else(|| Decimal::from_scientific(text).ok())
}

/// `2024-01-31`.
pub(crate) fn date(text: &str) -> Option<NaiveDate> {
    let mut parts = text.splitn(3, '-');
    let year = parts.next().and_then(|digits| number(digits, 4..=4))?;
    let month = parts.next().and_then(|digits| number(digits, 2..=2))?;
    let day = parts.next().and_then(|digits| number(digits, 2..=2))?;
    NaiveDate::from_ymd_opt(i32::try_from(year).ok()?, month, day)
}

/// `12:30`, `12:30:00`, `12:30:00.123456`.
pub(crate) fn time(text: &str) -> Option<NaiveTime> {
    let (clock, fraction) = text.split_once('.').unwrap_or((text, "0"));
    let mut parts = clock.splitn(3, ':');
    let hour = parts.next().and_then(|digits| number(digits, 1..=2))?;
    let minute = parts.next().and_then(|digits| number(digits, 1..=2))?;
    let second = match parts.next() {
        Some(digits) => number(digits, 1..=2)?,
        None if clock.len() < text.len() => return None,
        None => 0,
    };
    // Nine digits are kept.
    number(fraction, 1..=usize::MAX)?;
    let nanos = format!("{fraction:0<9}").get(..9)?.parse().ok()?;
    NaiveTime::from_hms_nano_opt(hour, minute, second, nanos)
}

/// A number of so many digits and nothing else; one that is too large counts as the largest.
fn number(digits: &str, widths: std::ops::RangeInclusive<usize>) -> Option<u32> {
    let is = widths.contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit());
    is.then(|| digits.parse().unwrap_or(u32::MAX))
}

/// A date, or a date and a time with a space or a T between.
pub(crate) fn timestamp(text: &str) -> Option<NaiveDateTime> {
    let text = text.strip_suffix('Z').or_else(|| text.strip_suffix("+00:00")).unwrap_or(text);
    match text.split_once([' ', 'T']) {
        Some((day, clock)) => Some(date(day)?.and_time(time(clock)?)),
        None => date(text)?.and_hms_opt(0, 0, 0),
    }
}

pub(crate) fn uuid(text: &str) -> Option<u128> {
    let hex: String = text.chars().filter(|ch| *ch != '-').collect();
    (hex.len() == 32).then(|| u128::from_str_radix(&hex, 16).ok()).flatten()
}

/// A value as an SQL literal that the engine reads back as the same value.
pub(crate) fn literal(value: &Value) -> String {
    let quoted = |text: &str| format!("'{}'", text.replace('\'', "''"));
    match value {
        Value::Null => "NULL".to_owned(),
        Value::Bool(true) => "TRUE".to_owned(),
        Value::Bool(false) => "FALSE".to_owned(),
        Value::I64(number) => number.to_string(),
        Value::F64(number) if number.is_infinite() => {
            if *number > 0.0 { "9e999" } else { "-9e999" }.to_owned()
        }
        Value::F64(number) => format!("{number:?}"),
        Value::Decimal(number) => number.to_string(),
        Value::Str(text) => quoted(text),
        Value::Bytea(bytes) => format!("X'{}'", hex(bytes)),
        other => quoted(&text(other).unwrap_or_default()),
    }
}

/// Bytes as upper-case hexadecimal digits.
pub(crate) fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write;
    bytes.iter().fold(String::new(), |mut out, byte| {
        let _ = write!(out, "{byte:02X}");
        out
    })
}
