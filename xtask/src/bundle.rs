//! `cargo xtask build`: the app, optimised, into `dist/`.

use std::fs;
use std::process::Command;

use anyhow::{Context as _, Result, bail};
use xtask::project;

use crate::{parts, process, setup};

/// All that the bundle is made of.
const INPUTS: &[&str] = &[
    ".cargo",
    "Cargo.lock",
    "Cargo.toml",
    "Trunk.toml",
    "build.rs",
    "crates",
    "editor",
    "index.html",
    "public",
    "src",
    "style",
    "tests/e2e/src/bin/profile.rs",
    "xtask/split",
    "xtask/src/parts.rs",
];

const STAMP: &str = "target/xtask/dist.stamp";

/// Installs what is missing and builds, if anything changed since the last build.
pub(crate) fn run() -> Result<()> {
    setup::ensure_all()?;
    if up_to_date()? {
        eprintln!("dist/ is up to date");
        return Ok(());
    }
    let root = project::root();
    let stamp = root.join(STAMP);
    // Half a build must not pass for a whole one.
    let _ = fs::remove_file(&stamp);
    bundle_editor()?;
    eprintln!("Building the app (a first build takes about 6 minutes)");
    let mut trunk = Command::new("trunk");
    trunk.args(["build", "--release", "--offline"]).current_dir(&root).env("PATH", setup::path());
    // Trunk reads it as a flag of its own, and accepts only `true` and `false`.
    trunk.env_remove("NO_COLOR");
    let outcome = process::run("trunk build", &mut trunk)?;
    if !outcome.success {
        bail!("the app could not be built:\n{}", outcome.tail(60));
    }
    eprintln!("Built in {}", process::clock(outcome.time));
    parts::run()?;
    fs::create_dir_all(root.join("target/xtask"))?;
    fs::write(&stamp, project::fingerprint(INPUTS)?.to_string())
        .context("noting the state of the build")
}

fn up_to_date() -> Result<bool> {
    let root = project::root();
    let Ok(stamp) = fs::read_to_string(root.join(STAMP)) else { return Ok(false) };
    Ok(root.join("dist/index.html").is_file() && stamp == project::fingerprint(INPUTS)?.to_string())
}

/// The text editor, from its npm package.
pub(crate) fn bundle_editor() -> Result<()> {
    let editor = project::root().join(project::EDITOR);
    if !editor.join("package.json").is_file() {
        return Ok(());
    }
    let outcome = setup::npm("editor", &editor, &["run", "build"])?;
    if !outcome.success {
        bail!("the editor could not be bundled:\n{}", outcome.tail(30));
    }
    Ok(())
}
