//! One statement at a time, with parameters: parsed once, run as often as one likes.
//!
//! Only parsing is kept. Names are checked and the plan is made anew in each run, since a plan holds what its indexes found: it is right for one
//! state of the database only.

use std::sync::Arc;

use gluesql_core::data::Value;
use gluesql_core::sqlparser::ast::{Query, Statement};

use crate::error::{Result, SqlError};
use crate::ir::Expr;
use crate::outcome::{Answer, Cell, Limits, Span, TableChange};
use crate::reader::Meter;
use crate::session::{Session, Success};
use crate::store::Log;
use crate::text::bulk::Literal;
use crate::text::{self, Chunk};
use crate::types::{self, Type};

/// Most statements that a session remembers, and the longest text of one.
const REMEMBERED: usize = 256;
const LONGEST: usize = 16 << 10;

/// A statement that can be run again and again.
#[derive(Clone, Debug)]
pub struct Prepared {
    pub(crate) parsed: Arc<Parsed>,
}

/// A parsed statement.
#[derive(Debug)]
pub(crate) struct Parsed {
    pub(crate) span: Span,
    pub(crate) statement: Statement,
    /// Rows of literals that an INSERT has besides.
    pub(crate) more: Vec<Vec<Literal>>,
    /// What a view keeps.
    pub(crate) kept: Option<Kept>,
    parameters: usize,
}

/// What running a statement gave.
#[derive(Clone, Debug, PartialEq)]
pub struct Execution {
    /// Rows, or how many rows it touched.
    pub answer: Answer,
    /// The rows that it changed, cascades included, by table.
    pub changes: Vec<TableChange>,
    /// The number of the last row that it inserted: the primary key where that is one whole number.
    pub last_insert_id: Option<i64>,
}

impl Prepared {
    /// How many values it takes.
    pub fn parameters(&self) -> usize {
        self.parsed.parameters
    }

    /// The values of its parameters as the checker sees them, if there are as many as it takes.
    pub(crate) fn values(&self, given: &[Cell]) -> Result<Vec<Expr>> {
        self.parsed.check(given.len())?;
        given.iter().map(value).collect()
    }
}

/// What a CREATE VIEW leaves: its text, and its query with names that carry no places, since the script that they point into will be gone.
#[derive(Debug)]
pub(crate) struct Kept {
    pub(crate) ddl: String,
    pub(crate) query: Arc<Query>,
}

impl Kept {
    fn of(chunk: &Chunk<'_>) -> Result<Option<Self>> {
        Ok(match text::parse_without_places(chunk)? {
            Statement::CreateView { query, .. } => {
                Some(Self { ddl: chunk.text.to_owned(), query: Arc::from(query) })
            }
            _ => None,
        })
    }
}

impl Parsed {
    pub(crate) fn of(chunk: &Chunk<'_>) -> Result<Self> {
        let parameters = text::parameters::count(chunk)?;
        let (statement, more) = text::parse(chunk)?;
        let kept = match &statement {
            Statement::CreateView { .. } => Kept::of(chunk)?,
            _ => None,
        };
        Ok(Self { span: chunk.span, statement, more, kept, parameters })
    }

    /// Whether there are as many values as it takes.
    fn check(&self, given: usize) -> Result<()> {
        if given == self.parameters {
            return Ok(());
        }
        let values = if given == 1 { "value is" } else { "values are" };
        Err(SqlError::error(format!(
            "the statement takes {} values, and {given} {values} given",
            self.parameters
        ))
        .hint("give one for each ?, in their order; $1 stands for the first wherever it is written")
        .at(Some(self.span)))
    }
}

impl Session {
    /// Parses one statement. Its text is remembered, so that preparing it again costs nothing.
    ///
    /// # Errors
    /// The text is no statement, or more than one.
    pub fn prepare(&mut self, sql: &str) -> Result<Prepared> {
        if let Some(known) = self.prepared.get(sql) {
            return Ok(known.clone());
        }
        let chunks = text::split(sql)?;
        let [chunk] = chunks.as_slice() else {
            return Err(SqlError::error(format!(
                "one statement is needed here, and this is {}",
                chunks.len()
            ))
            .hint("run a script with run()"));
        };
        let prepared = Prepared { parsed: Arc::new(Parsed::of(chunk)?) };
        if self.prepared.len() >= REMEMBERED {
            self.prepared.clear();
        }
        if sql.len() <= LONGEST {
            self.prepared.insert(sql.to_owned(), prepared.clone());
        }
        Ok(prepared)
    }

    /// Runs one statement with a value for each of its parameters (`?`, or `$1`, `$2`, …). A value counts as a literal of its type would: text fits a
    /// date, for one, if it is one. It is never made part of the SQL text.
    ///
    /// # Errors
    /// The statement is wrong, or refused, or takes another number of values, or passed a default limit; then nothing has changed.
    pub fn execute(&mut self, sql: &str, parameters: &[Cell]) -> Result<Execution> {
        let prepared = self.prepare(sql)?;
        self.execute_prepared(&prepared, parameters, &Limits::default())
    }

    /// The same for a prepared statement, with limits.
    ///
    /// # Errors
    /// As [`Session::execute`].
    pub fn execute_prepared(
        &mut self,
        prepared: &Prepared,
        parameters: &[Cell],
        limits: &Limits,
    ) -> Result<Execution> {
        let values = prepared.values(parameters)?;
        let (success, before) =
            self.atomically(&prepared.parsed, &Meter::new(*limits, values, self.executor))?;
        let Success { answer, log } = success;
        let changes = self.changes(&before, &log);
        Ok(Execution { answer, changes, last_insert_id: last_insert_id(&log) })
    }
}

fn last_insert_id(log: &Log) -> Option<i64> {
    log.entries.iter().rev().find_map(|entry| match (entry.before, entry.after) {
        (None, Some(id)) => Some(id),
        _ => None,
    })
}

/// A value as the checker sees it.
fn value(cell: &Cell) -> Result<Expr> {
    let (text, ty) = match cell {
        Cell::Null => return Ok(Expr::null()),
        Cell::Bool(truth) => return Ok(Expr::truth(*truth)),
        Cell::Int(number) => return Ok(Expr::integer(*number)),
        // As in SQLite, what is no number is NULL.
        Cell::Float(number) if number.is_nan() => return Ok(Expr::null()),
        Cell::Float(number) => return Ok(Expr::value(Value::F64(*number), Type::Float)),
        Cell::Bytes(bytes) => {
            return Ok(Expr::value(Value::Bytea(bytes.clone()), Type::Blob));
        }
        Cell::Text(text) => (text, Type::Text),
        Cell::Decimal(text) => (text, Type::Decimal),
        Cell::Date(text) => (text, Type::Date),
        Cell::Time(text) => (text, Type::Time),
        Cell::Timestamp(text) => (text, Type::Timestamp),
        Cell::Uuid(text) => (text, Type::Uuid),
    };
    types::parse(text, ty)
        .map(|value| Expr::value(value, ty))
        .ok_or_else(|| SqlError::error(format!("the value {text:?} is no {}", ty.name())))
}
