//! `cargo xtask bench`: how long an edit takes to show, in a real browser; `cargo xtask bench engine`: the engine against sql.js;
//! `cargo xtask bench orm`: scripts of calls against CPython with the real ORMs.

mod orm;

use std::fs;
use std::process::Command;

use anyhow::{Context as _, Result, bail};
use xtask::project;

use crate::{bundle, process, setup};

pub(crate) use orm::orm;

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

/// Runs the same statements on the worker and on sql.js.
pub(crate) fn engine() -> Result<()> {
    let mut command = in_browser("engine_bench")?;
    let status = command.status().context("`cargo` could not be started")?;
    if status.success() { Ok(()) } else { bail!("the bench ended with {status}") }
}

/// Builds the worker as the page gets it, puts it beside the bench page, and gives the command that opens that page.
fn in_browser(name: &str) -> Result<Command> {
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
        ("tests/e2e/bench", ["index.html", "bench.js", "calls.js", "rival.js"].as_slice()),
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
    command.args(["run", "-q", "-p", "throughline-e2e", "--bin", name, "--"]);
    command.arg(&folder).current_dir(&root);
    command.env("CHROME", browser.chromium).env("CHROMEDRIVER", browser.driver);
    Ok(command)
}
