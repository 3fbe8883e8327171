//! `cargo xtask build` runs this on a page whose functions each set a byte when they are called: opens it as first visits do,
//! and writes down which did. `FOLDER ADDRESS COUNT PROFILE`.

use std::path::Path;

use anyhow::{Context as _, Result, bail};
use serde_json::{Value, json};
use throughline_e2e::{Flow, Look, Page, World};

/// The page is kept from going on to what it loads once the diagram is there.
const HOLD: &str = "
let held;
Object.defineProperty(globalThis, 'throughline', {
  get: () => held,
  set(page) {
    held = page;
    page.isWhole = false;
  },
});";

/// Run is pressed, too: who does so at once should not wait for the rest of the code to come at once.
const AT_REST: &str = "
const run = document.querySelector('[data-testid=run]:not(:disabled):not([aria-disabled])');
if (!run || !document.querySelector('[data-testid^=node-]')) return false;
if (!window.sinceThere) run.click();
window.sinceThere ??= performance.now();
return performance.now() - sinceThere > 1500;";

/// The module is asked for once more: it comes from where the page has it.
const READ_PAGE: &str = "
const [address, count, done] = arguments;
const script = document.querySelector('script[data-app]').dataset.app;
import(new URL(script, document.baseURI))
  .then((app) => app.default())
  .then((exports) => done([...new Uint8Array(exports.memory.buffer, address, count)].join('')));";

fn main() -> Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [folder, page, count, profile] = arguments.as_slice() else {
        bail!("FOLDER ADDRESS COUNT PROFILE");
    };
    let world = World::serving(Path::new(folder))?;
    let mut ran = Bytes::of(page, count)?;
    for look in [Look::WIDE, Look::PHONE] {
        Flow::run(&world, "profile", async |flow| {
            let page = flow.browser(look).await?;
            let hold = json!({ "source": HOLD });
            page.devtools("Page.addScriptToEvaluateOnNewDocument", hold).await?;
            page.driver.goto(world.address()).await?;
            page.until("the page is at rest", AT_REST).await?;
            ran.add(&page, READ_PAGE).await
        })?;
    }
    ran.write(profile)
}

/// A byte for each function of a module: whether it was seen to run.
struct Bytes {
    address: u64,
    ran: Vec<u8>,
}

impl Bytes {
    fn of(address: &str, count: &str) -> Result<Self> {
        Ok(Self { address: address.parse()?, ran: vec![0; count.parse()?] })
    }

    async fn add(&mut self, page: &Page, read: &str) -> Result<()> {
        let arguments: Vec<Value> = vec![json!(self.address), json!(self.ran.len())];
        let answer = page.driver.execute_async(read, arguments).await;
        let seen: String = answer.context("the bytes cannot be read")?.convert()?;
        if seen.len() != self.ran.len() {
            bail!("{} bytes instead of {}", seen.len(), self.ran.len());
        }
        for (ran, seen) in self.ran.iter_mut().zip(seen.bytes()) {
            *ran |= u8::from(seen != b'0');
        }
        Ok(())
    }

    fn write(&self, file: &str) -> Result<()> {
        std::fs::write(file, &self.ran).with_context(|| format!("writing {file}"))
    }
}
