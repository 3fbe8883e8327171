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
use throughline_core::orm::{Orm, recognise, stranger};

use super::{Failure, orm};
use files::Source;
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
    let mut reports = Vec::new();
    for mut source in files::read_all(&paths)? {
        let Some(orm) = chosen.or_else(|| orm_of(&source)) else { continue };
        if mode == Mode::Fix {
            fix::fix(&mut source, orm)?;
        }
        reports.push(Report::new(source, orm));
    }
    if reports.is_empty() {
        return Err(Failure::File("no file was checked; --orm says whose models they are".into()));
    }
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

/// The ORM whose models a file holds. Where it does not say that, the reader is told: a file that nobody checks must not go unseen.
fn orm_of(source: &Source) -> Option<&'static dyn Orm> {
    if let Some(found) = recognise(&source.text) {
        return Some(found.orm);
    }
    let why = match stranger(&source.text) {
        Some(other) => format!("it is written for {other}"),
        None => "nothing in it says which ORM it is for".to_owned(),
    };
    eprintln!("throughline: {} is not checked: {why}", source.name());
    None
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
