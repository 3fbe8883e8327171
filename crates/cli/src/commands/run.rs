//! `throughline run --orm ORM MODELS SCRIPT` and `throughline run --orm ORM MODELS --queries FILE`

use std::path::PathBuf;
use std::process::ExitCode;

use lexopt::{Arg, Parser};
use throughline_core::orm::Orm;
use throughline_play::{Local, answers, steps};

use super::{Failure, orm, print, read};

/// Runs a script, or recorded calls. Code 1 where the script ended in an error, or a transcript says otherwise than what happens.
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
    let mut files = files.into_iter();
    let models = files.next().ok_or_else(|| Failure::Usage("the models file is missing".into()))?;
    let source = read(&models)?;
    let now = chrono::Local::now().naive_local();
    let project = Local::new(chosen, source, now).ok_or_else(|| {
        Failure::Usage(format!("calls of {} cannot be run yet", chosen.profile().title))
    })?;
    match (queries, files.next()) {
        (Some(queries), None) => {
            print(&answers(&project, &read(&queries)?));
            Ok(ExitCode::SUCCESS)
        }
        (None, Some(script)) => {
            let (document, ended_well) = steps(&project, &read(&script)?);
            print(&document);
            Ok(if ended_well { ExitCode::SUCCESS } else { ExitCode::from(1) })
        }
        _ => Err(Failure::Usage("give either a script or --queries FILE".into())),
    }
}
