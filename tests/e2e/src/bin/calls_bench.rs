//! `cargo xtask bench orm` runs this: scripts of ORM calls in the worker, in headless Chromium. `FOLDER ROUNDS`, and for each story `ORM MODELS SCRIPT`.
//! For each it prints the best and the middle round in microseconds, and how many SQL statements one round sends.

use std::path::Path;
use std::time::Duration;

use anyhow::{Context as _, Result, bail};
use serde_json::json;
use throughline_core::{analyze, live, orm};
use throughline_e2e::{Flow, Look, World};

const RUN: &str = "
const done = arguments[arguments.length - 1];
calls(arguments[0]).then((told) => done(told), (error) => done({ error: String(error) }));";

#[derive(serde::Deserialize)]
struct Answer {
    #[serde(default)]
    times: Vec<u64>,
    #[serde(default)]
    sent: u64,
    error: Option<String>,
}

fn main() -> Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [folder, rounds, stories @ ..] = arguments.as_slice() else {
        bail!("FOLDER ROUNDS, and ORM MODELS SCRIPT for each story");
    };
    let rounds: u32 = rounds.parse()?;
    let world = World::serving(Path::new(folder))?;
    Flow::run(&world, "bench-calls", async |flow: &Flow<'_>| {
        let page = flow.browser(Look::WIDE).await?;
        page.visit(flow.world.address()).await?;
        page.driver.set_script_timeout(Duration::from_secs(300)).await?;
        for story in stories.chunks_exact(3) {
            let [id, models, script] = story else { continue };
            let orm = orm::by_id(id).context("there is no such ORM")?;
            let source = std::fs::read_to_string(models)?;
            let script = std::fs::read_to_string(script)?;
            let analysis = analyze(orm, &source);
            let call = if script.contains("async def story") { "await story()" } else { "story()" };
            let known = live::Models::of(&analysis).to_bytes();
            let ddl = analysis.play_ddl();
            let asked = json!({ "ddl": ddl, "known": known, "source": source, "script": script, "call": call, "rounds": rounds });
            let answer: Answer = page.driver.execute_async(RUN, vec![asked]).await?.convert()?;
            if let Some(error) = answer.error {
                bail!("{id}: {error}");
            }
            let mut times = answer.times;
            times.sort_unstable();
            let at = |place: usize| times.get(place).copied().unwrap_or_default();
            println!("{} {} {}", at(0), at(times.len() / 2), answer.sent);
        }
        Ok(())
    })
}
