//! Links.

use anyhow::{Context as _, Result, ensure};
use serde_json::json;
use throughline_e2e::pages::{diagram, query, source};
use throughline_e2e::{Flow, Look, Page};

pub(crate) async fn a_link_brings_everything_back_in_a_fresh_profile(
    flow: &Flow<'_>,
) -> Result<()> {
    let page = flow.open(Look::WIDE).await?;
    let line = source::line_of(&page, "class Student(models.Model):").await?;
    source::go_to_end_of_line(&page, line).await?;
    page.keys("\nnickname = models.CharField(max_length=20)  # läuft über ☂").await?;
    page.until_text("node-Student", "nickname").await?;
    query::show(&page).await?;
    query::write(&page, "SELECT nickname FROM app_student").await?;
    let (models, edges, text) =
        (diagram::models(&page).await?, diagram::edges(&page).await?, source::text(&page).await?);
    let link = link(&page).await?;
    ensure!(link.starts_with(flow.world.address()), "the link leads elsewhere: {link}");

    let other = flow.browser(Look::WIDE).await?;
    other.visit(&link).await?;
    let shared = source::until_contains(&other, "nickname").await?;
    ensure!(shared == text, "the source is another:\n{shared}\n---\n{text}");
    diagram::until_models(&other, &models.iter().map(String::as_str).collect::<Vec<_>>()).await?;
    ensure!(diagram::edges(&other).await? == edges, "the edges are others");
    query::show(&other).await?;
    let sql: String = other.js("return document.querySelector('[data-testid=sql]').value ?? document.querySelector('[data-testid=sql]').innerText", &[]).await?;
    ensure!(
        sql.contains("SELECT nickname FROM app_student"),
        "the query did not come with the link: {sql}"
    );
    Ok(())
}

/// Presses Share, and reads the link out of the popover.
async fn link(page: &Page) -> Result<String> {
    page.press("Share").await?;
    page.wait("there is a link", || async {
        let link: Option<String> = page
            .js(
                "return [...document.querySelectorAll('input, textarea, output, code, [data-testid]')]
                   .map(e => e.value ?? e.innerText ?? '').map(t => t.trim()).find(t => /^https?:.*#1\\./.test(t)) ?? null",
                &[json!(null)],
            )
            .await?;
        Ok(link)
    })
    .await
    .context("the share popover shows no link")
}

pub(crate) async fn broken_links_give_a_message_and_an_empty_project(
    flow: &Flow<'_>,
) -> Result<()> {
    let first = flow.open(Look::WIDE).await?;
    let good = link(&first).await?;
    let fragment = good.split_once('#').map(|(_, fragment)| fragment).unwrap_or_default();
    let half: String = fragment.chars().take(fragment.chars().count() / 2).collect();
    let swapped: String = fragment
        .chars()
        .enumerate()
        .map(|(index, letter)| if index == 20 { '!' } else { letter })
        .collect();
    for broken in [
        half,
        swapped,
        "1.".to_owned(),
        "9.AAAA".to_owned(),
        "1.%00%ff".to_owned(),
        format!("1.{}", "A".repeat(20_000)),
    ] {
        let page = flow.browser(Look::WIDE).await?;
        page.visit(&format!("{}#{broken}", flow.world.address())).await?;
        let start: String = broken.chars().take(40).collect();
        page.wait(&format!("a message about the link #{start}"), || async {
            let text: String = page.js("return document.body.innerText.toLowerCase()", &[]).await?;
            Ok(text.contains("link").then_some(text).filter(|text| {
                text.contains("could not")
                    || text.contains("cannot")
                    || text.contains("damaged")
                    || text.contains("broken")
            }))
        })
        .await?;
        ensure!(page.has_role("button", "Examples").await?, "the page is blank");
    }
    Ok(())
}
