//! Why a statement did not run.

use serde::{Deserialize, Serialize};

use crate::outcome::Span;

/// Whether the statement is wrong, or only beyond the engine.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ErrorKind {
    /// The engine does not support this, or cannot promise the right rows for it.
    Refused,
    /// The statement is wrong, breaks a constraint, or passed a limit.
    Error,
}

/// An error with what a reader needs to put it right.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SqlError {
    /// Refused or wrong.
    pub kind: ErrorKind,
    /// What is wrong.
    pub message: String,
    /// What to write instead.
    pub hint: Option<String>,
    /// Where in the script.
    pub span: Option<Span>,
    /// The constraint that does not hold, where one is the reason.
    #[serde(default)]
    pub violation: Option<Box<Violation>>,
}

/// A constraint that a statement breaks.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Violation {
    /// Which kind of constraint.
    pub kind: ConstraintKind,
    /// Its table.
    pub table: String,
    /// Its columns; none for CHECK.
    pub columns: Vec<String>,
    /// Its name, where it has one.
    pub constraint: Option<String>,
}

/// The kinds of constraint that a row can break.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum ConstraintKind {
    /// PRIMARY KEY and UNIQUE.
    Unique,
    /// NOT NULL.
    NotNull,
    /// FOREIGN KEY.
    ForeignKey,
    /// CHECK.
    Check,
}

/// What the stages of the engine return.
pub(crate) type Result<T> = std::result::Result<T, SqlError>;

impl SqlError {
    /// The statement is wrong.
    pub(crate) fn error(message: impl Into<String>) -> Self {
        Self {
            kind: ErrorKind::Error,
            message: message.into(),
            hint: None,
            span: None,
            violation: None,
        }
    }

    /// The engine does not do this.
    pub(crate) fn refused(message: impl Into<String>) -> Self {
        Self {
            kind: ErrorKind::Refused,
            message: message.into(),
            hint: None,
            span: None,
            violation: None,
        }
    }

    /// Adds the constraint that is the reason.
    pub(crate) fn breaks(
        mut self,
        kind: ConstraintKind,
        table: &str,
        columns: Vec<String>,
        constraint: Option<&String>,
    ) -> Self {
        let (table, constraint) = (table.to_owned(), constraint.cloned());
        self.violation = Some(Box::new(Violation { kind, table, columns, constraint }));
        self
    }

    /// Adds what to write instead.
    pub(crate) fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// Adds the place, if none is known yet.
    pub(crate) fn at(mut self, span: Option<Span>) -> Self {
        self.span = self.span.or(span);
        self
    }
}

impl std::fmt::Display for SqlError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.message)?;
        match &self.hint {
            Some(hint) => write!(f, " ({hint})"),
            None => Ok(()),
        }
    }
}

impl std::error::Error for SqlError {}
