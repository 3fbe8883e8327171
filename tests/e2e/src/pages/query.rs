//! SQL and its results.

use anyhow::Result;
use serde_json::json;
use thirtyfour::prelude::*;

use crate::page::Page;

/// Shows the query in SQL.
///
/// # Errors
/// There is no tab for it.
pub async fn show(page: &Page) -> Result<()> {
    page.role("tab", "Query").await?.click().await?;
    Ok(page.role_in("radio", "SQL", Some("query-language")).await?.click().await?)
}

/// Writes SQL in place of what is there, and runs it with the keyboard.
///
/// # Errors
/// There is no field for it.
pub async fn run(page: &Page, sql: &str) -> Result<()> {
    write(page, sql).await?;
    page.control(Key::Enter).await
}

/// Writes SQL in place of what is there.
///
/// # Errors
/// There is no field for it.
pub async fn write(page: &Page, sql: &str) -> Result<()> {
    focus(page, "sql").await?;
    page.control('a').await?;
    page.keys(sql).await
}

/// Puts the focus into the editor of a language: `sql` or `python`.
///
/// # Errors
/// There is no such editor.
pub async fn focus(page: &Page, language: &str) -> Result<()> {
    page.test_id(language).await?;
    // A plain text area, or an editor in a shadow root.
    page.js::<()>(
        "const host = document.querySelector(`[data-testid=${arguments[0]}]`);
         const roots = [host, ...host.querySelectorAll('*')].map(e => e.shadowRoot).filter(Boolean);
         const field = host.matches('textarea') ? host : host.querySelector('textarea') ?? [host, ...roots].map(r => r.querySelector('.cm-content')).find(Boolean);
         field.focus();",
        &[json!(language)],
    )
    .await
}

/// The result as rows of texts, the heads first.
///
/// # Errors
/// There is none, in a long time.
pub async fn rows(page: &Page) -> Result<Vec<Vec<String>>> {
    page.test_id("result-grid").await?;
    let script = "const grid = document.querySelector('[data-testid=result-grid]');
        return [...grid.querySelectorAll('[role=row], tr')].map(row =>
          [...row.querySelectorAll('[role=columnheader], [role=gridcell], [role=cell], th, td')].map(cell => cell.innerText.trim()))";
    page.js(script, &[json!(null)]).await
}
