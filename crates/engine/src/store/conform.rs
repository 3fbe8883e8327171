//! Makes a row fit its table's columns, or says why it does not.

use gluesql_core::data::Value;
use rust_decimal::prelude::ToPrimitive;

use crate::catalog::{Column, TableDef};
use crate::error::{ConstraintKind, Result, SqlError};
use crate::types::{self, Type};

/// Checks types, lengths and NOT NULL, and converts what the column's type takes without loss.
pub(super) fn row(def: &TableDef, mut values: Vec<Value>) -> Result<Vec<Value>> {
    for (column, place) in def.columns.iter().zip(&mut values) {
        let given = std::mem::replace(place, Value::Null);
        *place = value(def, column, given)?;
    }
    Ok(values)
}

/// The same for one value.
pub(super) fn value(def: &TableDef, column: &Column, value: Value) -> Result<Value> {
    let place = || format!("{}.{}", def.name, column.name);
    if value.is_null() {
        return if column.not_null {
            Err(SqlError::error(format!(
                "NOT NULL constraint failed: {} must have a value",
                place()
            ))
            .breaks(
                ConstraintKind::NotNull,
                &def.name,
                vec![column.name.clone()],
                None,
            ))
        } else {
            Ok(value)
        };
    }
    if !fits(&value, column.ty) {
        let shown = types::literal(&value);
        return convert(value, column.ty)
            .ok_or_else(|| {
                SqlError::error(format!("{} is {}, and {shown} is not", place(), column.declared))
            })
            .and_then(|value| within(def, column, value));
    }
    within(def, column, value)
}

/// Whether a value is of a column's type already.
fn fits(value: &Value, ty: Type) -> bool {
    matches!(
        (ty, value),
        (Type::Int, Value::I64(_))
            | (Type::Float, Value::F64(_))
            | (Type::Decimal, Value::Decimal(_))
            | (Type::Bool, Value::Bool(_))
            | (Type::Text, Value::Str(_))
    )
}

/// Checks length, range and precision of a value of the column's type.
fn within(def: &TableDef, column: &Column, value: Value) -> Result<Value> {
    let place = || format!("{}.{}", def.name, column.name);
    let shown = || types::literal(&value);
    if let (Some(most), Value::Str(text)) = (column.length, &value)
        && text.chars().count() as u64 > most
    {
        let long = text.chars().count();
        return Err(SqlError::refused(format!(
            "{} is {}, and the value has {long} characters: {}",
            place(),
            column.declared,
            shown()
        ))
        .hint("make the column longer, or the value shorter"));
    }
    if let (Some((least, most)), Value::I64(number)) = (column.range, &value)
        && !(least..=most).contains(number)
    {
        return Err(SqlError::refused(format!(
            "{} is {} ({least} to {most}), and {} is out of its range",
            place(),
            column.declared,
            shown()
        )));
    }
    if let (Some((precision, scale)), Value::Decimal(number)) = (column.precision, &value) {
        let number = number.normalize();
        let whole = number
            .trunc()
            .mantissa()
            .unsigned_abs()
            .checked_ilog10()
            .map_or(0, |digits| u64::from(digits) + 1);
        if u64::from(number.scale()) > scale || whole > precision.saturating_sub(scale) {
            return Err(SqlError::refused(format!(
                "{} is {}, and {} does not fit: it would have to be rounded",
                place(),
                column.declared,
                shown()
            ))
            .hint(format!("write ROUND(…, {scale}), or make the column wider")));
        }
    }
    Ok(value)
}

/// Converts a value to a column's type where nothing is lost.
pub(crate) fn convert(value: Value, ty: Type) -> Option<Value> {
    match (ty, value) {
        (_, Value::Null) => Some(Value::Null),
        (Type::Null | Type::Number, value) => Some(value),
        (Type::Int, Value::I64(number)) => Some(Value::I64(number)),
        (Type::Int, Value::F64(number)) => whole(number).map(Value::I64),
        (Type::Int, Value::Decimal(number)) => {
            number.is_integer().then(|| number.to_i64()).flatten().map(Value::I64)
        }
        (Type::Int, Value::Bool(truth)) => Some(Value::I64(i64::from(truth))),
        (Type::Float, Value::F64(number)) => Some(Value::F64(number)),
        (Type::Float, Value::I64(number)) => Some(Value::F64(number as f64)),
        (Type::Float, Value::Decimal(number)) => number.to_f64().map(Value::F64),
        (Type::Decimal, Value::Decimal(number)) => Some(Value::Decimal(number)),
        (Type::Decimal, Value::I64(number)) => Some(Value::Decimal(number.into())),
        // The shortest text that reads back as the same number is what was meant.
        (Type::Decimal, Value::F64(number)) => {
            types::decimal(&format!("{number:?}")).map(Value::Decimal)
        }
        (Type::Bool, Value::Bool(truth)) => Some(Value::Bool(truth)),
        (Type::Bool, Value::I64(0)) => Some(Value::Bool(false)),
        (Type::Bool, Value::I64(1)) => Some(Value::Bool(true)),
        (Type::Date, Value::Timestamp(moment))
            if moment.time() == gluesql_core::chrono::NaiveTime::MIN =>
        {
            Some(Value::Date(moment.date()))
        }
        (Type::Timestamp, Value::Date(day)) => day.and_hms_opt(0, 0, 0).map(Value::Timestamp),
        (Type::Date, value @ Value::Date(_)) | (Type::Time, value @ Value::Time(_)) => Some(value),
        (Type::Timestamp, value @ Value::Timestamp(_)) | (Type::Uuid, value @ Value::Uuid(_)) => {
            Some(value)
        }
        (Type::Blob, value @ Value::Bytea(_)) => Some(value),
        (ty, Value::Str(text)) => types::parse(&text, ty),
        (
            Type::Text,
            value @ (Value::I64(_)
            | Value::F64(_)
            | Value::Decimal(_)
            | Value::Bool(_)
            | Value::Date(_)
            | Value::Time(_)
            | Value::Timestamp(_)
            | Value::Uuid(_)),
        ) => types::text(&value).map(Value::Str),
        (Type::Json, value @ (Value::I64(_) | Value::F64(_) | Value::Bool(_))) => {
            types::text(&value).map(Value::Str)
        }
        _ => None,
    }
}

#[expect(clippy::cast_possible_truncation, reason = "the range is checked")]
fn whole(number: f64) -> Option<i64> {
    (number.fract() == 0.0 && number.abs() < 9.2e18).then_some(number as i64)
}
