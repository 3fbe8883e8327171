//! Expressions as they are evaluated: columns are places of rows, and values are borrowed from where they are.

use std::borrow::Cow;
use std::cmp::Ordering;
use std::sync::Arc;

use gluesql_core::data::Value;

use super::Plan;
use super::arithmetic::{arithmetic, negated, too_large};
use super::state::{Res, State};
use crate::error::SqlError;
use crate::functions::{Function, Pattern, converted};
use crate::ir::{Comparison, Operator, Set};
use crate::outcome::Span;
use crate::types::Type;
use crate::values::compare;

/// An expression whose columns have places.
pub(super) enum Code {
    Value(Value),
    /// A column of the row at a place.
    Cell(usize, usize),
    /// The number of the row at a place.
    Number(usize),
    Compare(Comparison, Box<(Code, Code)>),
    And(Vec<Code>),
    Or(Vec<Code>),
    Not(Box<Code>),
    IsNull(Box<Code>),
    Arithmetic(Operator, Box<(Code, Code)>),
    Negate(Box<Code>),
    Case(Vec<(Code, Code)>, Option<Box<Code>>),
    Coalesce(Vec<Code>),
    Convert(Box<Code>, Type),
    InSet(Box<Code>, Arc<Set>),
    Call(&'static Function, Vec<Code>),
    Like(Box<Code>, Pattern),
    /// An aggregate of the groups with a number.
    Aggregate(usize, usize),
    Scalar(Box<Plan>, Option<Span>),
    Exists(Box<Plan>),
    /// Membership in the only column of a subquery that reads the enclosing row.
    InRows(Box<Code>, Box<Plan>),
}

static NULL: Value = Value::Null;

/// A truth value as a value.
fn truth(truth: Option<bool>) -> Value {
    truth.map_or(Value::Null, Value::Bool)
}

impl Code {
    /// Its value for the rows that are in their places.
    pub(super) fn value<'p>(&'p self, state: &State<'p>) -> Res<Cow<'p, Value>> {
        Ok(match self {
            Code::Value(value) => Cow::Borrowed(value),
            Code::Cell(place, column) => match state.row(*place) {
                None => Cow::Borrowed(&NULL),
                Some(row) => match row.cells.get(*column) {
                    Some(value) => Cow::Borrowed(value),
                    // One past the last column is the row's number.
                    None if *column == row.cells.len() => Cow::Owned(Value::I64(row.id)),
                    None => Cow::Borrowed(&NULL),
                },
            },
            Code::Number(place) => match state.row(*place) {
                None => Cow::Borrowed(&NULL),
                Some(row) => Cow::Owned(Value::I64(row.id)),
            },
            Code::Compare(..)
            | Code::And(_)
            | Code::Or(_)
            | Code::Not(_)
            | Code::IsNull(_)
            | Code::InSet(..)
            | Code::Like(..)
            | Code::Exists(_)
            | Code::InRows(..) => Cow::Owned(truth(self.truth(state)?)),
            Code::Arithmetic(operator, sides) => {
                let (left, right) = (sides.0.value(state)?, sides.1.value(state)?);
                Cow::Owned(arithmetic(*operator, &left, &right)?)
            }
            Code::Negate(inner) => Cow::Owned(negated(&*inner.value(state)?)?),
            Code::Case(branches, otherwise) => {
                for (when, then) in branches {
                    if when.holds(state)? {
                        return then.value(state);
                    }
                }
                match otherwise {
                    Some(otherwise) => return otherwise.value(state),
                    None => Cow::Borrowed(&NULL),
                }
            }
            Code::Coalesce(parts) => {
                for part in parts {
                    let value = part.value(state)?;
                    if !value.is_null() {
                        return Ok(value);
                    }
                }
                Cow::Borrowed(&NULL)
            }
            Code::Convert(inner, target) => {
                let value = inner.value(state)?;
                match (&*value, target) {
                    (Value::Null, _) | (Value::F64(_), Type::Float) => value,
                    #[expect(clippy::cast_precision_loss, reason = "widening, as SQLite does")]
                    (Value::I64(number), Type::Float) => Cow::Owned(Value::F64(*number as f64)),
                    (other, target) => Cow::Owned(
                        converted(other, *target)
                            .map_err(|message| Box::new(SqlError::refused(message)))?,
                    ),
                }
            }
            Code::Call(function, arguments) => Cow::Owned(call(function, arguments, state)?),
            Code::Aggregate(groups, at) => Cow::Owned(state.aggregate(*groups, *at)),
            Code::Scalar(plan, span) => {
                let mut rows = plan.rows(state)?;
                if rows.len() > 1 {
                    let error = SqlError::refused(format!(
                        "this subquery is used as a value and gives {} rows",
                        rows.len()
                    ));
                    let hint = "add LIMIT 1 and an ORDER BY, or an aggregate";
                    return Err(Box::new(error.hint(hint).at(*span)));
                }
                Cow::Owned(rows.pop().and_then(|mut row| row.pop()).unwrap_or(Value::Null))
            }
        })
    }

