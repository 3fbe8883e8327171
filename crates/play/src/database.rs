//! The engine as the database of scripts.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

use throughline_core::document::ColumnType;
use throughline_core::tables::Tables;
use throughline_engine::{self as engine, Answer, ConstraintKind, Session, TableChange};
use throughline_script::{Cell, Database, DatabaseError, ErrorKind, Reply};

/// A session that several owners use: the script, and who looks at its tables.
#[derive(Clone)]
pub struct Shared {
    session: Rc<RefCell<Session>>,
    watch: Option<Watch>,
}

/// Notes what is sent.
#[derive(Clone)]
struct Watch {
    clock: fn() -> f64,
    log: Rc<RefCell<Vec<Noted>>>,
}

/// A statement that came to the engine, and what came of it.
#[derive(Clone, Debug)]
pub struct Noted {
    /// Its text.
    pub sql: String,
    /// Its parameters.
    pub params: Vec<Cell>,
    /// What it gave, or why it did not run.
    pub result: Result<Answer, String>,
    /// The rows that it changed, cascades included.
    pub changes: Vec<TableChange>,
    /// How long the engine took.
    pub millis: f64,
}

/// A table with all its rows.
pub(crate) type Contents = (Vec<String>, Vec<Vec<Cell>>);

impl Shared {
    /// A session to share.
    pub fn new(session: Session) -> Self {
        Self { session: Rc::new(RefCell::new(session)), watch: None }
    }

    /// The same session, where each statement is noted from now on; `clock` gives milliseconds.
    #[must_use]
    pub fn watched(&self, clock: fn() -> f64) -> Self {
        Self { session: self.session.clone(), watch: Some(Watch { clock, log: Rc::default() }) }
    }

    /// What was noted since this was last asked.
    pub fn take_noted(&self) -> Vec<Noted> {
        let watch = self.watch.as_ref();
        watch.map(|watch| std::mem::take(&mut *watch.log.borrow_mut())).unwrap_or_default()
    }

    /// Uses the session itself.
    pub fn with<T>(&self, using: impl FnOnce(&mut Session) -> T) -> T {
        using(&mut self.session.borrow_mut())
    }

    /// All tables with their rows.
    pub(crate) fn contents(&self) -> BTreeMap<String, Contents> {
        let mut session = self.session.borrow_mut();
        let names: Vec<String> = session.tables().into_iter().map(|table| table.name).collect();
        let mut out = BTreeMap::new();
        for name in names {
            let sql = format!("SELECT * FROM \"{}\"", name.replace('"', "\"\""));
            if let Some(Ok(Answer::Rows { columns, rows })) =
                session.run(&sql).pop().map(|outcome| outcome.result)
            {
                let columns = columns.into_iter().map(|column| column.name).collect();
                let rows = rows.iter().map(|row| row.iter().map(cell).collect()).collect();
                out.insert(name, (columns, rows));
            }
        }
        out
    }
}

impl Database for Shared {
    fn run(&mut self, sql: &str, params: &[Cell]) -> Result<Reply, DatabaseError> {
        let began = self.watch.as_ref().map(|watch| (watch.clock)());
        let values: Vec<engine::Cell> = params.iter().map(parameter).collect();
        let done = self.session.borrow_mut().execute(sql, &values);
        if let (Some(watch), Some(began)) = (&self.watch, began) {
            let (result, changes) = match &done {
                Ok(done) => (Ok(done.answer.clone()), done.changes.clone()),
                Err(error) => (Err(failure(sql, error).message), Vec::new()),
            };
            let millis = (watch.clock)() - began;
            let noted =
                Noted { sql: sql.to_owned(), params: params.to_vec(), result, changes, millis };
            watch.log.borrow_mut().push(noted);
        }
        let done = done.map_err(|error| failure(sql, &error))?;
        let last_id = done.last_insert_id;
        Ok(match done.answer {
            Answer::Rows { columns, rows } => {
                let rows: Vec<Vec<Cell>> =
                    rows.iter().map(|row| row.iter().map(cell).collect()).collect();
                let columns = columns.into_iter().map(|column| column.name).collect();
                Reply { columns, affected: rows.len() as u64, rows, last_id }
            }
            Answer::Affected(affected) => Reply { affected, last_id, ..Reply::default() },
            Answer::Done => Reply::default(),
        })
    }
}

