//! `throughline inspect --orm ORM FILE`

use std::path::PathBuf;
use std::process::ExitCode;

use lexopt::{Arg, Parser};
use throughline_core::orm::Orm;
use throughline_core::{analyze_bare, export};

use super::{Failure, orm, print, read};

/// Prints the schema document. Code 1 where the ORM would not accept the models.
pub(super) fn run(arguments: &mut Parser) -> Result<ExitCode, Failure> {
    let mut chosen: Option<&'static dyn Orm> = None;
    let mut file: Option<PathBuf> = None;
    while let Some(argument) = arguments.next()? {
        match argument {
            Arg::Long("orm") => chosen = Some(orm(arguments)?),
            Arg::Value(path) if file.is_none() => file = Some(path.into()),
            other => return Err(other.unexpected().into()),
        }
    }
    let chosen = chosen.ok_or_else(|| Failure::Usage("--orm is missing".into()))?;
    let file = file.ok_or_else(|| Failure::Usage("the models file is missing".into()))?;
    let document = export::inspect(chosen, &analyze_bare(chosen, &read(&file)?));
    let accepted = document.get("ok") == Some(&serde_json::Value::Bool(true));
    print(&document);
    Ok(if accepted { ExitCode::SUCCESS } else { ExitCode::from(1) })
}
