//! The chores of the project: `cargo xtask help` lists them. One file per command.

mod bench;
mod bundle;
mod parts;
mod process;
mod scaffold;
mod serve;
mod setup;
mod size;
mod test;
mod tidy;

use std::process::ExitCode;

use anyhow::{Result, bail};
use lexopt::prelude::{Long, Short, Value, ValueExt};

const HELP: &str = "\
cargo xtask COMMAND

  serve [--port N] [--open] [--dev]   install what is missing, build the app, serve it on 127.0.0.1
                                      (--dev: unoptimised, rebuilt at every change)
  build                               the same build, into dist/
  test [--only STEP]                  everything that CI runs; --only may be given several times
  size                                sizes of dist/ against their budgets
  tidy                                the house rules that a machine can check
  bench                               time from an edit to its result, in a real browser
  bench engine                        the engine against sql.js, in a real browser
  bench orm                           scripts of calls, natively and in a real browser, against CPython with the real ORMs
  new-rule NAME [--orm ORM]           files of a new rule:  cargo xtask new-rule reverse-accessor-clash
  new-orm NAME                        files of a new ORM:   cargo xtask new-orm pony
";

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("\nxtask: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<()> {
    let mut arguments = lexopt::Parser::from_env();
    let command = match arguments.next()? {
        Some(Value(command)) => command.string()?,
        Some(Long("help") | Short('h')) | None => "help".to_owned(),
        Some(other) => return Err(other.unexpected().into()),
    };
    match command.as_str() {
        "serve" => serve::run(serve::Options::parse(arguments)?),
        "test" => test::run(&test::steps_named(arguments)?),
        "build" => nothing_more(arguments).and_then(|()| bundle::run()),
        "size" => nothing_more(arguments).and_then(|()| size::run()),
        "tidy" => nothing_more(arguments).and_then(|()| tidy::run()),
        "bench" => match arguments.next()? {
            None => bench::run(),
            Some(Value(what)) if what == "engine" => {
                nothing_more(arguments).and_then(|()| bench::engine())
            }
            Some(Value(what)) if what == "orm" => {
                nothing_more(arguments).and_then(|()| bench::orm())
            }
            Some(other) => Err(other.unexpected().into()),
        },
        "new-rule" => scaffold::rule(arguments),
        "new-orm" => scaffold::orm(&one_name(arguments)?),
        "help" => {
            print!("{HELP}");
            Ok(())
        }
        other => bail!("there is no command `{other}`\n\n{HELP}"),
    }
}

fn nothing_more(mut arguments: lexopt::Parser) -> Result<()> {
    match arguments.next()? {
        Some(extra) => Err(extra.unexpected().into()),
        None => Ok(()),
    }
}

fn one_name(mut arguments: lexopt::Parser) -> Result<String> {
    let Some(Value(name)) = arguments.next()? else { bail!("a name is missing\n\n{HELP}") };
    nothing_more(arguments)?;
    Ok(name.string()?)
}
