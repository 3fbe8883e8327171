//! `cargo xtask serve`: from a fresh clone to the page.

use std::process::Command;
use std::thread;

use anyhow::{Context as _, Result, bail};
use lexopt::prelude::{Long, ValueExt as _};
use xtask::project;
use xtask::site::Site;

use crate::{bundle, setup};

/// How many ports are tried from the wanted one on.
const TRIES: u16 = 20;

/// What was asked for.
pub(crate) struct Options {
    port: u16,
    browser: AfterStart,
    build: Build,
}

enum AfterStart {
    Wait,
    OpenBrowser,
}

enum Build {
    Release,
    /// Trunk's own server: unoptimised, rebuilt and reloaded at every change.
    Dev,
}

impl Options {
    /// Reads the command line.
    pub(crate) fn parse(mut arguments: lexopt::Parser) -> Result<Self> {
        let mut options = Self { port: 8080, browser: AfterStart::Wait, build: Build::Release };
        while let Some(argument) = arguments.next()? {
            match argument {
                Long("port") => options.port = arguments.value()?.parse().context("--port")?,
                Long("open") => options.browser = AfterStart::OpenBrowser,
                Long("dev") => options.build = Build::Dev,
                other => return Err(other.unexpected().into()),
            }
        }
        Ok(options)
    }
}

/// Serves until it is ended.
pub(crate) fn run(options: Options) -> Result<()> {
    match options.build {
        Build::Release => {
            bundle::run()?;
            serve(&options)
        }
        Build::Dev => {
            setup::ensure_all()?;
            bundle::bundle_editor()?;
            let mut trunk = Command::new("trunk");
            trunk.args([
                "serve",
                "--offline",
                "--address",
                "127.0.0.1",
                "--port",
                &options.port.to_string(),
            ]);
            trunk.current_dir(project::root()).env("PATH", setup::path()).env_remove("NO_COLOR");
            let status = trunk.status().context("`trunk` could not be started")?;
            if !status.success() {
                bail!("trunk ended with {status}");
            }
            Ok(())
        }
    }
}

fn serve(options: &Options) -> Result<()> {
    let dist = project::dist();
    let site = (0..TRIES).find_map(|step| {
        let port = options.port.checked_add(step)?;
        let site = Site::start(&dist, port, "/").ok();
        if site.is_none() {
            eprintln!("Port {port} is taken");
        }
        site
    });
    let Some(site) = site else { bail!("no free port: choose another with --port") };
    eprintln!("\nThroughline is at  {}\nCtrl-C ends it.", site.address());
    if matches!(options.browser, AfterStart::OpenBrowser) {
        open(site.address());
    }
    loop {
        thread::park();
    }
}

fn open(address: &str) {
    let (program, arguments): (_, &[&str]) = if cfg!(target_os = "macos") {
        ("open", &[])
    } else if cfg!(windows) {
        ("cmd", &["/C", "start", ""])
    } else {
        ("xdg-open", &[])
    };
    if Command::new(program).args(arguments).arg(address).spawn().is_err() {
        eprintln!("`{program}` could not be started: open the address by hand");
    }
}