    /// Whether it is true; neither false nor NULL are.
    pub(super) fn holds<'p>(&'p self, state: &State<'p>) -> Res<bool> {
        Ok(self.truth(state)? == Some(true))
    }

    fn truth<'p>(&'p self, state: &State<'p>) -> Res<Option<bool>> {
        Ok(match self {
            Code::Compare(comparison, sides) => {
                let left = sides.0.value(state)?;
                if left.is_null() {
                    return Ok(None);
                }
                let right = sides.1.value(state)?;
                compare(&left, &right).map(|order: Ordering| comparison.holds(order))
            }
            Code::And(parts) => return chain(parts, state, Decides::False),
            Code::Or(parts) => return chain(parts, state, Decides::True),
            Code::Not(inner) => inner.truth(state)?.map(|truth| !truth),
            Code::IsNull(inner) => Some(inner.value(state)?.is_null()),
            Code::InSet(inner, set) => set.holds(&*inner.value(state)?),
            Code::Like(inner, pattern) => match &*inner.value(state)? {
                Value::Str(text) => Some(pattern.matches(text)),
                _ => None,
            },
            Code::Exists(plan) => Some(plan.has_rows(state)?),
            Code::InRows(inner, plan) => {
                let value = inner.value(state)?;
                let rows = plan.rows(state)?;
                let mut orders =
                    rows.iter().filter_map(|row| row.first()).map(|row| compare(&value, row));
                if orders.clone().any(|order| order.is_some_and(Ordering::is_eq)) {
                    Some(true)
                } else {
                    // One that is NULL could be it.
                    (!orders.any(|order| order.is_none())).then_some(false)
                }
            }
            Code::Value(_)
            | Code::Cell(..)
            | Code::Number(_)
            | Code::Arithmetic(..)
            | Code::Negate(_)
            | Code::Case(..)
            | Code::Coalesce(_)
            | Code::Convert(..)
            | Code::Call(..)
            | Code::Aggregate(..)
            | Code::Scalar(..) => match &*self.value(state)? {
                Value::Bool(truth) => Some(*truth),
                _ => None,
            },
        })
    }
}

/// Which truth value of a part decides the whole.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Decides {
    False,
    True,
}

/// AND and OR: one part that is false, or true, decides; else one that is NULL makes all of it NULL.
fn chain<'p>(parts: &'p [Code], state: &State<'p>, decides: Decides) -> Res<Option<bool>> {
    let wanted = decides == Decides::True;
    let mut known = true;
    for part in parts {
        match part.truth(state)? {
            Some(truth) if truth == wanted => return Ok(Some(wanted)),
            Some(_) => {}
            None => known = false,
        }
    }
    Ok(known.then_some(!wanted))
}

fn call<'p>(function: &Function, arguments: &'p [Code], state: &State<'p>) -> Res<Value> {
    let result = match arguments {
        [only] => function.call(std::slice::from_ref(&*only.value(state)?)),
        arguments => {
            let values: Vec<Value> = arguments
                .iter()
                .map(|argument| argument.value(state).map(Cow::into_owned))
                .collect::<Res<_>>()?;
            function.call(&values)
        }
    };
    result.map_err(|message| {
        if message == "integer overflow" {
            return too_large();
        }
        Box::new(SqlError::refused(format!("{}: {message}", function.name)))
    })
}
