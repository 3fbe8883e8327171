//! Stage 5: tables to DDL.

use crate::tables::Tables;

/// Whose SQL is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Dialect {
    /// What our engine runs. Standard SQL with all keys, uniques, checks and actions in it.
    Engine,
    /// SQLite, as the ORM itself writes it.
    Sqlite,
}

/// `CREATE TABLE` and `CREATE INDEX` statements, without semicolons, in an order in which they can run.
pub fn ddl(tables: &Tables, dialect: Dialect) -> Vec<String> {
    let _ = (tables, dialect);
    Vec::new()
}