fn parameter(cell: &Cell) -> engine::Cell {
    match cell {
        Cell::Null => engine::Cell::Null,
        Cell::Bool(yes) => engine::Cell::Bool(*yes),
        Cell::Int(number) => engine::Cell::Int(*number),
        Cell::Float(number) => engine::Cell::Float(*number),
        Cell::Decimal(digits) => engine::Cell::Decimal(digits.clone()),
        Cell::Text(text) => engine::Cell::Text(text.to_string()),
        Cell::Bytes(bytes) => engine::Cell::Bytes(bytes.to_vec()),
        Cell::Date(text) => engine::Cell::Date(text.clone()),
        Cell::Time(text) => engine::Cell::Time(text.clone()),
        Cell::Timestamp(text) => engine::Cell::Timestamp(text.clone()),
        Cell::Uuid(text) => engine::Cell::Uuid(text.clone()),
    }
}

fn cell(cell: &engine::Cell) -> Cell {
    match cell {
        engine::Cell::Null => Cell::Null,
        engine::Cell::Bool(yes) => Cell::Bool(*yes),
        engine::Cell::Int(number) => Cell::Int(*number),
        engine::Cell::Float(number) => Cell::Float(*number),
        engine::Cell::Decimal(digits) => Cell::Decimal(digits.clone()),
        engine::Cell::Text(text) => Cell::Text(text.as_str().into()),
        engine::Cell::Bytes(bytes) => Cell::Bytes(bytes.as_slice().into()),
        engine::Cell::Date(text) => Cell::Date(text.clone()),
        engine::Cell::Time(text) => Cell::Time(text.clone()),
        engine::Cell::Timestamp(text) => Cell::Timestamp(text.clone()),
        engine::Cell::Uuid(text) => Cell::Uuid(text.clone()),
    }
}

/// In SQLite's words.
fn failure(sql: &str, error: &engine::SqlError) -> DatabaseError {
    let Some(violation) = &error.violation else {
        // What the engine alone minds (SQLite takes any value for any column) is no error of the database's.
        let missing = missing(sql, &error.message);
        let kind = match error.kind {
            engine::ErrorKind::Error if missing.is_some() => ErrorKind::Operational,
            engine::ErrorKind::Error | engine::ErrorKind::Refused => ErrorKind::Refused,
        };
        let message = missing.unwrap_or_else(|| error.to_string());
        return DatabaseError { kind, message };
    };
    let columns: Vec<String> =
        violation.columns.iter().map(|column| format!("{}.{column}", violation.table)).collect();
    let message = match violation.kind {
        ConstraintKind::Unique => format!("UNIQUE constraint failed: {}", columns.join(", ")),
        ConstraintKind::NotNull => format!("NOT NULL constraint failed: {}", columns.join(", ")),
        ConstraintKind::ForeignKey => "FOREIGN KEY constraint failed".to_owned(),
        ConstraintKind::Check => {
            format!(
                "CHECK constraint failed: {}",
                violation.constraint.as_deref().unwrap_or(&violation.table)
            )
        }
    };
    DatabaseError { kind: ErrorKind::Integrity, message }
}

/// What SQLite says of a table or column that is not there; `None` for other mistakes.
fn missing(sql: &str, message: &str) -> Option<String> {
    if let Some((table, column)) = message.split_once(" has no column ") {
        let inserts =
            sql.trim_start().get(..6).is_some_and(|word| word.eq_ignore_ascii_case("insert"));
        return Some(if inserts {
            format!("table {table} has no column named {column}")
        } else {
            format!("no such column: {table}.{column}")
        });
    }
    let column =
        message.strip_prefix("there is no column ").map(|name| format!("no such column: {name}"));
    column.or_else(|| {
        message.strip_prefix("there is no table ").map(|name| format!("no such table: {name}"))
    })
}

/// The type of a table's column.
pub(crate) fn type_of<'a>(tables: &'a Tables, table: &str, column: &str) -> Option<&'a ColumnType> {
    let column = tables.table(table)?.columns.iter().find(|each| each.name == column)?;
    Some(&column.ty)
}
