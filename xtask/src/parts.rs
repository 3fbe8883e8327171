//! Parts the modules in `dist/`: the page into what the first diagram needs and what can follow, the worker into what all need and what only
//! calls of one ORM do. ARCHITECTURE.md, "Sizes", says why.

use std::ffi::{OsStr, OsString};
use std::fs;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result, anyhow, bail};
use xtask::{browser, project};

use crate::process;

/// Names the page's wasm in `index.html`; the quotes may have been taken away.
const ATTRIBUTE: &str = "data-wasm=";
const WORKER: &str = "throughline_worker_bg.wasm";
const GLUE: &str = "throughline_worker.js";
const LOADER: &str = "engine.js";
/// Where the loader is told which parts the worker has.
const NO_PARTS: &str = "const parts = [];";
/// Each ORM is a folder of it.
const ORMS: &str = "crates/script/src/orm";
const NONE_SOON: &str = "const soon = [];";
/// What is offered and told while one types, by its name and by its functions: no run needs it.
const TYPING: (&str, &str) = (
    "typing",
    "script6assist4same|script6assist5offer|script6assist7explain|script..assist..same|script..assist..offer|script..assist..explain\
     |6Assist4same|6Assist5offer|6Assist7explain",
);
/// A message of the SQL parser about a bracket too many has a whole data type in it, which may hold any statement.
const SELDOM: (&str, &str) =
    ("seldom", "sqlparser..ast..data_type..DataType$u20$as$u20$core..fmt..Display");

/// Parts both modules. Without a browser, which has to watch it start, the page stays whole.
pub(crate) fn run() -> Result<()> {
    let dist = project::dist();
    let work = project::root().join("target/parts");
    if work.exists() {
        fs::remove_dir_all(&work)?;
    }
    fs::create_dir_all(&work)?;
    let html = fs::read_to_string(dist.join("index.html"))?;
    let name = name_of_wasm(&html).context("dist/index.html does not name the page's wasm")?;
    let mut all = worker(&dist, &work)?;
    let mut told = html.clone();
    let parted = match browser::find() {
        Some(_) => page(&dist, &work, name),
        None => Err(anyhow!("there is no browser to watch it in")),
    };
    match parted {
        Ok([first, rest]) => {
            told = told
                .replace(ATTRIBUTE, &format!("data-rest=./{rest} {ATTRIBUTE}"))
                .replace(name, &first);
            all.extend([dist.join(first), dist.join(rest)]);
        }
        Err(error) => {
            eprintln!("The page stays in one part: {error:#}");
            split(&[OsStr::new("strip"), dist.join(name).as_os_str()])?;
            all.push(dist.join(name));
        }
    }
    let version = format!("{:016x}", hash_of(&all)?);
    let told = told.replace(ATTRIBUTE, &format!("data-version={version} {ATTRIBUTE}"));
    fs::write(dist.join("index.html"), told).context("naming the parts")
}

/// Takes out of the worker what only one ORM needs. Gives the files that it is then.
fn worker(dist: &Path, work: &Path) -> Result<Vec<PathBuf>> {
    let loader = fs::read_to_string(dist.join(LOADER))?;
    if !loader.contains(NO_PARTS) || !loader.contains(NONE_SOON) {
        bail!("{LOADER} has no place for the names of the parts");
    }
    let mut groups = Vec::new();
    for entry in fs::read_dir(project::root().join(ORMS))? {
        let entry = entry?;
        if entry.file_type()?.is_dir() {
            let orm = entry.file_name().to_string_lossy().into_owned();
            // As functions are called, and as their traits are.
            let length = orm.len();
            let text = format!(
                "tables:throughline_script3orm{length}{orm}|throughline_script..orm..{orm}"
            );
            groups.push((orm, text));
        }
    }
    groups.sort();
    groups.extend([TYPING, SELDOM].map(|(name, text)| (name.to_owned(), format!("calls:{text}"))));
    let (first, whole) = (dist.join(WORKER), work.join("worker-whole.wasm"));
    fs::copy(&first, &whole)?;
    let mut arguments: Vec<OsString> =
        vec!["group".into(), whole.into(), linked("worker").into(), first.clone().into()];
    let mut files = vec![first];
    for (name, text) in &groups {
        let file = dist.join(format!("throughline_worker_{name}.wasm"));
        let mut argument = file.clone().into_os_string();
        argument.push(format!("={text}"));
        arguments.push(argument);
        files.push(file);
    }
    eprint!("Parting the worker: {}", split(&arguments)?);
    let names = groups.iter().map(|(name, _)| name.as_str());
    let told = loader
        .replace(NO_PARTS, &listed("parts", names))
        .replace(NONE_SOON, &listed("soon", [TYPING.0].into_iter()));
    fs::write(dist.join(LOADER), told)?;
    files.extend([dist.join(LOADER), dist.join(GLUE)]);
    Ok(files)
}

