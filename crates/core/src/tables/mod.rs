//! Stage 4: the database's side. Columns, keys, uniques, indexes, actions.

use rustc_hash::FxHashMap;

use crate::document::{ColumnType, Document};
use crate::orm::Orm;
use crate::resolve::Resolved;
use crate::sql::Dialect;

/// All tables, sorted by name.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tables {
    /// The id of the ORM whose tables they are.
    pub orm: &'static str,
    /// The tables.
    pub tables: Vec<Table>,
}

impl Tables {
    /// The table of this name.
    pub fn table(&self, name: &str) -> Option<&Table> {
        let at = self.tables.binary_search_by(|table| table.name.as_str().cmp(name)).ok();
        at.and_then(|at| self.tables.get(at))
            .or_else(|| self.tables.iter().find(|table| table.name == name))
    }

    /// The tables in an order in which each comes after those that it references, as far as cycles allow.
    pub fn in_creation_order(&self) -> Vec<&Table> {
        let by_name: FxHashMap<&str, usize> =
            self.tables.iter().enumerate().map(|(at, table)| (table.name.as_str(), at)).collect();
        let mut seen = vec![false; self.tables.len()];
        let mut order = Vec::with_capacity(self.tables.len());
        // Depth first with a stack of our own: a chain of tables may be long. An entry is met twice, the second time with its references done.
        let mut stack: Vec<(usize, bool)> =
            (0..self.tables.len()).rev().map(|at| (at, false)).collect();
        while let Some((at, references_done)) = stack.pop() {
            let Some(table) = self.tables.get(at) else { continue };
            if references_done {
                order.push(table);
                continue;
            }
            if seen.get(at).copied().unwrap_or(true) {
                continue;
            }
            if let Some(seen) = seen.get_mut(at) {
                *seen = true;
            }
            stack.push((at, true));
            let references = table
                .foreign_keys
                .iter()
                .rev()
                .filter_map(|key| by_name.get(key.ref_table.as_str()));
            stack.extend(references.map(|reference| (*reference, false)));
        }
        order
    }
}

/// A table.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Table {
    /// Its name.
    pub name: String,
    /// The model whose table it is.
    pub model: String,
    /// Whether the ORM generates it for a many-to-many.
    pub generated: bool,
    /// Whether it belongs to another app, and is here because tables of this one reference it (`auth_user`).
    pub external: bool,
    /// Whether each of its pairs stands in it both ways round.
    pub symmetrical: bool,
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
    /// What the database is told about it.
    pub comment: Option<String>,
    /// What stands after the closing parenthesis of the ORM's own DDL: `STRICT`, `WITHOUT ROWID`.
    pub options: Vec<String>,
    /// What the model declares but is left out here, because its expression is not understood: names of constraints, indexes and columns.
    pub left_out: Vec<String>,
    /// Whether the ORM adds its constraints in statements of their own.
    pub constraints_apart: bool,
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
    /// Whether it holds the key of a relation.
    pub reference: bool,
    /// The database's own name for the type, where the field class gives it.
    pub native: Option<String>,
    /// The database-side default as the ORM itself writes it.
    pub native_default: Option<String>,
    /// The collation, where one is given.
    pub collation: Option<String>,
    /// Constraints that the model writes in SQL itself, word for word and in order.
    pub constraints: Vec<String>,
    /// For a column that the database computes.
    pub generated: Option<Generated>,
    /// What the database is told about it.
    pub comment: Option<String>,
}

/// How a column is computed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Generated {
    /// The expression as SQL; `None` where it is not understood.
    pub expression: Option<String>,
    /// The expression as the ORM itself writes it.
    pub native: Option<String>,
    /// Whether it is kept in the table; otherwise it is computed at every read.
    pub stored: bool,
}

/// A foreign key.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
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
    /// The clause as the ORM itself writes it, where it is not the plain one.
    pub native: Option<String>,
}

/// Columns that are unique together.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Unique {
    /// The constraint's or index's name.
    pub name: Option<String>,
    /// Its columns.
    pub columns: Vec<String>,
    /// Whether it is an inline constraint; otherwise it is a unique index, also in `indexes`.
    pub constraint: bool,
    /// Its place among the constraints of the model.
    pub position: usize,
    /// What the ORM itself writes before the columns, with a space before it: ` NULLS NOT DISTINCT`.
    pub head: String,
    /// What it writes after them, likewise: ` DEFERRABLE INITIALLY DEFERRED`.
    pub tail: String,
}

/// An index.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Index {
    /// Its name.
    pub name: String,
    /// Columns, each with whether it is descending.
    pub columns: Vec<(String, bool)>,
    /// Whether it is unique.
    pub unique: bool,
    /// The condition of a partial index, as SQL.
    pub condition: Option<String>,
    /// The condition as the ORM itself writes it.
    pub native_condition: Option<String>,
    /// What is indexed as the ORM itself writes it, where that is more than columns; `columns` then has those that are plain.
    pub expressions: Vec<String>,
    /// Whether it has a condition, also where that is not understood.
    pub partial: bool,
    /// The kind of index, where the ORM names it: `gin`.
    pub using: Option<String>,
    /// What the ORM itself writes between the columns and the condition, with a space before it: ` INCLUDE ("pages")`.
    pub tail: String,
}

/// A check constraint.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Check {
    /// Its name.
    pub name: Option<String>,
    /// The condition as SQL; `None` where it is not understood, or not to be said in plain SQL.
    pub condition: Option<String>,
    /// The condition as the ORM itself writes it; `None` where it is not understood.
    pub native: Option<String>,
    /// Its place among the constraints of the model.
    pub position: usize,
}

/// Runs the stage for SQLite and our own engine. Skips what has no known target.
pub fn lower(orm: &dyn Orm, document: &Document, resolved: &Resolved) -> Tables {
    orm.lower(document, resolved)
}

/// Runs the stage for another database: what of a model is said there, under which names and in which words, differs.
pub fn lower_for(
    orm: &dyn Orm,
    document: &Document,
    resolved: &Resolved,
    dialect: Dialect,
) -> Tables {
    orm.lower_for(document, resolved, dialect)
}
