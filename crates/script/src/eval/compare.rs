//! Comparisons.

use std::cmp::Ordering;

use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;
use throughline_order::{Arrange as _, Gather as _};

use super::{Machine, raise};
use crate::value::{Outcome, Side, Value};

impl Machine {
    /// `left op right` for a comparison as Python writes it.
    pub(crate) fn compare(&mut self, op: &'static str, left: &Value, right: &Value) -> Outcome {
        Ok(match op {
            "is" => Value::Bool(left.is(right)),
            "is not" => Value::Bool(!left.is(right)),
            "in" => Value::Bool(self.contains(right, left)?),
            "not in" => Value::Bool(!self.contains(right, left)?),
            op => {
                if let Some(answer) = self.operated(op, left, right)? {
                    return Ok(answer);
                }
                match op {
                    "==" => Value::Bool(self.equal(left, right)?),
                    "!=" => Value::Bool(!self.equal(left, right)?),
                    op => {
                        let order = self.order(op, left, right)?;
                        Value::Bool(match op {
                            "<" => order == Some(Ordering::Less),
                            "<=" => matches!(order, Some(Ordering::Less | Ordering::Equal)),
                            ">" => order == Some(Ordering::Greater),
                            _ => matches!(order, Some(Ordering::Greater | Ordering::Equal)),
                        })
                    }
                }
            }
        })
    }

    /// What objects of an ORM say of an operator.
    pub(crate) fn operated(
        &mut self,
        op: &'static str,
        left: &Value,
        right: &Value,
    ) -> Outcome<Option<Value>> {
        if let Value::Object(object) = left
            && let Some(answer) = object.clone().operate(self, op, right, Side::Left)?
        {
            return Ok(Some(answer));
        }
        let mirrored = match op {
            "<" => ">",
            "<=" => ">=",
            ">" => "<",
            ">=" => "<=",
            other => other,
        };
        if let Value::Object(object) = right
            && let Some(answer) = object.clone().operate(self, mirrored, left, Side::Right)?
        {
            return Ok(Some(answer));
        }
        Ok(None)
    }

    /// `a == b`
    ///
    /// # Errors
    /// What a comparison of the user's or an ORM's raises.
    pub fn equal(&mut self, a: &Value, b: &Value) -> Outcome<bool> {
        if let (Some(order), true) = (number_order(a, b), is_number(a) && is_number(b)) {
            return Ok(order == Ordering::Equal);
        }
        Ok(match (a, b) {
            (Value::Str(a), Value::Str(b)) => a == b,
            (Value::Bytes(a), Value::Bytes(b)) => a == b,
            (Value::Date(a), Value::Date(b)) => a == b,
            (Value::DateTime(..), Value::DateTime(..)) => {
                moment_order(a, b) == Some(Ordering::Equal)
            }
            (Value::Time(a), Value::Time(b)) => a == b,
            (Value::Delta(a), Value::Delta(b)) => a == b,
            (Value::Zone(a), Value::Zone(b)) => a == b,
            (Value::Uuid(a), Value::Uuid(b)) => a == b,
            (Value::List(a), Value::List(b)) => {
                let (a, b) = (a.borrow().clone(), b.borrow().clone());
                self.deeper(|machine| machine.all_equal(&a, &b))?
            }
            (Value::Tuple(a), Value::Tuple(b)) => self.deeper(|machine| machine.all_equal(a, b))?,
            (Value::Dict(a), Value::Dict(b)) => {
                let (a, b) = (a.borrow().clone(), b.borrow().clone());
                if a.len() != b.len() {
                    return Ok(false);
                }
                for (key, _, value) in a.entries() {
                    match b.get(key) {
                        Some(other) if self.equal(value, other)? => {}
                        _ => return Ok(false),
                    }
                }
                true
            }
            (Value::Set(a), Value::Set(b)) => {
                let (a, b) = (a.borrow(), b.borrow());
                a.len() == b.len() && a.entries().all(|(key, _)| b.contains(key))
            }
            (Value::Range(..), Value::Range(..)) => {
                let (a, b) = (self.list_of(a)?, self.list_of(b)?);
                self.all_equal(&a, &b)?
            }
            (Value::Instance(instance), other) | (other, Value::Instance(instance)) => {
                if let Some(method) = instance.class.get("__eq__") {
                    let answer = self.call(&method, crate::Args::of(vec![a.clone(), b.clone()]))?;
                    return self.truth(&answer);
                }
                if let Some(hooks) = instance.class.hooks.clone()
                    && let Some(answer) = hooks.equal(self, instance, other)?
                {
                    return Ok(answer);
                }
                a.is(b)
            }
            (a, b) => a.is(b),
        })
    }

