//! `cargo xtask bench`: how long an edit takes to show, in a real browser.

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
