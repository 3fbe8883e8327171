//! `cargo xtask bench`: how long an edit takes to show, in a real browser; `cargo xtask bench engine`: the engine against sql.js;
//! `cargo xtask bench orm`: scripts of calls against CPython with the real ORMs.

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context as _, Result, bail};
use xtask::project;

use crate::{bundle, process, setup};

/// How a line of the bench in wasm begins; `tests/web/tests/bench.rs` prints them.
const MARK: &str = "BENCH ";

/// Builds the app, measures the core in wasm and then the page, and prints tables.
pub(crate) fn run() -> Result<()> {
    let browser = setup::ensure_browser()?;
    bundle::run()?;
    let mut command = Command::new("cargo");
    command.args(["test", "-p", "throughline-web", "--features", "bench", "--test", "bench"]);
    // The profile in which the page is built: anything else would measure another program.
    command.args(["--target", "wasm32-unknown-unknown", "--profile", "web", "--", "--nocapture"]);
    command.env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUNNER", setup::wasm_test_runner()?);
    command.env("CHROMEDRIVER", &browser.driver).env("WASM_BINDGEN_TEST_TIMEOUT", "300");
    let outcome = process::run("the core in wasm", command.current_dir(project::root()))?;
    if !outcome.success {
        bail!("the bench of the core failed:\n{}", outcome.tail(40));
    }
    println!(
        "| in wasm (headless Chromium) | models | best ms | p50 ms | p95 ms |\n|---|---:|---:|---:|---:|"
    );
    let rows = outcome.output.lines().filter_map(|line| line.split_once(MARK));
    rows.for_each(|(_, row)| println!("| {row} |"));
    println!();
    let mut command = Command::new("cargo");
    command
        .args(["run", "-q", "-p", "throughline-e2e", "--bin", "bench"])
        .current_dir(project::root());
    command.env("CHROME", browser.chromium).env("CHROMEDRIVER", browser.driver);
    let status = command.status().context("`cargo` could not be started")?;
    if status.success() { Ok(()) } else { bail!("the bench ended with {status}") }
}

/// Builds the worker as the page gets it, and runs the same statements on it and on sql.js.
pub(crate) fn engine() -> Result<()> {
    let browser = setup::ensure_browser()?;
    setup::ensure_packages("tests/e2e")?;
    let root = project::root();
    let folder = root.join("target/engine-bench");
    fs::create_dir_all(&folder)?;
    let mut command = Command::new("cargo");
    command.args(["build", "-p", "throughline-worker", "--profile", "web"]);
    command.args(["--target", "wasm32-unknown-unknown"]).current_dir(&root);
    let outcome = process::run("the worker", &mut command)?;
    if !outcome.success {
        bail!("the worker could not be built:\n{}", outcome.tail(40));
    }
    let mut command = Command::new("wasm-bindgen");
    command.args(["--target", "no-modules", "--no-typescript", "--out-dir"]).arg(&folder);
    command.arg(root.join("target/wasm32-unknown-unknown/web/throughline_worker.wasm"));
    let outcome = process::run("wasm-bindgen", command.env("PATH", setup::path()))?;
    if !outcome.success {
        bail!("the worker could not be bound:\n{}", outcome.tail(40));
    }
    for (from, files) in [
        ("tests/e2e/bench", ["index.html", "bench.js", "rival.js"].as_slice()),
        ("tests/e2e/node_modules/sql.js/dist", &["sql-wasm.js", "sql-wasm.wasm"]),
        ("public", &["engine.js"]),
    ] {
        for file in files {
            let path = root.join(from).join(file);
            fs::copy(&path, folder.join(file))
                .with_context(|| format!("copying {}", path.display()))?;
        }
    }
    let mut command = Command::new("cargo");
    command.args(["run", "-q", "-p", "throughline-e2e", "--bin", "engine_bench", "--"]);
    command.arg(&folder).current_dir(&root);
    command.env("CHROME", browser.chromium).env("CHROMEDRIVER", browser.driver);
    let status = command.status().context("`cargo` could not be started")?;
    if status.success() { Ok(()) } else { bail!("the bench ended with {status}") }
}

/// Runs stories of about seventy statements, each in the spelling of an ORM that it fits, natively and in CPython with the real ORM on SQLite in memory.
/// `THROUGHLINE_PYTHON` names an interpreter that has the ORMs of `tests/conformance/record/requirements.txt`; without it only ours are timed.
pub(crate) fn orm() -> Result<()> {
    let root = project::root();
    let stories = root.join("tests/conformance/bench");
    let python = std::env::var_os("THROUGHLINE_PYTHON");
    println!(
        "| ORM, story | statements | ours best µs | middle | CPython best µs | middle | ours / CPython |\n|---|---:|---:|---:|---:|---:|---:|"
    );
    let mut names: Vec<String> = fs::read_dir(&stories)?
        .flatten()
        .filter(|entry| entry.path().is_dir())
        .map(|entry| entry.file_name().to_string_lossy().into_owned())
        .collect();
    names.sort();
    let mut all = Vec::new();
    for name in names {
        let mut files: Vec<PathBuf> =
            fs::read_dir(stories.join(&name))?.flatten().map(|entry| entry.path()).collect();
        files.sort();
        files.retain(|path| {
            path.extension().is_some_and(|extension| extension == "py")
                && !path.ends_with("models.py")
        });
        all.extend(files.into_iter().map(|story| (name.clone(), story)));
    }
    for (name, story) in all {
        let models = stories.join(&name).join("models.py");
        let told = story.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        let mut ours = Command::new("cargo");
        ours.args([
            "run",
            "-q",
            "--release",
            "-p",
            "throughline-play",
            "--example",
            "orm_bench",
            "--",
        ]);
        ours.arg(&name).arg(&models).arg(&story).arg("50").current_dir(&root);
        let ours = numbers(&mut ours)?;
        let (best, middle) = (at(&ours, 0), at(&ours, 1));
        let theirs = match &python {
            Some(python) => {
                let mut command = Command::new(python);
                command.arg(stories.join("stories.py")).arg(&name).arg(&models).arg(&story);
                numbers(command.arg("50").current_dir(&root))?
            }
            None => Vec::new(),
        };
        let calls = at(&ours, 2);
        if theirs.is_empty() {
            println!("| {name}, {told} | {calls} | {best} | {middle} | | | |");
        } else {
            let (their_best, their_middle) = (at(&theirs, 0), at(&theirs, 1));
            let percent = best * 100 / their_best.max(1);
            println!(
                "| {name}, {told} | {calls} | {best} | {middle} | {their_best} | {their_middle} | {percent} % |"
            );
        }
    }
    Ok(())
}

fn at(numbers: &[u64], place: usize) -> u64 {
    numbers.get(place).copied().unwrap_or_default()
}

/// The numbers that a command prints.
fn numbers(command: &mut Command) -> Result<Vec<u64>> {
    let output = command.output().context("a bench could not be started")?;
    if !output.status.success() {
        bail!("a bench ended with {}:\n{}", output.status, String::from_utf8_lossy(&output.stderr));
    }
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    Ok(text.split_whitespace().filter_map(|word| word.parse().ok()).collect())
}
