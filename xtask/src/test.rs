//! `cargo xtask test`: everything that CI runs, in one command.

use std::fs;
use std::process::Command;
use std::time::{Duration, Instant};

use anyhow::{Result, bail};
use lexopt::prelude::{Long, ValueExt as _};
use xtask::project;

use crate::process::{self, Outcome};
use crate::{bundle, setup, size, tidy};

const TARGET: &str = "wasm32-unknown-unknown";

/// One step of the tests.
struct Step {
    name: &'static str,
    what: &'static str,
    run: fn() -> Result<Done>,
}

/// The quick ones first. Each builds what it needs, so any can be run alone.
const STEPS: &[Step] = &[
    Step { name: "fmt", what: "formatting", run: fmt },
    Step { name: "tidy", what: "house rules", run: tidy },
    Step { name: "clippy", what: "lints, native crates", run: clippy },
    Step { name: "clippy-web", what: "lints, browser crates", run: clippy_web },
    Step { name: "unit", what: "unit tests", run: unit },
    Step { name: "conformance", what: "recorded runs of the real ORMs", run: conformance },
    Step { name: "build", what: "the app, optimised", run: build },
    Step { name: "web", what: "tests in headless Chromium", run: web },
    Step { name: "e2e", what: "user flows in headless Chromium", run: e2e },
    Step { name: "size", what: "sizes against budgets", run: sizes },
];

/// What a step that could be carried out has to say.
#[derive(Default)]
struct Done {
    /// What went wrong; empty where all is well.
    failure: String,
    /// What is worth seeing even so.
    note: String,
    /// The lines with which test runners sum up.
    summaries: Vec<String>,
}

/// The steps that the command line names with `--only`; all where it names none.
pub(crate) fn steps_named(mut arguments: lexopt::Parser) -> Result<Vec<String>> {
    let mut named = Vec::new();
    while let Some(argument) = arguments.next()? {
        match argument {
            Long("only") => named.push(arguments.value()?.string()?),
            other => return Err(other.unexpected().into()),
        }
    }
    if let Some(unknown) =
        named.iter().find(|name| STEPS.iter().all(|step| step.name != name.as_str()))
    {
        let names: Vec<_> = STEPS.iter().map(|step| step.name).collect();
        bail!("there is no step `{unknown}`; there are {}", names.join(", "));
    }
    Ok(named)
}

/// Runs the steps, all of them even after a failure, and sums up.
pub(crate) fn run(only: &[String]) -> Result<()> {
    let steps: Vec<_> = STEPS
        .iter()
        .filter(|step| only.is_empty() || only.iter().any(|name| name == step.name))
        .collect();
    let start = Instant::now();
    let mut failed = Vec::new();
    let mut summaries = Vec::new();
    for (number, step) in steps.iter().enumerate() {
        eprintln!("[{} of {}] {}: {}", number + 1, steps.len(), step.name, step.what);
        let begun = Instant::now();
        let done = (step.run)()
            .unwrap_or_else(|error| Done { failure: format!("{error:#}"), ..Done::default() });
        print_outcome(step.name, begun.elapsed(), &done);
        if !done.failure.is_empty() {
            failed.push(step.name);
        }
        summaries.extend(done.summaries.into_iter().map(|line| (step.name, line)));
    }
    sum_up(&failed, &summaries, start.elapsed())
}

fn print_outcome(name: &str, time: Duration, done: &Done) {
    if !done.note.is_empty() {
        println!("{}", done.note.trim_end());
    }
    if !done.failure.is_empty() {
        println!("{}", done.failure.trim_end());
    }
    let verdict = if done.failure.is_empty() { "ok" } else { "FAILED" };
    println!("{name} {verdict} in {}", process::clock(time));
}

fn sum_up(failed: &[&str], summaries: &[(&str, String)], time: Duration) -> Result<()> {
    println!("\nAll steps took {}.", process::clock(time));
    for (step, line) in summaries {
        println!("{step:<12} {line}");
    }
    let count =
        |word: &str| -> u64 { summaries.iter().filter_map(|(_, line)| counted(line, word)).sum() };
    let (passed, tests_failed) = (count("passed"), count("failed"));
    // A step without tests of its own that fails is a failure too.
    let others = failed.iter().filter(|name| {
        !summaries.iter().any(|(step, line)| step == *name && counted(line, "failed") > Some(0))
    });
    let total_failed = tests_failed + u64::try_from(others.count())?;
    if !failed.is_empty() {
        println!("failed steps: {}", failed.join(", "));
    }
    println!("{passed} passed, {total_failed} failed");
    if failed.is_empty() { Ok(()) } else { bail!("not everything passed") }
}

