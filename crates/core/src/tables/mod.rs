//! Stage 4: the database's side. Columns, keys, uniques, indexes, actions.

use crate::document::{ColumnType, Document};
use crate::orm::Orm;
use crate::resolve::Resolved;

/// All tables, sorted by name.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tables {
    /// The tables.
    pub tables: Vec<Table>,
}

impl Tables {
    /// The table of this name.
    pub fn table(&self, name: &str) -> Option<&Table> {
        self.tables.iter().find(|table| table.name == name)
    }

    /// The tables in an order in which each comes after those that it references, as far as cycles allow.
    pub fn in_creation_order(&self) -> Vec<&Table> {
        let mut order: Vec<&Table> = Vec::with_capacity(self.tables.len());
        let mut left: Vec<&Table> = self.tables.iter().collect();
        while !left.is_empty() {
            let waits = |table: &Table| {
                table.foreign_keys.iter().any(|key| key.ref_table != table.name && left.iter().any(|other| other.name == key.ref_table))
            };
            let at = left.iter().position(|table| !waits(table)).unwrap_or(0);
            order.push(left.remove(at));
        }
        order
    }
}

/// A table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Table {
    /// Its name.
    pub name: String,
    /// The model whose table it is.
    pub model: String,
    /// Whether the ORM generates it for a many-to-many.
    pub generated: bool,
    /// Its columns in order.
    pub columns: Vec<Column>,
    /// The primary key's columns.
    pub primary_key: Vec<String>,
    /// Foreign keys that the database knows.
    pub foreign_keys: Vec<ForeignKey>,
    /// Groups of more than one column (or constraints by name) that are unique together.
    pub uniques: Vec<Unique>,
    /// Indexes, sorted by name.
    pub indexes: Vec<Index>,
    /// Checks.
    pub checks: Vec<Check>,
}

/// A column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Column {
    /// Its name.
    pub name: String,
    /// Its type.
    pub ty: ColumnType,
    /// May be NULL.
    pub null: bool,
    /// Is unique by itself (a single primary key is).
    pub unique: bool,
    /// Whether the database numbers the rows by it.
    pub auto: bool,
    /// The database-side default as SQL.
    pub default: Option<String>,
    /// Values that the model's `choices` allow, as SQL literals.
    pub choices: Vec<String>,
    /// The model's field.
    pub field: String,
}

/// A foreign key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ForeignKey {
    /// The constraint's name, where the ORM gives one.
    pub name: Option<String>,
    /// Its column.
    pub column: String,
    /// The referenced table.
    pub ref_table: String,
    /// The referenced column.
    pub ref_column: String,
    /// The action in the ORM's own DDL: `NO ACTION`, `CASCADE`, …
    pub on_delete: String,
    /// Likewise on update.
    pub on_update: String,
    /// What the *model* says happens on deletion, where the ORM does it itself (`CASCADE`, `SET NULL`, `PROTECT`, …).
    pub model_on_delete: Option<String>,
    /// Whether the database checks it only at commit.
    pub deferred: bool,
}

/// Columns that are unique together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unique {
    /// The constraint's or index's name.
    pub name: Option<String>,
    /// Its columns.
    pub columns: Vec<String>,
    /// Whether it is an inline constraint; otherwise it is a unique index, also in `indexes`.
    pub constraint: bool,
}

/// An index.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Index {
    /// Its name.
    pub name: String,
    /// Columns, each with whether it is descending.
    pub columns: Vec<(String, bool)>,
    /// Whether it is unique.
    pub unique: bool,
    /// The condition of a partial index, as SQL.
    pub condition: Option<String>,
}

/// A check constraint.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Check {
    /// Its name.
    pub name: Option<String>,
    /// The condition as SQL.
    pub condition: String,
}

/// Runs the stage. Skips what has no known target.
pub fn lower(orm: &dyn Orm, document: &Document, resolved: &Resolved) -> Tables {
    orm.lower(document, resolved)
}
