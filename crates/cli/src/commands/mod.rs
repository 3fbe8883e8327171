//! The sub-commands, one file each.

mod check;
mod convert;
mod inspect;
mod run;
mod slt;
mod sql;

use std::io::Write;
use std::path::Path;
use std::process::ExitCode;

use lexopt::{Arg, Parser, ValueExt};
use throughline_core::orm::{self, Orm};

/// What is printed where the arguments are not understood.
pub(crate) const USAGE: &str = "\
usage: throughline check [OPTIONS] FILE...   what is wrong with models files
       throughline convert --from ORM --to TARGET [--names keep|default] FILE
                                             the models in another form, and what it cannot say
       throughline inspect --orm ORM FILE    the schema document of a models file, as JSON
       throughline run --orm ORM MODELS SCRIPT
                                             what a script of ORM calls does, as JSON; of a transcript with
                                             `>>> ` also whether each line agrees
       throughline run --orm ORM MODELS --queries FILE
                                             the answers of recorded calls, as JSON
       throughline sql FILE                  the answers of an SQL script's statements, as JSON
       throughline slt [--engine NAME] FILE...
                                             what passed, was refused and failed in sqllogictest files
       throughline --help | --version

ORM is one of: django, tortoise, ormar, peewee. TARGET is an ORM, sqlite, postgres, mysql, engine, dbml or mermaid. FILE may be - for standard input.
NAME is what skipif and onlyif of the files compare with; sqlite unless given.

check takes files and directories (every models.py below them), and these options:
  --orm ORM             whose models they are; otherwise each file is recognised
  --format FORMAT       text, json, sarif or github
  --color WHEN          auto, always or never
  --fix                 applies what has exactly one fix, and reports the rest
It ends with 1 where there are errors; warnings and advice don't fail.";

/// Why a command did not run. Both end with code 2.
#[derive(Debug)]
pub(crate) enum Failure {
    /// The arguments are not understood.
    Usage(String),
    /// A file cannot be read.
    File(String),
}

impl From<lexopt::Error> for Failure {
    fn from(error: lexopt::Error) -> Self {
        Self::Usage(error.to_string())
    }
}

/// Prints a line. A reader that has gone, such as `head`, wants no more of it.
pub(crate) fn say(line: std::fmt::Arguments<'_>) {
    let _ = writeln!(std::io::stdout().lock(), "{line}");
}

/// Runs the sub-command that the arguments name.
pub(crate) fn run(arguments: &mut Parser) -> Result<ExitCode, Failure> {
    // Asked for anywhere, `throughline check --help` included.
    let asks = arguments.clone().raw_args().is_ok_and(|mut given| {
        given.by_ref().any(|argument| argument == "--help" || argument == "-h")
    });
    if asks {
        say(format_args!("{USAGE}"));
        return Ok(ExitCode::SUCCESS);
    }
    match arguments.next()? {
        Some(Arg::Value(command)) => match command.string()?.as_str() {
            "check" => check::run(arguments),
            "convert" => convert::run(arguments),
            "inspect" => inspect::run(arguments),
            "run" => run::run(arguments),
            "sql" => sql::run(arguments),
            "slt" => slt::run(arguments),
            other => Err(Failure::Usage(format!("there is no command {other:?}"))),
        },
        Some(Arg::Long("version") | Arg::Short('V')) => {
            say(format_args!("throughline {}", env!("CARGO_PKG_VERSION")));
            Ok(ExitCode::SUCCESS)
        }
        Some(other) => Err(other.unexpected().into()),
        None => Err(Failure::Usage("no command is given".into())),
    }
}

/// The value of `--orm`.
fn orm(arguments: &mut Parser) -> Result<&'static dyn Orm, Failure> {
    let id = arguments.value()?.string()?;
    let known = || orm::ALL.iter().map(|orm| orm.profile().id).collect::<Vec<_>>().join(", ");
    orm::by_id(&id)
        .ok_or_else(|| Failure::Usage(format!("there is no ORM {id:?}; there are: {}", known())))
}

/// The text of a file, or of standard input for `-`. A byte order mark is dropped, and what is not UTF-8 replaced.
fn read(path: &Path) -> Result<String, Failure> {
    let bytes = if path == Path::new("-") {
        let mut bytes = Vec::new();
        std::io::Read::read_to_end(&mut std::io::stdin(), &mut bytes).map(|_| bytes)
    } else {
        std::fs::read(path)
    };
    let bytes =
        bytes.map_err(|error| Failure::File(format!("cannot read {}: {error}", path.display())))?;
    let text = String::from_utf8_lossy(&bytes);
    Ok(text.strip_prefix('\u{feff}').unwrap_or(&text).to_owned())
}

/// Prints JSON. A reader that has gone away is no failure.
fn print(value: &serde_json::Value) {
    let _ = writeln!(std::io::stdout().lock(), "{value:#}");
}