/// The number before a word in `test result: ok. 12 passed; 0 failed; …`.
fn counted(line: &str, word: &str) -> Option<u64> {
    let words: Vec<_> = line.split([' ', ';']).filter(|part| !part.is_empty()).collect();
    words.windows(2).find_map(|pair| match pair {
        [number, following] if *following == word => number.parse().ok(),
        _ => None,
    })
}

fn cargo(label: &str, arguments: &[&str]) -> Result<Done> {
    let mut command = Command::new("cargo");
    command.args(arguments);
    tests(label, &mut command)
}

/// Runs a command, keeps its output in `target/xtask/LABEL.log`, and picks the runners' summaries out of it.
fn tests(label: &str, command: &mut Command) -> Result<Done> {
    let outcome =
        process::run(label, command.current_dir(project::root()).env("CARGO_TERM_COLOR", "never"))?;
    let logs = project::root().join("target/xtask");
    fs::create_dir_all(&logs)?;
    let log = logs.join(format!("{label}.log"));
    fs::write(&log, &outcome.output)?;
    let summaries = outcome
        .output
        .lines()
        .filter(|line| line.starts_with("test result:") && !line.contains(" 0 passed; 0 failed"));
    let summaries = summaries.map(str::to_owned).collect();
    Ok(Done { failure: failure(&outcome), summaries, note: String::new() })
}

fn failure(outcome: &Outcome) -> String {
    if outcome.success {
        return String::new();
    }
    // The crates that did compile are of no interest.
    let boring = ["Compiling ", "Checking ", "Downloaded ", "Downloading ", "test ", "Running "];
    let telling = outcome.output.lines().filter(|line| {
        let line = line.trim_start();
        !boring.iter().any(|start| line.starts_with(start)) || line.ends_with("FAILED")
    });
    let telling: Vec<_> = telling.collect();
    let from = telling.len().saturating_sub(200);
    telling.iter().skip(from).copied().collect::<Vec<_>>().join("\n")
}

fn fmt() -> Result<Done> {
    cargo("fmt", &["fmt", "--all", "--", "--check", "--files-with-diff"])
}

fn tidy() -> Result<Done> {
    let (note, findings) = tidy::check()?;
    Ok(Done { failure: findings.join("\n"), note, summaries: Vec::new() })
}

fn clippy() -> Result<Done> {
    #[rustfmt::skip]
    let arguments = ["clippy", "--workspace", "--exclude", "throughline", "--exclude", "throughline-web", "--all-targets", "--", "-D", "warnings"];
    cargo("clippy", &arguments)
}

fn clippy_web() -> Result<Done> {
    setup::ensure_all()?;
    #[rustfmt::skip]
    let arguments = [
        "clippy", "-p", "throughline", "-p", "throughline-worker", "-p", "throughline-web", "--all-targets",
        "--target", TARGET, "--", "-D", "warnings",
    ];
    cargo("clippy-web", &arguments)
}

fn unit() -> Result<Done> {
    #[rustfmt::skip]
    let arguments = [
        "test", "--workspace", "--no-fail-fast", "--exclude", "throughline-web", "--exclude", "throughline-e2e",
        "--exclude", "throughline-conformance",
    ];
    cargo("unit", &arguments)
}

fn conformance() -> Result<Done> {
    cargo("conformance", &["test", "-p", "throughline-conformance", "--no-fail-fast"])
}

fn build() -> Result<Done> {
    bundle::run()?;
    Ok(Done::default())
}

fn web() -> Result<Done> {
    setup::ensure_all()?;
    let browser = setup::ensure_browser()?;
    let mut command = Command::new("cargo");
    command.args(["test", "-p", "throughline-web", "--target", TARGET, "--no-fail-fast"]);
    command.env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUNNER", setup::wasm_test_runner()?);
    command.env("CHROMEDRIVER", browser.driver).env("WASM_BINDGEN_TEST_TIMEOUT", "120");
    tests("web", &mut command)
}

fn e2e() -> Result<Done> {
    setup::ensure_packages("tests/e2e")?;
    let browser = setup::ensure_browser()?;
    bundle::run()?;
    let mut command = Command::new("cargo");
    command.args(["test", "-p", "throughline-e2e", "--no-fail-fast"]);
    command.env("CHROME", browser.chromium).env("CHROMEDRIVER", browser.driver);
    tests("e2e", &mut command)
}

fn sizes() -> Result<Done> {
    bundle::run()?;
    let (note, exceeded) = size::report()?;
    let failure = if exceeded.is_empty() {
        String::new()
    } else {
        format!("over budget: {}", exceeded.join(", "))
    };
    Ok(Done { failure, note, summaries: Vec::new() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_the_summaries_of_the_runners() {
        let line = "test result: FAILED. 12 passed; 3 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.02s";
        assert_eq!(counted(line, "passed"), Some(12));
        assert_eq!(counted(line, "failed"), Some(3));
        assert_eq!(counted("error: could not compile", "failed"), None);
    }
}
