//! Sample rows that fit the schema, and example queries made from it. Deterministic.

mod condition;
mod dice;
mod fill;
mod order;
mod queries;
mod value;
mod words;

#[cfg(test)]
mod tests;

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

/// Sample rows, parents first; every statement order that keeps theirs can insert them. Foreign keys, uniques, unique groups, checks,
/// lengths and choices are respected. Tables that cannot have rows (a ring of keys that must not be NULL) are left out.
pub fn rows(tables: &Tables) -> Vec<TableRows> {
    fill::fill(tables)
}

/// Example queries from the schema: standard SQL over several lines, with quoted identifiers.
pub fn queries(resolved: &Resolved, tables: &Tables) -> Vec<ExampleQuery> {
    queries::queries(resolved, tables)
}
