//! `cargo xtask bench` runs this: times in the page, in headless Chromium.

use anyhow::{Context as _, Result};
use serde_json::json;
use throughline_core::orm::Orm;
use throughline_e2e::pages::source;
use throughline_e2e::{Flow, Look, World};

const VISITS: usize = 5;
const EDITS: usize = 40;

/// Notes when the first node can be seen, and presses Run as soon as it can be pressed.
const WATCH: &str = "
window.seen = {};
const note = (what, selector) => { if (!(what in seen) && document.querySelector(selector)) seen[what] = performance.now() };
const look = () => {
  note('interaction', '[data-testid^=node-]');
  note('editor', 'source-editor');
  const run = document.querySelector('[data-testid=run]:not(:disabled)');
  if (run && !('run' in seen)) { seen.run = performance.now(); run.click() }
  note('result', '[data-testid=result-grid], [data-testid=cards]');
};
new MutationObserver(look).observe(document, { subtree: true, childList: true, attributes: true });";

/// Types one letter into the name of the first model, to which nothing refers, and waits until the diagram says so. A name is
/// drawn at every zoom; fields are left out where very many models are seen at once.
const EDIT: &str = "
const done = arguments[arguments.length - 1];
const host = document.querySelector('[data-testid=source]');
const content = [...host.querySelectorAll('*')].map(e => e.shadowRoot?.querySelector('.cm-content')).find(Boolean);
const root = content.getRootNode();
const line = [...content.querySelectorAll('.cm-line')].find(line => /^class First/.test(line.textContent));
const walker = document.createTreeWalker(line, NodeFilter.SHOW_TEXT);
let text = walker.nextNode();
while (text && !text.data.includes('First')) text = walker.nextNode();
const at = text.data.indexOf('First') + 5;
content.focus();
getSelection().setBaseAndExtent(text, at, text, at);
const name = () => document.querySelector('[data-testid^=node-First]')?.dataset.testid;
const before = name();
requestAnimationFrame(() => setTimeout(() => {
  const start = performance.now();
  const observer = new MutationObserver(() => {
    const now = name();
    if (now && now !== before) {
      observer.disconnect();
      const updated = performance.now() - start;
      requestAnimationFrame(() => setTimeout(() => done([updated, performance.now() - start])));
    }
  });
  observer.observe(document.body, { subtree: true, childList: true, attributes: true });
  document.execCommand('insertText', false, 'x');
}));";

fn main() -> Result<()> {
    let world = World::start()?;
    println!("| in the page (headless Chromium) | p50 ms | p95 ms |");
    println!("|---|---:|---:|");
    Flow::run(&world, "bench-start", start)?;
    Flow::run(&world, "bench-edit", edit)
}

async fn start(flow: &Flow<'_>) -> Result<()> {
    let mut times: Vec<[f64; 3]> = Vec::new();
    for _ in 0..VISITS {
        let page = flow.browser(Look::WIDE).await?;
        page.devtools("Page.addScriptToEvaluateOnNewDocument", json!({ "source": WATCH })).await?;
        page.visit(flow.world.address()).await?;
        page.until("a query has run", "return 'result' in seen").await?;
        times.push(page.js("return [seen.interaction, seen.editor, seen.result]", &[]).await?);
    }
    for (index, what) in
        ["diagram can be used", "editor is there", "first result of ORM calls"].iter().enumerate()
    {
        let of_this = times.iter().filter_map(|times| times.get(index).copied()).collect();
        row(&format!("navigation until: {what}"), of_this);
    }
    Ok(())
}

async fn edit(flow: &Flow<'_>) -> Result<()> {
    // The page begins with this one.
    let orm = throughline_core::orm::ALL.first().copied().context("there are no ORMs")?;
    for count in [10, 100, 1000] {
        let page = flow.open(Look::WIDE).await?;
        source::paste(&page, &with_first(orm, throughline_web::models_source(orm, count))).await?;
        page.test_id("node-First").await?;
        page.driver.set_script_timeout(std::time::Duration::from_secs(60)).await?;
        let mut updated = Vec::new();
        let mut painted = Vec::new();
        for _ in 0..EDITS {
            let times = page
                .driver
                .execute_async(EDIT, Vec::new())
                .await
                .context("an edit does not show")?;
            let (to_dom, to_paint): (f64, f64) = times.convert()?;
            updated.push(to_dom);
            painted.push(to_paint);
        }
        row(&format!("{count} models: keystroke until the diagram says so"), updated);
        row(&format!("{count} models: keystroke until painted"), painted);
    }
    Ok(())
}

/// The source with a model before all others, to which none of them refers.
fn with_first(orm: &dyn Orm, mut source: String) -> String {
    let document = orm.read(&source);
    let at = document.models.first().map_or(source.len(), |model| model.span.start as usize);
    source.insert_str(at, &format!("{}\n\n\n", orm.write_model(&document, "First")));
    source
}

fn row(what: &str, mut times: Vec<f64>) {
    times.sort_by(f64::total_cmp);
    let at = |share: usize| {
        times.get((times.len() * share / 100).min(times.len() - 1)).copied().unwrap_or_default()
    };
    println!("| {what} | {:.1} | {:.1} |", at(50), at(95));
}
