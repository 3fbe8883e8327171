//! `cargo xtask bench`: how long an edit takes to show, in a real browser.

use std::process::Command;

use anyhow::{Context as _, Result, bail};
use xtask::project;

use crate::{bundle, setup};

/// Builds the app and drives it; `tests/e2e/src/bin/bench.rs` does the measuring, which prints a table.
pub(crate) fn run() -> Result<()> {
    let browser = setup::ensure_browser()?;
    bundle::run()?;
    let mut command = Command::new("cargo");
    command
        .args(["run", "-q", "-p", "throughline-e2e", "--bin", "bench"])
        .current_dir(project::root());
    command.env("CHROME", browser.chromium).env("CHROMEDRIVER", browser.driver);
    let status = command.status().context("`cargo` could not be started")?;
    if status.success() { Ok(()) } else { bail!("the bench ended with {status}") }
}
