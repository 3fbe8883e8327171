//! Between Python's values and the database's.

use std::rc::Rc;

use throughline_core::document::ColumnType;
use throughline_order::Gather as _;

use crate::builtins::clock;
use crate::database::Cell;
use crate::value::{Value, datetime_text, time_text, uuid_text};

/// A value on its way into a column of this type; `None` where it cannot be one.
///
/// Text that reads as a day, a moment, a number or a UUID becomes one where the column holds such: SQLite's columns take it as it is.
pub fn to_cell(ty: Option<&ColumnType>, value: &Value) -> Option<Cell> {
    let plain = match value {
        Value::None => Cell::Null,
        Value::Bool(yes) => Cell::Bool(*yes),
        Value::Int(number) => Cell::Int(*number),
        Value::Float(number) => Cell::Float(*number),
        Value::Decimal(number) => Cell::Decimal(number.to_string()),
        Value::Str(text) => Cell::Text(text.clone()),
        Value::Bytes(bytes) => Cell::Bytes(bytes.clone()),
        Value::Date(date) => Cell::Date(date.to_string()),
        Value::DateTime(moment, zone) => {
            let utc = **moment - chrono::TimeDelta::seconds(i64::from(zone.unwrap_or(0)));
            Cell::Timestamp(datetime_text(&utc, None, " "))
        }
        Value::Time(time) => Cell::Time(time_text(time)),
        Value::Delta(micros) => Cell::Int(*micros),
        Value::Uuid(uuid) => Cell::Uuid(uuid_text(**uuid)),
        // A member of an enumeration stands for its value.
        Value::Instance(instance) => {
            return to_cell(
                ty,
                &instance.get("value").filter(|_| instance.class.get("__members__").is_some())?,
            );
        }
        _ => return None,
    };
    Some(match ty {
        Some(ty) => fitted(ty, plain),
        None => plain,
    })
}

/// As the column wants it, where that is the same value.
fn fitted(ty: &ColumnType, cell: Cell) -> Cell {
    match (ty, &cell) {
        (ColumnType::Boolean, Cell::Int(number @ (0 | 1))) => Cell::Bool(*number == 1),
        (
            ColumnType::SmallInt
            | ColumnType::Integer
            | ColumnType::BigInt
            | ColumnType::SmallIntUnsigned
            | ColumnType::IntegerUnsigned
            | ColumnType::BigIntUnsigned,
            _,
        ) => match &cell {
            Cell::Bool(yes) => Cell::Int(i64::from(*yes)),
            Cell::Text(text) => text.trim().parse().map_or(cell, Cell::Int),
            #[allow(clippy::cast_possible_truncation, reason = "it has no fraction")]
            Cell::Float(number) if number.fract() == 0.0 => Cell::Int(*number as i64),
            _ => cell,
        },
        (ColumnType::Float, Cell::Int(number)) => {
            number.to_string().parse().map_or(cell, Cell::Float)
        }
        (ColumnType::Float, Cell::Decimal(digits)) => digits.parse().map_or(cell, Cell::Float),
        (ColumnType::Decimal(_), Cell::Int(number)) => Cell::Decimal(number.to_string()),
        (ColumnType::Decimal(_), Cell::Float(number)) => Cell::Decimal(number.to_string()),
        (ColumnType::Decimal(_), Cell::Text(text)) => {
            if text.parse::<rust_decimal::Decimal>().is_ok() {
                Cell::Decimal(text.to_string())
            } else {
                cell
            }
        }
        (ColumnType::Date, Cell::Text(text)) => {
            clock::date(text).map_or_else(|| cell.clone(), |date| Cell::Date(date.to_string()))
        }
        (ColumnType::Date, Cell::Timestamp(text)) => {
            text.split(' ').next().map_or_else(|| cell.clone(), |day| Cell::Date(day.to_owned()))
        }
        (ColumnType::DateTime, Cell::Text(text)) => match crate::builtins::moment(text) {
            Some(value) => to_cell(None, &value).unwrap_or(cell),
            None => cell,
        },
        (ColumnType::DateTime, Cell::Date(day)) => Cell::Timestamp(format!("{day} 00:00:00")),
        (ColumnType::Time, Cell::Text(text)) => {
            clock::time(text).map_or_else(|| cell.clone(), |time| Cell::Time(time_text(&time)))
        }
        (ColumnType::Uuid, Cell::Text(text)) => {
            let digits: String = text.chars().filter(|letter| *letter != '-').collect();
            match u128::from_str_radix(&digits, 16) {
                Ok(uuid) if digits.len() == 32 => Cell::Uuid(uuid_text(uuid)),
                _ => cell,
            }
        }
        (ColumnType::Varchar(_) | ColumnType::Text | ColumnType::Char(_), Cell::Int(number)) => {
            Cell::Text(number.to_string().into())
        }
        (ColumnType::Varchar(_) | ColumnType::Text | ColumnType::Char(_), Cell::Uuid(text)) => {
            Cell::Text(text.as_str().into())
        }
        _ => cell,
    }
}

