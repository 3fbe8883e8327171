//! The engine as the page has it: a worker with the project's tables and rows, the last script's results, and the way
//! back after a stop or a crash.
//!
//! The project stays the one truth: tables follow from the models, rows from `rows` of the project. What scripts change
//! is written back there, so that a reload, a link and undo bring it all back. The worker can be ended at any time.

mod answers;
mod load;
mod news;
mod pages;
mod played;
mod recipe;
mod rows_text;
mod wire;

use std::ops::Range;
use std::sync::Arc;
use std::time::Duration;

use leptos::prelude::*;
use throughline_worker::protocol::{Ask, Chunk, Elsewhere, Fault, List, Part, Report, TableCount};

use super::App;
use crate::platform::clock;
use news::Cause;
use recipe::Recipe;
use wire::{Next, Pending, Wire};

pub use news::{News, Tone};
pub use pages::Pages;
pub use played::{Excerpt, Played};

/// A script that runs longer than this may be cancelled; by then a second worker should be there.
const SPARE_AFTER: Duration = Duration::from_millis(300);
/// How long after a crash the next worker is started; longer after each crash in a row.
const PAUSE: Duration = Duration::from_millis(50);

/// What the engine is doing.
#[derive(Clone, Debug, PartialEq)]
pub enum Status {
    /// Its code or the database is being loaded.
    Starting,
    /// It waits for something to do.
    Idle,
    /// A script runs.
    Running {
        /// When it began, by the page's clock.
        since: f64,
        /// Statements that are done.
        done: u32,
    },
    /// It cannot be started; the news say why.
    Broken,
}

/// A script that ran, and what came of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Shown {
    /// The request that ran it.
    pub run: u32,
    /// The script.
    pub sql: Arc<str>,
    /// What it did.
    pub report: Report,
}

impl Shown {
    /// A statement's text.
    pub fn statement(&self, step: usize) -> &str {
        let range = self.report.steps.get(step).map(|step| step.range).unwrap_or_default();
        self.sql.get(range.start as usize..range.end as usize).unwrap_or_default().trim()
    }
}

/// The error of the last script.
#[derive(Clone, Debug, PartialEq)]
pub struct Failed {
    /// The script.
    pub sql: Arc<str>,
    /// What is wrong with it.
    pub fault: Fault,
    /// How many of its statements ran before that one.
    pub ran: usize,
}

/// Handles of signals, and the worker behind them.
#[derive(Clone, Copy)]
pub struct Engine {
    /// What it is doing.
    pub status: RwSignal<Status>,
    /// The last script that gave something to show.
    pub shown: RwSignal<Option<Arc<Shown>>>,
    /// Which of its lists of rows is shown.
    pub part: RwSignal<Option<Part>>,
    /// The last script of ORM calls.
    pub played: RwSignal<Option<Arc<Played>>>,
    /// A statement of it in the other ORMs.
    pub elsewhere: RwSignal<Option<Arc<Vec<Elsewhere>>>>,
    /// The rows of it that are shown.
    pub opened: RwSignal<Option<Part>>,
    /// Why the last script stopped, where it did.
    pub failed: RwSignal<Option<Arc<Failed>>>,
    /// A place in the script that the editor is to show, as a byte offset.
    pub go_to: RwSignal<Option<u32>>,
    /// What became of the engine.
    pub news: RwSignal<Option<News>>,
    /// The tables and how many rows they have.
    pub tables: RwSignal<Arc<Vec<TableCount>>>,
    /// The rows that were looked at.
    pub pages: RwSignal<Pages>,
    inner: StoredValue<Inner, LocalStorage>,
}

/// What is not shown.
#[derive(Default)]
struct Inner {
    app: Option<App>,
    wire: Wire,
    recipe: Recipe,
    /// The DDL and the rows' text that the database was loaded from, or that it has come to hold.
    loaded: Option<(Vec<String>, Arc<str>)>,
    /// Whether the database has rows that the project could not take.
    unsaved: bool,
    /// The script that is shown as running, by its request.
    running: Option<u32>,
    /// Why the worker is being started again.
    cause: Option<Cause>,
    /// What the worker said before it ended.
    last_words: Option<String>,
    /// Crashes since the database was last loaded.
    crashes: u32,
}

impl Engine {
    /// What the history calls a script's change of rows.
    pub const ROWS_STEP: &str = "change rows";

