//! What is done with rows above the executor: set operations, DISTINCT, ordering, LIMIT.

use std::cmp::Ordering;
use std::collections::{HashMap, HashSet};

use gluesql_core::data::{Key as ValueKey, Value};

use super::Rows;
use crate::ir::SetOp;
use crate::reader::compare;
use crate::types;

/// A sort key.
pub(super) struct Key {
    pub(super) column: usize,
    pub(super) descending: bool,
    pub(super) nulls_first: bool,
}

/// A row as something that can be looked up. Numbers that are equal have one key, whole or not.
pub(super) fn keys(row: &[Value]) -> Vec<ValueKey> {
    row.iter().map(types::key).collect()
}

pub(super) fn distinct(rows: &mut Rows) {
    let mut seen = HashSet::new();
    rows.retain(|row| seen.insert(keys(row)));
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
            let theirs: HashSet<_> = right.iter().map(|row| keys(row)).collect();
            left.retain(|row| theirs.contains(&keys(row)));
            distinct(&mut left);
        }
        (SetOp::Except, false) => {
            let theirs: HashSet<_> = right.iter().map(|row| keys(row)).collect();
            left.retain(|row| !theirs.contains(&keys(row)));
            distinct(&mut left);
        }
        (SetOp::Intersect | SetOp::Except, true) => {
            let mut counts: HashMap<Vec<ValueKey>, usize> = HashMap::new();
            for row in &right {
                *counts.entry(keys(row)).or_default() += 1;
            }
            left.retain(|row| match counts.get_mut(&keys(row)) {
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

pub(super) fn order(left: &Value, right: &Value, descending: bool, nulls_first: bool) -> Ordering {
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

pub(super) fn sort(rows: &mut Rows, by: &[Key]) {
    if by.is_empty() {
        return;
    }
    rows.sort_by(|a, b| compare_rows(a, b, by));
}

/// Sorts, and keeps the first rows only: the others are set aside without being sorted among themselves.
pub(super) fn sort_first(rows: &mut Rows, by: &[Key], keep: Option<usize>) {
    let Some(keep) = keep.filter(|keep| !by.is_empty() && *keep < rows.len() / 2) else {
        return sort(rows, by);
    };
    let mut numbered: Vec<(usize, Vec<Value>)> =
        std::mem::take(rows).into_iter().enumerate().collect();
    // Rows that are equal stay in their order, as with `sort`.
    let order = |a: &(usize, Vec<Value>), b: &(usize, Vec<Value>)| {
        compare_rows(&a.1, &b.1, by).then(a.0.cmp(&b.0))
    };
    if let Some(last) = keep.checked_sub(1) {
        numbered.select_nth_unstable_by(last, order);
    }
    numbered.truncate(keep);
    numbered.sort_unstable_by(order);
    rows.extend(numbered.into_iter().map(|(_, row)| row));
}

pub(super) fn compare_rows(a: &[Value], b: &[Value], by: &[Key]) -> Ordering {
    let orders = by.iter().map(|key| {
        let (left, right) =
            (a.get(key.column).unwrap_or(&Value::Null), b.get(key.column).unwrap_or(&Value::Null));
        order(left, right, key.descending, key.nulls_first)
    });
    orders.into_iter().find(|order| order.is_ne()).unwrap_or(Ordering::Equal)
}

pub(super) fn cut(mut rows: Rows, offset: u64, limit: Option<u64>) -> Rows {
    let skip = usize::try_from(offset).unwrap_or(usize::MAX).min(rows.len());
    if skip > 0 {
        rows.drain(..skip);
    }
    if let Some(limit) = limit {
        rows.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
    }
    rows
}
