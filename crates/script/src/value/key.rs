//! What makes two keys of a dictionary the same.

use std::rc::Rc;

use super::{Outcome, Value};
use crate::Machine;
use crate::eval::raise;

/// A value as a key: equal where Python's `==` holds and the hashes are the same, so that `1`, `1.0` and `True` are one.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Key {
    /// `None`.
    None,
    /// A whole number of any type.
    Int(i64),
    /// Another number, by its bits.
    Float(u64),
    /// A decimal fraction.
    Decimal(String),
    /// Text.
    Str(Rc<str>),
    /// Bytes.
    Bytes(Rc<[u8]>),
    /// Items of a tuple; of a frozen set in order.
    Tuple(Vec<Key>),
    /// A day, a time, a span of time, a UUID: by their class and their text.
    Written(&'static str, String),
    /// A row of a table, by its model and its primary key.
    Row(Rc<str>, Box<Key>),
    /// Whatever is only equal to itself.
    Identity(usize),
}

impl Machine {
    /// A value as a key.
    ///
    /// # Errors
    /// `TypeError` for lists, dictionaries and sets.
    pub fn key(&mut self, value: &Value) -> Outcome<Key> {
        Ok(match value {
            Value::None => Key::None,
            Value::Bool(yes) => Key::Int(i64::from(*yes)),
            Value::Int(number) => Key::Int(*number),
            Value::Float(number) => {
                #[allow(
                    clippy::cast_possible_truncation,
                    reason = "it is compared with what came in"
                )]
                let whole = *number as i64;
                #[allow(clippy::cast_precision_loss, reason = "as above")]
                if whole as f64 == *number { Key::Int(whole) } else { Key::Float(number.to_bits()) }
            }
            Value::Decimal(number) => match i64::try_from(**number) {
                Ok(whole) if number.fract().is_zero() => Key::Int(whole),
                _ => Key::Decimal(number.normalize().to_string()),
            },
            Value::Str(text) => Key::Str(text.clone()),
            Value::Bytes(bytes) => Key::Bytes(bytes.clone()),
            Value::Tuple(items) => {
                Key::Tuple(items.iter().map(|item| self.key(item)).collect::<Outcome<_>>()?)
            }
            Value::Date(date) => Key::Written("date", date.to_string()),
            Value::DateTime(moment, zone) => {
                let utc = **moment - chrono::TimeDelta::seconds(i64::from(zone.unwrap_or(0)));
                Key::Written(if zone.is_some() { "aware" } else { "datetime" }, utc.to_string())
            }
            Value::Time(time) => Key::Written("time", time.to_string()),
            Value::Delta(delta) => Key::Written("timedelta", delta.to_string()),
            Value::Zone(zone) => Key::Written("timezone", zone.to_string()),
            Value::Uuid(uuid) => Key::Written("uuid", uuid.to_string()),
            Value::Range(range) => Key::Tuple(range.map(Key::Int).into()),
            Value::List(_) | Value::Dict(_) | Value::Set(_) | Value::Slice(_) => {
                return Err(raise(
                    "TypeError",
                    format!("unhashable type: '{}'", value.type_name()),
                ));
            }
            Value::Instance(instance) => {
                let hooks = instance.class.hooks.clone();
                let key = match hooks {
                    Some(hooks) => hooks.key(self, instance)?,
                    None => None,
                };
                key.unwrap_or_else(|| identity(value))
            }
            Value::Object(object) => object.clone().key(self)?.unwrap_or_else(|| identity(value)),
            Value::Ellipsis
            | Value::NotImplemented
            | Value::Function(_)
            | Value::Native(_)
            | Value::Bound(_)
            | Value::Class(_)
            | Value::Module(_)
            | Value::Iter(_)
            | Value::Coroutine(_) => identity(value),
        })
    }
}

fn identity(value: &Value) -> Key {
    Key::Identity(value.address().unwrap_or(0))
}
