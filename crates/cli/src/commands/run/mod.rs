//! `throughline run --orm ORM MODELS SCRIPT` and `throughline run --orm ORM MODELS --queries FILE`

mod database;
mod queries;
mod steps;

use std::path::PathBuf;
use std::process::ExitCode;

use lexopt::{Arg, Parser};
use throughline_core::orm::Orm;
use throughline_core::sql::Dialect;
use throughline_core::{Analysis, analyze};
use throughline_engine::Session;
use throughline_script::{Limits, Machine, Runtime, Script};

use super::{Failure, orm, print, read};
use database::Shared;

/// Runs a script, or recorded calls. Code 1 where the script ended in an error.
pub(super) fn run(arguments: &mut Parser) -> Result<ExitCode, Failure> {
    let mut chosen: Option<&'static dyn Orm> = None;
    let mut files: Vec<PathBuf> = Vec::new();
    let mut queries: Option<PathBuf> = None;
    while let Some(argument) = arguments.next()? {
        match argument {
            Arg::Long("orm") => chosen = Some(orm(arguments)?),
            Arg::Long("queries") => queries = Some(arguments.value()?.into()),
            Arg::Value(path) => files.push(path.into()),
            other => return Err(other.unexpected().into()),
        }
    }
    let chosen = chosen.ok_or_else(|| Failure::Usage("--orm is missing".into()))?;
    let runtime = throughline_script::orm::by_id(chosen.profile().id).ok_or_else(|| {
        Failure::Usage(format!("calls of {} cannot be run yet", chosen.profile().title))
    })?;
    let mut files = files.into_iter();
    let models = files.next().ok_or_else(|| Failure::Usage("the models file is missing".into()))?;
    let source = read(&models)?;
    let project = Project { orm: chosen, runtime, analysis: analyze(chosen, &source), source };
    match (queries, files.next()) {
        (Some(queries), None) => {
            print(&queries::answers(&project, &read(&queries)?));
            Ok(ExitCode::SUCCESS)
        }
        (None, Some(script)) => {
            let (document, ended_well) = steps::steps(&project, &read(&script)?);
            print(&document);
            Ok(if ended_well { ExitCode::SUCCESS } else { ExitCode::from(1) })
        }
        _ => Err(Failure::Usage("give either a script or --queries FILE".into())),
    }
}

/// Models that calls run on.
struct Project {
    orm: &'static dyn Orm,
    runtime: &'static dyn Runtime,
    analysis: Analysis,
    source: String,
}

impl Project {
    /// A database with the models' tables, and no rows.
    fn database(&self) -> Shared {
        let mut session = Session::new();
        for statement in self.analysis.ddl(Dialect::Engine) {
            session.run(&statement);
        }
        Shared::new(session)
    }

    fn script(&self, database: &Shared) -> Script {
        let machine = Machine::new(Limits::default(), chrono::Local::now().naive_local());
        Script::new(self.runtime, &self.analysis, &self.source, Box::new(database.clone()), machine)
    }
}
