//! Calculation with two values of one type: the checker has made them so.

use gluesql_core::data::Value;

use super::state::Res;
use crate::error::SqlError;
use crate::functions::{LONGEST, TOO_LONG};
use crate::ir::{Bits, Operator};

/// The sum of two values, their product, …; NULL where one of them is.
pub(super) fn arithmetic(operator: Operator, left: &Value, right: &Value) -> Res<Value> {
    match (left, right) {
        (Value::Null, _) | (_, Value::Null) => Ok(Value::Null),
        (Value::I64(a), Value::I64(b)) => {
            let result = match operator {
                Operator::Add => a.checked_add(*b),
                Operator::Subtract => a.checked_sub(*b),
                Operator::Multiply => a.checked_mul(*b),
                Operator::Divide => a.checked_div(*b),
                Operator::Modulo => a.checked_rem(*b),
                Operator::Concat => return Ok(Value::Str(format!("{a}{b}"))),
                Operator::Bits(bits) => Some(of_bits(bits, *a, *b)),
            };
            result.map(Value::I64).ok_or_else(too_large)
        }
        (Value::F64(a), Value::F64(b)) => match operator {
            Operator::Add => Ok(float(a + b)),
            Operator::Subtract => Ok(float(a - b)),
            Operator::Multiply => Ok(float(a * b)),
            Operator::Divide => Ok(float(a / b)),
            Operator::Modulo => Ok(float(a % b)),
            Operator::Concat | Operator::Bits(_) => Err(unfit()),
        },
        (Value::Decimal(a), Value::Decimal(b)) => {
            let result = match operator {
                Operator::Add => a.checked_add(*b),
                Operator::Subtract => a.checked_sub(*b),
                Operator::Multiply => a.checked_mul(*b),
                Operator::Divide => a.checked_div(*b),
                Operator::Modulo => a.checked_rem(*b),
                Operator::Concat | Operator::Bits(_) => return Err(unfit()),
            };
            result.map(Value::Decimal).ok_or_else(too_large)
        }
        (Value::Str(a), Value::Str(b)) if operator == Operator::Concat => {
            if a.len() + b.len() > LONGEST {
                return Err(Box::new(SqlError::refused(TOO_LONG)));
            }
            Ok(Value::Str([a.as_str(), b.as_str()].concat()))
        }
        _ => Err(unfit()),
    }
}

/// A shift by a negative number goes the other way, and one past the last bit leaves the sign.
fn of_bits(bits: Bits, a: i64, b: i64) -> i64 {
    let by = u32::try_from(b.unsigned_abs()).unwrap_or(u32::MAX);
    match (bits, b < 0) {
        (Bits::And, _) => a & b,
        (Bits::Or, _) => a | b,
        (Bits::Left, false) | (Bits::Right, true) => a.checked_shl(by).unwrap_or(0),
        (Bits::Right, false) | (Bits::Left, true) => {
            a.checked_shr(by).unwrap_or(if a < 0 { -1 } else { 0 })
        }
    }
}

/// `-x`.
pub(super) fn negated(value: &Value) -> Res<Value> {
    match value {
        Value::Null => Ok(Value::Null),
        Value::I64(number) => number.checked_neg().map(Value::I64).ok_or_else(too_large),
        Value::F64(number) => Ok(Value::F64(-number)),
        Value::Decimal(number) => Ok(Value::Decimal(-number)),
        _ => Err(unfit()),
    }
}

/// The refusal of a number past the largest.
pub(super) fn too_large() -> Box<SqlError> {
    let error = SqlError::refused("a number is too large here (integer overflow)");
    Box::new(error.hint("use CAST(… AS REAL)"))
}

/// The checker lets no such pair pass.
fn unfit() -> Box<SqlError> {
    Box::new(SqlError::refused("these values are of types that cannot be calculated with"))
}

/// What SQLite has too: what is no number is NULL.
fn float(number: f64) -> Value {
    if number.is_nan() { Value::Null } else { Value::F64(number) }
}
