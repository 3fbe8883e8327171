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

/// Opens one problem after the other until one contains this, and gives its text: its title, what the ORM says, and why.
///
/// # Errors
/// None does, in a long time.
pub async fn until_one_explains(page: &Page, part: &str) -> Result<String> {
    let script = "const [at] = arguments;
        const problem = [...document.querySelectorAll('[data-testid=problem]')].filter(e => e.checkVisibility())[at];
        problem?.querySelector('[aria-expanded=false]')?.click();
        return new Promise(done => requestAnimationFrame(() => setTimeout(() => done(problem?.innerText ?? ''), 30)))";
    page.wait(&format!("a problem explains `{part}`"), || async {
        for at in 0..all(page).await?.len() {
            let text: String = page.js(script, &[at.into()]).await?;
            if text.contains(part) {
                return Ok(Some(text));
            }
        }
        Ok(None)
    })
    .await
}
