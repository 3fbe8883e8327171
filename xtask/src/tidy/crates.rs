//! Rules about what the project depends on.

use std::collections::{BTreeMap, BTreeSet};
use std::process::Command;

use anyhow::{Context as _, Result, bail};
use serde_json::Value;
use xtask::project;

use super::File;

/// Crates that stay pure, and what a pure crate cannot depend on.
const PURE: &[&str] = &["throughline-core", "throughline-diagram"];
const IMPURE: &[&str] =
    &["leptos", "web-sys", "js-sys", "wasm-bindgen", "gloo", "gluesql-core", "tokio", "rand"];

/// Licences under which a dependency can be part of a program under MIT OR Apache-2.0.
const LICENCES: &[&str] = &[
    "0BSD",
    "Apache-2.0",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "BSL-1.0",
    "CC0-1.0",
    "CDLA-Permissive-2.0",
    "ISC",
    "MIT",
    "MIT-0",
    "Unicode-3.0",
    "Unicode-DFS-2016",
    "Unlicense",
    "Zlib",
];

/// Dependencies under other licences, and why that is no trouble.
const LICENCES_EXPLAINED: &[(&str, &str)] = &[
    ("imbl", "MPL-2.0 binds its own files only; they are used as crates.io publishes them"),
    ("im", "the same; GlueSQL uses it"),
    ("bitmaps", "the same, of `im` and `imbl`"),
    ("sized-chunks", "the same, of `im`"),
    ("imbl-sized-chunks", "the same, of `imbl`"),
    (
        "node_modules/axe-core",
        "MPL-2.0, brought into the page by tests only; not part of what is published",
    ),
];

/// The only hosts that lock files may name.
const REGISTRIES: &[&str] =
    &["registry+https://github.com/rust-lang/crates.io-index", "https://registry.npmjs.org/"];

/// All that is wrong with the dependencies.
pub(super) fn check(files: &[File]) -> Result<Vec<String>> {
    let metadata = metadata()?;
    let mut findings = lock_files(files)?;
    findings.extend(purity(&metadata));
    findings.extend(licences(&metadata));
    Ok(findings)
}

fn metadata() -> Result<Value> {
    let output = Command::new("cargo")
        .args(["metadata", "--format-version", "1", "--locked"])
        .current_dir(project::root())
        .output();
    let output = output.context("`cargo metadata` could not be started")?;
    if !output.status.success() {
        bail!("`cargo metadata` failed:\n{}", String::from_utf8_lossy(&output.stderr));
    }
    Ok(serde_json::from_slice(&output.stdout)?)
}

fn text<'a>(value: &'a Value, key: &str) -> &'a str {
    value.get(key).and_then(Value::as_str).unwrap_or_default()
}

fn list<'a>(value: &'a Value, key: &str) -> impl Iterator<Item = &'a Value> {
    value.get(key).and_then(Value::as_array).into_iter().flatten()
}

/// What the pure crates reach through ordinary dependencies, on any platform but the browser's own.
fn purity(metadata: &Value) -> Vec<String> {
    let names: BTreeMap<&str, &str> = list(metadata, "packages")
        .map(|package| (text(package, "id"), text(package, "name")))
        .collect();
    let nodes: BTreeMap<&str, &Value> = metadata
        .get("resolve")
        .into_iter()
        .flat_map(|resolve| list(resolve, "nodes"))
        .map(|node| (text(node, "id"), node))
        .collect();
    let mut findings = Vec::new();
    for (id, name) in names.iter().filter(|(_, name)| PURE.contains(name)) {
        let mut reached = BTreeSet::new();
        let mut waiting = vec![*id];
        while let Some(id) = waiting.pop() {
            if reached.insert(id) {
                let node = nodes.get(id).copied().unwrap_or(&Value::Null);
                // Dependencies of one platform alone (a clock, a source of randomness) are not used by pure code.
                let ordinary = list(node, "deps").filter(|dependency| {
                    list(dependency, "dep_kinds").any(|kind| {
                        kind.get("kind").is_some_and(Value::is_null)
                            && kind.get("target").is_some_and(Value::is_null)
                    })
                });
                waiting.extend(ordinary.map(|dependency| text(dependency, "pkg")));
            }
        }
        let impure = reached
            .iter()
            .filter_map(|id| names.get(id))
            .filter(|reached| IMPURE.contains(*reached));
        findings.extend(impure.map(|reached| format!("{name} is pure, but depends on {reached}")));
    }
    findings
}

fn licences(metadata: &Value) -> Vec<String> {
    let unfit = list(metadata, "packages").filter_map(|package| {
        let (name, licence) = (text(package, "name"), text(package, "license"));
        (!fits(name, licence)).then(|| {
            format!("{name}: the licence `{licence}` is not on the list of tidy/crates.rs")
        })
    });
    unfit.collect()
}

fn fits(name: &str, licence: &str) -> bool {
    let explained = LICENCES_EXPLAINED.iter().any(|(known, _)| *known == name);
    // Lax: older crates write `MIT/Apache-2.0`.
    let expression = spdx::Expression::parse_mode(licence, spdx::ParseMode::LAX);
    explained
        || expression.is_ok_and(|expression| {
            expression.evaluate(|requirement| {
                requirement.license.id().is_some_and(|id| LICENCES.contains(&id.name))
            })
        })
}

/// A lock file that was written behind a mirror names hosts that others cannot reach.
fn lock_files(files: &[File]) -> Result<Vec<String>> {
    let mut findings = Vec::new();
    for file in files.iter().filter(|file| file.path.ends_with("Cargo.lock")) {
        let sources = file
            .text
            .lines()
            .filter_map(|line| line.strip_prefix("source = \"")?.strip_suffix('"'));
        findings.extend(
            sources
                .filter(|source| !REGISTRIES.contains(source))
                .map(|source| format!("{}: {source}", file.path)),
        );
    }
    for file in files.iter().filter(|file| file.path.ends_with("package-lock.json")) {
        let lock: Value = serde_json::from_str(&file.text).with_context(|| file.path.clone())?;
        let packages = lock.get("packages").and_then(Value::as_object).into_iter().flatten();
        for (name, package) in packages.filter(|(name, _)| !name.is_empty()) {
            let from = text(package, "resolved");
            if !from.is_empty() && !REGISTRIES.iter().any(|registry| from.starts_with(registry)) {
                findings.push(format!("{}: {name} comes from {from}", file.path));
            }
            if !fits(name, text(package, "license")) {
                findings.push(format!(
                    "{}: {name}: the licence `{}` is not on the list",
                    file.path,
                    text(package, "license")
                ));
            }
        }
    }
    Ok(findings)
}
