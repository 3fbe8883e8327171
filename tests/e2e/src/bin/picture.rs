//! Takes the picture of README.md anew: `cargo run -p throughline-e2e --bin picture`, after `cargo xtask build`.

use anyhow::Result;
use thirtyfour::prelude::*;
use throughline_e2e::pages::{problems, query, source};
use throughline_e2e::{Flow, Look, World};
use xtask::project;

fn main() -> Result<()> {
    let world = World::start()?;
    Flow::run(&world, "picture", take)
}

async fn take(flow: &Flow<'_>) -> Result<()> {
    let page = flow.open(Look::WIDE).await?;
    let line = source::line_of(&page, "credits = ").await?;
    source::go_to_end_of_line(&page, line).await?;
    page.keys("\nassistants = models.ManyToManyField(\nStudent,\nrelated_name=\"courses\",\n)")
        .await?;
    problems::until_one_says(&page, "fields.E304").await?;
    query::show(&page).await?;
    page.press("Run…").await?;
    page.test_id("result-grid").await?;
    page.test_id("problem").await?.find(By::Css("button")).await?.click().await?;
    page.press("Fit to window").await?;
    page.until("fonts are there", "return document.fonts.status === 'loaded'").await?;
    let file = project::root().join(".github/workbench.png");
    std::fs::create_dir_all(project::root().join(".github"))?;
    page.screenshot(&file).await
}
