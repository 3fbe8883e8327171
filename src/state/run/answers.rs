//! What comes back from the workers.

use std::sync::Arc;

use leptos::prelude::*;
use throughline_worker::protocol::{
    Ask, Chunk, List, Lost, Report, Response, TableCount, TableDump, Tell,
};

use super::news::{Cause, News};
use super::recipe::Recipe;
use super::wire::Pending;
use super::{Engine, Failed, PAUSE, Shown, Status, rows_text};
use crate::platform::worker::Heard;

/// Bytes of SQL that a project takes up for the user's own rows.
const PROJECT_ROWS: usize = 256 << 10;
/// Rows that are kept in the page besides, to build the database again.
const KEPT_ROWS: u32 = 50_000;
/// Crashes in a row, without the database ever being there, after which the engine is given up.
const CRASHES: u32 = 3;

/// Something came from a worker.
pub(super) fn hear(engine: Engine, number: u32, heard: Heard) {
    let main = engine.with(|inner| inner.wire.is_main(number)).unwrap_or_default();
    match heard {
        Heard::Told(Response { tell: Tell::Ready, .. }) => {
            let _ = engine.with(|inner| inner.wire.ready(number));
        }
        Heard::Told(Response { tell: Tell::Panic(why), .. }) if main => {
            let _ = engine.with(|inner| inner.last_words = Some(why));
        }
        Heard::Told(response) if main => answer(engine, response),
        Heard::Told(Response { tell: Tell::Loaded { tables, .. }, .. }) => {
            let _ = engine.with(|inner| inner.wire.spare_loaded(number, tables));
        }
        Heard::Told(_) => {}
        Heard::Died(why) if main => crashed(engine, why),
        Heard::Died(_) => drop(engine.with(|inner| inner.wire.spare_died(number))),
    }
}

/// An answer to a request. What nobody waits for any more is dropped.
fn answer(engine: Engine, response: Response) {
    if let Tell::Progress { done } = response.tell {
        progress(engine, response.id, done);
        return;
    }
    let pending = engine.with(|inner| inner.wire.pending.remove(&response.id)).flatten();
    match (pending, response.tell) {
        (Some(Pending::Load), Tell::Loaded { tables, lost }) => loaded(engine, tables, &lost),
        (Some(Pending::Run { sql }), Tell::Ran(report)) => ran(engine, response.id, &sql, report),
        (Some(Pending::Play { script }), Tell::Played(report)) => {
            engine.played(response.id, script, report)
        }
        (Some(Pending::Page(list)), Tell::Page { from, rows }) => {
            engine.pages.update(|pages| pages.put(&list, from, rows.0))
        }
        (Some(Pending::Page(list)), Tell::Gone(why)) => {
            engine.pages.update(|pages| pages.lose(&list, why))
        }
        (Some(Pending::Csv(then)), Tell::Csv(csv)) => then(Ok(csv)),
        (Some(Pending::Csv(then)), Tell::Gone(why)) => then(Err(why)),
        (Some(Pending::Question(then)), tell) => then(tell),
        (Some(Pending::Dump), Tell::Dump(dump)) => dumped(engine, dump),
        (Some(Pending::Ping), Tell::Pong) => {}
        (None, _) => {}
        // A worker of another version: it would go on like this.
        (Some(_), tell) => {
            crashed(engine, format!("an answer that does not fit the question: {tell:?}"))
        }
    }
}

fn progress(engine: Engine, id: u32, now_done: u32) {
    if engine.with(|inner| inner.running == Some(id)) == Some(true) {
        engine.status.update(|status| {
            if let Status::Running { done, .. } = status {
                *done = now_done;
            }
        });
    }
}

