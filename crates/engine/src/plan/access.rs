//! How each source is read: tests that are done as rows are read, and the rows that can matter, found through indexes.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::sync::Arc;

use gluesql_core::data::Value;

use super::{Lower, Stock};
use crate::ir::{Comparison, Expr, Kind, Set, Source, SourceId};
use crate::reader::{Access, Lookup, Nullness, Test};
use crate::store::Table;
use crate::types;

/// A source while its access is worked out.
pub(super) struct Candidate {
    pub(super) source: Source,
    pub(super) stock: Stock,
    pub(super) tests: Vec<Test>,
    /// The only rows that can matter, if they are known.
    pub(super) ids: Option<Arc<Vec<i64>>>,
}

impl Candidate {
    pub(super) fn estimate(&self) -> usize {
        match &self.ids {
            Some(ids) => ids.len(),
            None if self.tests.is_empty() => self.stock.len(),
            None => self.stock.len() / 3 + 1,
        }
    }

    pub(super) fn access(&self) -> Access {
        self.ids.as_ref().map_or(Access::All, |ids| Access::Ids(Arc::clone(ids)))
    }

    /// The values of a column in the rows that can matter.
    fn values(&self, column: usize) -> Vec<Value> {
        let mut seen = HashSet::new();
        let mut found = Vec::new();
        let mut add = |row: &[Value]| {
            let value = row.get(column).unwrap_or(&Value::Null);
            if !value.is_null()
                && self.tests.iter().all(|test| test.passes(row))
                && seen.insert(types::key(value))
            {
                found.push(value.clone());
            }
        };
        match (&self.stock, &self.ids) {
            (Stock::Table(table), Some(ids)) => {
                ids.iter().filter_map(|id| table.rows.get(id)).for_each(|row| add(row))
            }
            (Stock::Table(table), None) => table.rows.values().for_each(|row| add(row)),
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
            None => ids.into_iter().collect(),
            Some(known) => known.iter().copied().filter(|id| ids.contains(id)).collect(),
        };
        self.ids = Some(Arc::new(ids));
        true
    }
}

impl Candidate {
    /// Narrows by tests of its own, and by sources that it is joined with (theirs, its own column).
    pub(super) fn narrow_by(&mut self, known: &[&Candidate], joins: &[Equality]) {
        Lower::narrow(std::slice::from_mut(self), &[]);
        for (theirs, mine) in joins {
            let Some(other) = known.iter().find(|other| other.source.id == theirs.0) else {
                continue;
            };
            if other.ids.as_ref().is_some_and(|ids| ids.len() * 2 < self.estimate().max(1)) {
                let values = other.values(theirs.1);
                self.narrow(mine.1, &values);
            }
        }
    }
}

/// A condition on one column of one source as a test, if it is one.
pub(super) fn test(expr: &Expr, id: SourceId) -> Option<Test> {
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
            let values: Option<HashSet<_>> =
                list.iter().map(|item| item.as_value().map(types::key)).collect();
            let set = Set { values: values?, has_null: false, asked: crate::ir::Asked::In };
            own(inner).map(|column| Test::In(column, Arc::new(set)))
        }
        Kind::InSet(inner, set) => own(inner).map(|column| Test::In(column, Arc::clone(set))),
        // Patterns only: they fail for no value of the column.
        Kind::Call(function, arguments) if function.name == "like" => {
            let (first, more) = arguments.split_first()?;
            let more: Option<Vec<_>> =
                more.iter().map(|argument| argument.as_value().cloned()).collect();
            let more = more.filter(|more| more.len() == 1)?;
            own(first).map(|column| Test::Call(column, function, more, true))
        }
        Kind::Not(inner) => match test(inner, id)? {
            Test::Null(column, Nullness::Null) => Some(Test::Null(column, Nullness::NotNull)),
            Test::In(column, set) => Some(Test::NotIn(column, set)),
            Test::Call(column, function, more, wanted) => {
                Some(Test::Call(column, function, more, !wanted))
            }
            Test::Null(_, Nullness::NotNull) | Test::Compare(..) | Test::NotIn(..) => None,
        },
        _ => None,
    }
}

