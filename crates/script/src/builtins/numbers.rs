//! Attributes and methods of numbers.

use rust_decimal::{Decimal, RoundingStrategy};

use crate::Machine;
use crate::eval::raise;
use crate::value::{Args, Outcome, Value};

pub(super) const INT: &[&str] = &["bit_length", "conjugate"];
pub(super) const FLOAT: &[&str] = &["is_integer", "conjugate"];
pub(super) const DECIMAL: &[&str] =
    &["quantize", "normalize", "is_zero", "copy_abs", "to_integral_value"];

pub(super) fn property(value: &Value, name: &str) -> Option<Value> {
    match (name, value) {
        ("real" | "numerator", value) => Some(value.clone()),
        ("imag", _) => Some(Value::Int(0)),
        ("denominator", Value::Int(_) | Value::Bool(_)) => Some(Value::Int(1)),
        _ => None,
    }
}

pub(super) fn call(_: &mut Machine, value: &Value, name: &str, args: Args) -> Outcome {
    match (name, value) {
        ("quantize", Value::Decimal(number)) => {
            let [like, rounding] = args.bind("quantize", ["exp", "rounding"], 1)?;
            let Some(Value::Decimal(like)) = like else {
                return Err(raise(
                    "TypeError",
                    "conversion from value to Decimal is not supported",
                ));
            };
            let strategy = match rounding.as_ref().and_then(Value::as_str) {
                Some("ROUND_HALF_UP") => RoundingStrategy::MidpointAwayFromZero,
                Some("ROUND_HALF_DOWN") => RoundingStrategy::MidpointTowardZero,
                Some("ROUND_UP") => RoundingStrategy::AwayFromZero,
                Some("ROUND_DOWN") => RoundingStrategy::ToZero,
                Some("ROUND_CEILING") => RoundingStrategy::ToPositiveInfinity,
                Some("ROUND_FLOOR") => RoundingStrategy::ToNegativeInfinity,
                _ => RoundingStrategy::MidpointNearestEven,
            };
            let mut rounded = number.round_dp_with_strategy(like.scale(), strategy);
            rounded.rescale(like.scale());
            Ok(Value::from(rounded))
        }
        ("normalize", Value::Decimal(number)) => Ok(Value::from(number.normalize())),
        ("is_zero", Value::Decimal(number)) => Ok(Value::Bool(number.is_zero())),
        ("copy_abs", Value::Decimal(number)) => Ok(Value::from(number.abs())),
        ("to_integral_value", Value::Decimal(number)) => Ok(Value::from(Decimal::round(number))),
        ("is_integer", Value::Float(number)) => Ok(Value::Bool(number.fract() == 0.0)),
        ("bit_length", value) => Ok(Value::Int(i64::from(
            64 - value.as_int().unwrap_or(0).unsigned_abs().leading_zeros(),
        ))),
        (_, value) => Ok(value.clone()),
    }
}
