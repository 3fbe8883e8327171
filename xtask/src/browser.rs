//! A Chromium and a ChromeDriver to test with.

use std::env;
use std::path::PathBuf;
use std::process::Command;

/// What the browser tests need.
#[derive(Debug, Clone)]
pub struct Browser {
    /// The browser; `CHROME` in the environment chooses one.
    pub chromium: PathBuf,
    /// Its driver; `CHROMEDRIVER` in the environment chooses one.
    pub driver: PathBuf,
}

/// How to get both by hand.
pub const HOW_TO_GET: &str = "\
The browser tests need Chromium (or Chrome) and the ChromeDriver of the same version:
  Debian:  sudo apt-get install chromium chromium-driver
  Fedora:  sudo dnf install chromium chromedriver
  macOS:   brew install --cask google-chrome chromedriver
  others:  https://googlechromelabs.github.io/chrome-for-testing/
or name them in the environment: CHROME=/path/to/chrome CHROMEDRIVER=/path/to/chromedriver";

const BROWSERS: &[&str] = &[
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "chrome",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
];

/// What a headless browser in a container needs, and what keeps it from calling home.
pub const ARGUMENTS: &[&str] = &[
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--no-first-run",
    "--no-default-browser-check",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-extensions",
    "--disable-features=Translate,OptimizationHints,MediaRouter",
    "--force-color-profile=srgb",
];

/// The browser and the driver of this machine, where it has both.
pub fn find() -> Option<Browser> {
    let chromium = chosen("CHROME").or_else(|| BROWSERS.iter().find_map(|name| in_path(name)))?;
    let driver = chosen("CHROMEDRIVER").or_else(|| in_path("chromedriver"))?;
    Some(Browser { chromium, driver })
}

fn chosen(variable: &str) -> Option<PathBuf> {
    env::var_os(variable).map(PathBuf::from).filter(|path| path.is_file())
}

/// The program of this name in `PATH` (or at this path), if it starts.
pub fn in_path(name: &str) -> Option<PathBuf> {
    let found = env::split_paths(&env::var_os("PATH")?)
        .map(|folder| folder.join(format!("{name}{}", env::consts::EXE_SUFFIX)))
        .find(|path| path.is_file())?;
    // Some distributions have a placeholder in PATH that only says how to install the real one.
    let starts =
        Command::new(&found).arg("--version").output().is_ok_and(|output| output.status.success());
    starts.then_some(found)
}
