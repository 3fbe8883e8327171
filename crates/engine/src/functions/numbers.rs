//! Numbers.

use gluesql_core::data::Value;
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

use super::{float, int};
use crate::types;
use crate::values::compare;

type Given = Result<Value, String>;

/// A result that SQLite has too: no NaN.
fn ok(number: f64) -> Given {
    Ok(if number.is_nan() { Value::Null } else { Value::F64(number) })
}

fn first(arguments: &[Value]) -> Value {
    arguments.first().cloned().unwrap_or(Value::Null)
}

pub(super) fn abs(arguments: &[Value]) -> Given {
    match first(arguments) {
        Value::I64(number) => {
            number.checked_abs().map(Value::I64).ok_or_else(|| "integer overflow".to_owned())
        }
        Value::F64(number) => Ok(Value::F64(number.abs())),
        Value::Decimal(number) => Ok(Value::Decimal(number.abs())),
        other => Ok(other),
    }
}

pub(super) fn sign(arguments: &[Value]) -> Given {
    let order = match first(arguments) {
        Value::I64(number) => number.cmp(&0),
        Value::F64(number) => number.partial_cmp(&0.0).unwrap_or(std::cmp::Ordering::Equal),
        Value::Decimal(number) => number.cmp(&Decimal::ZERO),
        _ => return Ok(Value::Null),
    };
    Ok(Value::I64(order as i64))
}

/// ROUND of a floating-point number: half away from zero.
pub(super) fn round(arguments: &[Value]) -> Given {
    let number = float(arguments, 0);
    let digits = int(arguments, 1).clamp(0, 30);
    if number.abs() > 4_503_599_627_370_496.0 {
        return ok(number);
    }
    if digits == 0 {
        return ok((number + if number < 0.0 { -0.5 } else { 0.5 }).trunc());
    }
    // SQLite rounds the number's exact decimal expansion.
    let digits = usize::try_from(digits).unwrap_or(0);
    let expansion = format!("{:.70}", number.abs());
    let (whole, fraction) = expansion.split_once('.').unwrap_or((&expansion, ""));
    let up = fraction.as_bytes().get(digits).is_some_and(|digit| *digit >= b'5');
    // SQLite before 3.43 rounds up what is this near to the middle from below, later ones do not: 1.005 is 1.00499999999999989….
    let middle: f64 = format!("{whole}.{}5", fraction.get(..digits).unwrap_or(fraction))
        .parse()
        .unwrap_or(f64::MAX);
    if !up && middle - number.abs() <= number.abs() * 3e-16 {
        return Err(format!(
            "{number} is stored as a little less than it looks, and databases round that differently; CAST it to NUMERIC first"
        ));
    }
    let kept = format!("{whole}{}", fraction.get(..digits).unwrap_or(fraction));
    let Ok(scaled) = kept.parse::<i128>() else { return ok(number) };
    let text = format!("{:0>width$}", scaled + i128::from(up), width = digits + 1);
    let (whole, fraction) = text.split_at(text.len() - digits);
    let rounded: f64 = format!("{whole}.{fraction}").parse().unwrap_or(number.abs());
    ok(if number < 0.0 { -rounded } else { rounded })
}

pub(super) fn round_exact(arguments: &[Value]) -> Given {
    let Value::Decimal(number) = first(arguments) else { return Ok(Value::Null) };
    let digits = u32::try_from(int(arguments, 1).clamp(0, 28)).unwrap_or(0);
    Ok(Value::Decimal(
        number.round_dp_with_strategy(digits, rust_decimal::RoundingStrategy::MidpointAwayFromZero),
    ))
}

fn whole(arguments: &[Value], float: fn(f64) -> f64, decimal: fn(&Decimal) -> Decimal) -> Given {
    match first(arguments) {
        Value::F64(number) => Ok(Value::F64(float(number))),
        Value::Decimal(number) => Ok(Value::Decimal(decimal(&number))),
        other => Ok(other),
    }
}

pub(super) fn ceil(arguments: &[Value]) -> Given {
    whole(arguments, f64::ceil, Decimal::ceil)
}

pub(super) fn floor(arguments: &[Value]) -> Given {
    whole(arguments, f64::floor, Decimal::floor)
}

pub(super) fn trunc(arguments: &[Value]) -> Given {
    whole(arguments, f64::trunc, Decimal::trunc)
}

pub(super) fn modulo(arguments: &[Value]) -> Given {
    ok(float(arguments, 0) % float(arguments, 1))
}

pub(super) fn sqrt(arguments: &[Value]) -> Given {
    ok(float(arguments, 0).sqrt())
}

pub(super) fn power(arguments: &[Value]) -> Given {
    ok(float(arguments, 0).powf(float(arguments, 1)))
}

pub(super) fn exp(arguments: &[Value]) -> Given {
    ok(float(arguments, 0).exp())
}

/// Logarithms of what has none are NULL.
fn positive(number: f64, log: fn(f64) -> f64) -> Given {
    if number > 0.0 { ok(log(number)) } else { Ok(Value::Null) }
}

