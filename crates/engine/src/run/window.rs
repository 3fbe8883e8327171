//! Window functions and aggregates over rows that are there.

use std::collections::{HashMap, HashSet};

use gluesql_core::ast::DataType;
use gluesql_core::data::Value;

use super::{Rows, combine, stage, surface};
use crate::error::Result;
use crate::ir::{Aggregate, AggregateFunction, FrameEnd, FrameKind, Window, WindowFunction};
use crate::reader::compare;
use crate::types;

/// An aggregate of some values.
pub(super) fn fold<'v>(
    aggregate: &Aggregate,
    values: impl Iterator<Item = &'v Value>,
) -> Result<Value> {
    let mut fold = Fold::new(aggregate);
    for value in values {
        fold.push(value)?;
    }
    fold.value()
}

/// An aggregate that takes one value after the other.
struct Fold<'a> {
    aggregate: &'a Aggregate,
    seen: HashSet<gluesql_core::data::Key>,
    count: i64,
    folded: Option<Value>,
    texts: Vec<String>,
}

impl<'a> Fold<'a> {
    fn new(aggregate: &'a Aggregate) -> Self {
        Self { aggregate, seen: HashSet::new(), count: 0, folded: None, texts: Vec::new() }
    }

    fn push(&mut self, value: &Value) -> Result<()> {
        if value.is_null() || (self.aggregate.distinct && !self.seen.insert(types::key(value))) {
            return Ok(());
        }
        self.count += 1;
        match self.aggregate.function {
            AggregateFunction::Count => {}
            AggregateFunction::Concat => self.texts.extend(types::text(value)),
            AggregateFunction::Sum | AggregateFunction::Avg => {
                self.folded = Some(match &self.folded {
                    None => value.clone(),
                    Some(sum) => sum.add(value).map_err(|error| surface(&error))?,
                });
            }
            AggregateFunction::Min | AggregateFunction::Max => {
                let wanted = if self.aggregate.function == AggregateFunction::Min {
                    std::cmp::Ordering::Less
                } else {
                    std::cmp::Ordering::Greater
                };
                if self.folded.as_ref().is_none_or(|best| compare(value, best) == Some(wanted)) {
                    self.folded = Some(value.clone());
                }
            }
        }
        Ok(())
    }

    fn value(&self) -> Result<Value> {
        let folded = || self.folded.clone().unwrap_or(Value::Null);
        Ok(match self.aggregate.function {
            AggregateFunction::Count => Value::I64(self.count),
            AggregateFunction::Concat if self.texts.is_empty() => Value::Null,
            AggregateFunction::Concat => Value::Str(self.texts.join(&self.aggregate.separator)),
            AggregateFunction::Avg => match &self.folded {
                None => Value::Null,
                Some(sum) => sum
                    .cast(&DataType::Float)
                    .and_then(|sum| sum.divide(&Value::I64(self.count)))
                    .map_err(|error| surface(&error))?,
            },
            AggregateFunction::Sum | AggregateFunction::Min | AggregateFunction::Max => folded(),
        })
    }
}

/// A window function's value for each row, in the order of the rows.
pub(super) fn values(
    window: &Window,
    rows: &Rows,
    arguments: &[usize],
    partition: &[usize],
    by: &[combine::Key],
) -> Result<Vec<Value>> {
    let mut parts: Vec<Vec<usize>> = Vec::new();
    let mut places: HashMap<Vec<gluesql_core::data::Key>, usize> = HashMap::new();
    for (at, row) in rows.iter().enumerate() {
        let key = partition.iter().filter_map(|column| row.get(*column)).map(types::key).collect();
        let part = *places.entry(key).or_insert_with(|| {
            parts.push(Vec::new());
            parts.len() - 1
        });
        if let Some(part) = parts.get_mut(part) {
            part.push(at);
        }
    }
    let mut values = vec![Value::Null; rows.len()];
    let row = |at: usize| rows.get(at).map_or(&[][..], Vec::as_slice);
    for mut part in parts {
        part.sort_by(|a, b| combine::compare_rows(row(*a), row(*b), by));
        let peers = |a: usize, b: usize| combine::compare_rows(row(a), row(b), by).is_eq();
        let found = one_partition(window, &part, &peers, &|at: usize, argument: usize| {
            arguments
                .get(argument)
                .and_then(|column| row(at).get(*column))
                .cloned()
                .unwrap_or(Value::Null)
        })?;
        for (at, value) in part.iter().zip(found) {
            if let Some(place) = values.get_mut(*at) {
                *place = value;
            }
        }
    }
    Ok(values)
}

