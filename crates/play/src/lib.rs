//! Scripts of ORM calls on the engine: models, their tables and a machine put together.
//!
//! The command line, the worker and the conformance tests share it, so that all of them give the same answers.

mod console;
mod database;
mod inline;
mod queries;
mod steps;
mod transcript;

use chrono::NaiveDateTime;
use throughline_core::orm::Orm;
use throughline_core::{Analysis, analyze};
use throughline_engine::Session;
use throughline_script::{Limits, Machine, Runtime, Script};

pub use console::{Console, Ended, Ran, Statement};
pub use database::{Noted, Shared};
pub use inline::{inlined, literal};
pub use queries::answers;
pub use steps::steps;
pub use throughline_script::assist;

/// Models that calls run on.
pub struct Project {
    /// The ORM.
    pub orm: &'static dyn Orm,
    /// How it behaves in scripts.
    pub runtime: &'static dyn Runtime,
    /// What the models are to it.
    pub analysis: Analysis,
    /// Their source.
    pub source: String,
    /// What `now()` says.
    pub now: NaiveDateTime,
}

impl Project {
    /// The models of a source; `None` where calls of this ORM cannot be run yet.
    pub fn new(orm: &'static dyn Orm, source: String, now: NaiveDateTime) -> Option<Self> {
        let runtime = throughline_script::orm::by_id(orm.profile().id)?;
        let analysis = analyze(orm, &source);
        Some(Self { orm, runtime, analysis, source, now })
    }

    /// A database with the models' tables, and no rows.
    pub fn database(&self) -> Shared {
        let mut session = Session::new();
        for statement in self.analysis.play_ddl() {
            session.run(&statement);
        }
        Shared::new(session)
    }

    /// A machine that knows the models, on a database.
    pub fn script(&self, database: &Shared) -> Script {
        let machine = Machine::new(Limits::default(), self.now);
        Script::new(self.runtime, &self.analysis, &self.source, Box::new(database.clone()), machine)
    }

    /// What a user must know of how calls run here.
    pub fn notes(&self) -> Vec<&'static str> {
        let mut notes = Vec::new();
        if !self.analysis.heeds_keys() {
            notes.push(
                "The database does not heed foreign keys here, as SQLite does not unless it is asked: rows may point at nothing, and `on_delete` \
                 does nothing. Give the database `pragmas={\"foreign_keys\": 1}`.",
            );
        }
        notes
    }
}
