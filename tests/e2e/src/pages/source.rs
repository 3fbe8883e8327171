//! The source pane.

use anyhow::{Context as _, Result};
use serde_json::json;
use thirtyfour::prelude::*;

use crate::page::Page;

const LINES: &str = "
const host = document.querySelector('[data-testid=source]');
const root = host?.shadowRoot ?? host?.querySelector('*')?.shadowRoot ?? host;
const editors = [root, ...(host ? [...host.querySelectorAll('*')].map(e => e.shadowRoot) : [])];
const content = editors.map(e => e?.querySelector('.cm-content')).find(Boolean);";

/// The source as it stands in the editor. Long texts are cut to what the editor has drawn.
///
/// # Errors
/// There is no editor.
pub async fn text(page: &Page) -> Result<String> {
    let script = format!(
        "{LINES} return content ? [...content.querySelectorAll('.cm-line')].map(line => line.textContent).join('\\n') : null"
    );
    // The editor is loaded after the page.
    page.wait("the editor is there", || async { page.js(&script, &[]).await }).await
}

/// Waits until the source contains this.
///
/// # Errors
/// It does not, in a long time.
pub async fn until_contains(page: &Page, part: &str) -> Result<String> {
    page.wait(&format!("the source contains `{part}`"), || async {
        let text = text(page).await?;
        Ok(text.contains(part).then_some(text))
    })
    .await
}

/// Waits until the source does not contain this.
///
/// # Errors
/// It does, for a long time.
pub async fn until_without(page: &Page, part: &str) -> Result<()> {
    page.wait(&format!("the source is without `{part}`"), || async {
        Ok((!text(page).await?.contains(part)).then_some(()))
    })
    .await
}

/// The number of the first line that contains this, from one.
///
/// # Errors
/// There is none.
pub async fn line_of(page: &Page, part: &str) -> Result<usize> {
    let text = until_contains(page, part).await?;
    let line = text.lines().position(|line| line.contains(part)).context("the line went away")?;
    Ok(line + 1)
}

/// Puts the cursor at the end of a line, as a keyboard does.
///
/// # Errors
/// There is no editor.
pub async fn go_to_end_of_line(page: &Page, line: usize) -> Result<()> {
    focus(page).await?;
    page.control(Key::Home).await?;
    for _ in 1..line {
        page.keys(Key::Down).await?;
    }
    page.keys(Key::End).await
}

/// Puts the focus into the editor.
///
/// # Errors
/// There is no editor.
pub async fn focus(page: &Page) -> Result<()> {
    page.until(
        "the editor is there",
        &format!("{LINES} if (content) content.focus(); return !!content"),
    )
    .await
}

/// The numbers of the lines that are underlined as wrong.
///
/// # Errors
/// There is no editor.
pub async fn marked_lines(page: &Page) -> Result<Vec<usize>> {
    let script = format!(
        "{LINES} return [...content.querySelectorAll('.cm-line')].flatMap((line, i) =>
           line.querySelector('.cm-lintRange-error, .cm-lintRange-warning, .squiggle') ? [i + 1] : [])"
    );
    page.js(&script, &[]).await
}

/// Replaces the whole source by pasting.
///
/// # Errors
/// There is no editor.
pub async fn paste(page: &Page, text: &str) -> Result<()> {
    focus(page).await?;
    page.control('a').await?;
    let script = format!(
        "{LINES} const data = new DataTransfer(); data.setData('text/plain', arguments[0]);
         content.dispatchEvent(new ClipboardEvent('paste', {{ clipboardData: data, bubbles: true, cancelable: true }}));"
    );
    page.driver.execute(script, vec![json!(text)]).await?;
    Ok(())
}
