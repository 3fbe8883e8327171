//! Calls of the ORM on live rows.

use anyhow::{Result, ensure};
use thirtyfour::prelude::*;
use throughline_e2e::pages::{console, query};
use throughline_e2e::{Flow, Look, Page};

pub(crate) async fn a_script_runs_by_mouse_and_its_rows_can_be_taken_back(
    flow: &Flow<'_>,
) -> Result<()> {
    let page = flow.open(Look::WIDE).await?;
    page.press("Run…").await?;
    page.until_text("script-count", "9 statements").await?;
    let values = console::texts(&page, "card-value").await?;
    ensure!(
        values.iter().any(|value| value.starts_with("<QuerySet [<Student: ")),
        "no query set is shown: {values:?}"
    );
    let sent = console::texts(&page, "sent").await?;
    ensure!(sent.iter().any(|sql| sql.contains("INNER JOIN")), "no join is shown: {sent:?}");
    page.test_id("sent-rows").await?.click().await?;
    page.until_text("result-grid", "title").await?;
    // SQL sees what the script wrote, until it is taken back.
    ensure!(students(&page).await? == 1, "the script's student is not in the table");
    page.role_in("radio", "Django", Some("query-language")).await?.click().await?;
    page.test_id("undo-rows").await?.click().await?;
    page.until_count("undo-rows", 0).await?;
    ensure!(students(&page).await? == 0, "the script's student is still in the table");
    Ok(())
}

/// How many students the lesson has added.
async fn students(page: &Page) -> Result<usize> {
    query::show(page).await?;
    query::run(page, "SELECT name FROM app_student WHERE email = 'ada@example.org'").await?;
    page.until_text("result-grid", "name").await?;
    let text = page.until_text("result-count", "row").await?;
    Ok(usize::from(text.starts_with('1')))
}

pub(crate) async fn a_script_runs_by_keyboard_alone(flow: &Flow<'_>) -> Result<()> {
    let page = flow.open(Look::WIDE).await?;
    console::run(&page, "s = Student.objects.order_by('name').first()\nlen(s.name) > 0").await?;
    page.until_text("card-value", "True").await?;
    // Shift and Enter run the statement at the caret, with the names of the run before.
    page.keys("\n").await?;
    page.keys("s.courses.count() >= 0").await?;
    page.keys(Key::Escape).await?;
    page.together(Key::Shift, Key::Enter).await?;
    page.until_text("script-count", "1 statement").await?;
    page.until_text("card-value", "True").await?;
    page.together(Key::Alt, Key::Enter).await?;
    page.until_text("elsewhere", "Peewee").await?;
    Ok(())
}

pub(crate) async fn an_exception_says_why(flow: &Flow<'_>) -> Result<()> {
    let page = flow.open(Look::WIDE).await?;
    console::run(&page, "Course.objects.filter(enrollment_set__grade='A')").await?;
    page.until_text("exception", "Cannot resolve keyword").await?;
    page.until_text("exception", "in lookups the relation is called enrollment").await?;
    console::run(&page, "import numpy").await?;
    page.until_text("exception", "numpy").await?;
    Ok(())
}

pub(crate) async fn an_endless_loop_is_cancelled(flow: &Flow<'_>) -> Result<()> {
    let page = flow.open(Look::WIDE).await?;
    console::run(&page, "while True: Student.objects.count()").await?;
    page.test_id("cancel").await?.click().await?;
    page.until_count("cancel", 0).await?;
    page.until_text("engine-news", "was stopped").await?;
    console::run(&page, "Student.objects.count() > 0").await?;
    page.until_text("card-value", "True").await?;
    Ok(())
}

pub(crate) async fn names_are_offered_through_relations(flow: &Flow<'_>) -> Result<()> {
    let page = flow.open(Look::WIDE).await?;
    console::run(&page, "Student.objects.count()").await?;
    page.test_id("card-value").await?;
    console::write(&page, "Course.objects.filter(enrollment__stu").await?;
    page.until("`student=` is offered", OFFERED).await?;
    // The editor takes nothing that has only just come up: the key may have been meant for what was there before.
    page.js::<()>("return new Promise(done => setTimeout(done, 300))", &[]).await?;
    page.keys("\n").await?;
    page.until(
        "it is taken",
        "return document.querySelector('query-editor[language=python]').value.includes('enrollment__student=')",
    )
    .await
}

/// Whether the editor offers the field of the relation's model.
const OFFERED: &str = "
const root = document.querySelector('query-editor[language=python]').shadowRoot;
return [...root.querySelectorAll('.cm-completionLabel')].some(label => label.textContent === 'student=')";

pub(crate) async fn a_transcript_is_compared(flow: &Flow<'_>) -> Result<()> {
    let page = flow.open(Look::WIDE).await?;
    console::run(&page, ">>> 1 + 1\n2\n>>> Student.objects.filter(id=0).exists()\nTrue").await?;
    page.until_text("agrees", "Agrees").await?;
    page.until_text("differs", "Differs").await?;
    page.until_text("first-wrong", "1 differs").await?;
    // What came before it is long; it is seen all the same.
    let before = "Student.objects.values()\n".repeat(12);
    console::run(&page, &format!("{before}Student.objects.get(id=0)")).await?;
    page.until_text("first-wrong", "1 error").await?;
    page.until("the error is in view", IN_VIEW).await
}

const IN_VIEW: &str = "
const list = document.querySelector('[data-testid=cards]').getBoundingClientRect();
const card = document.querySelector('[data-testid=exception]').getBoundingClientRect();
return card.top >= list.top && card.bottom <= list.bottom + 1";

pub(crate) async fn a_mend_is_taken(flow: &Flow<'_>) -> Result<()> {
    let page = flow.open(Look::WIDE).await?;
    console::run(&page, "[e.student.name for e in Enrollment.objects.all()]").await?;
    page.until_text("repeated", "select_related").await?;
    page.test_id("mend").await?.click().await?;
    page.until_count("repeated", 0).await?;
    page.until_text("script-count", "1 SQL").await?;
    // What the statement goes along is lit in the diagram.
    page.until(
        "the edge is lit",
        "return document.querySelector('.edge.is-walked')?.getAttribute('aria-label')?.startsWith('Enrollment.student')",
    )
    .await
}

pub(crate) async fn a_phone_runs_a_script(flow: &Flow<'_>) -> Result<()> {
    let page = flow.open(Look::PHONE).await?;
    page.role("tab", "Query").await?.click().await?;
    page.press("Run…").await?;
    page.until_text("script-count", "statements").await?;
    let wide: bool =
        page.js("return document.documentElement.scrollWidth > innerWidth", &[]).await?;
    ensure!(!wide, "the page is wider than the phone");
    let over: Vec<String> = page
        .js(
            "return [...document.querySelectorAll('.pane-data button, .card')].filter(each => each.getBoundingClientRect().right > innerWidth + 1).map(each => each.innerText)",
            &[],
        )
        .await?;
    ensure!(over.is_empty(), "these stand outside of the phone: {over:?}");
    Ok(())
}
