//! What is done with rows above the executor: set operations, DISTINCT, ordering, LIMIT.

use std::cmp::Ordering;

use gluesql_core::data::Value;

use super::Rows;
use crate::ir::SetOp;
use crate::values::{Place, RowSet, compare};

/// A sort key.
#[derive(PartialEq)]
pub(crate) struct Key {
    pub(super) column: usize,
    pub(super) descending: bool,
    pub(super) nulls_first: bool,
}

pub(crate) fn distinct(rows: &mut Rows) {
    *rows = collected(std::mem::take(rows)).into_rows().collect();
}

fn collected(rows: Rows) -> RowSet<Value> {
    let mut set = RowSet::default();
    for mut row in rows {
        set.place(&mut row);
    }
    set
}

pub(super) fn set(op: SetOp, all: bool, mut left: Rows, right: Rows) -> Rows {
    match (op, all) {
        (SetOp::Union, _) => {
            left.extend(right);
            if !all {
                distinct(&mut left);
            }
        }
        (SetOp::Intersect, false) => {
            let theirs = collected(right);
            left.retain(|row| theirs.find(row).is_some());
            distinct(&mut left);
        }
        (SetOp::Except, false) => {
            let theirs = collected(right);
            left.retain(|row| theirs.find(row).is_none());
            distinct(&mut left);
        }
        (SetOp::Intersect | SetOp::Except, true) => {
            let mut theirs = RowSet::default();
            let mut counts: Vec<usize> = Vec::new();
            for mut row in right {
                match theirs.place(&mut row) {
                    Place::New(_) => counts.push(1),
                    Place::Known(at) => {
                        if let Some(count) = counts.get_mut(at) {
                            *count += 1;
                        }
                    }
                }
            }
            left.retain(|row| match theirs.find(row).and_then(|at| counts.get_mut(at)) {
                Some(count) if *count > 0 => {
                    *count -= 1;
                    op == SetOp::Intersect
                }
                _ => op == SetOp::Except,
            });
        }
    }
    left
}

pub(crate) fn order(left: &Value, right: &Value, descending: bool, nulls_first: bool) -> Ordering {
    match (left.is_null(), right.is_null()) {
        (true, true) => Ordering::Equal,
        (true, false) => {
            if nulls_first {
                Ordering::Less
            } else {
                Ordering::Greater
            }
        }
        (false, true) => {
            if nulls_first {
                Ordering::Greater
            } else {
                Ordering::Less
            }
        }
        (false, false) => {
            let order = compare(left, right).unwrap_or(Ordering::Equal);
            if descending { order.reverse() } else { order }
        }
    }
}

pub(crate) fn sort(rows: &mut Rows, by: &[Key]) {
    if by.is_empty() {
        return;
    }
    rows.sort_by(|a, b| compare_rows(a, b, by));
}

pub(super) fn compare_rows(a: &[Value], b: &[Value], by: &[Key]) -> Ordering {
    let orders = by.iter().map(|key| {
        let (left, right) =
            (a.get(key.column).unwrap_or(&Value::Null), b.get(key.column).unwrap_or(&Value::Null));
        order(left, right, key.descending, key.nulls_first)
    });
    orders.into_iter().find(|order| order.is_ne()).unwrap_or(Ordering::Equal)
}

pub(crate) fn cut(mut rows: Rows, offset: u64, limit: Option<u64>) -> Rows {
    let skip = usize::try_from(offset).unwrap_or(usize::MAX).min(rows.len());
    if skip > 0 {
        rows.drain(..skip);
    }
    if let Some(limit) = limit {
        rows.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
    }
    rows
}
