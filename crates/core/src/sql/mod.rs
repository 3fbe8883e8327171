//! Stage 5: tables to DDL.

mod engine;

pub(crate) use engine::statements as engine_statements;
pub use engine::{table as engine_table, type_name as engine_type};

use crate::orm;
use crate::tables::Tables;

/// Whose SQL is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Dialect {
    /// What our engine runs. Standard SQL with all keys, uniques, checks and actions in it.
    Engine,
    /// SQLite, as the ORM itself writes it.
    Sqlite,
    /// PostgreSQL 15, as the ORM itself writes it.
    Postgres,
    /// MySQL 8.4, as the ORM itself writes it.
    MySql,
}

impl Dialect {
    /// Every dialect, in the order in which they are shown.
    pub const ALL: [Self; 4] = [Self::Sqlite, Self::Postgres, Self::MySql, Self::Engine];

    /// Its name for readers.
    pub const fn title(self) -> &'static str {
        match self {
            Self::Engine => "Engine",
            Self::Sqlite => "SQLite",
            Self::Postgres => "PostgreSQL",
            Self::MySql => "MySQL",
        }
    }
}

/// `CREATE TABLE` and `CREATE INDEX` statements and what else makes the tables, without semicolons, in an order in which they can run.
///
/// Tables are lowered for a dialect: those of [`tables::lower`](crate::tables::lower) for SQLite and the engine, those of
/// [`tables::lower_for`](crate::tables::lower_for) for the others. [`Analysis::ddl`](crate::Analysis::ddl) does both.
pub fn ddl(tables: &Tables, dialect: Dialect) -> Vec<String> {
    match (dialect, orm::by_id(tables.orm)) {
        (Dialect::Engine, _) | (_, None) => engine::statements(tables, &tables.in_creation_order()),
        (Dialect::Sqlite | Dialect::Postgres | Dialect::MySql, Some(orm)) => {
            orm.ddl(tables, dialect)
        }
    }
}
