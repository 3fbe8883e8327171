//! What the build needs and cargo does not bring: looked for first, installed into the project where it is missing.

use std::env;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result, anyhow, bail};
use xtask::browser::{self, Browser};
use xtask::project;

use crate::process;

const TARGET: &str = "wasm32-unknown-unknown";
const TRUNK: &str = "0.21.14";

/// One thing to be done before the build, and about how long it takes on a small machine.
struct Step {
    title: String,
    minutes: &'static str,
    run: fn() -> Result<()>,
}

/// Installs what is missing, saying what and how far it is. Does nothing, quickly, where all is there.
pub(crate) fn ensure_all() -> Result<()> {
    let mut steps = Vec::new();
    if !has_target() {
        steps.push(Step {
            title: format!("Rust target {TARGET}"),
            minutes: "1 minute",
            run: install_target,
        });
    }
    if tool("trunk", TRUNK).is_none() {
        steps.push(Step {
            title: format!("trunk {TRUNK}"),
            minutes: "5 minutes",
            run: install_trunk,
        });
    }
    let bindgen = bindgen_version()?;
    if tool("wasm-bindgen", &bindgen).is_none()
        || tool("wasm-bindgen-test-runner", &bindgen).is_none()
    {
        steps.push(Step {
            title: format!("wasm-bindgen {bindgen}"),
            minutes: "3 minutes",
            run: install_bindgen,
        });
    }
    if !has_packages(project::EDITOR) {
        steps.push(Step {
            title: "npm packages of the editor".into(),
            minutes: "1 minute",
            run: || install_packages(project::EDITOR),
        });
    }
    let count = steps.len();
    if count > 0 {
        eprintln!("Installing what is missing, into this folder (a second start skips this):");
    }
    for (number, step) in steps.iter().enumerate() {
        eprintln!("[{} of {count}] {} (about {})", number + 1, step.title, step.minutes);
        (step.run)()?;
    }
    Ok(())
}

/// `PATH` with the project's own tools in front.
pub(crate) fn path() -> OsString {
    let others = env::var_os("PATH").unwrap_or_default();
    let folders = std::iter::once(tools().join("bin")).chain(env::split_paths(&others));
    env::join_paths(folders).unwrap_or(others)
}

/// A browser to test with; installed where that can be done without asking.
pub(crate) fn ensure_browser() -> Result<Browser> {
    if let Some(browser) = browser::find() {
        return Ok(browser);
    }
    if is_root() && browser::in_path("apt-get").is_some() {
        eprintln!("Installing Chromium and its driver with apt-get (about 2 minutes)");
        let mut update = Command::new("apt-get");
        process::run("apt-get update", update.args(["update", "-qq"]))?;
        let mut install = Command::new("apt-get");
        install.env("DEBIAN_FRONTEND", "noninteractive");
        install.args([
            "install",
            "-y",
            "-qq",
            "--no-install-recommends",
            "chromium",
            "chromium-driver",
        ]);
        let outcome = process::run("apt-get install", &mut install)?;
        if !outcome.success {
            bail!(
                "apt-get could not install them:\n{}\n\n{}",
                outcome.tail(10),
                browser::HOW_TO_GET
            );
        }
    }
    browser::find().ok_or_else(|| anyhow!("{}", browser::HOW_TO_GET))
}

/// The runner of the wasm tests.
pub(crate) fn wasm_test_runner() -> Result<PathBuf> {
    let version = bindgen_version()?;
    tool("wasm-bindgen-test-runner", &version)
        .with_context(|| format!("wasm-bindgen-test-runner {version} is missing"))
}

fn is_root() -> bool {
    Command::new("id").arg("-u").output().is_ok_and(|output| output.stdout.trim_ascii() == b"0")
}

fn tools() -> PathBuf {
    project::root().join(".tools")
}

/// A tool of exactly this version: the project's own, or one in `PATH`.
fn tool(name: &str, version: &str) -> Option<PathBuf> {
    let own = tools().join("bin").join(format!("{name}{}", env::consts::EXE_SUFFIX));
    let candidates = [own.is_file().then_some(own), browser::in_path(name)];
    candidates.into_iter().flatten().find(|path| {
        let output = Command::new(path).arg("--version").output();
        output.is_ok_and(|output| {
            String::from_utf8_lossy(&output.stdout).split_whitespace().any(|word| word == version)
        })
    })
}

