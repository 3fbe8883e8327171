//! The diagram.

use anyhow::{Context as _, Result};
use serde_json::{Value, json};
use thirtyfour::prelude::*;

use crate::page::Page;

/// Names of the models in view.
///
/// # Errors
/// The page cannot be asked.
pub async fn models(page: &Page) -> Result<Vec<String>> {
    names(page, "node-").await
}

/// Names of the relations in view: `Enrollment.student`.
///
/// # Errors
/// The page cannot be asked.
pub async fn edges(page: &Page) -> Result<Vec<String>> {
    names(page, "edge-").await
}

/// Names of the generated through tables in view.
///
/// # Errors
/// The page cannot be asked.
pub async fn through_tables(page: &Page) -> Result<Vec<String>> {
    names(page, "through-").await
}

async fn names(page: &Page, prefix: &str) -> Result<Vec<String>> {
    let script = "const [prefix] = arguments;
        return [...document.querySelectorAll(`[data-testid^=\"${prefix}\"]`)].filter(e => e.checkVisibility())
          .map(e => e.dataset.testid.slice(prefix.length)).sort()";
    page.js(script, &[json!(prefix)]).await
}

/// Waits until exactly these models are in view (given in alphabetical order).
///
/// # Errors
/// They are not, in a long time.
pub async fn until_models(page: &Page, wanted: &[&str]) -> Result<()> {
    page.wait(&format!("the diagram shows {wanted:?}"), || async {
        Ok((models(page).await? == wanted).then_some(()))
    })
    .await
}

/// Waits until a relation is in view.
///
/// # Errors
/// It is not, in a long time.
pub async fn until_edge(page: &Page, name: &str) -> Result<()> {
    let what = format!("the diagram shows the relation {name}");
    page.wait(&what, || async {
        Ok(edges(page).await?.iter().any(|edge| edge == name).then_some(()))
    })
    .await
}

/// Whether the border of a node is drawn dashed.
///
/// # Errors
/// There is no such element.
pub async fn is_dashed(page: &Page, test_id: &str) -> Result<bool> {
    let script = "const node = document.querySelector(`[data-testid=\"${arguments[0]}\"]`);
        return [node, ...node.querySelectorAll('rect, path')].some(e => !['none', ''].includes(getComputedStyle(e).strokeDasharray))";
    page.js(script, &[json!(test_id)]).await
}

/// The middle of an element on the screen.
///
/// # Errors
/// There is no such element.
pub async fn middle(page: &Page, test_id: &str) -> Result<(i64, i64)> {
    page.test_id(test_id).await?;
    let script = "const box = document.querySelector(`[data-testid=\"${arguments[0]}\"]`).getBoundingClientRect();
        return [Math.round(box.x + box.width / 2), Math.round(box.y + box.height / 2)]";
    page.js(script, &[json!(test_id)]).await.with_context(|| format!("where {test_id} is"))
}

/// Drags from one place to another, with the steps in between that a hand makes.
///
/// # Errors
/// The browser refuses.
pub async fn drag(page: &Page, from: (i64, i64), to: (i64, i64)) -> Result<()> {
    const STEPS: i64 = 8;
    let mut chain =
        page.driver.action_chain_with_delay(Some(std::time::Duration::from_millis(16)), None);
    chain = chain.move_to(from.0, from.1).click_and_hold();
    for step in 1..=STEPS {
        let between = |start: i64, end: i64| start + (end - start) * step / STEPS;
        chain = chain.move_to(between(from.0, to.0), between(from.1, to.1));
    }
    Ok(chain.release().perform().await?)
}

/// The boxes of all nodes on the screen, as x, y, width, height.
///
/// # Errors
/// The page cannot be asked.
pub async fn boxes(page: &Page) -> Result<Vec<(String, [f64; 4])>> {
    let script = "return [...document.querySelectorAll('[data-testid^=\"node-\"], [data-testid^=\"through-\"]')].map(e => {
        const b = (e.querySelector('.node-box') ?? e).getBoundingClientRect(); return [e.dataset.testid, [b.x, b.y, b.width, b.height]] })";
    page.js(script, &[Value::Null]).await
}

/// Pairs of nodes that lie over each other.
///
/// # Errors
/// The page cannot be asked.
pub async fn overlaps(page: &Page) -> Result<Vec<(String, String)>> {
    let boxes = boxes(page).await?;
    let mut found = Vec::new();
    for (index, (name, [x, y, width, height])) in boxes.iter().enumerate() {
        for (other, [left, top, wide, high]) in boxes.iter().skip(index + 1) {
            if x + width > *left && left + wide > *x && y + height > *top && top + high > *y {
                found.push((name.clone(), other.clone()));
            }
        }
    }
    Ok(found)
}

/// Puts the focus on a node.
///
/// # Errors
/// There is none with this name.
pub async fn select(page: &Page, model: &str) -> Result<()> {
    let node: WebElement = page.test_id(&format!("node-{model}")).await?;
    Ok(node.click().await?)
}
