//! `cargo xtask build` runs this on a page whose functions each set a byte when they are called: opens it as first visits do,
//! and writes down which did. `FOLDER ADDRESS COUNT PROFILE`.

use std::path::Path;

use anyhow::{Context as _, Result, bail};
use serde_json::json;
use throughline_e2e::{Flow, Look, World};

/// The engine is there, the editor is, and the page has been at rest for a while.
const AT_REST: &str = "
const there = document.querySelector('[data-testid^=node-]')
  && document.querySelector('[data-testid=run]:not(:disabled)')
  && document.querySelector('source-editor')?.shadowRoot?.querySelector('.cm-content');
if (!there) return false;
window.sinceThere ??= performance.now();
return performance.now() - sinceThere > 1500;";

/// The module is asked for once more: it comes from where the page has it.
const READ: &str = "
const [address, count, done] = arguments;
const script = document.querySelector('script[data-app]').dataset.app;
import(new URL(script, document.baseURI))
  .then((app) => app.default())
  .then((exports) => done([...new Uint8Array(exports.memory.buffer, address, count)].join('')));";

fn main() -> Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [folder, address, count, profile] = arguments.as_slice() else {
        bail!("FOLDER ADDRESS COUNT PROFILE");
    };
    let (address, count): (u64, usize) = (address.parse()?, count.parse()?);
    let world = World::serving(Path::new(folder))?;
    let mut ran = vec![0; count];
    for look in [Look::WIDE, Look::PHONE] {
        Flow::run(&world, "profile", async |flow| {
            let page = flow.open(look).await?;
            page.until("the page is at rest", AT_REST).await?;
            let arguments = vec![json!(address), json!(count)];
            let answer = page.driver.execute_async(READ, arguments).await;
            let bytes: String = answer.context("the profile cannot be read")?.convert()?;
            if bytes.len() != count {
                bail!("{} bytes instead of {count}", bytes.len());
            }
            for (byte, seen) in ran.iter_mut().zip(bytes.bytes()) {
                *byte |= u8::from(seen != b'0');
            }
            Ok(())
        })?;
    }
    std::fs::write(profile, ran).with_context(|| format!("writing {profile}"))
}
