//! Arithmetic.

use chrono::{NaiveTime, TimeDelta};
use rust_decimal::Decimal;
use throughline_order::Gather as _;

use super::compare::{float, is_number};
use super::{Machine, Raised, raise, refuse};
use crate::value::{Dict, Outcome, Set, Value};

impl Machine {
    /// `left op right`
    ///
    /// # Errors
    /// `TypeError` where the two do not go together, `ZeroDivisionError`.
    pub fn binary(&mut self, op: &'static str, left: &Value, right: &Value) -> Outcome {
        self.binary_named(op, left, right, op)
    }

    /// The same; messages name the operator otherwise (`+=`).
    pub(crate) fn binary_named(
        &mut self,
        op: &'static str,
        left: &Value,
        right: &Value,
        named: &str,
    ) -> Outcome {
        if let Some(answer) = self.operated(op, left, right)? {
            return Ok(answer);
        }
        if is_number(left) && is_number(right) {
            if let Some(answer) = numbers(op, left, right)? {
                return Ok(answer);
            }
        } else if let Some(answer) = self.others(op, left, right)? {
            return Ok(answer);
        }
        let named = if named == "**" { "** or pow()" } else { named };
        Err(raise(
            "TypeError",
            format!(
                "unsupported operand type(s) for {named}: '{}' and '{}'",
                left.type_name(),
                right.type_name()
            ),
        ))
    }

    fn others(&mut self, op: &'static str, left: &Value, right: &Value) -> Outcome<Option<Value>> {
        Ok(Some(match (op, left, right) {
            ("+", Value::Str(a), Value::Str(b)) => {
                self.fits(a.len() + b.len())?;
                Value::str([&**a, &**b].concat())
            }
            ("+", Value::Str(_), other) => {
                return Err(raise(
                    "TypeError",
                    format!("can only concatenate str (not \"{}\") to str", other.type_name()),
                ));
            }
            ("+", Value::Bytes(a), Value::Bytes(b)) => Value::Bytes([&**a, &**b].concat().into()),
            ("+", Value::List(a), Value::List(b)) => {
                let mut out = a.borrow().clone();
                out.extend(b.borrow().iter().cloned());
                self.fits(out.len())?;
                Value::list(out)
            }
            ("+", Value::List(_), other) => {
                return Err(raise(
                    "TypeError",
                    format!("can only concatenate list (not \"{}\") to list", other.type_name()),
                ));
            }
            ("+", Value::Tuple(a), Value::Tuple(b)) => {
                Value::tuple(a.iter().chain(b.iter()).cloned().gather())
            }
            ("*", many @ (Value::Str(_) | Value::List(_) | Value::Tuple(_)), count)
            | ("*", count, many @ (Value::Str(_) | Value::List(_) | Value::Tuple(_)))
                if count.as_int().is_some() =>
            {
                self.repeated(many, count.as_int().unwrap_or(0))?
            }
            ("%", Value::Str(text), value) => Value::str(self.percent(text, value)?),
            ("|" | "&" | "-" | "^", Value::Set(a), Value::Set(b)) => {
                let (a, b) = (a.borrow(), b.borrow());
                Value::set(sets(op, &a, &b))
            }
            ("|", Value::Dict(a), Value::Dict(b)) => {
                let mut out: Dict = a.borrow().clone();
                for (key, written, value) in b.borrow().entries() {
                    out.insert(key.clone(), written.clone(), value.clone());
                }
                Value::dict(out)
            }
            (op, left, right) => return dates(op, left, right),
        }))
    }

    fn repeated(&mut self, many: &Value, count: i64) -> Outcome {
        let count = usize::try_from(count).unwrap_or(0);
        let size = self.length(many)?.saturating_mul(count);
        self.fits(size)?;
        Ok(match many {
            Value::Str(text) => Value::str(text.repeat(count)),
            Value::List(items) => {
                let items = items.borrow();
                Value::list(items.iter().cycle().take(size).cloned().gather())
            }
            Value::Tuple(items) => Value::tuple(items.iter().cycle().take(size).cloned().gather()),
            other => other.clone(),
        })
    }

    /// `-value`, `+value`, `~value`
    ///
    /// # Errors
    /// `TypeError` where that means nothing.
    pub fn unary(&mut self, op: &'static str, value: &Value) -> Outcome {
        if let Value::Object(object) = value
            && let Some(answer) = object.clone().unary(self, op)?
        {
            return Ok(answer);
        }
        Ok(match (op, value) {
            ("-", Value::Float(number)) => Value::Float(-number),
            ("-", Value::Decimal(number)) => Value::from(-**number),
            ("-", Value::Delta(delta)) => Value::Delta(-delta),
            ("+", Value::Float(_) | Value::Decimal(_) | Value::Delta(_)) => value.clone(),
            ("-" | "+" | "~", value) if value.as_int().is_some() => {
                let number = value.as_int().unwrap_or(0);
                Value::Int(match op {
                    "-" => number.checked_neg().ok_or_else(too_large)?,
                    "~" => !number,
                    _ => number,
                })
            }
            _ => {
                return Err(raise(
                    "TypeError",
                    format!("bad operand type for unary {op}: '{}'", value.type_name()),
                ));
            }
        })
    }
}

