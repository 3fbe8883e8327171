//! Scripts of ORM calls and what they came to.

use anyhow::Result;
use thirtyfour::prelude::*;

use super::query;
use crate::page::Page;

/// Writes a script in place of what is there. Each line is given as it is: the editor indents by itself only after Enter.
///
/// # Errors
/// There is no field for it.
pub async fn write(page: &Page, script: &str) -> Result<()> {
    query::focus(page, "python").await?;
    page.control('a').await?;
    page.keys(Key::Delete).await?;
    for (at, line) in script.lines().enumerate() {
        if at > 0 {
            // Closes what is offered, and takes back the indentation that Enter may bring.
            page.keys("\n").await?;
            page.together(Key::Shift, Key::Home).await?;
        }
        page.keys(line).await?;
    }
    Ok(())
}

/// Writes a script and runs it with the keyboard; waits for what it came to.
///
/// # Errors
/// It does not end, in a long time.
pub async fn run(page: &Page, script: &str) -> Result<()> {
    write(page, script).await?;
    page.control(Key::Enter).await
}

/// The texts of what has this test id, in order.
///
/// # Errors
/// The page is gone.
pub async fn texts(page: &Page, id: &str) -> Result<Vec<String>> {
    let script = "return [...document.querySelectorAll(`[data-testid='${arguments[0]}']`)].map(found => found.innerText.trim())";
    page.js(script, &[serde_json::json!(id)]).await
}