fn bindgen_version() -> Result<String> {
    project::locked_version("wasm-bindgen").context("Cargo.lock does not name wasm-bindgen")
}

fn has_target() -> bool {
    let output =
        Command::new("rustc").args(["--print", "target-libdir", "--target", TARGET]).output();
    output.is_ok_and(|output| Path::new(String::from_utf8_lossy(&output.stdout).trim()).is_dir())
}

fn install_target() -> Result<()> {
    if browser::in_path("rustup").is_none() {
        bail!(
            "the Rust target {TARGET} is missing, and there is no rustup to add it.\n\
             Install Rust from https://rustup.rs, or your distribution's package of the target \
             (Debian: libstd-rust-dev-wasm32; Fedora: rust-std-static-{TARGET})."
        );
    }
    let outcome = process::run("rustup", Command::new("rustup").args(["target", "add", TARGET]))?;
    if !outcome.success || !has_target() {
        bail!("`rustup target add {TARGET}` failed (is there a network?):\n{}", outcome.tail(10));
    }
    Ok(())
}

fn install_trunk() -> Result<()> {
    // Without its update check; with the features that a build from local tools needs.
    cargo_install("trunk", TRUNK, &["--no-default-features", "--features", "rustls"])
}

fn install_bindgen() -> Result<()> {
    cargo_install("wasm-bindgen-cli", &bindgen_version()?, &[])
}

fn cargo_install(name: &str, version: &str, extra: &[&str]) -> Result<()> {
    let attempt = |locked: &[&str]| {
        let mut cargo = Command::new("cargo");
        cargo
            .arg("install")
            .arg(format!("{name}@{version}"))
            .arg("--root")
            .arg(tools())
            .args(locked)
            .args(extra);
        // These tools spend their time waiting for cargo: compile them fast rather than making them fast.
        cargo.envs([
            ("CARGO_PROFILE_RELEASE_LTO", "off"),
            ("CARGO_PROFILE_RELEASE_CODEGEN_UNITS", "16"),
            ("CARGO_PROFILE_RELEASE_OPT_LEVEL", "1"),
        ]);
        // Not this project's: it would be compiled twice otherwise, as `cargo install` starts with a clean folder.
        cargo.env("CARGO_TARGET_DIR", project::root().join("target/tools"));
        process::run(name, &mut cargo)
    };
    let mut outcome = attempt(&["--locked"])?;
    if !outcome.success && outcome.output.contains("failed to select a version") {
        eprintln!(
            "  its lock file names crates that the registry does not have: trying without it"
        );
        outcome = attempt(&[])?;
    }
    if !outcome.success {
        bail!(
            "{name} {version} could not be installed (is there a network?):\n{}\n\n\
             By hand: cargo install --locked {name}@{version}, with it in PATH.",
            outcome.tail(20)
        );
    }
    Ok(())
}

/// Installs the npm packages of a folder, where they are not those of its lock file.
pub(crate) fn ensure_packages(folder: &str) -> Result<()> {
    if has_packages(folder) {
        return Ok(());
    }
    eprintln!("Installing the npm packages of {folder}");
    install_packages(folder)
}

/// `npm ci` leaves a copy of the lock file behind; as long as it is newer than ours, the packages are ours.
fn has_packages(folder: &str) -> bool {
    let folder = project::root().join(folder);
    let changed = |path: PathBuf| path.metadata().and_then(|metadata| metadata.modified()).ok();
    let wanted = changed(folder.join("package-lock.json"));
    wanted.is_none() || changed(folder.join("node_modules/.package-lock.json")) >= wanted
}

fn install_packages(folder: &str) -> Result<()> {
    let outcome = npm("npm ci", &project::root().join(folder), &["ci", "--no-audit", "--no-fund"])?;
    if !outcome.success {
        bail!("`npm ci` failed in {folder} (is there a network?):\n{}", outcome.tail(15));
    }
    Ok(())
}

/// Runs npm in a folder.
pub(crate) fn npm(label: &str, folder: &Path, arguments: &[&str]) -> Result<process::Outcome> {
    if browser::in_path("npm").is_none() {
        bail!(
            "npm is missing: the text editor of the page is bundled from npm packages.\nGet Node.js 18 or newer from https://nodejs.org or from your distribution (Debian: apt-get install npm)."
        );
    }
    process::run(label, Command::new("npm").args(arguments).current_dir(folder))
}