/// A value that came from a column of this type.
pub fn to_value(ty: Option<&ColumnType>, cell: &Cell) -> Value {
    match (cell, ty) {
        (Cell::Int(micros), Some(ColumnType::Duration)) => Value::Delta(*micros),
        (Cell::Int(number), Some(ColumnType::Boolean)) => Value::Bool(*number != 0),
        (Cell::Null, _) => Value::None,
        (Cell::Bool(yes), _) => Value::Bool(*yes),
        (Cell::Int(number), _) => Value::Int(*number),
        (Cell::Float(number), _) => Value::Float(*number),
        (Cell::Decimal(digits), ty) => match digits.parse::<rust_decimal::Decimal>() {
            Ok(mut number) => {
                if let Some(ColumnType::Decimal(Some((_, places)))) = ty {
                    number.rescale(*places);
                }
                Value::from(number)
            }
            Err(_) => Value::str(digits),
        },
        (Cell::Text(text), Some(ColumnType::Json)) => json(text),
        (Cell::Text(text), _) => Value::Str(text.clone()),
        (Cell::Bytes(bytes), _) => Value::Bytes(bytes.clone()),
        (Cell::Date(text), _) => clock::date(text).map_or_else(|| Value::str(text), Value::Date),
        (Cell::Time(text), _) => clock::time(text).map_or_else(|| Value::str(text), Value::Time),
        (Cell::Timestamp(text), _) => {
            crate::builtins::moment(text).unwrap_or_else(|| Value::str(text))
        }
        (Cell::Uuid(text), _) => {
            let digits: String = text.chars().filter(|letter| *letter != '-').collect();
            u128::from_str_radix(&digits, 16)
                .map_or_else(|_| Value::str(text), |uuid| Value::Uuid(uuid.into()))
        }
    }
}

fn json(text: &Rc<str>) -> Value {
    match serde_json::from_str(text) {
        Ok(value) => from_json(&value),
        Err(_) => Value::Str(text.clone()),
    }
}

/// JSON as Python has it.
pub(crate) fn from_json(value: &serde_json::Value) -> Value {
    match value {
        serde_json::Value::Null => Value::None,
        serde_json::Value::Bool(yes) => Value::Bool(*yes),
        serde_json::Value::Number(number) => {
            number.as_i64().map_or_else(|| Value::Float(number.as_f64().unwrap_or(0.0)), Value::Int)
        }
        serde_json::Value::String(text) => Value::str(text),
        serde_json::Value::Array(items) => Value::list(items.iter().map(from_json).gather()),
        serde_json::Value::Object(entries) => {
            let mut dict = crate::value::Dict::default();
            for (key, value) in entries {
                dict.set(key, from_json(value));
            }
            Value::dict(dict)
        }
    }
}
