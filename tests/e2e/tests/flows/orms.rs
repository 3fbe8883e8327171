//! Several ORMs: pasting, switching, comparing.

use anyhow::{Result, ensure};
use thirtyfour::prelude::*;
use throughline_e2e::pages::{diagram, source};
use throughline_e2e::{Flow, Look, Page};

use crate::page::FIRST;

/// As it stands on a page: prose, a fence, and line numbers.
const PAGE: &str = "First we declare the models.\n\n```python\n 1 | from django.db import models\n 2 | \n 3 | \n 4 | class Author(models.Model):\n 5 |     name = models.CharField(max_length=100)\n 6 | \n 7 | \n 8 | class Book(models.Model):\n 9 |     author = models.ForeignKey(Author, on_delete=models.CASCADE)\n```\n\nThat's all.\n";

const TORTOISE: &str = "from tortoise import fields\nfrom tortoise.models import Model\n\n\nclass Author(Model):\n    name = fields.CharField(max_length=100)\n\n\nclass Book(Model):\n    author = fields.ForeignKeyField(\"models.Author\", related_name=\"books\")\n";

/// Names and values in two columns, one below the other.
const SCRAMBLED: &str = "from django.db import models\nclass Author(models.Model):\n= models.CharField(max_length=100)\nname\n";

pub(crate) async fn a_pasted_page_is_repaired_and_can_be_taken_back(flow: &Flow<'_>) -> Result<()> {
    let page = flow.open(Look::WIDE).await?;
    diagram::until_models(&page, FIRST).await?;
    source::paste(&page, PAGE).await?;
    diagram::until_models(&page, &["Author", "Book"]).await?;
    let notice = page.until_text("notice", "repairs").await?;
    ensure!(notice.contains("Took out the line numbers"), "the notice says {notice}");
    let text = source::text(&page).await?;
    ensure!(text.starts_with("from django.db import models"), "the source is {text}");
    // The page's own undo button has this name, too, with what it would undo.
    page.role_in("button", "Undo", Some("notice")).await?.click().await?;
    diagram::until_models(&page, FIRST).await?;
    ensure!(page.count("notice").await? == 0, "the notice stays");
    Ok(())
}

pub(crate) async fn a_scrambled_page_is_explained_and_kept(flow: &Flow<'_>) -> Result<()> {
    let page = flow.open(Look::WIDE).await?;
    diagram::until_models(&page, FIRST).await?;
    source::paste(&page, SCRAMBLED).await?;
    page.until_text("notice", "Line 3").await?;
    source::until_contains(&page, "= models.CharField(max_length=100)").await?;
    Ok(())
}

pub(crate) async fn models_of_another_orm_are_recognised(flow: &Flow<'_>) -> Result<()> {
    let page = flow.open(Look::WIDE).await?;
    diagram::until_models(&page, FIRST).await?;
    source::paste(&page, TORTOISE).await?;
    diagram::until_models(&page, &["Author", "Book"]).await?;
    until_orm(&page, "Tortoise").await?;
    page.until_text("notice", "Tortoise").await?;
    page.until_text("node-Author", "books").await?;
    // Whoever reads it as another one all the same is told what is behind its problems, and the way back.
    page.role("radio", "Django").await?.click().await?;
    page.press("Read as Django").await?;
    until_orm(&page, "Django").await?;
    page.until_text("other-orm", "These are Tortoise models, read as Django").await?;
    page.press("Read as Tortoise").await?;
    until_orm(&page, "Tortoise").await?;
    page.until_count("other-orm", 0).await
}

pub(crate) async fn another_orm_is_asked_for_and_can_be_undone(flow: &Flow<'_>) -> Result<()> {
    let page = flow.open(Look::WIDE).await?;
    diagram::until_models(&page, FIRST).await?;
    page.role("radio", "Tortoise").await?.click().await?;
    page.press("Convert the models").await?;
    source::until_contains(&page, "fields.CharField").await?;
    until_orm(&page, "Tortoise").await?;
    diagram::until_models(&page, FIRST).await?;
    page.press("Undo…").await?;
    source::until_contains(&page, "models.CharField").await?;
    until_orm(&page, "Django").await
}

pub(crate) async fn until_orm(page: &Page, title: &str) -> Result<()> {
    page.until(
        &format!("{title} is chosen"),
        &format!("return [...document.querySelectorAll('[role=radio][aria-checked=true]')].some(item => item.innerText.includes('{title}'))"),
    )
    .await
}

pub(crate) async fn orms_are_compared_by_keyboard(flow: &Flow<'_>) -> Result<()> {
    let page = flow.open(Look::WIDE).await?;
    diagram::until_models(&page, FIRST).await?;
    page.control('k').await?;
    page.role("dialog", "…").await?;
    page.keys("compare").await?;
    page.keys(Key::Enter).await?;
    page.until_text("compare", "reverse name in filters").await?;
    page.js::<()>("document.querySelector('[data-testid=compare] summary').focus()", &[]).await?;
    page.keys(Key::Enter).await?;
    page.until(
        "the reasons are shown",
        "return !!document.querySelector('[data-testid=compare] details[open] li')",
    )
    .await?;
    page.js::<()>("document.querySelector('[aria-label=\"Source in Tortoise\"]').focus()", &[])
        .await?;
    page.keys(Key::Enter).await?;
    page.until(
        "the source is shown",
        "return document.querySelector('dialog[open] pre')?.innerText.includes('tortoise')",
    )
    .await?;
    page.keys(Key::Escape).await?;
    page.until("the dialog is closed", "return !document.querySelector('dialog[open]')").await
}

pub(crate) async fn a_phone_compares_one_orm_at_a_time(flow: &Flow<'_>) -> Result<()> {
    let page = flow.open(Look::PHONE).await?;
    page.role("tab", "Compare").await?.click().await?;
    page.until_text("compare", "reverse name in filters").await?;
    let seen: usize = page
        .js("return [...document.querySelectorAll('.compare-head > .compare-orm')].filter(e => e.checkVisibility()).length", &[])
        .await?;
    ensure!(seen == 1, "{seen} ORMs are shown at once");
    let wide: bool =
        page.js("return document.documentElement.scrollWidth > innerWidth", &[]).await?;
    ensure!(!wide, "the page scrolls sideways");
    Ok(())
}
