//! What all flows share.

use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail};
use xtask::browser::{self, Browser};
use xtask::project;
use xtask::site::Site;

use crate::driver::Driver;

/// The path below which the app is served a second time: it has to work on any host, anywhere.
const SUB_PATH: &str = "/teaching/week-3/";

/// The served app, and a driver of browsers.
pub struct World {
    driver: Driver,
    browser: Browser,
    site: Site,
    site_below: Site,
}

impl World {
    /// Serves `dist/`, and starts a driver; both on free ports.
    ///
    /// # Errors
    /// The app is not built, or there is no browser.
    pub fn start() -> Result<Self> {
        let dist = project::dist();
        if !dist.join("index.html").is_file() {
            bail!(
                "dist/ is not there: run `cargo xtask build` first (`cargo xtask test --only e2e` does)"
            );
        }
        Self::serving(&dist)
    }

    /// Serves another folder.
    ///
    /// # Errors
    /// There is no browser.
    pub fn serving(dist: &Path) -> Result<Self> {
        let browser = browser::find().context(browser::HOW_TO_GET)?;
        let driver = Driver::start(&browser.driver)?;
        let site = Site::start(dist, 0, "/").context("serving dist/")?;
        let site_below = Site::start(dist, 0, SUB_PATH).context("serving dist/ below a path")?;
        Ok(Self { driver, browser, site, site_below })
    }

    /// The address of the app.
    pub fn address(&self) -> &str {
        self.site.address()
    }

    /// The address of the app on a host that serves it below a path.
    pub fn address_below_a_path(&self) -> &str {
        self.site_below.address()
    }

    pub(crate) fn driver_address(&self) -> &str {
        self.driver.address()
    }

    pub(crate) fn browser(&self) -> &Browser {
        &self.browser
    }

    /// Where evidence of failed flows is kept.
    pub(crate) fn evidence() -> PathBuf {
        project::root().join("target/e2e")
    }
}
