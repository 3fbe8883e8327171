//! Parts the page in `dist/`: what the first diagram needs, and what can follow it. ARCHITECTURE.md, "Sizes", says why.

use std::fs;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result, anyhow, bail};
use xtask::{browser, project};

use crate::process;

/// Names the wasm in `index.html`; the quotes may have been taken away.
const ATTRIBUTE: &str = "data-wasm=";

/// Watches the page start in a browser, and takes out of its wasm what did not run. Without a browser the page stays whole.
pub(crate) fn run() -> Result<()> {
    if browser::find().is_none() {
        eprintln!("The page stays in one part, as there is no browser to watch it in.");
        return Ok(());
    }
    let dist = project::dist();
    let work = project::root().join("target/parts");
    let watched = work.join("page");
    let page = fs::read_to_string(dist.join("index.html"))?;
    let name =
        page.split_once(ATTRIBUTE).map(|(_, after)| after.trim_start_matches(['"', '.', '/']));
    let name = name.and_then(|name| name.split(['"', ' ', '>']).next());
    let name = name.context("dist/index.html does not name the page's wasm")?;
    let whole = work.join("whole.wasm");
    if work.exists() {
        fs::remove_dir_all(&work)?;
    }
    copy(&dist, &watched)?;
    fs::copy(dist.join(name), &whole)?;
    let bytes = split(&["watch".as_ref(), &whole, &watched.join(name)])?;
    let (address, count) = bytes.trim().split_once(' ').context("no place of the bytes")?;
    let profile = work.join("profile");
    let mut command = Command::new("cargo");
    command.args(["run", "-q", "-p", "throughline-e2e", "--bin", "profile", "--"]);
    command.arg(&watched).args([address, count]).arg(&profile).current_dir(project::root());
    let outcome = process::run("watching the page start", &mut command)?;
    if !outcome.success {
        bail!("the page's start could not be watched:\n{}", outcome.tail(40));
    }
    let (first, rest) = (work.join("first.wasm"), work.join("rest.wasm"));
    eprint!("{}", split(&["part".as_ref(), &whole, &profile, &first, &rest])?);
    let new_name = |file: &Path, role: &str| -> Result<String> {
        let stem = name.strip_suffix("_bg.wasm").unwrap_or(name);
        let stem = stem.rsplit_once('-').map_or(stem, |(stem, _)| stem);
        Ok(format!("{stem}_{role}-{:016x}.wasm", hash_of(file)?))
    };
    let (first_name, rest_name) = (new_name(&first, "first")?, new_name(&rest, "rest")?);
    fs::copy(&first, dist.join(&first_name))?;
    fs::copy(&rest, dist.join(&rest_name))?;
    let page = page
        .replace(ATTRIBUTE, &format!("data-rest=./{rest_name} {ATTRIBUTE}"))
        .replace(name, &first_name);
    fs::write(dist.join("index.html"), page)?;
    fs::remove_file(dist.join(name)).context("taking away the whole")
}

/// A name that a cache may keep for ever is one of the content.
fn hash_of(file: &Path) -> Result<u64> {
    let mut hasher = DefaultHasher::new();
    fs::read(file)?.hash(&mut hasher);
    Ok(hasher.finish())
}

fn split(arguments: &[&Path]) -> Result<String> {
    let mut command = Command::new("cargo");
    command.args(["run", "-q", "-p", "throughline-split", "--"]).args(arguments);
    let output = command.current_dir(project::root()).output()?;
    if !output.status.success() {
        return Err(anyhow!("{}", String::from_utf8_lossy(&output.stderr)))
            .context("the page could not be parted");
    }
    Ok(String::from_utf8(output.stdout)?)
}

fn copy(from: &Path, to: &Path) -> Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let path: PathBuf = entry?.path();
        let target = to.join(path.file_name().unwrap_or_default());
        if path.is_dir() {
            copy(&path, &target)?;
        } else {
            fs::copy(&path, &target)?;
        }
    }
    Ok(())
}