    fn all_equal(&mut self, a: &[Value], b: &[Value]) -> Outcome<bool> {
        if a.len() != b.len() {
            return Ok(false);
        }
        for (a, b) in a.iter().zip(b) {
            if !a.is(b) && !self.equal(a, b)? {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// Which comes first; `None` where neither does (NaN, sets that overlap).
    ///
    /// # Errors
    /// `TypeError` where the two cannot be ordered.
    pub(crate) fn order(&mut self, op: &str, a: &Value, b: &Value) -> Outcome<Option<Ordering>> {
        if is_number(a) && is_number(b) {
            return Ok(number_order(a, b));
        }
        match (a, b) {
            (Value::Str(a), Value::Str(b)) => Ok(Some(a.cmp(b))),
            (Value::Bytes(a), Value::Bytes(b)) => Ok(Some(a.cmp(b))),
            (Value::Date(a), Value::Date(b)) => Ok(Some(a.cmp(b))),
            (Value::DateTime(_, left), Value::DateTime(_, right)) => {
                if left.is_some() != right.is_some() {
                    return Err(raise(
                        "TypeError",
                        "can't compare offset-naive and offset-aware datetimes",
                    ));
                }
                Ok(moment_order(a, b))
            }
            (Value::Time(a), Value::Time(b)) => Ok(Some(a.cmp(b))),
            (Value::Delta(a), Value::Delta(b)) => Ok(Some(a.cmp(b))),
            (Value::Uuid(a), Value::Uuid(b)) => Ok(Some(a.cmp(b))),
            (Value::List(a), Value::List(b)) => {
                let (a, b) = (a.borrow().clone(), b.borrow().clone());
                self.items_order(op, &a, &b)
            }
            (Value::Tuple(a), Value::Tuple(b)) => self.items_order(op, a, b),
            (Value::Set(a), Value::Set(b)) => {
                let (a, b) = (a.borrow(), b.borrow());
                let within = a.entries().all(|(key, _)| b.contains(key));
                let around = b.entries().all(|(key, _)| a.contains(key));
                Ok(match (within, around) {
                    (true, true) => Some(Ordering::Equal),
                    (true, false) => Some(Ordering::Less),
                    (false, true) => Some(Ordering::Greater),
                    (false, false) => None,
                })
            }
            (Value::Instance(instance), _) if instance.class.get("__lt__").is_some() => {
                let Some(method) = instance.class.get("__lt__") else { return Ok(None) };
                let answer = self.call(&method, crate::Args::of(vec![a.clone(), b.clone()]))?;
                let less = self.truth(&answer)?;
                Ok(Some(if less { Ordering::Less } else { Ordering::Greater }))
            }
            _ => Err(raise(
                "TypeError",
                format!(
                    "'{op}' not supported between instances of '{}' and '{}'",
                    a.type_name(),
                    b.type_name()
                ),
            )),
        }
    }

    fn items_order(&mut self, op: &str, a: &[Value], b: &[Value]) -> Outcome<Option<Ordering>> {
        for (a, b) in a.iter().zip(b) {
            if !self.equal(a, b)? {
                return self.order(op, a, b);
            }
        }
        Ok(Some(a.len().cmp(&b.len())))
    }

    /// Sorts as `sorted` does; stable.
    pub(crate) fn sort(
        &mut self,
        items: Vec<(Value, Value)>,
        descending: bool,
    ) -> Outcome<Vec<Value>> {
        let mut failed = None;
        let mut items = items;
        items.arrange_by(|(a, _), (b, _)| {
            if failed.is_some() {
                return Ordering::Equal;
            }
            match self.order("<", a, b) {
                Ok(order) => {
                    let order = order.unwrap_or(Ordering::Equal);
                    if descending { order.reverse() } else { order }
                }
                Err(raised) => {
                    failed = Some(raised);
                    Ordering::Equal
                }
            }
        });
        match failed {
            Some(raised) => Err(raised),
            None => Ok(items.into_iter().map(|(_, item)| item).gather()),
        }
    }
}

pub(crate) fn is_number(value: &Value) -> bool {
    matches!(value, Value::Bool(_) | Value::Int(_) | Value::Float(_) | Value::Decimal(_))
}

/// As a float.
#[allow(clippy::cast_precision_loss, reason = "Python's float() rounds as well")]
pub(crate) fn float(value: &Value) -> Option<f64> {
    match value {
        Value::Float(number) => Some(*number),
        Value::Decimal(number) => number.to_f64(),
        value => value.as_int().map(|number| number as f64),
    }
}

fn number_order(a: &Value, b: &Value) -> Option<Ordering> {
    if let (Some(a), Some(b)) = (a.as_int(), b.as_int()) {
        return Some(a.cmp(&b));
    }
    let exact = |value: &Value| match value {
        Value::Decimal(number) => Some(**number),
        Value::Float(_) => None,
        value => value.as_int().map(Decimal::from),
    };
    match (exact(a), exact(b)) {
        (Some(a), Some(b)) => Some(a.cmp(&b)),
        _ => float(a)?.partial_cmp(&float(b)?),
    }
}

fn moment_order(a: &Value, b: &Value) -> Option<Ordering> {
    let (Value::DateTime(a, left), Value::DateTime(b, right)) = (a, b) else { return None };
    if left.is_some() != right.is_some() {
        return None;
    }
    let utc = |moment: &chrono::NaiveDateTime, zone: &Option<i32>| {
        *moment - chrono::TimeDelta::seconds(i64::from(zone.unwrap_or(0)))
    };
    Some(utc(a, left).cmp(&utc(b, right)))
}
