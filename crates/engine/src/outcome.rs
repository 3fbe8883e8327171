//! What running SQL gives: plain values, no type of GlueSQL.

use serde::{Deserialize, Serialize};

use crate::error::SqlError;
use crate::store::Shared;
use crate::types;

/// A range of bytes in the script.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Span {
    /// First byte.
    pub start: usize,
    /// One past the last byte.
    pub end: usize,
}

/// One statement that was started.
#[derive(Clone, Debug, PartialEq)]
pub struct Outcome {
    /// The statement in the script, without its semicolon.
    pub span: Span,
    /// What it gave.
    pub result: Result<Answer, SqlError>,
    /// The rows that it changed, cascades included, by table. Empty after an error.
    pub changes: Vec<TableChange>,
}

/// What a statement gives.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Answer {
    /// Rows of a query or of RETURNING.
    Rows {
        /// The columns.
        columns: Vec<ColumnInfo>,
        /// As many cells in each row as there are columns.
        rows: Vec<Vec<Cell>>,
    },
    /// How many rows INSERT, UPDATE or DELETE touched, cascades not counted.
    Affected(u64),
    /// Nothing to report (DDL, transactions).
    Done,
}

/// A column of a result or of a table.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ColumnInfo {
    /// Its name.
    pub name: String,
    /// Its SQL type, as in DDL; empty where it has none (a bare NULL).
    pub ty: String,
}

/// A value.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Cell {
    /// NULL.
    Null,
    /// A boolean.
    Bool(bool),
    /// A whole number.
    Int(i64),
    /// A floating-point number.
    Float(f64),
    /// An exact number, as written.
    Decimal(String),
    /// Text, JSON included.
    Text(String),
    /// Bytes.
    Bytes(Vec<u8>),
    /// `2024-01-31`.
    Date(String),
    /// `12:30:00`, with a fraction if it has one.
    Time(String),
    /// `2024-01-31 12:30:00`, with a fraction if it has one.
    Timestamp(String),
    /// Lower case, with hyphens.
    Uuid(String),
}

/// A row of a table as it was or is. It is shared with the table, so that it costs nothing until its cells are asked for.
#[derive(Clone)]
pub struct Record(pub(crate) Shared);

impl Record {
    /// Its cells, in the order of the columns.
    pub fn cells(&self) -> Vec<Cell> {
        self.0.cells().iter().map(types::cell).collect()
    }

    /// The cell of one column.
    pub fn cell(&self, column: usize) -> Option<Cell> {
        self.0.cells().get(column).map(types::cell)
    }
}

impl PartialEq for Record {
    fn eq(&self, other: &Self) -> bool {
        self.0.cells() == other.0.cells()
    }
}

impl std::fmt::Debug for Record {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.cells().fmt(f)
    }
}

/// What a statement did to the rows of one table.
#[derive(Clone, Debug, PartialEq)]
pub struct TableChange {
    /// The table.
    pub table: String,
    /// Its columns.
    pub columns: Vec<String>,
    /// New rows.
    pub inserted: Vec<Record>,
    /// Changed rows: before, after.
    pub updated: Vec<(Record, Record)>,
    /// Rows that are gone.
    pub deleted: Vec<Record>,
}

/// A table as it stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TableInfo {
    /// Its name.
    pub name: String,
    /// Its columns.
    pub columns: Vec<ColumnInfo>,
    /// How many rows it has.
    pub rows: usize,
}

/// Everything that is needed to build the database again.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Dump {
    /// The tables, referenced ones before those that reference them as far as cycles allow.
    pub tables: Vec<TableDump>,
    /// The views, each after those that it reads.
    #[serde(default)]
    pub views: Vec<ViewDump>,
}

/// One view of a [`Dump`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ViewDump {
    /// Its name.
    pub name: String,
    /// The `CREATE VIEW` statement, without a semicolon.
    pub ddl: String,
}

/// One table of a [`Dump`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TableDump {
    /// Its name.
    pub name: String,
    /// `CREATE TABLE` and `CREATE INDEX` statements, without semicolons.
    pub ddl: Vec<String>,
    /// Column names.
    pub columns: Vec<String>,
    /// Rows, each cell an SQL literal.
    pub rows: Vec<Vec<String>>,
}

/// What runs the selects of a session.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Executor {
    /// The engine's own.
    #[default]
    Own,
    /// The engine's own without its planner: no index, no hash table, sources as they are written.
    Unplanned,
    /// GlueSQL's: slower, and good for holding the two against each other.
    #[cfg(feature = "second-opinion")]
    GlueSql,
}

/// Bounds of one run. Past a bound the statement ends with an error and changes nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Limits {
    /// Most bytes of a script.
    pub text: usize,
    /// Most statements of a script.
    pub statements: usize,
    /// Most rows of a result or of an intermediate result.
    pub rows: usize,
    /// Most bytes of a result, of an intermediate result, and of all tables together.
    pub bytes: usize,
    /// Most rows read by one statement, which bounds its time.
    pub reads: u64,
    /// Most milliseconds of one statement.
    pub millis: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            text: 4 << 20,
            statements: 100_000,
            rows: 1_000_000,
            bytes: 512 << 20,
            reads: 200_000_000,
            millis: 60_000,
        }
    }
}