    /// Not started.
    pub(super) fn new() -> Self {
        Self {
            status: RwSignal::new(Status::Starting),
            shown: RwSignal::new(None),
            part: RwSignal::new(None),
            played: RwSignal::new(None),
            elsewhere: RwSignal::new(None),
            opened: RwSignal::new(None),
            failed: RwSignal::new(None),
            go_to: RwSignal::new(None),
            news: RwSignal::new(None),
            tables: RwSignal::default(),
            pages: RwSignal::default(),
            inner: StoredValue::new_local(Inner::default()),
        }
    }

    /// Runs a script; what ran before stays on screen until it is done.
    pub fn run(self, sql: &str) {
        if !sql.trim().is_empty() {
            self.begin(Ask::Run { sql: sql.into() }, Pending::Run { sql: sql.into() });
        }
    }

    /// Has the worker run something, unless it is running something already.
    fn begin(self, ask: Ask, pending: Pending) {
        if matches!(self.status.get_untracked(), Status::Running { .. }) {
            return;
        }
        self.load_now();
        // After a crash the next worker may not have been started yet, or have been given up.
        self.open_if_needed();
        self.news.set(None);
        let asked = self.with(|inner| {
            let id = inner.wire.ask(ask, pending);
            inner.running = Some(id);
            id
        });
        let Some(id) = asked else { return };
        self.status.set(Status::Running { since: clock::now(), done: 0 });
        set_timeout(move || self.prepare_to_stop(id), SPARE_AFTER);
    }

    /// Starts a second worker while this script is still running.
    fn prepare_to_stop(self, run: u32) {
        self.with(|inner| {
            if inner.running != Some(run) {
                return;
            }
            // A worker whose code is still on its way would only wait longer beside another one.
            if !inner.wire.is_ready() {
                set_timeout(move || self.prepare_to_stop(run), SPARE_AFTER);
            } else if let Some(ask) = inner.recipe.ask() {
                inner.wire.open_spare(self, answers::hear, ask);
            }
        });
    }

    /// Stops the running script by ending the worker; the database is then as it was before.
    pub fn cancel(self) {
        if let Status::Running { since, .. } = self.status.get_untracked() {
            self.replace_worker(Cause::Cancelled(clock::now() - since));
        }
    }

    /// Ends the worker and starts another one with the same database.
    pub fn restart(self) {
        self.with(|inner| inner.crashes = 0);
        self.replace_worker(Cause::Restarted);
    }

    fn replace_worker(self, cause: Cause) {
        self.status.set(Status::Starting);
        let next = self.with(|inner| {
            inner.running = None;
            inner.cause = Some(cause);
            inner.wire.stop()
        });
        match next.flatten() {
            Some(Next::Loaded(tables)) => answers::loaded(self, tables, &[]),
            Some(Next::Waiting) => {}
            None => self.open(),
        }
    }

    /// Starts a worker, where there is none.
    fn open_if_needed(self) {
        if self.with(|inner| inner.wire.is_open()) == Some(false) {
            self.open();
        }
    }

    /// Starts a worker and has it build the database.
    fn open(self) {
        let opened = self.with(|inner| {
            inner.wire.open(self, answers::hear)?;
            if let Some(ask) = inner.recipe.ask() {
                inner.wire.ask(ask, Pending::Load);
            }
            Ok::<_, String>(())
        });
        if let Some(Err(why)) = opened {
            self.status.set(Status::Broken);
            self.news.set(Some(News::no_engine(&why)));
        }
    }

    /// Has these rows fetched, where they are not here yet.
    pub fn want(self, list: &List, rows: Range<u32>) {
        let missing = self.pages.try_update(|pages| pages.want(list, rows)).unwrap_or_default();
        self.with(|inner| {
            for from in missing {
                inner.wire.ask(
                    Ask::Page { list: list.clone(), from, count: Chunk::ROWS },
                    Pending::Page(list.clone()),
                );
            }
        });
    }

    /// Hands a whole list of rows as CSV to `then`, or why that cannot be had.
    pub fn csv(self, list: List, then: impl FnOnce(Result<String, String>) + 'static) {
        self.with(|inner| inner.wire.ask(Ask::Csv { list }, Pending::Csv(Box::new(then))));
    }

    /// Nothing where the page is being taken down.
    fn with<T>(self, change: impl FnOnce(&mut Inner) -> T) -> Option<T> {
        self.inner.try_update_value(change)
    }
}
