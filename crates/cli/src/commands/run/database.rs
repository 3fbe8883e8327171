//! The engine as the database of scripts.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

use throughline_core::document::ColumnType;
use throughline_core::tables::Tables;
use throughline_engine::{self as engine, Answer, ConstraintKind, Session};
use throughline_script::{Cell, Database, DatabaseError, ErrorKind, Reply};

/// A session that several owners use: the script, and who looks at its tables.
#[derive(Clone)]
pub(super) struct Shared {
    session: Rc<RefCell<Session>>,
    /// The column that numbers the rows of each table, by the table.
    auto: Rc<BTreeMap<String, String>>,
}

/// A table with all its rows.
pub(super) type Contents = (Vec<String>, Vec<Vec<Cell>>);

impl Shared {
    pub(super) fn new(session: Session, tables: &Tables) -> Self {
        let auto = tables.tables.iter().filter_map(|table| {
            let column = table.columns.iter().find(|column| column.auto)?;
            Some((table.name.clone(), column.name.clone()))
        });
        Self { auto: Rc::new(auto.collect()), session: Rc::new(RefCell::new(session)) }
    }

    /// All tables with their rows.
    pub(super) fn contents(&self) -> BTreeMap<String, Contents> {
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
        let mut text = with_values(sql, params);
        // The engine tells the key of a new row only where it is asked.
        let key = self.key_of_insert(sql);
        if let Some(key) = &key {
            text.push_str(&format!(" RETURNING \"{key}\""));
        }
        let outcome = self.session.borrow_mut().run(&text).pop();
        match outcome.map(|outcome| outcome.result) {
            Some(Ok(Answer::Rows { columns, rows })) => {
                let rows: Vec<Vec<Cell>> =
                    rows.iter().map(|row| row.iter().map(cell).collect()).collect();
                let affected = rows.len() as u64;
                let last_id = rows.last().and_then(|row| match row.first() {
                    Some(Cell::Int(id)) => Some(*id),
                    _ => None,
                });
                if key.is_some() {
                    return Ok(Reply { affected, last_id, ..Reply::default() });
                }
                let columns = columns.into_iter().map(|column| column.name).collect();
                Ok(Reply { columns, rows, affected, last_id })
            }
            Some(Ok(Answer::Affected(affected))) => Ok(Reply { affected, ..Reply::default() }),
            Some(Ok(Answer::Done)) | None => Ok(Reply::default()),
            Some(Err(error)) => Err(failure(&error)),
        }
    }
}

impl Shared {
    fn key_of_insert(&self, sql: &str) -> Option<String> {
        let upper = sql.to_uppercase();
        if !(upper.starts_with("INSERT") || upper.starts_with("REPLACE"))
            || upper.contains(" RETURNING ")
        {
            return None;
        }
        let table = sql
            .get(upper.find(" INTO ")? + 6..)?
            .split([' ', '('])
            .find(|word| !word.is_empty())?;
        self.auto.get(table.trim_matches('"')).cloned()
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
fn failure(error: &engine::SqlError) -> DatabaseError {
    let Some(violation) = &error.violation else {
        let kind = match error.kind {
            engine::ErrorKind::Refused => ErrorKind::Refused,
            engine::ErrorKind::Error => ErrorKind::Operational,
        };
        return DatabaseError { kind, message: error.to_string() };
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

/// The statement with its values in place of the question marks outside of quotes.
fn with_values(sql: &str, params: &[Cell]) -> String {
    let mut out = String::with_capacity(sql.len());
    let mut params = params.iter();
    let mut quote = None;
    for letter in sql.chars() {
        match (quote, letter) {
            (None, '?') => match params.next() {
                Some(param) => out.push_str(&literal(param)),
                None => out.push('?'),
            },
            (None, '\'' | '"') => {
                quote = Some(letter);
                out.push(letter);
            }
            (Some(open), letter) if letter == open => {
                quote = None;
                out.push(letter);
            }
            _ => out.push(letter),
        }
    }
    out
}

fn literal(cell: &Cell) -> String {
    let text = |text: &str| format!("'{}'", text.replace('\'', "''"));
    match cell {
        Cell::Null => "NULL".into(),
        Cell::Bool(yes) => if *yes { "TRUE" } else { "FALSE" }.into(),
        Cell::Int(number) => number.to_string(),
        Cell::Float(number) => format!("CAST({number:?} AS DOUBLE PRECISION)"),
        Cell::Decimal(digits) => digits.clone(),
        Cell::Text(value) => text(value),
        Cell::Bytes(bytes) => {
            format!("X'{}'", bytes.iter().map(|byte| format!("{byte:02x}")).collect::<String>())
        }
        Cell::Date(value) => format!("DATE {}", text(value)),
        Cell::Time(value) => format!("TIME {}", text(value)),
        Cell::Timestamp(value) => format!("TIMESTAMP {}", text(value)),
        Cell::Uuid(value) => format!("CAST({} AS UUID)", text(value)),
    }
}

/// The type of a table's column.
pub(super) fn type_of<'a>(tables: &'a Tables, table: &str, column: &str) -> Option<&'a ColumnType> {
    let column = tables.table(table)?.columns.iter().find(|each| each.name == column)?;
    Some(&column.ty)
}
