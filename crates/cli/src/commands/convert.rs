//! `throughline convert --from ORM --to TARGET FILE`

use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;

use lexopt::{Arg, Parser, ValueExt};
use throughline_core::convert::{Names, convert};
use throughline_core::document::LineIndex;
use throughline_core::orm::{self, Orm};
use throughline_core::sql::Dialect;
use throughline_core::{Analysis, Severity, analyze, export};

use super::{Failure, orm as orm_argument, read};

/// What the models become.
enum Target {
    /// Models of an ORM.
    Orm(&'static dyn Orm),
    /// Statements.
    Sql(Dialect),
    /// A DBML file.
    Dbml,
    /// A Mermaid diagram.
    Mermaid,
}

/// Prints the models in another form; on standard error what cannot be said there. Code 1 where the models are in error.
pub(super) fn run(arguments: &mut Parser) -> Result<ExitCode, Failure> {
    let mut from: Option<&'static dyn Orm> = None;
    let mut to: Option<Target> = None;
    let mut names = Names::Keep;
    let mut file: Option<PathBuf> = None;
    while let Some(argument) = arguments.next()? {
        match argument {
            Arg::Long("from") => from = Some(orm_argument(arguments)?),
            Arg::Long("to") => to = Some(target(&arguments.value()?.string()?)?),
            Arg::Long("names") => names = names_argument(&arguments.value()?.string()?)?,
            Arg::Value(path) if file.is_none() => file = Some(path.into()),
            other => return Err(other.unexpected().into()),
        }
    }
    let to = to.ok_or_else(|| Failure::Usage("--to is missing".into()))?;
    let file = file.ok_or_else(|| Failure::Usage("the models file is missing".into()))?;
    let source = read(&file)?;
    let from = from.ok_or_else(|| Failure::Usage("--from is missing".into()))?;
    let analysis = analyze(from, &source);
    let written = match to {
        Target::Orm(orm) => {
            let written = convert(from, &analysis, orm, names).ok_or_else(|| {
                Failure::Usage(format!("models of {} cannot be written yet", orm.profile().title))
            })?;
            let lines = LineIndex::new(&source);
            for unsaid in &written.unsaid {
                let place = unsaid.span(&analysis.document).map(|span| {
                    let at = lines.line_column(&source, span.start);
                    format!(":{}:{}", at.line, at.column)
                });
                eprintln!("{}{}: {unsaid}", file.display(), place.unwrap_or_default());
            }
            written.source
        }
        Target::Sql(dialect) => statements(&analysis, dialect),
        Target::Dbml => export::dbml(&analysis.tables),
        Target::Mermaid => export::mermaid(&analysis.tables),
    };
    // A reader that has gone away is no failure.
    let _ = std::io::stdout().lock().write_all(written.as_bytes());
    let errors: Vec<_> =
        analysis.diagnostics.iter().filter(|found| found.severity == Severity::Error).collect();
    for error in &errors {
        eprintln!("{}: error: {}", file.display(), error.message);
    }
    if errors.is_empty() {
        return Ok(ExitCode::SUCCESS);
    }
    eprintln!(
        "{}: the models are in error: what is written is what could be read of them",
        file.display()
    );
    Ok(ExitCode::from(1))
}

fn statements(analysis: &Analysis, dialect: Dialect) -> String {
    analysis.ddl(dialect).iter().map(|statement| format!("{statement};\n")).collect()
}

fn target(name: &str) -> Result<Target, Failure> {
    if let Some(orm) = orm::by_id(name) {
        return Ok(Target::Orm(orm));
    }
    match name {
        "sqlite" => Ok(Target::Sql(Dialect::Sqlite)),
        "postgres" => Ok(Target::Sql(Dialect::Postgres)),
        "mysql" => Ok(Target::Sql(Dialect::MySql)),
        "engine" => Ok(Target::Sql(Dialect::Engine)),
        "dbml" => Ok(Target::Dbml),
        "mermaid" => Ok(Target::Mermaid),
        other => Err(Failure::Usage(format!("nothing can be converted to {other:?}"))),
    }
}

fn names_argument(name: &str) -> Result<Names, Failure> {
    match name {
        "keep" => Ok(Names::Keep),
        "default" => Ok(Names::OrmDefault),
        other => Err(Failure::Usage(format!("--names is keep or default, not {other:?}"))),
    }
}