fn listed<'n>(list: &str, names: impl Iterator<Item = &'n str>) -> String {
    let names: Vec<String> = names.map(|name| format!("\"{name}\"")).collect();
    format!("const {list} = [{}];", names.join(", "))
}

/// Watches the page start, and takes out of it what did not run. Gives the names of both parts.
fn page(dist: &Path, work: &Path, name: &str) -> Result<[String; 2]> {
    let watched = work.join("watched");
    copy(dist, &watched)?;
    let file = |role: &str| work.join(format!("app-{role}"));
    let (whole, profile) = (file("whole.wasm"), file("profile"));
    let (first, rest) = (file("first.wasm"), file("rest.wasm"));
    fs::copy(dist.join(name), &whole)?;
    let bytes = split(&[OsStr::new("watch"), whole.as_os_str(), watched.join(name).as_os_str()])?;
    let (address, count) = bytes.trim().split_once(' ').context("no place of the bytes")?;
    let mut command = Command::new("cargo");
    command.args(["run", "-q", "-p", "throughline-e2e", "--bin", "profile", "--"]).arg(&watched);
    command.args([address, count]).arg(&profile);
    let outcome = process::run("watching the page start", command.current_dir(project::root()))?;
    if !outcome.success {
        bail!("the page's start could not be watched:\n{}", outcome.tail(40));
    }
    let linked = linked("app");
    let said = split(&[
        OsStr::new("part"),
        whole.as_ref(),
        linked.as_ref(),
        profile.as_ref(),
        first.as_ref(),
        rest.as_ref(),
    ])?;
    eprint!("Parting the page: {said}");
    let names = [named(&first, name, "first")?, named(&rest, name, "rest")?];
    for (file, name) in [first, rest].iter().zip(&names) {
        fs::copy(file, dist.join(name))?;
    }
    fs::remove_file(dist.join(name))?;
    Ok(names)
}

/// A module as the linker wrote it, with what uses which data.
fn linked(name: &str) -> PathBuf {
    project::root().join(format!("target/wasm32-unknown-unknown/web/throughline_{name}.wasm"))
}

fn name_of_wasm(html: &str) -> Option<&str> {
    let (_, after) = html.split_once(ATTRIBUTE)?;
    after.trim_start_matches(['"', '.', '/']).split(['"', ' ', '>']).next()
}

/// A name that a cache may keep for ever is one of the content.
fn named(file: &Path, whole: &str, role: &str) -> Result<String> {
    let stem = whole.split_once('-').map_or(whole, |(stem, _)| stem);
    Ok(format!("{stem}_{role}-{:016x}.wasm", hash_of(&[file.to_owned()])?))
}

fn hash_of(files: &[PathBuf]) -> Result<u64> {
    let mut hasher = DefaultHasher::new();
    for file in files {
        fs::read(file)?.hash(&mut hasher);
    }
    Ok(hasher.finish())
}

fn split(arguments: &[impl AsRef<OsStr>]) -> Result<String> {
    let mut command = Command::new("cargo");
    command.args(["run", "-q", "-p", "throughline-split", "--"]).args(arguments);
    let output = command.current_dir(project::root()).output()?;
    if !output.status.success() {
        return Err(anyhow!("{}", String::from_utf8_lossy(&output.stderr)))
            .context("a module could not be parted");
    }
    Ok(String::from_utf8(output.stdout)?)
}

fn copy(from: &Path, to: &Path) -> Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let path = entry?.path();
        let target = to.join(path.file_name().unwrap_or_default());
        if path.is_dir() {
            copy(&path, &target)?;
        } else {
            fs::copy(&path, &target)?;
        }
    }
    Ok(())
}
