//! `cargo xtask tidy`: the house rules that a machine can check.

use std::fs;
use std::path::PathBuf;

use anyhow::{Result, bail};
use xtask::project;

mod crates;
mod sources;
mod styles;

/// A written file of the project.
struct File {
    /// Relative to the top, with `/`.
    path: String,
    text: String,
}

impl File {
    fn is_rust(&self) -> bool {
        self.path.ends_with(".rs")
    }

    /// The lines before the module of unit tests, which stands last by convention; numbered from one.
    fn code_lines(&self) -> impl Iterator<Item = (usize, &str)> {
        let tests = self.path.contains("/tests/")
            || self.path.starts_with("tests/")
            || self.path.ends_with("/tests.rs");
        let all = self.text.lines().enumerate().map(|(index, line)| (index + 1, line));
        all.take_while(move |(_, line)| !tests && *line != "#[cfg(test)]")
    }
}

/// Prints what it measured; findings are an error.
pub(crate) fn run() -> Result<()> {
    let (note, findings) = check()?;
    println!("{note}");
    if findings.is_empty() {
        Ok(())
    } else {
        bail!("{} findings\n{}", findings.len(), findings.join("\n"))
    }
}

/// What was measured, and each broken rule as `path:line: text`.
pub(crate) fn check() -> Result<(String, Vec<String>)> {
    let files = read(project::files(&[
        ".cargo",
        ".ci",
        "Cargo.lock",
        "Cargo.toml",
        "Trunk.toml",
        "clippy.toml",
        "crates",
        "editor",
        "index.html",
        "public",
        "src",
        "style",
        "tests",
        "xtask",
        "README.md",
        "ARCHITECTURE.md",
        "CONTRIBUTING.md",
    ])?);
    let (note, mut findings) = sources::lengths(&files);
    findings.extend(sources::machine_names(&files));
    findings.extend(sources::web_stays_in_platform(&files));
    findings.extend(sources::orm_names_stay_in_their_folders(&files));
    findings.extend(styles::check(&files));
    findings.extend(crates::check(&files)?);
    Ok((note, findings))
}

/// The files that are text.
fn read(paths: Vec<PathBuf>) -> Vec<File> {
    let read = |path: PathBuf| {
        let text = fs::read_to_string(project::root().join(&path)).ok()?;
        Some(File { path: path.to_string_lossy().replace('\\', "/"), text })
    };
    paths.into_iter().filter_map(read).collect()
}