fn too_large() -> Box<Raised> {
    refuse("Integers beyond 64 bits are not supported here.")
}

fn sets(op: &str, a: &Set, b: &Set) -> Set {
    let mut out = Set::default();
    let mut keep = |from: &Set, other: Option<(&Set, bool)>| {
        for (key, value) in from.entries() {
            if other.is_none_or(|(set, wanted)| set.contains(key) == wanted) {
                out.insert(key.clone(), value.clone());
            }
        }
    };
    match op {
        "|" => {
            keep(a, None);
            keep(b, None);
        }
        "&" => keep(a, Some((b, true))),
        "-" => keep(a, Some((b, false))),
        _ => {
            keep(a, Some((b, false)));
            keep(b, Some((a, false)));
        }
    }
    out.frozen = a.frozen;
    out
}

fn numbers(op: &str, left: &Value, right: &Value) -> Outcome<Option<Value>> {
    if let (Some(a), Some(b)) = (left.as_int(), right.as_int()) {
        return integers(op, a, b, matches!((left, right), (Value::Bool(_), Value::Bool(_))));
    }
    if matches!(left, Value::Float(_)) || matches!(right, Value::Float(_)) {
        if matches!(left, Value::Decimal(_)) || matches!(right, Value::Decimal(_)) {
            return Ok(None);
        }
        return match (float(left), float(right)) {
            (Some(a), Some(b)) => floats(op, a, b),
            _ => Ok(None),
        };
    }
    let decimal = |value: &Value| match value {
        Value::Decimal(number) => Some(**number),
        value => value.as_int().map(Decimal::from),
    };
    match (decimal(left), decimal(right)) {
        (Some(a), Some(b)) => decimals(op, a, b),
        _ => Ok(None),
    }
}

#[allow(clippy::cast_precision_loss, reason = "Python's true division rounds as well")]
fn integers(op: &str, a: i64, b: i64, booleans: bool) -> Outcome<Option<Value>> {
    let shift = || u32::try_from(b).map_err(|_| raise("ValueError", "negative shift count"));
    Ok(Some(Value::Int(match op {
        "+" => a.checked_add(b).ok_or_else(too_large)?,
        "-" => a.checked_sub(b).ok_or_else(too_large)?,
        "*" => a.checked_mul(b).ok_or_else(too_large)?,
        "/" => {
            if b == 0 {
                return Err(raise("ZeroDivisionError", "division by zero"));
            }
            return Ok(Some(Value::Float(a as f64 / b as f64)));
        }
        "//" | "%" if b == 0 => {
            let message = if op == "%" {
                "integer modulo by zero"
            } else {
                "integer division or modulo by zero"
            };
            return Err(raise("ZeroDivisionError", message));
        }
        "//" => {
            let quotient = a.checked_div(b).ok_or_else(too_large)?;
            if a % b != 0 && (a < 0) != (b < 0) { quotient - 1 } else { quotient }
        }
        "%" => {
            let rest = a.checked_rem(b).unwrap_or(0);
            if rest != 0 && (rest < 0) != (b < 0) { rest + b } else { rest }
        }
        "**" => match u32::try_from(b) {
            Ok(power) => a.checked_pow(power).ok_or_else(too_large)?,
            Err(_) if a == 0 => {
                return Err(raise("ZeroDivisionError", "0.0 cannot be raised to a negative power"));
            }
            Err(_) => return Ok(Some(Value::Float((a as f64).powf(b as f64)))),
        },
        "<<" => {
            a.checked_shl(shift()?).filter(|shifted| shifted >> b == a).ok_or_else(too_large)?
        }
        ">>" => a >> shift()?.min(63),
        "|" | "&" | "^" => {
            let bits = match op {
                "|" => a | b,
                "&" => a & b,
                _ => a ^ b,
            };
            if booleans {
                return Ok(Some(Value::Bool(bits != 0)));
            }
            bits
        }
        _ => return Ok(None),
    })))
}

fn floats(op: &str, a: f64, b: f64) -> Outcome<Option<Value>> {
    let zero = |what: &str| raise("ZeroDivisionError", what.to_owned());
    Ok(Some(Value::Float(match op {
        "+" => a + b,
        "-" => a - b,
        "*" => a * b,
        "/" if b == 0.0 => return Err(zero("float division by zero")),
        "/" => a / b,
        "//" if b == 0.0 => return Err(zero("float floor division by zero")),
        "//" => (a / b).floor(),
        "%" if b == 0.0 => return Err(zero("float modulo")),
        "%" => a - b * (a / b).floor(),
        "**" => a.powf(b),
        _ => return Ok(None),
    })))
}

