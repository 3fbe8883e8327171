//! Scripts of ORM calls on the engine: models, their tables and a machine put together.
//!
//! The command line, the worker and the conformance tests share it, so that all of them give the same answers.

mod console;
mod database;
mod inline;
mod local;
mod queries;
mod steps;
mod transcript;

use chrono::NaiveDateTime;
use throughline_core::live::Models;
use throughline_script::{Limits, Machine, Runtime, Script};

pub use console::{Console, Ended, Ran, Statement};
pub use database::{Noted, Shared};
pub use inline::{inlined, literal};
pub use local::Local;
pub use queries::answers;
pub use steps::steps;
pub use throughline_script::assist;

/// Models that calls run on.
pub struct Project {
    /// How their ORM behaves in scripts.
    pub runtime: &'static dyn Runtime,
    /// What the models are to it.
    pub models: Models,
    /// Their source, for their methods.
    pub source: String,
    /// What `now()` says.
    pub now: NaiveDateTime,
}

impl Project {
    /// Models and their source; `None` where calls of this ORM cannot be run.
    pub fn new(models: Models, source: String, now: NaiveDateTime) -> Option<Self> {
        let runtime = throughline_script::orm::by_id(&models.orm)?;
        Some(Self { runtime, models, source, now })
    }

    /// A machine that knows the models, on a database.
    pub fn script(&self, database: &Shared) -> Script {
        self.script_on(&self.models, database)
    }

    /// The same for other models of the same source.
    fn script_on(&self, models: &Models, database: &Shared) -> Script {
        let machine = Machine::new(Limits::default(), self.now);
        Script::new(self.runtime, models, &self.source, Box::new(database.clone()), machine)
    }

    /// What a user must know of how calls run here.
    pub fn notes(&self) -> Vec<&'static str> {
        let mut notes = Vec::new();
        if !self.models.heeds_keys {
            notes.push(
                "The database does not heed foreign keys here, as SQLite does not unless it is asked: rows may point at nothing, and `on_delete` \
                 does nothing. Give the database `pragmas={\"foreign_keys\": 1}`.",
            );
        }
        notes
    }
}
