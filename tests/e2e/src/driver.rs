//! A ChromeDriver that ends with the tests, however they end.

use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use anyhow::{Context as _, Result};

/// A running driver.
pub(crate) struct Driver {
    process: Child,
    address: String,
}

impl Driver {
    /// Starts it on a free port.
    pub(crate) fn start(program: &Path) -> Result<Self> {
        let mut process = Command::new(program)
            .arg("--port=0")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .with_context(|| format!("{} could not be started", program.display()))?;
        let output = process.stdout.take().context("the driver has no output")?;
        let mut driver = Self { process, address: String::new() };
        let port = BufReader::new(output)
            .lines()
            .map_while(Result::ok)
            .find_map(|line| {
                line.split_once("successfully on port ")
                    .map(|(_, port)| port.trim_end_matches('.').to_owned())
            })
            .context("the driver did not say its port")?;
        driver.address = format!("http://127.0.0.1:{port}");
        Ok(driver)
    }

    /// Where it listens.
    pub(crate) fn address(&self) -> &str {
        &self.address
    }
}

impl Drop for Driver {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
