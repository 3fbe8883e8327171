//! One test: its browsers, and what is left of them when it fails.

use std::cell::RefCell;
use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind};

use anyhow::{Context as _, Result, anyhow, bail};

use crate::page::{Look, Page};
use crate::world::World;

/// A test while it runs.
pub struct Flow<'w> {
    /// The served app.
    pub world: &'w World,
    name: &'w str,
    pages: RefCell<Vec<Page>>,
}

impl<'w> Flow<'w> {
    /// Runs a test to its end, on this thread. It fails if it says so, if it panics, or if a browser has complained.
    ///
    /// # Errors
    /// The failure, with where the evidence of it is.
    pub fn run(
        world: &'w World,
        name: &'w str,
        test: impl AsyncFnOnce(&Self) -> Result<()>,
    ) -> Result<()> {
        let flow = Self { world, name, pages: RefCell::default() };
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        let outcome = catch_unwind(AssertUnwindSafe(|| runtime.block_on(test(&flow))));
        runtime.block_on(
            flow.end(outcome.unwrap_or_else(|panic| Err(anyhow!("{}", words_of(&*panic))))),
        )
    }

    /// Opens the app in a browser with a fresh profile.
    ///
    /// # Errors
    /// The browser does not start, or the page does not come up.
    pub async fn open(&self, look: Look) -> Result<Page> {
        let page = self.browser(look).await?;
        page.visit(self.world.address()).await?;
        Ok(page)
    }

    /// A browser with a fresh profile, on an empty page.
    ///
    /// # Errors
    /// It does not start.
    pub async fn browser(&self, look: Look) -> Result<Page> {
        let page = Page::start(self.world, look).await.context("starting a browser")?;
        self.pages.borrow_mut().push(page.clone());
        Ok(page)
    }

    async fn end(&self, mut outcome: Result<()>) -> Result<()> {
        let pages = self.pages.take();
        for (number, page) in pages.iter().enumerate() {
            let complaints = page
                .complaints()
                .await
                .unwrap_or_else(|error| vec![format!("the console cannot be read: {error}")]);
            if outcome.is_ok() && !complaints.is_empty() {
                outcome = Err(anyhow!("the browser complained:\n{}", complaints.join("\n")));
            }
            if outcome.is_err() {
                // Whatever can be kept of it; the failure itself matters more than a failure to keep it.
                let _ = self.keep_evidence(page, number, &complaints).await;
            }
        }
        for page in pages {
            let _ = page.quit().await;
        }
        match outcome {
            Ok(()) => Ok(()),
            Err(error) => {
                let told = format!("{error:#}");
                // The driver adds its own stack, which says nothing about the page.
                let telling: Vec<_> =
                    told.lines().filter(|line| !line.trim_start().starts_with('#')).collect();
                bail!("{}\nsee {}/{}-*", telling.join("\n"), World::evidence().display(), self.name)
            }
        }
    }

    async fn keep_evidence(&self, page: &Page, number: usize, complaints: &[String]) -> Result<()> {
        let folder = World::evidence();
        fs::create_dir_all(&folder)?;
        let file = |kind: &str| folder.join(format!("{}-{}.{kind}", self.name, number + 1));
        fs::write(file("log"), complaints.join("\n"))?;
        fs::write(file("html"), page.dom().await?)?;
        page.screenshot(&file("png")).await
    }
}

fn words_of(panic: &(dyn std::any::Any + Send)) -> &str {
    panic
        .downcast_ref::<String>()
        .map(String::as_str)
        .or_else(|| panic.downcast_ref::<&str>().copied())
        .unwrap_or("it panicked")
}
