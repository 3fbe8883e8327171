//! Stage 5: tables to DDL.

mod engine;

pub use engine::table as engine_table;

use crate::orm;
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
    let order = tables.in_creation_order();
    match (dialect, orm::by_id(tables.orm)) {
        (Dialect::Sqlite, Some(orm)) => {
            order.into_iter().flat_map(|table| orm.sqlite(table)).collect()
        }
        (Dialect::Engine, _) | (Dialect::Sqlite, None) => engine::statements(tables, &order),
    }
}