/// The database is there.
pub(super) fn loaded(engine: Engine, tables: Vec<TableCount>, lost: &[Lost]) {
    let state = engine.with(|inner| {
        inner.crashes = 0;
        (
            inner.cause.take(),
            inner.recipe.is_partial(),
            inner.running.is_some(),
            inner.wire.waits(|pending| matches!(pending, Pending::Load)),
        )
    });
    let Some((cause, partial, running, more)) = state else { return };
    if let Some(cause) = &cause {
        let mut news = News::again(cause, &tables, lost);
        if partial {
            news.text.push_str(" The last changes of rows were too many to be kept, and are lost.");
        }
        engine.news.set(Some(news));
    } else if let Some(news) = News::lost(lost) {
        engine.news.set(Some(news));
    }
    engine.tables.set(Arc::new(tables));
    if !running && !more {
        engine.status.set(Status::Idle);
    }
}

/// Something that ran has ended; whether it is what is shown as running.
pub(super) fn ended(
    engine: Engine,
    id: u32,
    changed: bool,
    tables: Vec<TableCount>,
    keep: impl FnOnce(&mut Recipe),
) -> bool {
    let newest = engine.with(|inner| {
        if changed {
            keep(&mut inner.recipe);
            inner.wire.ask(Ask::Dump { max_rows: KEPT_ROWS }, Pending::Dump);
        }
        let newest = inner.running == Some(id);
        if newest {
            inner.running = None;
            inner.wire.close_spare();
        }
        newest
    });
    engine.tables.set(Arc::new(tables));
    if newest == Some(true) {
        engine.status.set(Status::Idle);
    }
    newest == Some(true)
}

fn ran(engine: Engine, id: u32, sql: &str, mut report: Report) {
    let tables = report.tables.clone();
    if !ended(engine, id, report.changed, tables, |recipe| recipe.ran(sql)) {
        return;
    }
    let sql: Arc<str> = sql.into();
    let failed = report.fault().cloned().map(|fault| Failed {
        sql: sql.clone(),
        fault,
        ran: report.steps.len().saturating_sub(1),
    });
    engine.failed.set(failed.clone().map(Arc::new));
    let part = report.first_list();
    let Chunk(rows) = std::mem::take(&mut report.first_rows);
    let shown = Shown { run: id, sql, report };
    // An error alone leaves the rows from before on screen.
    if failed.is_none() || part.is_some() {
        if let Some(part) = part.clone() {
            engine.pages.update(|pages| pages.begin(List { run: id, part }, rows));
        }
        engine.part.set(part);
        engine.shown.set(Some(Arc::new(shown)));
    }
}

/// The database as it is after a script that changed it: the project takes the rows, where they are not too many.
fn dumped(engine: Engine, dump: Option<Vec<TableDump>>) {
    let text = dump.as_deref().map(rows_text::write).filter(|text| text.len() <= PROJECT_ROWS);
    let app = engine.with(|inner| {
        if let Some(dump) = dump {
            inner.recipe.dumped(dump);
        }
        inner.unsaved = text.is_none();
        if let (Some(text), Some((_, rows))) = (&text, &mut inner.loaded) {
            *rows = text.as_str().into();
        }
        inner.app
    });
    match text {
        Some(text) => drop(app.flatten().map(|app| app.set_rows(&text, Engine::ROWS_STEP))),
        None => engine.news.set(Some(News::too_many("256 KB"))),
    }
}

/// The worker has ended.
pub(super) fn crashed(engine: Engine, why: String) {
    let crashed = engine.with(|inner| {
        let why = inner.last_words.take().unwrap_or(why);
        inner.crashes += 1;
        let running = inner.running.take();
        inner.wire.close();
        inner.cause = Some(if running.is_some() {
            Cause::Crashed(why.clone())
        } else {
            Cause::Ended(why.clone())
        });
        (inner.crashes, why)
    });
    let Some((crashes, why)) = crashed else { return };
    if crashes > CRASHES {
        engine.status.set(Status::Broken);
        engine.news.set(Some(News::no_engine(&why)));
    } else {
        engine.status.set(Status::Starting);
        set_timeout(move || engine.open_if_needed(), PAUSE * crashes);
    }
}
