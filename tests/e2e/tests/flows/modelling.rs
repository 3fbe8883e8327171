//! Changing models, by typing and by drawing.

use anyhow::{Result, ensure};
use thirtyfour::prelude::*;
use throughline_e2e::pages::{diagram, problems, source};
use throughline_e2e::{Flow, Look};

use crate::page::FIRST;

pub(crate) async fn a_clash_is_seen_fixed_and_brought_back(flow: &Flow<'_>) -> Result<()> {
    let page = flow.open(Look::WIDE).await?;
    let line = source::line_of(&page, "student = models.ForeignKey(").await?;
    source::go_to_end_of_line(&page, line).await?;
    page.keys(Key::Left).await?;
    page.keys(", related_name=\"courses\"").await?;
    let problem = problems::until_one_says(&page, "fields.E304").await?;
    ensure!(problem.contains("courses"), "the problem does not name the clash: {problem}");
    page.wait("the line is marked", || async {
        Ok(source::marked_lines(&page).await?.contains(&line).then_some(()))
    })
    .await?;
    let clashing = source::text(&page).await?;

    page.role_in("button", "Rename to…", Some("problem")).await?.click().await?;
    problems::until_none_says(&page, "fields.E304").await?;
    ensure!(source::text(&page).await? != clashing, "the fix did not change the source");

    page.press("Undo…").await?;
    problems::until_one_says(&page, "fields.E304").await?;
    ensure!(source::text(&page).await? == clashing, "undo did not bring the source back");
    Ok(())
}

pub(crate) async fn half_typed_source_keeps_the_rest(flow: &Flow<'_>) -> Result<()> {
    let page = flow.open(Look::WIDE).await?;
    let line = source::line_of(&page, "class Enrollment(models.Model):").await?;
    source::go_to_end_of_line(&page, line).await?;
    page.keys("\nseat = models.Char").await?;
    page.keys("Field(max_length=").await?;
    page.until_text("node-Enrollment", "seat").await?;
    diagram::until_models(&page, FIRST).await?;
    // A line that is no Python at all takes nothing away from the others.
    let line = source::line_of(&page, "class Student(models.Model):").await?;
    source::go_to_end_of_line(&page, line).await?;
    page.keys("\nborn in = = (").await?;
    page.test_id("problem").await?;
    page.until_text("node-Student", "email").await?;
    diagram::until_models(&page, FIRST).await
}

pub(crate) async fn drawing_a_many_to_many_writes_it_and_shows_its_table(
    flow: &Flow<'_>,
) -> Result<()> {
    let page = flow.open(Look::WIDE).await?;
    diagram::until_models(&page, FIRST).await?;
    page.press("Relation").await?;
    page.role("combobox", "From").await?.send_keys("Course").await?;
    page.role("combobox", "To").await?.send_keys("Student").await?;
    page.role("radio", "Many-to-many…").await?.click().await?;
    let name = page.role("textbox", "Field on Course").await?;
    name.clear().await?;
    name.send_keys("assistants").await?;
    let reverse = page.role("textbox", "Name on Student").await?;
    reverse.clear().await?;
    reverse.send_keys("assisting").await?;
    page.press("Add relation").await?;
    source::until_contains(&page, "assistants = models.ManyToManyField(").await?;
    diagram::until_edge(&page, "Course.assistants").await?;
    page.test_id("through-Course_assistants").await?;
    ensure!(
        diagram::is_dashed(&page, "through-Course_assistants").await?,
        "the through table is not dashed"
    );
    page.control('z').await?;
    source::until_without(&page, "assistants").await?;
    Ok(())
}

pub(crate) async fn adding_a_model_writes_it(flow: &Flow<'_>) -> Result<()> {
    let page = flow.open(Look::WIDE).await?;
    diagram::until_models(&page, FIRST).await?;
    let before = source::text(&page).await?;
    page.press("Model").await?;
    let name = page.role("textbox", "Name…").await?;
    name.clear().await?;
    name.send_keys("Teacher").await?;
    page.press("Add model").await?;
    let after = source::until_contains(&page, "class Teacher(models.Model):").await?;
    ensure!(after.starts_with(before.trim_end()), "the rest of the source has changed");
    page.test_id("node-Teacher").await?;
    Ok(())
}

pub(crate) async fn dragging_a_node_moves_it(flow: &Flow<'_>) -> Result<()> {
    let page = flow.open(Look::WIDE).await?;
    diagram::until_models(&page, FIRST).await?;
    let (x, y) = diagram::middle(&page, "node-Student").await?;
    let text = source::text(&page).await?;
    diagram::drag(&page, (x, y), (x + 40, y + 60)).await?;
    page.wait("the node has moved", || async {
        let (left, top) = diagram::middle(&page, "node-Student").await?;
        Ok(((left - x - 40).abs() <= 12 && (top - y - 60).abs() <= 12).then_some(()))
    })
    .await?;
    ensure!(source::text(&page).await? == text, "moving a node changed the source");
    page.control('z').await?;
    page.wait("undo brings the node back", || async {
        Ok((diagram::middle(&page, "node-Student").await? == (x, y)).then_some(()))
    })
    .await
}
