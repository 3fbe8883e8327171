//! How rows are read: which of a table's, with which tests, and within which limits.

use std::cell::Cell;
use std::sync::Arc;

use gluesql_core::data::Value;

use crate::error::SqlError;
use crate::functions::Pattern;
use crate::ir::{Comparison, Expr};
use crate::outcome::{Executor, Limits};
use crate::values::compare;

/// After how many rows the clock is looked at.
const LOOK_EVERY: u64 = 4096;

/// How many rows are read within a few hundredths of a second.
const FAR: u64 = 100_000;

/// Which rows of a table are looked at.
pub(crate) enum Access {
    All,
    /// From the last to the first.
    Reversed,
    /// In the order of an index that holds all rows.
    Index(usize),
    /// In the reverse of it.
    IndexReversed(usize),
    /// These, by number.
    Ids(Arc<Vec<i64>>),
}

/// A test on one column, done as the row is read.
#[derive(Clone, Debug)]
pub(crate) enum Test {
    Compare(usize, Comparison, Value),
    Null(usize, Nullness),
    In(usize, Arc<crate::ir::Set>),
    NotIn(usize, Arc<crate::ir::Set>),
    /// LIKE, and what it must give.
    Like(usize, Arc<Pattern>, bool),
}

/// NULL or not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Nullness {
    Null,
    NotNull,
}

impl Test {
    pub(crate) fn column(&self) -> usize {
        match self {
            Test::Compare(column, ..)
            | Test::Null(column, _)
            | Test::In(column, _)
            | Test::NotIn(column, _)
            | Test::Like(column, ..) => *column,
        }
    }

    /// Whether a row passes. The planner makes tests only for values of the column's type.
    pub(crate) fn passes(&self, row: &[Value]) -> bool {
        let value = row.get(self.column()).unwrap_or(&Value::Null);
        match self {
            Test::Compare(_, comparison, constant) => {
                compare(value, constant).is_some_and(|order| comparison.holds(order))
            }
            Test::Null(_, wanted) => value.is_null() == (*wanted == Nullness::Null),
            Test::In(_, set) => set.holds(value) == Some(true),
            Test::NotIn(_, set) => set.holds(value) == Some(false),
            Test::Like(_, pattern, wanted) => match value {
                Value::Str(text) => pattern.matches(text) == *wanted,
                _ => false,
            },
        }
    }
}

impl Comparison {
    pub(crate) fn holds(self, order: std::cmp::Ordering) -> bool {
        match self {
            Comparison::Equal => order.is_eq(),
            Comparison::NotEqual => order.is_ne(),
            Comparison::Less => order.is_lt(),
            Comparison::LessOrEqual => order.is_le(),
            Comparison::Greater => order.is_gt(),
            Comparison::GreaterOrEqual => order.is_ge(),
        }
    }
}

/// What one execution of a statement is given: values for its parameters, and limits, at which it is stopped.
pub(crate) struct Meter {
    reads: Cell<u64>,
    /// At how many reads limit and clock are looked at next.
    pause: Cell<u64>,
    limits: Limits,
    deadline: i64,
    parameters: Vec<Expr>,
    executor: Executor,
}

impl Meter {
    pub(crate) fn new(limits: Limits, parameters: Vec<Expr>, executor: Executor) -> Self {
        let now = gluesql_core::chrono::Utc::now().timestamp_millis();
        let deadline = now.saturating_add(i64::try_from(limits.millis).unwrap_or(i64::MAX));
        Self { reads: Cell::new(0), pause: Cell::new(0), limits, deadline, parameters, executor }
    }

    /// The values that were given for the statement's parameters.
    pub(crate) fn parameters(&self) -> &[Expr] {
        &self.parameters
    }

    pub(crate) fn executor(&self) -> Executor {
        self.executor
    }

    #[cfg(feature = "second-opinion")]
    pub(crate) fn limits(&self) -> &Limits {
        &self.limits
    }

    /// Whether so much was read that doing it again would be felt.
    pub(crate) fn is_far(&self) -> bool {
        self.reads.get() > FAR
    }

    /// One more row is read.
    #[inline]
    pub(crate) fn check(&self) -> crate::error::Result<()> {
        let reads = self.reads.get() + 1;
        self.reads.set(reads);
        if reads <= self.pause.get() { Ok(()) } else { self.look(reads) }
    }

    #[cold]
    fn look(&self, reads: u64) -> crate::error::Result<()> {
        let stop = |message| Err(SqlError::error(message).hint("add a condition or LIMIT"));
        if reads > self.limits.reads {
            return stop(format!("this reads more than {} rows", self.limits.reads));
        }
        if gluesql_core::chrono::Utc::now().timestamp_millis() > self.deadline {
            return stop(format!("this takes longer than {} ms", self.limits.millis));
        }
        self.pause.set(reads.saturating_add(LOOK_EVERY).min(self.limits.reads));
        Ok(())
    }

    /// Bounds the rows of a result, final or not.
    pub(crate) fn check_size(&self, rows: usize) -> crate::error::Result<()> {
        let most = self.limits.rows;
        if rows > most {
            return Err(SqlError::error(format!("this gives more than {most} rows"))
                .hint("add LIMIT or a condition"));
        }
        Ok(())
    }

    /// Bounds what is kept at one time.
    pub(crate) fn check_bytes(&self, bytes: usize) -> crate::error::Result<()> {
        let most = self.limits.bytes;
        if bytes > most {
            return Err(SqlError::error(format!("this takes more than {} MB", most >> 20))
                .hint("take fewer rows, or shorter texts"));
        }
        Ok(())
    }
}
