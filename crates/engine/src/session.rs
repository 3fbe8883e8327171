//! One database and the scripts that run on it.

use crate::outcome::{Dump, Limits, Outcome, TableInfo};

/// One database.
#[derive(Default)]
pub struct Session {}

/// The state of a database at one moment. Cheap to take, to keep and to clone.
#[derive(Clone)]
pub struct Snapshot {}

impl Session {
    /// An empty database.
    pub fn new() -> Self {
        Self::default()
    }

    /// Runs a script statement by statement and stops at the first error. One outcome per statement that was started.
    pub fn run(&mut self, sql: &str) -> Vec<Outcome> {
        let mut outcomes = Vec::new();
        self.run_with(sql, &Limits::default(), &mut |outcome| outcomes.push(outcome.clone()));
        outcomes
    }

    /// The same with limits, calling back after each statement.
    pub fn run_with(&mut self, sql: &str, limits: &Limits, each: &mut dyn FnMut(&Outcome)) {
        let _ = (sql, limits, each);
    }

    /// The state as it is now.
    pub fn snapshot(&self) -> Snapshot {
        Snapshot {}
    }

    /// Back to a state. Ends an open transaction.
    pub fn restore(&mut self, snapshot: &Snapshot) {
        let _ = snapshot;
    }

    /// DDL and rows, for links and for rebuilding elsewhere.
    pub fn dump(&self) -> Dump {
        Dump::default()
    }

    /// The tables, in the order in which they were made.
    pub fn tables(&self) -> Vec<TableInfo> {
        Vec::new()
    }
}
