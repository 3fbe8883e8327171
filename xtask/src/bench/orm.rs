//! `cargo xtask bench orm`: scripts of ORM calls, natively, in the page's worker and in CPython.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result, bail};
use xtask::project;

use super::in_browser;

/// How often each story is told: often enough for the browser to have compiled what runs.
const ROUNDS: &str = "200";

/// A story in the spelling of an ORM.
struct Story {
    orm: String,
    models: PathBuf,
    script: PathBuf,
}

/// The best and the middle round in microseconds, and how many SQL statements a round sends.
type Numbers = [u64; 3];

/// Runs stories of about seventy statements, each in the spelling of an ORM that it fits: natively, in the worker in a headless browser, and in CPython with the
/// real ORM on SQLite in memory. `THROUGHLINE_PYTHON` names an interpreter that has the ORMs of `tests/conformance/record/requirements.txt`; without it
/// only ours are timed.
pub(crate) fn orm() -> Result<()> {
    let root = project::root();
    let folder = root.join("tests/conformance/bench");
    let stories = stories(&folder)?;
    let in_page = in_page(&stories)?;
    let python = std::env::var_os("THROUGHLINE_PYTHON");
    println!(
        "| ORM, story | statements | natively best µs | middle | in the page best µs | middle | CPython best µs | middle | page / CPython, middle |\n|---|---:|---:|---:|---:|---:|---:|---:|---:|"
    );
    for (story, [page_best, page_middle, _]) in stories.iter().zip(in_page) {
        let [best, middle, calls] = natively(story)?;
        let told = story.script.file_stem().unwrap_or_default().to_string_lossy();
        let theirs = match &python {
            Some(python) => {
                let mut command = Command::new(python);
                command.arg(folder.join("stories.py")).args(story.arguments()).arg(ROUNDS);
                let [best, middle, _] = numbers(command.current_dir(&root))?;
                format!("{best} | {middle} | {} %", page_middle * 100 / middle.max(1))
            }
            None => " | | ".to_owned(),
        };
        println!(
            "| {}, {told} | {calls} | {best} | {middle} | {page_best} | {page_middle} | {theirs} |",
            story.orm
        );
    }
    Ok(())
}

impl Story {
    /// As each of the three that run it takes it.
    fn arguments(&self) -> [&Path; 3] {
        [self.orm.as_ref(), &self.models, &self.script]
    }
}

/// A folder for each ORM, with models and the stories on them.
fn stories(folder: &Path) -> Result<Vec<Story>> {
    let mut stories = Vec::new();
    for entry in fs::read_dir(folder)?.flatten().filter(|entry| entry.path().is_dir()) {
        let models = entry.path().join("models.py");
        for script in fs::read_dir(entry.path())?.flatten().map(|file| file.path()) {
            if script.extension().is_some_and(|extension| extension == "py") && script != models {
                let orm = entry.file_name().to_string_lossy().into_owned();
                stories.push(Story { orm, models: models.clone(), script });
            }
        }
    }
    stories.sort_by(|a, b| a.script.cmp(&b.script));
    Ok(stories)
}

fn natively(story: &Story) -> Result<Numbers> {
    let mut command = Command::new("cargo");
    command.args(["run", "-q", "--release", "-p", "throughline-play", "--example", "orm_bench"]);
    numbers(command.arg("--").args(story.arguments()).arg(ROUNDS).current_dir(project::root()))
}

fn in_page(stories: &[Story]) -> Result<Vec<Numbers>> {
    let mut command = in_browser("calls_bench")?;
    command.arg(ROUNDS).args(stories.iter().flat_map(Story::arguments));
    printed(&mut command)?.lines().map(parsed).collect()
}

/// The numbers that a command prints.
fn numbers(command: &mut Command) -> Result<Numbers> {
    parsed(&printed(command)?)
}

fn parsed(text: &str) -> Result<Numbers> {
    let mut words = text.split_whitespace().map(str::parse);
    let mut next = || words.next().unwrap_or(Ok(0));
    Ok([next()?, next()?, next()?])
}

fn printed(command: &mut Command) -> Result<String> {
    let output = command.output().context("a bench could not be started")?;
    if !output.status.success() {
        bail!("a bench ended with {}:\n{}", output.status, String::from_utf8_lossy(&output.stderr));
    }
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}
