//! Window functions over rows that are there.

use gluesql_core::data::Value;

use super::{Rows, combine, stage};
use crate::error::Result;
use crate::exec::Fold;
use crate::ir::{AggregateFunction, FrameEnd, FrameKind, Window, WindowFunction};
use crate::values::{Place, RowSet};

/// A window function's value for each row, in the order of the rows.
pub(super) fn values(
    window: &Window,
    rows: &Rows,
    arguments: &[usize],
    partition: &[usize],
    by: &[combine::Key],
) -> Result<Vec<Value>> {
    let mut parts: Vec<Vec<usize>> = Vec::new();
    let mut known = RowSet::default();
    for (at, row) in rows.iter().enumerate() {
        let mut key: Vec<&Value> = partition.iter().filter_map(|column| row.get(*column)).collect();
        match known.place(&mut key) {
            Place::New(_) => parts.push(vec![at]),
            Place::Known(part) => parts.get_mut(part).into_iter().for_each(|part| part.push(at)),
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
    let (mut running, mut folded) = (Fold::default(), 0);
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
                    let value = if star { Value::Bool(true) } else { cell(*row, 0) };
                    running.push(&aggregate, &value, || Ok(Vec::new())).map_err(|error| *error)?;
                }
                folded = folded.max(end);
                running.value(&aggregate).map_err(|error| *error)?
            }
        });
    }
    Ok(values)
}
