//! A table's rows and indexes.

use std::sync::Arc;

use gluesql_core::data::Value;
use im::OrdMap;

use super::index::{Index, IndexKey};
use crate::catalog::{Auto, TableDef};
use crate::values::size;

/// A row. Shared between the table, its history and the scans that read it.
pub(crate) type Row = Arc<Vec<Value>>;

/// A table.
#[derive(Clone)]
pub(crate) struct Table {
    pub(crate) def: Arc<TableDef>,
    /// By the row's number: the primary key where it is one whole number, else a counter.
    pub(crate) rows: OrdMap<i64, Row>,
    pub(crate) indexes: Vec<Index>,
    pub(crate) made: u64,
    /// The largest number ever given.
    largest: i64,
    /// About how many bytes its rows take.
    pub(crate) bytes: usize,
}

impl Table {
    pub(crate) fn new(def: TableDef, made: u64) -> Self {
        let indexes = indexes_of(&def);
        Self { def: Arc::new(def), rows: OrdMap::new(), indexes, made, largest: 0, bytes: 0 }
    }

    pub(crate) fn redefined(&self, def: TableDef) -> Self {
        let mut table =
            Self { made: self.made, largest: self.largest, ..Self::new(def, self.made) };
        let keyed = table.def.row_column();
        for (id, row) in &self.rows {
            let id = keyed.and_then(|column| integer(row.get(column))).unwrap_or(*id);
            table.put(id, Arc::clone(row));
        }
        table
    }

    /// The number that the next row gets.
    pub(crate) fn next_number(&self) -> Option<i64> {
        let auto = self
            .def
            .row_column()
            .and_then(|column| self.def.columns.get(column))
            .map(|column| column.auto);
        let last = self.rows.get_max().map_or(0, |(id, _)| *id);
        match auto {
            Some(Auto::Ever) | None => last.max(self.largest).checked_add(1),
            Some(Auto::Next | Auto::No) => last.checked_add(1),
        }
    }

    /// A number that a row was to have which an ON CONFLICT passed over. SQLite has counted it by then, where it counts for good.
    pub(crate) fn pass_over(&mut self, id: i64) {
        self.largest = self.largest.max(id);
    }

    pub(crate) fn put(&mut self, id: i64, row: Row) {
        for index in &mut self.indexes {
            index.add(&row, id);
        }
        self.largest = self.largest.max(id);
        self.bytes += size(&row);
        self.rows.insert(id, row);
    }

    /// Gives a row other values, and perhaps another number.
    pub(crate) fn replace(&mut self, id: i64, next: i64, row: Row) {
        if id != next {
            self.take(id);
            return self.put(next, row);
        }
        let Some(before) = self.rows.insert(id, Arc::clone(&row)) else { return };
        self.bytes = self.bytes.saturating_sub(size(&before)) + size(&row);
        for index in &mut self.indexes {
            if index.columns.iter().any(|column| before.get(*column) != row.get(*column)) {
                index.remove(&before, id);
                index.add(&row, id);
            }
        }
    }

    pub(crate) fn take(&mut self, id: i64) -> Option<Row> {
        let row = self.rows.remove(&id)?;
        self.bytes = self.bytes.saturating_sub(size(&row));
        for index in &mut self.indexes {
            index.remove(&row, id);
        }
        Some(row)
    }

    /// The rows that have these values, through an index if there is one on exactly these columns.
    pub(crate) fn find(&self, columns: &[usize], values: &[&Value]) -> Option<Vec<i64>> {
        if let ([only], [value]) = (columns, values)
            && self.def.row_column() == Some(*only)
        {
            return Some(
                integer(Some(value)).filter(|id| self.rows.contains_key(id)).into_iter().collect(),
            );
        }
        let index = self.index_on(columns)?;
        let ordered: Option<Vec<&Value>> = index
            .columns
            .iter()
            .map(|column| values.get(columns.iter().position(|own| own == column)?).copied())
            .collect();
        Some(IndexKey::of(ordered?.into_iter()).map(|key| index.find(&key)).unwrap_or_default())
    }

    /// An index on exactly these columns that holds all rows.
    pub(crate) fn index_on(&self, columns: &[usize]) -> Option<&Index> {
        self.indexes.iter().find(|index| {
            index.columns.len() == columns.len()
                && index.columns.iter().all(|column| columns.contains(column))
                && self.is_whole(index)
        })
    }

    fn is_whole(&self, index: &Index) -> bool {
        index
            .unique
            .and_then(|at| self.def.uniques.get(at))
            .is_none_or(|unique| unique.condition.is_none())
    }

    /// Whether no two rows can have the same values in these columns.
    pub(crate) fn is_unique(&self, columns: &[usize]) -> bool {
        self.def.uniques.iter().any(|unique| {
            unique.condition.is_none()
                && unique.columns.len() == columns.len()
                && unique.columns.iter().all(|column| columns.contains(column))
        })
    }
}

fn indexes_of(def: &TableDef) -> Vec<Index> {
    let mut indexes: Vec<Index> = Vec::new();
    for (at, unique) in def.uniques.iter().enumerate() {
        if def.row_column().is_none_or(|column| unique.columns != [column])
            || unique.condition.is_some()
        {
            indexes.push(Index::new(unique.columns.clone(), Some(at)));
        }
    }
    let wanted = def
        .foreign_keys
        .iter()
        .map(|key| &key.columns)
        .chain(def.indexes.iter().map(|(_, columns)| columns));
    for columns in wanted {
        let known = def.row_column().is_some_and(|column| columns == &[column])
            || indexes.iter().any(|index| {
                index.columns == *columns
                    && index
                        .unique
                        .and_then(|at| def.uniques.get(at))
                        .is_none_or(|unique| unique.condition.is_none())
            });
        if !known {
            indexes.push(Index::new(columns.clone(), None));
        }
    }
    indexes
}

pub(crate) fn integer(value: Option<&Value>) -> Option<i64> {
    match value {
        Some(Value::I64(number)) => Some(*number),
        _ => None,
    }
}
