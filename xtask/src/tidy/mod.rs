//! `cargo xtask tidy`: the house rules that a machine can check.

use std::collections::BTreeSet;
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
    /// Whether it is compiled for tests alone.
    is_test: bool,
}

impl File {
    fn is_rust(&self) -> bool {
        self.path.ends_with(".rs")
    }

    /// The lines before the module of unit tests, which stands last by convention; numbered from one.
    fn code_lines(&self) -> impl Iterator<Item = (usize, &str)> {
        let all = self.text.lines().enumerate().map(|(index, line)| (index + 1, line));
        all.take_while(|(_, line)| !self.is_test && *line != "#[cfg(test)]")
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
        let path = path.to_string_lossy().replace('\\', "/");
        let is_test =
            path.starts_with("tests/") || path.contains("/tests/") || path.contains("/benches/");
        Some(File { path, text, is_test })
    };
    let mut files: Vec<_> = paths.into_iter().filter_map(read).collect();
    let tests: BTreeSet<String> = files.iter().flat_map(test_modules).collect();
    for file in &mut files {
        file.is_test |= tests.contains(&file.path);
    }
    files
}

/// The files that a file includes as `#[cfg(test)] mod name;`.
fn test_modules(file: &File) -> Vec<String> {
    let place = file.path.strip_suffix(".rs").unwrap_or(&file.path);
    let folder =
        ["/mod", "/lib", "/main"].iter().find_map(|name| place.strip_suffix(name)).unwrap_or(place);
    let lines = file.text.lines().zip(file.text.lines().skip(1));
    let names = lines.filter_map(|(attribute, module)| {
        (attribute == "#[cfg(test)]").then_some(module)?.strip_prefix("mod ")?.strip_suffix(';')
    });
    names
        .flat_map(|name| [format!("{folder}/{name}.rs"), format!("{folder}/{name}/mod.rs")])
        .collect()
}