fn decimals(op: &str, a: Decimal, b: Decimal) -> Outcome<Option<Value>> {
    let large = || refuse("A decimal number with more than 28 digits is not supported here.");
    Ok(Some(Value::from(match op {
        "+" => a.checked_add(b).ok_or_else(large)?,
        "-" => a.checked_sub(b).ok_or_else(large)?,
        "*" => a.checked_mul(b).ok_or_else(large)?,
        "/" | "//" | "%" if b.is_zero() => {
            return Err(raise("decimal.DivisionByZero", "[<class 'decimal.DivisionByZero'>]"));
        }
        "/" => {
            // An exact quotient has as many digits after the point as it needs, but not fewer than the two differ by.
            // Python keeps 28 digits of it.
            let quotient = a.checked_div(b).ok_or_else(large)?;
            let mut quotient = quotient.round_sf(28).unwrap_or(quotient).normalize();
            let least = a.scale().saturating_sub(b.scale());
            if quotient.scale() < least {
                quotient.rescale(least);
            }
            quotient
        }
        "//" => a.checked_div(b).ok_or_else(large)?.trunc(),
        "%" => a.checked_rem(b).ok_or_else(large)?,
        "**" => match u32::try_from(b) {
            Ok(power) if b.fract().is_zero() => {
                let mut out = Decimal::ONE;
                for _ in 0..power.min(1_000) {
                    out = out.checked_mul(a).ok_or_else(large)?;
                }
                out
            }
            _ => return Err(refuse("Only whole powers of a Decimal are supported here.")),
        },
        _ => return Ok(None),
    })))
}

fn dates(op: &str, left: &Value, right: &Value) -> Outcome<Option<Value>> {
    let overflow = || raise("OverflowError", "date value out of range");
    let span = |micros: i64| TimeDelta::microseconds(micros);
    let days = |micros: i64| TimeDelta::days(micros.div_euclid(86_400_000_000));
    Ok(Some(match (op, left, right) {
        ("+", Value::Date(date), Value::Delta(delta))
        | ("+", Value::Delta(delta), Value::Date(date)) => {
            Value::Date(date.checked_add_signed(days(*delta)).ok_or_else(overflow)?)
        }
        ("-", Value::Date(date), Value::Delta(delta)) => {
            Value::Date(date.checked_add_signed(days(-*delta)).ok_or_else(overflow)?)
        }
        ("-", Value::Date(a), Value::Date(b)) => {
            Value::Delta((*a - *b).num_microseconds().ok_or_else(overflow)?)
        }
        ("+", Value::DateTime(moment, zone), Value::Delta(delta))
        | ("+", Value::Delta(delta), Value::DateTime(moment, zone)) => {
            Value::datetime(moment.checked_add_signed(span(*delta)).ok_or_else(overflow)?, *zone)
        }
        ("-", Value::DateTime(moment, zone), Value::Delta(delta)) => {
            Value::datetime(moment.checked_sub_signed(span(*delta)).ok_or_else(overflow)?, *zone)
        }
        ("-", Value::DateTime(a, left), Value::DateTime(b, right)) => {
            if left.is_some() != right.is_some() {
                return Err(raise(
                    "TypeError",
                    "can't subtract offset-naive and offset-aware datetimes",
                ));
            }
            let zones = i64::from(right.unwrap_or(0)) - i64::from(left.unwrap_or(0));
            Value::Delta((**a - **b).num_microseconds().ok_or_else(overflow)? + zones * 1_000_000)
        }
        ("+", Value::Delta(a), Value::Delta(b)) => {
            Value::Delta(a.checked_add(*b).ok_or_else(overflow)?)
        }
        ("-", Value::Delta(a), Value::Delta(b)) => {
            Value::Delta(a.checked_sub(*b).ok_or_else(overflow)?)
        }
        ("*", Value::Delta(delta), number) | ("*", number, Value::Delta(delta)) => {
            match number.as_int() {
                Some(number) => Value::Delta(delta.checked_mul(number).ok_or_else(overflow)?),
                None => return Ok(None),
            }
        }
        ("//" | "/", Value::Delta(delta), number) => match (number.as_int(), number) {
            (Some(0), _) => {
                return Err(raise("ZeroDivisionError", "integer division or modulo by zero"));
            }
            (Some(number), _) => Value::Delta(delta.div_euclid(number)),
            #[allow(clippy::cast_precision_loss, reason = "a ratio of two spans of time")]
            (None, Value::Delta(other)) if *other != 0 => {
                Value::Float(*delta as f64 / *other as f64)
            }
            (None, _) => return Ok(None),
        },
        _ => return Ok(None),
    }))
}

/// A time of day from its microseconds.
pub(crate) fn time_of(micros: u64) -> Option<NaiveTime> {
    let (seconds, rest) = (micros / 1_000_000, micros % 1_000_000);
    NaiveTime::from_num_seconds_from_midnight_opt(
        u32::try_from(seconds).ok()?,
        u32::try_from(rest).ok()? * 1_000,
    )
}
