//! Our storage: tables on persistent maps, so that a snapshot costs nothing and a failed statement leaves nothing behind.

mod conform;
mod foreign;
mod index;
mod named;
mod rows;
#[cfg(test)]
mod suite;
mod table;
mod write;

use std::sync::Arc;

use throughline_order::Arrange as _;

use crate::catalog::{TableDef, View};
use crate::text::fold;

pub(crate) use conform::convert;
pub(crate) use foreign::{check_deferred, check_reference};
pub(crate) use index::Index;
use named::Named;
pub(crate) use rows::Shared;
pub(crate) use table::Table;
pub(crate) use write::{Conflict, Evaluate, Log, Writer, check_rows};

/// All tables. Cloning is cheap and shares everything.
#[derive(Clone, Default)]
pub(crate) struct Database {
    tables: Named<Table>,
    views: Named<View>,
    made: u64,
    /// Whether a transaction is open, so that deferred references wait for its end.
    pub(crate) deferring: bool,
}

impl Database {
    pub(crate) fn table(&self, name: &str) -> Option<&Arc<Table>> {
        self.tables.get(name)
    }

    /// The tables in the order in which they were made.
    pub(crate) fn tables(&self) -> Vec<&Arc<Table>> {
        let mut tables: Vec<_> = self.tables.values().collect();
        tables.arrange_by_key(|table| table.made);
        tables
    }

    /// About how many bytes all rows take.
    pub(crate) fn bytes(&self) -> usize {
        self.tables.values().map(|table| table.bytes).sum()
    }

    pub(crate) fn table_mut(&mut self, name: &str) -> Option<&mut Table> {
        self.tables.get_mut(name).map(Arc::make_mut)
    }

    pub(crate) fn create(&mut self, def: TableDef) {
        self.made += 1;
        let name = def.name.clone();
        self.tables.insert(&name, Arc::new(Table::new(def, self.made)));
    }

    pub(crate) fn drop(&mut self, name: &str) {
        self.tables.remove(name);
    }

    pub(crate) fn view(&self, name: &str) -> Option<&Arc<View>> {
        self.views.get(name)
    }

    /// The views in the order in which they were made.
    pub(crate) fn views(&self) -> Vec<&Arc<View>> {
        let mut views: Vec<_> = self.views.values().collect();
        views.arrange_by_key(|view| view.made);
        views
    }

    pub(crate) fn create_view(&mut self, mut view: View) {
        self.made += 1;
        view.made = self.made;
        let name = view.name.clone();
        self.views.insert(&name, Arc::new(view));
    }

    /// Whether there was one.
    pub(crate) fn drop_view(&mut self, name: &str) -> bool {
        self.views.remove(name).is_some()
    }

    /// Gives a table another definition with the same columns, and builds its indexes anew.
    pub(crate) fn redefine(&mut self, name: &str, def: TableDef) {
        let Some(table) = self.tables.remove(name) else { return };
        let name = def.name.clone();
        self.tables.insert(&name, Arc::new(table.redefined(def)));
    }

    /// Gives a table another definition and no rows.
    pub(crate) fn redefine_empty(&mut self, name: &str, def: TableDef) {
        let made = self.tables.remove(name).map_or(self.made + 1, |table| table.made);
        let name = def.name.clone();
        self.tables.insert(&name, Arc::new(Table::new(def, made)));
    }

    /// Foreign keys that point at a table: the table that has it, and which of its foreign keys.
    pub(crate) fn references_to(&self, name: &str) -> Vec<(Arc<TableDef>, usize)> {
        let wanted = fold(name);
        self.tables
            .values()
            .flat_map(|table| {
                let keys = table.def.foreign_keys.iter().enumerate();
                keys.filter(|(_, key)| fold(&key.table) == wanted)
                    .map(|(at, _)| (Arc::clone(&table.def), at))
                    .collect::<Vec<_>>()
            })
            .collect()
    }
}
