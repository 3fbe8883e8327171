//! Parts the modules in `dist/`: what the first diagram and a first run need, and what can follow. ARCHITECTURE.md, "Sizes",
//! says why.

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
const WORKER_REST: &str = "throughline_worker_rest.wasm";
const LOADER: &str = "engine.js";
/// Where the loader is told that the worker has two parts.
const NO_REST: &str = "const rest = \"\";";

/// In the watched copy the worker shows its bytes to who asks.
const SHOW: &str = "
const shown = new BroadcastChannel('profile');
shown.onmessage = async ({ data }) => {
  if (!data.count) return;
  const exports = await started;
  shown.postMessage({ bytes: new Uint8Array(exports.memory.buffer, data.address, data.count).slice() });
};";

/// A module on its way from one to two.
struct Parting {
    whole: PathBuf,
    /// As the linker wrote it, with what uses which data.
    linked: PathBuf,
    profile: PathBuf,
    first: PathBuf,
    rest: PathBuf,
    /// Where its bytes stand, and how many they are.
    bytes: [String; 2],
}

/// Watches the page start in a browser, and takes out of page and worker what did not run. Without a browser they stay whole.
pub(crate) fn run() -> Result<()> {
    let dist = project::dist();
    let html = fs::read_to_string(dist.join("index.html"))?;
    let name = name_of_wasm(&html).context("dist/index.html does not name the page's wasm")?;
    let whole = || -> Result<()> {
        split(&["strip".as_ref(), &dist.join(WORKER)])?;
        split(&["strip".as_ref(), &dist.join(name)])?;
        Ok(())
    };
    if browser::find().is_none() {
        eprintln!("The page stays in one part, as there is no browser to watch it in.");
        return whole();
    }
    let work = project::root().join("target/parts");
    if work.exists() {
        fs::remove_dir_all(&work)?;
    }
    let watched = work.join("watched");
    copy(&dist, &watched)?;
    let page = Parting::begin("app", &dist.join(name), &watched.join(name), &work)?;
    let worker = Parting::begin("worker", &dist.join(WORKER), &watched.join(WORKER), &work)?;
    let loader = fs::read_to_string(dist.join(LOADER))?;
    if !loader.contains(NO_REST) {
        bail!("{LOADER} has no place for the name of the second part");
    }
    fs::write(watched.join(LOADER), format!("{loader}{SHOW}"))?;
    if let Err(error) = profile(&watched, &page, &worker) {
        eprintln!("The page stays in one part: {error:#}");
        return whole();
    }
    page.part("the page")?;
    worker.part("the worker")?;
    let (first, rest) = (named(&page.first, name, "first")?, named(&page.rest, name, "rest")?);
    fs::copy(&page.first, dist.join(&first))?;
    fs::copy(&page.rest, dist.join(&rest))?;
    fs::remove_file(dist.join(name))?;
    fs::copy(&worker.first, dist.join(WORKER))?;
    fs::copy(&worker.rest, dist.join(WORKER_REST))?;
    let told = loader.replace(NO_REST, &format!("const rest = \"{WORKER_REST}\";"));
    fs::write(dist.join(LOADER), told)?;
    let all = [&page.first, &page.rest, &worker.first, &worker.rest];
    let version = format!("{:016x}", hash_of(&all.map(PathBuf::as_path))?);
    let html =
        html.replace(ATTRIBUTE, &format!("data-rest=./{rest} data-version={version} {ATTRIBUTE}"));
    fs::write(dist.join("index.html"), html.replace(name, &first)).context("naming the parts")
}

fn name_of_wasm(html: &str) -> Option<&str> {
    let (_, after) = html.split_once(ATTRIBUTE)?;
    after.trim_start_matches(['"', '.', '/']).split(['"', ' ', '>']).next()
}

/// Opens the watched copy as a first visit does.
fn profile(watched: &Path, page: &Parting, worker: &Parting) -> Result<()> {
    let mut command = Command::new("cargo");
    command.args(["run", "-q", "-p", "throughline-e2e", "--bin", "profile", "--"]).arg(watched);
    for parting in [page, worker] {
        command.args(&parting.bytes).arg(&parting.profile);
    }
    let outcome = process::run("watching the page start", command.current_dir(project::root()))?;
    if !outcome.success {
        bail!("the page's start could not be watched:\n{}", outcome.tail(40));
    }
    Ok(())
}

impl Parting {
    fn begin(name: &str, wasm: &Path, watched: &Path, work: &Path) -> Result<Self> {
        let file = |role: &str| work.join(format!("{name}-{role}"));
        let whole = file("whole.wasm");
        fs::copy(wasm, &whole).with_context(|| format!("{}", wasm.display()))?;
        let bytes = split(&["watch".as_ref(), &whole, watched])?;
        let (address, count) = bytes.trim().split_once(' ').context("no place of the bytes")?;
        Ok(Self {
            bytes: [address.to_owned(), count.to_owned()],
            profile: file("profile"),
            first: file("first.wasm"),
            rest: file("rest.wasm"),
            linked: project::root()
                .join(format!("target/wasm32-unknown-unknown/web/throughline_{name}.wasm")),
            whole,
        })
    }

    fn part(&self, name: &str) -> Result<()> {
        let said = split(&[
            "part".as_ref(),
            &self.whole,
            &self.linked,
            &self.profile,
            &self.first,
            &self.rest,
        ])?;
        eprint!("Parting {name}: {said}");
        Ok(())
    }
}

/// A name that a cache may keep for ever is one of the content.
fn named(file: &Path, whole: &str, role: &str) -> Result<String> {
    let stem = whole.split_once('-').map_or(whole, |(stem, _)| stem);
    Ok(format!("{stem}_{role}-{:016x}.wasm", hash_of(&[file])?))
}

fn hash_of(files: &[&Path]) -> Result<u64> {
    let mut hasher = DefaultHasher::new();
    for file in files {
        fs::read(file)?.hash(&mut hasher);
    }
    Ok(hasher.finish())
}

fn split(arguments: &[&Path]) -> Result<String> {
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