pub(super) fn ln(arguments: &[Value]) -> Given {
    positive(float(arguments, 0), f64::ln)
}

pub(super) fn log10(arguments: &[Value]) -> Given {
    positive(float(arguments, 0), f64::log10)
}

pub(super) fn log2(arguments: &[Value]) -> Given {
    positive(float(arguments, 0), f64::log2)
}

/// `log(x)` is to base 10, `log(b, x)` to base b.
pub(super) fn log(arguments: &[Value]) -> Given {
    if arguments.len() < 2 {
        return log10(arguments);
    }
    let (base, number) = (float(arguments, 0), float(arguments, 1));
    if base > 0.0 && number > 0.0 && base.ln() > 0.0 {
        ok(number.ln() / base.ln())
    } else {
        Ok(Value::Null)
    }
}

pub(super) fn sin(arguments: &[Value]) -> Given {
    ok(float(arguments, 0).sin())
}

pub(super) fn cos(arguments: &[Value]) -> Given {
    ok(float(arguments, 0).cos())
}

pub(super) fn tan(arguments: &[Value]) -> Given {
    ok(float(arguments, 0).tan())
}

pub(super) fn radians(arguments: &[Value]) -> Given {
    ok(float(arguments, 0).to_radians())
}

pub(super) fn degrees(arguments: &[Value]) -> Given {
    ok(float(arguments, 0).to_degrees())
}

/// A divisor: zero becomes NULL, so that the quotient does.
pub(super) fn nonzero(arguments: &[Value]) -> Given {
    let value = first(arguments);
    let zero = match &value {
        Value::I64(number) => *number == 0,
        Value::F64(number) => *number == 0.0,
        Value::Decimal(number) => number.is_zero(),
        _ => false,
    };
    Ok(if zero { Value::Null } else { value })
}

fn best(arguments: &[Value], wanted: std::cmp::Ordering) -> Given {
    let better = |best: Value, value: &Value| {
        if compare(value, &best) == Some(wanted) { value.clone() } else { best }
    };
    Ok(arguments.iter().skip(1).fold(first(arguments), better))
}

pub(super) fn least(arguments: &[Value]) -> Given {
    best(arguments, std::cmp::Ordering::Less)
}

pub(super) fn greatest(arguments: &[Value]) -> Given {
    best(arguments, std::cmp::Ordering::Greater)
}

/// CAST to a whole number: towards zero; of text, its numeric beginning.
#[expect(clippy::cast_possible_truncation, reason = "saturates, as SQLite does")]
pub(super) fn to_int(arguments: &[Value]) -> Given {
    Ok(match first(arguments) {
        Value::F64(number) => Value::I64(number as i64),
        Value::Decimal(number) => number.trunc().to_i64().map_or(Value::Null, Value::I64),
        Value::Bool(truth) => Value::I64(i64::from(truth)),
        Value::Str(text) => {
            let text = text.trim_start();
            let sign = usize::from(text.starts_with(['-', '+']));
            let digits = text
                .get(sign..)
                .unwrap_or_default()
                .chars()
                .take_while(char::is_ascii_digit)
                .count();
            let number = text.get(..sign + digits).unwrap_or_default();
            if digits == 0 {
                Value::I64(0)
            } else {
                Value::I64(number.parse().unwrap_or(if number.starts_with('-') {
                    i64::MIN
                } else {
                    i64::MAX
                }))
            }
        }
        other => other,
    })
}

/// CAST to a floating-point number; of text, its numeric beginning.
#[expect(clippy::cast_precision_loss, reason = "widening, as SQLite does")]
pub(super) fn to_float(arguments: &[Value]) -> Given {
    Ok(match first(arguments) {
        Value::I64(number) => Value::F64(number as f64),
        Value::Decimal(number) => Value::F64(number.to_f64().unwrap_or_default()),
        Value::Bool(truth) => Value::F64(f64::from(u8::from(truth))),
        Value::Str(text) => Value::F64(leading_number(text.trim_start())),
        other => other,
    })
}

fn leading_number(text: &str) -> f64 {
    let ends = text.char_indices().map(|(at, ch)| at + ch.len_utf8()).take(64);
    let plain = |part: &str| {
        !part.contains(|ch: char| !matches!(ch, '0'..='9' | '.' | '-' | '+' | 'e' | 'E'))
    };
    ends.filter_map(|end| {
        text.get(..end).filter(|part| plain(part)).and_then(|part| part.parse().ok())
    })
    .last()
    .unwrap_or(0.0)
}

pub(super) fn to_decimal(arguments: &[Value]) -> Given {
    match first(arguments) {
        Value::I64(number) => Ok(Value::Decimal(number.into())),
        Value::F64(number) => types::decimal(&format!("{number:?}"))
            .map(Value::Decimal)
            .ok_or_else(|| "the number is out of range".to_owned()),
        Value::Str(text) => types::decimal(text.trim())
            .map(Value::Decimal)
            .ok_or_else(|| format!("'{text}' is not a number")),
        Value::Bool(truth) => Ok(Value::Decimal(i64::from(truth).into())),
        other => Ok(other),
    }
}
