//! Aggregates, value by value.

use std::borrow::Cow;
use std::cmp::Ordering;

use gluesql_core::data::Value;

use throughline_order::Arrange as _;

use super::arithmetic::{arithmetic, too_large};
use super::state::Res;
use crate::error::SqlError;
use crate::functions::{LONGEST, TOO_LONG, converted};
use crate::ir::{Aggregate, AggregateFunction, Operator};
use crate::run::order;
use crate::types::{self, Type};
use crate::values::{Values, compare};

/// An aggregate that takes one value after the other.
#[derive(Default)]
pub(crate) struct Fold {
    count: i64,
    folded: Option<Value>,
    seen: Option<Box<Values>>,
    texts: Option<Box<Texts>>,
}

/// Texts to be joined, with the keys that they are sorted by.
#[derive(Default)]
struct Texts {
    list: Vec<(String, Vec<Value>)>,
    /// How long they are together.
    length: usize,
}

impl Fold {
    /// Takes a value, and the keys by which this aggregate sorts its values, if it does.
    pub(crate) fn push(
        &mut self,
        aggregate: &Aggregate,
        value: &Value,
        keys: impl FnOnce() -> Res<Vec<Value>>,
    ) -> Res<()> {
        if value.is_null()
            || (aggregate.distinct && !self.seen.get_or_insert_default().insert(value))
        {
            return Ok(());
        }
        self.count += 1;
        match aggregate.function {
            AggregateFunction::Count => {}
            AggregateFunction::Concat => {
                if let Some(text) = types::text(value) {
                    let texts = self.texts.get_or_insert_default();
                    texts.length += text.len() + aggregate.separator.len();
                    if texts.length > LONGEST {
                        return Err(Box::new(SqlError::refused(TOO_LONG)));
                    }
                    texts.list.push((text, keys()?));
                }
            }
            AggregateFunction::Sum | AggregateFunction::Avg => {
                self.folded = Some(match (&self.folded, value) {
                    (None, value) => value.clone(),
                    (Some(Value::I64(sum)), Value::I64(value)) => match sum.checked_add(*value) {
                        Some(sum) => Value::I64(sum),
                        None => return Err(too_large()),
                    },
                    (Some(Value::F64(sum)), Value::F64(value)) => Value::F64(sum + value),
                    (Some(sum), value) => arithmetic(Operator::Add, sum, value)?,
                });
            }
            AggregateFunction::Min => self.keep(value, Ordering::Less),
            AggregateFunction::Max => self.keep(value, Ordering::Greater),
        }
        Ok(())
    }

    fn keep(&mut self, value: &Value, wanted: Ordering) {
        if self.folded.as_ref().is_none_or(|best| compare(value, best) == Some(wanted)) {
            self.folded = Some(value.clone());
        }
    }

    /// The aggregate of what it has taken.
    pub(crate) fn value(&self, aggregate: &Aggregate) -> Res<Value> {
        let folded = || self.folded.clone().unwrap_or(Value::Null);
        Ok(match aggregate.function {
            AggregateFunction::Count => Value::I64(self.count),
            AggregateFunction::Concat => self.joined(aggregate),
            AggregateFunction::Avg => match &self.folded {
                None => Value::Null,
                Some(sum) => {
                    let sum = converted(sum, Type::Float)
                        .map_err(|message| Box::new(SqlError::refused(message)))?;
                    #[expect(clippy::cast_precision_loss, reason = "no table has so many rows")]
                    let count = Value::F64(self.count as f64);
                    arithmetic(Operator::Divide, &sum, &count)?
                }
            },
            // As in SQLite: what is no number is NULL.
            AggregateFunction::Sum => match folded() {
                Value::F64(sum) if sum.is_nan() => Value::Null,
                sum => sum,
            },
            AggregateFunction::Min | AggregateFunction::Max => folded(),
        })
    }

    fn joined(&self, aggregate: &Aggregate) -> Value {
        let Some(texts) = &self.texts else { return Value::Null };
        let mut texts: Cow<'_, [(String, Vec<Value>)]> = Cow::Borrowed(&texts.list);
        if !aggregate.order.is_empty() {
            texts.to_mut().arrange_by(|(_, left), (_, right)| {
                let keys = aggregate.order.iter().zip(left.iter().zip(right));
                keys.map(|((_, descending, nulls_first), (left, right))| {
                    order(left, right, *descending, *nulls_first)
                })
                .find(|order| order.is_ne())
                .unwrap_or(Ordering::Equal)
            });
        }
        let texts: Vec<&str> = texts.iter().map(|(text, _)| text.as_str()).collect();
        Value::Str(texts.join(&aggregate.separator))
    }
}
