//! A table's rows and indexes.

use std::sync::Arc;

use gluesql_core::data::Value;

use super::index::Index;
use super::rows::Rows;
use crate::catalog::{Auto, TableDef};
use crate::types::Type;
use crate::values::size;

/// A table.
#[derive(Clone)]
pub(crate) struct Table {
    pub(crate) def: Arc<TableDef>,
    /// By the row's number: the primary key where it is one whole number, else a counter.
    pub(crate) rows: Rows,
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
        let rows = Rows::new(def.columns.len());
        Self { def: Arc::new(def), rows, indexes, made, largest: 0, bytes: 0 }
    }

    pub(crate) fn redefined(&self, def: TableDef) -> Self {
        let mut table =
            Self { made: self.made, largest: self.largest, ..Self::new(def, self.made) };
        let keyed = table.def.row_column();
        if keyed == self.def.row_column() {
            for (id, row) in self.rows.iter() {
                table.indexes.iter_mut().for_each(|index| index.add(row, id));
            }
            (table.rows, table.bytes) = (self.rows.clone(), self.bytes);
            return table;
        }
        for (id, row) in self.rows.iter() {
            let id = keyed.and_then(|column| integer(row.get(column))).unwrap_or(id);
            table.put(id, row.to_vec());
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
        let last = self.rows.last().unwrap_or(0);
        match auto {
            Some(Auto::Ever) | None => last.max(self.largest).checked_add(1),
            Some(Auto::Next | Auto::No) => last.checked_add(1),
        }
    }

    /// A number that a row was to have which an ON CONFLICT passed over. SQLite has counted it by then, where it counts for good.
    pub(crate) fn pass_over(&mut self, id: i64) {
        self.largest = self.largest.max(id);
    }

    /// Adds a row, whose number is free.
    pub(crate) fn put(&mut self, id: i64, row: Vec<Value>) {
        for index in &mut self.indexes {
            index.add(&row, id);
        }
        self.largest = self.largest.max(id);
        self.bytes += size(&row);
        self.rows.insert(id, row);
    }

    /// Gives a row other values in some columns. Its number stays.
    pub(crate) fn change(&mut self, id: i64, columns: &[usize], values: Vec<Value>) {
        let Some(row) = self.rows.get_mut(id) else { return };
        let concerned =
            |index: &&mut Index| index.columns.iter().any(|column| columns.contains(column));
        self.indexes.iter_mut().filter(concerned).for_each(|index| index.remove(row, id));
        for (column, value) in columns.iter().zip(values) {
            let Some(place) = row.get_mut(*column) else { continue };
            let cell = |value| size(std::slice::from_ref(value));
            self.bytes = self.bytes.saturating_sub(cell(place)) + cell(&value);
            *place = value;
        }
        self.indexes.iter_mut().filter(concerned).for_each(|index| index.add(row, id));
    }

    pub(crate) fn take(&mut self, id: i64) -> Option<Vec<Value>> {
        let row = self.rows.remove(id)?;
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
                integer(Some(value)).filter(|id| self.rows.contains(*id)).into_iter().collect(),
            );
        }
        let index = self.index_on(columns)?;
        let place = |column: &usize| columns.iter().position(|own| own == column);
        let ordered: Option<Vec<&Value>> =
            index.columns.iter().map(|column| values.get(place(column)?).copied()).collect();
        Some(index.find(ordered?.into_iter()).collect())
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
    let index = |columns: &[usize], unique| {
        let types: Vec<Type> =
            columns.iter().filter_map(|at| Some(def.columns.get(*at)?.ty)).collect();
        Index::new(columns.to_vec(), &types, unique)
    };
    for (at, unique) in def.uniques.iter().enumerate() {
        if def.row_column().is_none_or(|column| unique.columns != [column])
            || unique.condition.is_some()
        {
            indexes.push(index(&unique.columns, Some(at)));
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
            indexes.push(index(columns, None));
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