/// The values for the rows of one partition, which are in the window's order.
fn one_partition(
    window: &Window,
    part: &[usize],
    peers: &dyn Fn(usize, usize) -> bool,
    cell: &dyn Fn(usize, usize) -> Value,
) -> Result<Vec<Value>> {
    let count = |number: usize| Value::I64(i64::try_from(number).unwrap_or(i64::MAX));
    let nth = |at: usize| part.get(at).copied();
    // Where each row's peers begin and end.
    let mut starts = Vec::with_capacity(part.len());
    let mut groups = Vec::with_capacity(part.len());
    for (at, own) in part.iter().enumerate() {
        let joined = at > 0 && nth(at - 1).is_some_and(|before| peers(before, *own));
        starts.push(if joined { starts.last().copied().unwrap_or(0) } else { at });
        groups.push(if joined {
            groups.last().copied().unwrap_or(1)
        } else {
            groups.last().map_or(1, |group| group + 1)
        });
    }
    let mut ends = vec![part.len(); part.len()];
    for at in (0..part.len().saturating_sub(1)).rev() {
        let same = starts.get(at) == starts.get(at + 1);
        let end = if same { ends.get(at + 1).copied().unwrap_or(part.len()) } else { at + 1 };
        if let Some(place) = ends.get_mut(at) {
            *place = end;
        }
    }
    let end_of = |at: usize| match window.frame {
        (_, FrameEnd::Last) => part.len(),
        (FrameKind::Rows, FrameEnd::CurrentRow) => at + 1,
        (FrameKind::Range, FrameEnd::CurrentRow) => ends.get(at).copied().unwrap_or(part.len()),
    };
    let star = window.arguments.is_empty();
    let aggregate = match window.function {
        WindowFunction::Aggregate(function) => function,
        _ => AggregateFunction::Count,
    };
    let aggregate = stage::plain(aggregate, !star, window.ty);
    // Frames begin with the partition, so each takes up where the last one ended.
    let (mut running, mut folded) = (Fold::new(&aggregate), 0);
    let mut values = Vec::with_capacity(part.len());
    for (at, own) in part.iter().enumerate() {
        let shifted = |other: Option<usize>| match other.and_then(nth) {
            Some(other) => cell(other, 0),
            None if window.arguments.len() > 2 => cell(*own, 2),
            None => Value::Null,
        };
        let steps = match window.arguments.get(1).and_then(|steps| steps.as_value()) {
            Some(Value::I64(steps)) => usize::try_from(*steps).unwrap_or(1),
            _ => 1,
        };
        values.push(match window.function {
            WindowFunction::RowNumber => count(at + 1),
            WindowFunction::Rank => count(starts.get(at).map_or(1, |start| start + 1)),
            WindowFunction::DenseRank => count(groups.get(at).copied().unwrap_or(1)),
            WindowFunction::Lag => shifted(at.checked_sub(steps)),
            WindowFunction::Lead => shifted(at.checked_add(steps)),
            WindowFunction::FirstValue => nth(0).map_or(Value::Null, |first| cell(first, 0)),
            WindowFunction::LastValue => {
                nth(end_of(at).saturating_sub(1)).map_or(Value::Null, |last| cell(last, 0))
            }
            WindowFunction::NTile => match cell(*own, 0) {
                Value::I64(tiles) if tiles > 0 => {
                    let tiles = usize::try_from(tiles).unwrap_or(1);
                    let (size, more) = (part.len() / tiles, part.len() % tiles);
                    let long = (size + 1) * more;
                    count(if at < long {
                        at / (size + 1) + 1
                    } else {
                        more + (at - long) / size.max(1) + 1
                    })
                }
                _ => Value::Null,
            },
            WindowFunction::Aggregate(_) => {
                let end = end_of(at);
                for row in part.iter().take(end).skip(folded) {
                    running.push(&if star { Value::Bool(true) } else { cell(*row, 0) })?;
                }
                folded = folded.max(end);
                running.value()?
            }
        });
    }
    Ok(values)
}
