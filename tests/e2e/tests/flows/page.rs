//! The page as a whole.

use std::fs;

use anyhow::{Context as _, Result, ensure};
use serde_json::{Value, json};
use thirtyfour::prelude::*;
use throughline_e2e::pages::{diagram, source};
use throughline_e2e::{Flow, Look, Page};
use xtask::project;

/// The models that a first visitor sees.
pub(crate) const FIRST: &[&str] = &["Course", "Enrollment", "Student"];

pub(crate) async fn opens_with_three_models_and_two_edges(flow: &Flow<'_>) -> Result<()> {
    let page = flow.open(Look::WIDE).await?;
    shows_the_first_example(&page).await?;
    let overlapping = diagram::overlaps(&page).await?;
    ensure!(overlapping.is_empty(), "nodes lie over each other: {overlapping:?}");
    Ok(())
}

pub(crate) async fn shows_the_first_example(page: &Page) -> Result<()> {
    diagram::until_models(page, FIRST).await?;
    let edges = diagram::edges(page).await?;
    ensure!(edges == ["Enrollment.course", "Enrollment.student"], "the edges are {edges:?}");
    source::until_contains(page, "class Enrollment(models.Model):").await?;
    Ok(())
}

pub(crate) async fn works_below_a_path(flow: &Flow<'_>) -> Result<()> {
    let page = flow.browser(Look::WIDE).await?;
    page.visit(flow.world.address_below_a_path()).await?;
    shows_the_first_example(&page).await?;
    // The worker and the editor are loaded by paths of their own.
    throughline_e2e::pages::query::show(&page).await?;
    throughline_e2e::pages::query::run(&page, "SELECT 6 * 7 AS answer").await?;
    page.until_text("result-grid", "42").await?;
    Ok(())
}

pub(crate) async fn keeps_work_over_a_reload(flow: &Flow<'_>) -> Result<()> {
    let page = flow.open(Look::WIDE).await?;
    let line = source::line_of(&page, "class Student(models.Model):").await?;
    source::go_to_end_of_line(&page, line).await?;
    page.keys("\nnickname = models.CharField(max_length=20)").await?;
    page.until_text("node-Student", "nickname").await?;
    page.reload().await?;
    source::until_contains(&page, "nickname = models.CharField(max_length=20)").await?;
    page.until_text("node-Student", "nickname").await?;
    Ok(())
}

pub(crate) async fn examples_replace_the_project_and_can_be_undone(flow: &Flow<'_>) -> Result<()> {
    let page = flow.open(Look::WIDE).await?;
    diagram::until_models(&page, FIRST).await?;
    let before = source::text(&page).await?;
    page.press("Examples").await?;
    page.role("menuitem", "Authors and books…").await?.click().await?;
    page.wait("another example is shown", || async {
        Ok((diagram::models(&page).await? != FIRST).then_some(()))
    })
    .await?;
    source::focus(&page).await?;
    page.press("Undo…").await?;
    diagram::until_models(&page, FIRST).await?;
    ensure!(source::text(&page).await? == before, "undo did not bring the source back");
    Ok(())
}

pub(crate) async fn theme_follows_the_system_and_can_be_switched(flow: &Flow<'_>) -> Result<()> {
    let dark = flow.open(Look::DARK).await?;
    let light = flow.open(Look::WIDE).await?;
    let (night, day) = (background(&dark).await?, background(&light).await?);
    ensure!(night != day, "dark and light look the same: {day}");
    light.press("Switch to dark theme").await?;
    ensure!(background(&light).await? == night, "the switch did not make it dark");
    light.reload().await?;
    ensure!(background(&light).await? == night, "the choice was not kept");
    Ok(())
}

async fn background(page: &Page) -> Result<String> {
    page.js("return getComputedStyle(document.body).backgroundColor", &[]).await
}

pub(crate) async fn phone_shows_one_pane_at_a_time(flow: &Flow<'_>) -> Result<()> {
    let page = flow.open(Look::PHONE).await?;
    page.role("tab", "Diagram").await?.click().await?;
    diagram::until_models(&page, FIRST).await?;
    ensure!(!page.has_role("tabpanel", "models.py").await?, "source and diagram are both shown");
    page.role("tab", "Source").await?.click().await?;
    source::until_contains(&page, "class Student").await?;
    let wide: bool =
        page.js("return document.documentElement.scrollWidth > innerWidth", &[]).await?;
    ensure!(!wide, "the page scrolls sideways");
    Ok(())
}