/// Two columns that must be equal.
pub(super) type Equality = ((SourceId, usize), (SourceId, usize));

/// `a.x = b.y` as columns.
pub(super) fn equal_columns(expr: &Expr) -> Option<Equality> {
    let Kind::Compare(Comparison::Equal, left, right) = &expr.kind else { return None };
    match (&left.kind, &right.kind) {
        (Kind::Column(a, x), Kind::Column(b, y)) if a != b && left.ty == right.ty => {
            Some(((*a, *x), (*b, *y)))
        }
        _ => None,
    }
}

impl Lower<'_> {
    /// Uses indexes for tests, then lets each narrowed source narrow those that it is joined with.
    pub(super) fn narrow(candidates: &mut [Candidate], joins: &[Equality]) {
        for candidate in candidates.iter_mut() {
            for test in candidate.tests.clone() {
                match test {
                    Test::Compare(column, Comparison::Equal, value) => {
                        candidate.narrow(column, std::slice::from_ref(&value));
                    }
                    Test::In(column, set) if set.values.len() <= candidate.stock.len() / 4 + 16 => {
                        let values: Vec<Value> =
                            set.values.iter().cloned().map(Into::into).collect();
                        candidate.narrow(column, &values);
                    }
                    _ => {}
                }
            }
            if candidate.ids.is_none() && candidate.stock.len() <= 16 {
                candidate.ids = match &candidate.stock {
                    Stock::Table(table) => Some(Arc::new(table.rows.keys().copied().collect())),
                    Stock::Known(rows) => {
                        Some(Arc::new((0..i64::try_from(rows.len()).unwrap_or(0)).collect()))
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
                    let (Some(known), Some(other)) =
                        (candidates.get(source), candidates.get(target))
                    else {
                        continue;
                    };
                    let worth = known
                        .ids
                        .as_ref()
                        .is_some_and(|ids| ids.len() * 2 < other.estimate().max(1));
                    if !worth {
                        continue;
                    }
                    let values = known.values(from.1);
                    if candidates.get_mut(target).is_some_and(|target| target.narrow(to.1, &values))
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

    /// How the first source is read: in the order that is wanted, if it can be.
    pub(super) fn first_access(&mut self, item: &Candidate) -> Access {
        let access = item.access();
        let (Some(wanted), Stock::Table(table)) = (self.wanted, &item.stock) else { return access };
        if wanted.source != item.source.id {
            return access;
        }
        let by_number = table.def.row_column() == Some(wanted.column);
        let ordered = match (access, by_number, wanted.descending) {
            (access, true, false) => access,
            (Access::All, true, true) => Access::Reversed,
            (Access::All, false, descending) => match index_position(table, wanted.column) {
                Some(at) if descending => Access::IndexReversed(at),
                Some(at) => Access::Index(at),
                None => return Access::All,
            },
            (access, ..) => return access,
        };
        self.in_order = true;
        ordered
    }

    /// How a bound key finds rows of a source by one column.
    pub(super) fn lookup(stock: &Stock, column: usize) -> Lookup {
        match stock {
            Stock::Table(table) => match index_position(table, column) {
                _ if table.def.row_column() == Some(column) => Lookup::RowNumber,
                Some(at) => Lookup::Index(at),
                None => hashed(table.rows.iter().map(|(id, row)| (*id, &***row)), column),
            },
            Stock::Known(rows) => hashed((0..).zip(rows.iter().map(Vec::as_slice)), column),
        }
    }
}

fn index_position(table: &Table, column: usize) -> Option<usize> {
    let index = table.index_on(&[column])?;
    table.indexes.iter().position(|known| std::ptr::eq(known, index))
}

fn hashed<'r>(rows: impl Iterator<Item = (i64, &'r [Value])>, column: usize) -> Lookup {
    let mut map: HashMap<gluesql_core::data::Key, Vec<i64>> = HashMap::new();
    for (id, row) in rows {
        let value = row.get(column).unwrap_or(&Value::Null);
        if !value.is_null() {
            map.entry(types::key(value)).or_default().push(id);
        }
    }
    Lookup::Hash(Arc::new(map))
}
