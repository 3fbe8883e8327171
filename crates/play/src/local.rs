//! A project whose models are analysed where its calls run, as the command line and the tests have it. The worker has no readers, and gets
//! [`throughline_core::live::Models`].

use chrono::NaiveDateTime;
use throughline_core::live::Models;
use throughline_core::orm::Orm;
use throughline_core::{Analysis, analyze};
use throughline_engine::Session;

use crate::{Project, Shared};

/// A project and all that is known of its models.
pub struct Local {
    /// The ORM.
    pub orm: &'static dyn Orm,
    /// What the models are to it.
    pub analysis: Analysis,
    /// What calls run on.
    pub project: Project,
}

impl Local {
    /// The models of a source; `None` where calls of this ORM cannot be run.
    pub fn new(orm: &'static dyn Orm, source: String, now: NaiveDateTime) -> Option<Self> {
        let analysis = analyze(orm, &source);
        let project = Project::new(Models::of(&analysis), source, now)?;
        Some(Self { orm, analysis, project })
    }

    /// A database with the models' tables, and no rows.
    pub fn database(&self) -> Shared {
        let mut session = Session::new();
        for statement in self.analysis.play_ddl() {
            session.run(&statement);
        }
        Shared::new(session)
    }
}