pub(crate) async fn everything_is_reached_by_keyboard(flow: &Flow<'_>) -> Result<()> {
    const LONGEST: usize = 60;
    let page = flow.open(Look::WIDE).await?;
    diagram::until_models(&page, FIRST).await?;
    let mut reached = Vec::new();
    for _ in 0..LONGEST {
        page.keys(Key::Tab).await?;
        let (name, is_seen): (String, bool) = page.js(FOCUSED, &[]).await?;
        ensure!(is_seen, "the focus on `{name}` cannot be seen");
        // Tab indents in the editor; Escape, then Tab, leaves it, as its help says.
        if name == "editor" {
            page.keys(Key::Escape).await?;
        }
        reached.push(name);
    }
    for wanted in [
        "Examples",
        "Share",
        "Switch to dark theme",
        "editor",
        "Model Student",
        "Enrollment.student: each Enrollment has exactly one Student",
        "Run",
    ] {
        ensure!(
            reached.iter().any(|name| name.starts_with(wanted)),
            "Tab does not reach {wanted}; it reaches {reached:#?}"
        );
    }
    page.control('k').await?;
    page.role("dialog", "…").await?;
    page.keys("query").await?;
    page.keys(Key::Enter).await?;
    page.test_id("sql").await?;
    Ok(())
}

/// Name of what has the focus, and whether it shows that.
const FOCUSED: &str = "
let element = document.activeElement;
while (element?.shadowRoot?.activeElement) element = element.shadowRoot.activeElement;
if (!element || element === document.body) return ['body', true];
const inEditor = element.closest('.cm-editor');
const style = getComputedStyle(element);
const after = getComputedStyle(element, '::after');
const ring = element.querySelector('.node-ring, .edge-line');
const seen = style.outlineStyle !== 'none' || style.boxShadow !== 'none' || !!inEditor
  || (after.content !== 'none' && after.backgroundColor !== 'rgba(0, 0, 0, 0)') || (ring && getComputedStyle(ring).stroke !== 'none');
return [inEditor ? 'editor' : (element.ariaLabel ?? (element.innerText || element.dataset.testid || element.tagName)), !!seen]";

pub(crate) async fn accessible_in_light(flow: &Flow<'_>) -> Result<()> {
    accessible(flow, Look::WIDE).await
}

pub(crate) async fn accessible_in_dark(flow: &Flow<'_>) -> Result<()> {
    accessible(flow, Look::DARK).await
}

async fn accessible(flow: &Flow<'_>, look: Look) -> Result<()> {
    let page = flow.open(look).await?;
    diagram::until_models(&page, FIRST).await?;
    axe(&page, "the first view").await?;
    for tab in ["Tables", "Compare", "Query"] {
        page.role("tab", tab).await?.click().await?;
        axe(&page, tab).await?;
    }
    page.press("Run…").await?;
    page.test_id("repeated").await?;
    axe(&page, "a script that ran").await?;
    page.role("radio", "Tortoise").await?.click().await?;
    page.role("dialog", "Switch ORM").await?;
    axe(&page, "Switch ORM").await?;
    page.keys(Key::Escape).await?;
    source::paste(&page, "```python\nfrom django.db import models\n```\n").await?;
    page.test_id("notice").await?;
    axe(&page, "a notice").await?;
    page.press("Share").await?;
    axe(&page, "Share").await
}

/// Runs axe-core in the page, from the npm package beside these tests.
async fn axe(page: &Page, place: &str) -> Result<()> {
    let script = project::root().join("tests/e2e/node_modules/axe-core/axe.min.js");
    let script =
        fs::read_to_string(script).context("axe-core is missing: run `npm ci` in tests/e2e")?;
    page.js::<Value>(&format!("{script}; return null"), &[]).await?;
    let found = page.driver.execute_async("axe.run().then(arguments[0])", Vec::new()).await?;
    let violations =
        found.json().get("violations").and_then(Value::as_array).cloned().unwrap_or_default();
    let told: Vec<_> = violations.iter().map(tell).collect();
    ensure!(told.is_empty(), "{place}:\n{}", told.join("\n"));
    Ok(())
}

fn tell(violation: &Value) -> String {
    let places = violation.get("nodes").and_then(Value::as_array).into_iter().flatten();
    let places: Vec<_> =
        places.map(|node| node.get("html").unwrap_or(&json!(null)).to_string()).take(3).collect();
    format!("{}: {}\n  {}", violation["id"], violation["help"], places.join("\n  "))
}
