//! How each source is read: tests that are done as rows are read, and the rows that can matter, found through indexes.

use std::collections::{BTreeSet, HashSet};
use std::sync::Arc;

use gluesql_core::data::Value;
use throughline_order::Gather as _;

use super::{ScanOrder, Stock};
use crate::functions::Pattern;
use crate::ir::{Comparison, Expr, Kind, Set, Source, SourceId};
use crate::reader::{Access, Nullness, Test};
use crate::store::Table;
use crate::values::Values;

/// A source while its access is worked out.
pub(crate) struct Candidate {
    pub(crate) source: Source,
    pub(crate) stock: Stock,
    pub(crate) tests: Vec<Test>,
    /// The only rows that can matter, if they are known.
    pub(crate) ids: Option<Arc<Vec<i64>>>,
}

impl Candidate {
    pub(crate) fn estimate(&self) -> usize {
        match &self.ids {
            Some(ids) => ids.len(),
            None if self.tests.is_empty() => self.stock.len(),
            None => self.stock.len() / 3 + 1,
        }
    }

    pub(crate) fn access(&self) -> Access {
        self.ids.as_ref().map_or(Access::All, |ids| Access::Ids(Arc::clone(ids)))
    }

    /// The values of a column in the rows that can matter.
    fn values(&self, column: usize) -> Values {
        let mut found = Values::default();
        let mut add = |row: &[Value]| {
            let value = row.get(column).unwrap_or(&Value::Null);
            if !value.is_null() && self.tests.iter().all(|test| test.passes(row)) {
                found.insert(value);
            }
        };
        match (&self.stock, &self.ids) {
            (Stock::Table(table), Some(ids)) => {
                ids.iter().filter_map(|id| table.rows.get(*id)).for_each(add)
            }
            (Stock::Table(table), None) => table.rows.iter().for_each(|(_, row)| add(row)),
            (Stock::Known(rows), Some(ids)) => ids
                .iter()
                .filter_map(|id| rows.get(usize::try_from(*id).ok()?))
                .for_each(|row| add(row)),
            (Stock::Known(rows), None) => rows.iter().for_each(|row| add(row)),
        }
        found
    }

    /// Narrows the rows to those with one of these values in a column, if an index can tell.
    fn narrow(&mut self, column: usize, values: &[Value]) -> bool {
        let Stock::Table(table) = &self.stock else { return false };
        if table.index_on(&[column]).is_none() && table.def.row_column() != Some(column) {
            return false;
        }
        let mut ids = BTreeSet::new();
        for value in values {
            ids.extend(table.find(&[column], &[value]).unwrap_or_default());
        }
        let ids: Vec<i64> = match &self.ids {
            None => ids.into_iter().gather(),
            Some(known) => known.iter().copied().filter(|id| ids.contains(id)).gather(),
        };
        self.ids = Some(Arc::new(ids));
        true
    }
}

impl Candidate {
    /// Narrows by tests of its own, and by sources that it is joined with (theirs, its own column).
    pub(crate) fn narrow_by(&mut self, known: &[&Candidate], joins: &[Equality]) {
        narrow(std::slice::from_mut(self), &[]);
        for (theirs, mine) in joins {
            let Some(other) = known.iter().find(|other| other.source.id == theirs.0) else {
                continue;
            };
            if other.ids.as_ref().is_some_and(|ids| ids.len() * 2 < self.estimate().max(1)) {
                let values = other.values(theirs.1);
                self.narrow(mine.1, values.as_slice());
            }
        }
    }
}

