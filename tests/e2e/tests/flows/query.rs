//! SQL on live rows.

use anyhow::{Result, ensure};
use serde_json::json;
use throughline_e2e::pages::query;
use throughline_e2e::{Flow, Look, Page};

const JOIN: &str = "SELECT s.name, c.title, e.grade FROM app_student s \
    JOIN app_enrollment e ON e.student_id = s.id JOIN app_course c ON c.id = e.course_id ORDER BY s.name, c.title";

/// Some hundred million rows: nothing ends this in time but the button.
const RUNAWAY: &str = "SELECT COUNT(*) FROM app_enrollment a CROSS JOIN app_enrollment b CROSS JOIN app_enrollment c \
    CROSS JOIN app_enrollment d CROSS JOIN app_enrollment e WHERE (SELECT COUNT(*) FROM app_enrollment x \
    CROSS JOIN app_enrollment y CROSS JOIN app_enrollment z WHERE x.id + y.id + z.id > a.id + b.id + c.id + d.id + e.id) < 0";

pub(crate) async fn a_join_of_three_tables_shows_its_rows(flow: &Flow<'_>) -> Result<()> {
    let page = flow.open(Look::WIDE).await?;
    query::show(&page).await?;
    let rows = joined(&page).await?;
    ensure!(rows.len() > 3, "there are few sample rows: {rows:?}");
    ensure!(rows.iter().all(|row| row.len() >= 3), "cells are missing: {rows:?}");
    let count = page.text("result-count").await?;
    ensure!(
        count.contains(&(rows.len() - 1).to_string()),
        "{} rows, but the count says `{count}`",
        rows.len() - 1
    );
    Ok(())
}

async fn joined(page: &Page) -> Result<Vec<Vec<String>>> {
    query::run(page, JOIN).await?;
    page.until_text("result-grid", "title").await?;
    query::rows(page).await
}

pub(crate) async fn errors_say_what_is_wrong(flow: &Flow<'_>) -> Result<()> {
    let page = flow.open(Look::WIDE).await?;
    query::show(&page).await?;
    query::run(&page, "SELECT nam FROM app_student").await?;
    page.until_text("sql-error", "nam").await?;
    query::run(&page, "SELECT name FROM app_student").await?;
    page.until_text("result-grid", "name").await?;
    page.until_count("sql-error", 0).await
}

pub(crate) async fn a_runaway_query_is_cancelled(flow: &Flow<'_>) -> Result<()> {
    let page = flow.open(Look::WIDE).await?;
    query::show(&page).await?;
    let before = joined(&page).await?;
    query::run(&page, RUNAWAY).await?;
    page.test_id("cancel").await?;
    // The page is alive meanwhile.
    page.role("tab", "Tables").await?.click().await?;
    page.test_id("table-card-app_student").await?;
    query::show(&page).await?;
    page.test_id("cancel").await?.click().await?;
    page.until_count("cancel", 0).await?;
    let after = joined(&page).await?;
    ensure!(after == before, "the rows are others after a cancelled query: {before:?} {after:?}");
    Ok(())
}

/// Remembers the page's workers, so that a test can kill them.
const WATCH_WORKERS: &str = "
window.workers = [];
window.Worker = class extends Worker { constructor(...given) { super(...given); window.workers.push(this) } };";

pub(crate) async fn a_killed_worker_comes_back_with_the_same_rows(flow: &Flow<'_>) -> Result<()> {
    let page = flow.browser(Look::WIDE).await?;
    page.devtools("Page.addScriptToEvaluateOnNewDocument", json!({ "source": WATCH_WORKERS }))
        .await?;
    page.visit(flow.world.address()).await?;
    query::show(&page).await?;
    let before = joined(&page).await?;
    let killed: usize = page
        .js(
            "for (const worker of workers) { worker.terminate(); worker.dispatchEvent(new ErrorEvent('error', { message: 'killed' })) }
             return workers.splice(0).length",
            &[],
        )
        .await?;
    ensure!(killed > 0, "there was no worker to kill");
    let after = joined(&page).await?;
    ensure!(
        after == before,
        "the rows are others after the worker was killed: {before:?} {after:?}"
    );
    Ok(())
}
