//! `throughline check [OPTIONS] FILE...`: the problems of models files, before the ORM finds them.

mod files;
mod fix;
mod github;
mod json;
mod report;
mod sarif;
mod text;

use std::io::{IsTerminal, Write};
use std::path::PathBuf;
use std::process::ExitCode;

use lexopt::{Arg, Parser, ValueExt};
use throughline_core::orm::Orm;

use super::{Failure, orm};
use report::Report;

/// How problems are printed.
#[derive(Clone, Copy)]
enum Format {
    /// For people: as compilers do.
    Text,
    /// For programs.
    Json,
    /// SARIF 2.1.0, for code scanning.
    Sarif,
    /// Workflow commands, which GitHub shows beside the changed lines.
    Github,
}

/// Whether the text has colours.
#[derive(Clone, Copy)]
enum Colour {
    Auto,
    Always,
    Never,
}

/// Whether files are changed.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Mode {
    Report,
    Fix,
}

/// Checks all files and prints what is wrong. Code 1 where a file has errors; warnings and advice don't fail.
pub(super) fn run(arguments: &mut Parser) -> Result<ExitCode, Failure> {
    let mut chosen: Option<&'static dyn Orm> = None;
    let (mut format, mut colour, mut mode) = (Format::Text, Colour::Auto, Mode::Report);
    let mut paths: Vec<PathBuf> = Vec::new();
    while let Some(argument) = arguments.next()? {
        match argument {
            Arg::Long("orm") => chosen = Some(orm(arguments)?),
            Arg::Long("format") => {
                format = arguments.value()?.parse_with(|word| match word {
                    "text" => Ok(Format::Text),
                    "json" => Ok(Format::Json),
                    "sarif" => Ok(Format::Sarif),
                    "github" => Ok(Format::Github),
                    _ => Err("it is one of text, json, sarif, github"),
                })?;
            }
            Arg::Long("color" | "colour") => {
                colour = arguments.value()?.parse_with(|word| match word {
                    "auto" => Ok(Colour::Auto),
                    "always" => Ok(Colour::Always),
                    "never" => Ok(Colour::Never),
                    _ => Err("it is one of auto, always, never"),
                })?;
            }
            Arg::Long("fix") => mode = Mode::Fix,
            Arg::Value(path) => paths.push(path.into()),
            other => return Err(other.unexpected().into()),
        }
    }
    if paths.is_empty() {
        return Err(Failure::Usage("the models file is missing".into()));
    }
    let mut sources = files::read_all(&paths)?;
    if mode == Mode::Fix {
        for source in &mut sources {
            fix::fix(source, chosen)?;
        }
    }
    let reports: Vec<Report> =
        sources.into_iter().map(|source| Report::new(source, chosen)).collect();
    let printed = match format {
        Format::Text => text::print(&reports, has_colours(colour)),
        Format::Json => json::print(&reports),
        Format::Sarif => sarif::print(&reports),
        Format::Github => github::print(&reports),
    };
    // A reader that has gone away is no failure.
    let _ = std::io::stdout().lock().write_all(printed.as_bytes());
    let failed = reports.iter().any(Report::has_errors);
    Ok(if failed { ExitCode::from(1) } else { ExitCode::SUCCESS })
}

/// On a terminal there are colours, unless the environment says otherwise (<https://no-color.org>).
fn has_colours(colour: Colour) -> text::Style {
    let wanted = match colour {
        Colour::Always => true,
        Colour::Never => false,
        Colour::Auto => {
            let refused = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty())
                || std::env::var_os("TERM").is_some_and(|value| value == "dumb");
            std::io::stdout().is_terminal() && !refused
        }
    };
    if wanted { text::Style::Coloured } else { text::Style::Plain }
}