/// A condition on one column of one source as a test, if it is one.
pub(crate) fn test(expr: &Expr, id: SourceId) -> Option<Test> {
    let own = |expr: &Expr| match expr.kind {
        Kind::Column(source, column) if source == id => Some(column),
        _ => None,
    };
    match &expr.kind {
        Kind::Compare(comparison, left, right) => {
            match (own(left), right.as_value(), own(right), left.as_value()) {
                (Some(column), Some(value), ..) if left.ty == right.ty => {
                    Some(Test::Compare(column, *comparison, value.clone()))
                }
                (_, _, Some(column), Some(value)) if left.ty == right.ty => {
                    Some(Test::Compare(column, comparison.flipped(), value.clone()))
                }
                _ => None,
            }
        }
        Kind::IsNull(inner) => own(inner).map(|column| Test::Null(column, Nullness::Null)),
        Kind::In(inner, list) => {
            let values: Option<Values> = list.iter().map(Expr::as_value).collect();
            let set = Set { values: values?, has_null: false, asked: crate::ir::Asked::In };
            own(inner).map(|column| Test::In(column, Arc::new(set)))
        }
        Kind::InSet(inner, set) => own(inner).map(|column| Test::In(column, Arc::clone(set))),
        Kind::Call(function, arguments) if function.name == "like" => {
            let [first, pattern] = arguments.as_slice() else { return None };
            let Some(Value::Str(pattern)) = pattern.as_value() else { return None };
            own(first)
                .map(|column| Test::Like(column, Arc::new(Pattern::like(pattern, None)), true))
        }
        Kind::Not(inner) => match test(inner, id)? {
            Test::Null(column, Nullness::Null) => Some(Test::Null(column, Nullness::NotNull)),
            Test::In(column, set) => Some(Test::NotIn(column, set)),
            Test::Like(column, pattern, wanted) => Some(Test::Like(column, pattern, !wanted)),
            Test::Null(_, Nullness::NotNull) | Test::Compare(..) | Test::NotIn(..) => None,
        },
        _ => None,
    }
}

/// Two columns that must be equal.
pub(crate) type Equality = ((SourceId, usize), (SourceId, usize));

/// `a.x = b.y` as columns.
pub(crate) fn equal_columns(expr: &Expr) -> Option<Equality> {
    let Kind::Compare(Comparison::Equal, left, right) = &expr.kind else { return None };
    match (&left.kind, &right.kind) {
        (Kind::Column(a, x), Kind::Column(b, y)) if a != b && left.ty == right.ty => {
            Some(((*a, *x), (*b, *y)))
        }
        _ => None,
    }
}

/// Uses indexes for tests, then lets each narrowed source narrow those that it is joined with.
pub(crate) fn narrow(candidates: &mut [Candidate], joins: &[Equality]) {
    for candidate in candidates.iter_mut() {
        for test in candidate.tests.clone() {
            match test {
                Test::Compare(column, Comparison::Equal, value) => {
                    candidate.narrow(column, std::slice::from_ref(&value));
                }
                Test::In(column, set) if set.values.len() <= candidate.stock.len() / 4 + 16 => {
                    candidate.narrow(column, set.values.as_slice());
                }
                _ => {}
            }
        }
        if candidate.ids.is_none() && candidate.stock.len() <= 16 {
            candidate.ids = match &candidate.stock {
                Stock::Table(table) => Some(Arc::new(table.rows.ids().gather())),
                Stock::Known(rows) => {
                    Some(Arc::new((0..i64::try_from(rows.len()).unwrap_or(0)).gather()))
                }
            };
        }
    }
    let mut used: HashSet<usize> = HashSet::new();
    loop {
        let mut changed = false;
        for (at, (a, b)) in joins.iter().enumerate() {
            for (from, to) in [(a, b), (b, a)] {
                if used.contains(&at) {
                    continue;
                }
                let find = |id: SourceId| {
                    candidates.iter().position(|candidate| candidate.source.id == id)
                };
                let (Some(source), Some(target)) = (find(from.0), find(to.0)) else { continue };
                let (Some(known), Some(other)) = (candidates.get(source), candidates.get(target))
                else {
                    continue;
                };
                let worth =
                    known.ids.as_ref().is_some_and(|ids| ids.len() * 2 < other.estimate().max(1));
                if !worth {
                    continue;
                }
                let values = known.values(from.1);
                if candidates
                    .get_mut(target)
                    .is_some_and(|target| target.narrow(to.1, values.as_slice()))
                {
                    used.insert(at);
                    changed = true;
                }
            }
        }
        if !changed {
            return;
        }
    }
}

/// How a source is read in the order that is wanted, if it can be.
pub(crate) fn first_access(wanted: ScanOrder, item: &Candidate) -> Option<Access> {
    let Stock::Table(table) = &item.stock else { return None };
    if wanted.source != item.source.id {
        return None;
    }
    let by_number = table.def.row_column() == Some(wanted.column);
    match (item.access(), by_number, wanted.descending) {
        (access, true, false) => Some(access),
        (Access::All, true, true) => Some(Access::Reversed),
        (Access::All, false, descending) => {
            let at = index_position(table, wanted.column)?;
            Some(if descending { Access::IndexReversed(at) } else { Access::Index(at) })
        }
        _ => None,
    }
}

/// Which index finds rows by one column.
pub(crate) fn index_position(table: &Table, column: usize) -> Option<usize> {
    let index = table.index_on(&[column])?;
    table.indexes.iter().position(|known| std::ptr::eq(known, index))
}
