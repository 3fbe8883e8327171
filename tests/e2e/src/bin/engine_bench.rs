//! `cargo xtask bench engine` runs this: the engine and sql.js over the same statements, each in a worker, in headless Chromium.

use std::path::Path;
use std::time::Duration;

use anyhow::{Context as _, Result};
use serde_json::json;
use throughline_e2e::{Flow, Look, World};

/// Rows of the through table.
const SIZES: [u32; 3] = [1_000, 10_000, 100_000];

/// Name, limit of the ratio if there is one, milliseconds of the engine and of sql.js.
type Line = (String, Option<f64>, f64, f64);

const RUN: &str = "
const done = arguments[arguments.length - 1];
bench(arguments[0]).then((table) => done({ table }), (error) => done({ error: String(error) }));";

#[derive(serde::Deserialize)]
struct Answer {
    #[serde(default)]
    table: Vec<Line>,
    error: Option<String>,
}

fn main() -> Result<()> {
    let mut arguments = std::env::args().skip(1);
    let folder = arguments.next().context("the folder with the bench page is missing")?;
    // For a quick look, fewer sizes.
    let asked: Vec<u32> = arguments.map(|size| size.parse()).collect::<Result<_, _>>()?;
    let sizes = if asked.is_empty() { SIZES.to_vec() } else { asked };
    let world = World::serving(Path::new(&folder))?;
    Flow::run(&world, "bench-engine", async |flow: &Flow<'_>| {
        let mut tables = Vec::new();
        for size in &sizes {
            let page = flow.browser(Look::WIDE).await?;
            page.visit(flow.world.address()).await?;
            page.driver.set_script_timeout(Duration::from_secs(900)).await?;
            let answer: Answer =
                page.driver.execute_async(RUN, vec![json!(size)]).await?.convert()?;
            if let Some(error) = answer.error {
                anyhow::bail!("{error}");
            }
            tables.push(answer.table);
        }
        print(&sizes, &tables);
        Ok(())
    })
}

/// One row for each statement; for each size milliseconds of the engine, of sql.js, and the ratio.
fn print(sizes: &[u32], tables: &[Vec<Line>]) {
    let heads = sizes.iter().map(|size| format!(" {size}: engine ms | sql.js ms | ratio |"));
    println!("| | most |{}", heads.collect::<String>());
    println!("|---|---:|{}", "---:|".repeat(3 * sizes.len()));
    let Some(first) = tables.first() else { return };
    for (at, (name, limit, ..)) in first.iter().enumerate() {
        let cells = tables.iter().filter_map(|table| table.get(at)).map(|(_, _, ours, theirs)| {
            let ratio = ours / theirs.max(0.001);
            let over = if limit.is_some_and(|limit| ratio > limit) { " **over**" } else { "" };
            format!(" {ours:.2} | {theirs:.2} | {ratio:.2}{over} |")
        });
        let limit = limit.map_or("–".to_owned(), |limit| limit.to_string());
        println!("| {name} | {limit} |{}", cells.collect::<String>());
    }
}
