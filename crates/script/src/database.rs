//! What a script's statements run on. The engine stands behind it in the worker and in the command line.

use std::rc::Rc;

/// A value on its way to or from the database.
#[derive(Clone, Debug, PartialEq)]
pub enum Cell {
    /// NULL.
    Null,
    /// A boolean.
    Bool(bool),
    /// A whole number.
    Int(i64),
    /// A float.
    Float(f64),
    /// An exact number, in decimal digits.
    Decimal(String),
    /// Text, JSON among it.
    Text(Rc<str>),
    /// Bytes.
    Bytes(Rc<[u8]>),
    /// A day: `2024-02-29`.
    Date(String),
    /// A time of day: `10:20:30`.
    Time(String),
    /// A day and a time: `2024-02-29 10:20:30`.
    Timestamp(String),
    /// A UUID with its dashes.
    Uuid(String),
}

/// What a statement gives.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Reply {
    /// Names of the columns.
    pub columns: Vec<String>,
    /// Rows, of a query or of RETURNING.
    pub rows: Vec<Vec<Cell>>,
    /// How many rows the statement inserted, updated or deleted.
    pub affected: u64,
    /// The key that the database gave to the last row that was inserted.
    pub last_id: Option<i64>,
}

/// Why a statement did not run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DatabaseError {
    /// What kind of mistake it is.
    pub kind: ErrorKind,
    /// The message in SQLite's words where it has any (`UNIQUE constraint failed: app_tag.name`).
    pub message: String,
}

/// What kind of mistake a statement makes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ErrorKind {
    /// A constraint does not hold: `IntegrityError`.
    Integrity,
    /// There is no such table or column, or the SQL is wrong: `OperationalError`.
    Operational,
    /// A value does not fit: `DataError`.
    Data,
    /// The engine does not have it.
    Refused,
    /// The run was cancelled, or a limit met.
    Stopped,
}

/// A database. A script that fails leaves it as it was before its statement.
pub trait Database {
    /// Runs one statement; `?` stands for a parameter. `BEGIN`, `COMMIT`, `ROLLBACK`, `SAVEPOINT` and the like are statements, too.
    ///
    /// # Errors
    /// [`DatabaseError`] where it does not run; then it has changed nothing.
    fn run(&mut self, sql: &str, params: &[Cell]) -> Result<Reply, DatabaseError>;
}

/// A statement that was sent.
#[derive(Clone, Debug, PartialEq)]
pub struct Sent {
    /// Its text.
    pub sql: String,
    /// Its parameters.
    pub params: Vec<Cell>,
}
