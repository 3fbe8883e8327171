//! The list of problems.

use anyhow::Result;

use crate::page::Page;

/// The texts of the problems, in their order.
///
/// # Errors
/// The page cannot be asked.
pub async fn all(page: &Page) -> Result<Vec<String>> {
    page.js("return [...document.querySelectorAll('[data-testid=problem]')].filter(e => e.checkVisibility()).map(e => e.innerText)", &[]).await
}

/// Waits until a problem's text contains this, and gives the text.
///
/// # Errors
/// None does, in a long time.
pub async fn until_one_says(page: &Page, part: &str) -> Result<String> {
    page.wait(&format!("a problem says `{part}`"), || async {
        Ok(all(page).await?.into_iter().find(|text| text.contains(part)))
    })
    .await
}

/// Waits until no problem's text contains this.
///
/// # Errors
/// One does, for a long time.
pub async fn until_none_says(page: &Page, part: &str) -> Result<()> {
    page.wait(&format!("no problem says `{part}`"), || async {
        Ok((!all(page).await?.iter().any(|text| text.contains(part))).then_some(()))
    })
    .await
}
