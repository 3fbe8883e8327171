//! From the project to the database: at the start, when tables or rows change, and the watch over the worker.

use std::sync::Arc;
use std::time::Duration;

use leptos::leptos_dom::helpers::TimeoutHandle;
use leptos::prelude::*;
use throughline_core::sql::{self, Dialect};
use throughline_core::tables::{Column, Tables};
use throughline_core::{play_tables, sample};
use throughline_worker::protocol::{Ask, Rows, Start, TableDump, TableRows};

use super::news::Tone;
use super::recipe::Recipe;
use super::wire::Pending;
use super::{Engine, Status, answers, rows_text};
use crate::platform::rest;
use crate::state::App;

/// How long the models rest before the database follows them.
const REST: Duration = Duration::from_millis(250);
/// How often the worker is asked for a sign of life.
const PING: Duration = Duration::from_secs(5);

impl Engine {
    /// Starts the worker once the page has been painted, and keeps the database like the project from then on.
    pub(in crate::state) fn start(self, app: App) {
        self.with(|inner| inner.app = Some(app));
        let timer = StoredValue::new(None::<TimeoutHandle>);
        let painted = RwSignal::new(false);
        // The first frame is the page's; the second comes after it was shown.
        request_animation_frame(move || {
            request_animation_frame(move || rest::once_whole(move || painted.set(true)))
        });
        Effect::new(move |started: Option<bool>| {
            if !painted.get() {
                return false;
            }
            // Read, not only tracked: a memo that nobody has read yet does not follow what it is made of.
            app.derived.tables.with(|_| ());
            app.rows.with(|_| ());
            if started == Some(true) {
                timer.get_value().inspect(TimeoutHandle::clear);
                timer.set_value(set_timeout_with_handle(move || self.load_now(), REST).ok());
            } else {
                self.load_now();
            }
            true
        });
        let ping = set_interval_with_handle(move || self.ping(), PING);
        on_cleanup(move || drop(ping.map(|ping| ping.clear())));
    }

    /// Has the worker build the database of the project, where that is another than it has.
    pub(super) fn load_now(self) {
        let Some(app) = self.with(|inner| inner.app).flatten() else { return };
        let (tables, rows) = (app.derived.tables.get_untracked(), app.rows.get_untracked());
        let document = app.derived.document.get_untracked();
        let ddl = sql::ddl(&play_tables(&document, &tables), Dialect::Engine);
        let orm = app.derived.orm.get_untracked();
        let changed = self.with(|inner| {
            if inner.loaded.as_ref().is_some_and(|(had, of)| *had == ddl && *of == rows) {
                return None;
            }
            let same_rows = inner.loaded.as_ref().is_some_and(|(_, of)| *of == rows);
            let start = Start::Schema {
                ddl: ddl.clone(),
                rows: source(
                    &tables,
                    &rows,
                    inner.recipe.own_rows().filter(|_| inner.unsaved && same_rows),
                ),
            };
            inner.unsaved &= same_rows;
            inner.recipe = Recipe::begin(start, orm);
            inner.loaded = Some((ddl, rows));
            if let (true, Some(ask)) = (inner.wire.is_open(), inner.recipe.ask()) {
                inner.wire.ask(ask, Pending::Load);
            }
            Some(())
        });
        if changed.flatten().is_none() {
            return;
        }
        if self.status.get_untracked() != Status::Broken {
            self.open_if_needed();
        }
        // What was said of rows that did not fit is no longer about these.
        self.news.update(|news| drop(news.take_if(|news| news.tone == Tone::Warning)));
    }

    /// Asks the worker for a sign of life; where the last question still waits, the worker is gone.
    fn ping(self) {
        let gone = self.with(|inner| {
            let busy = inner.wire.waits(|pending| {
                matches!(
                    pending,
                    Pending::Run { .. }
                        | Pending::Play { .. }
                        | Pending::Load
                        | Pending::Csv(_)
                        | Pending::Dump
                )
            });
            if busy || !inner.wire.is_open() {
                return false;
            }
            let gone = inner.wire.waits(|pending| matches!(pending, Pending::Ping));
            if !gone {
                inner.wire.ask(Ask::Ping, Pending::Ping);
            }
            gone
        });
        if gone == Some(true) {
            answers::crashed(self, "it no longer answers".into());
        }
    }

    /// Whether the user's rows are the sample rows.
    pub fn has_sample_rows(self) -> bool {
        self.with(|inner| inner.app).flatten().is_some_and(|app| app.rows.get().is_empty())
    }

    /// Puts the sample rows in the place of the user's own; a step of the history.
    pub fn reset_rows(self) {
        self.with(|inner| {
            if std::mem::take(&mut inner.unsaved) {
                inner.loaded = None;
            }
        });
        if let Some(app) = self.with(|inner| inner.app).flatten() {
            app.set_rows("", "bring sample rows back");
        }
        self.load_now();
    }
}

/// Where the rows come from: those that only the page has, the project's, or the sample.
fn source(tables: &Tables, rows: &Arc<str>, unsaved: Option<Vec<TableDump>>) -> Rows {
    let samples = || {
        sample::rows(tables).into_iter().map(|sample| TableRows {
            table: sample.table,
            columns: sample.columns,
            rows: sample.rows,
        })
    };
    match unsaved {
        Some(own) => Rows::Own {
            tables: own,
            fill: samples().map(|sample| required(tables, sample)).collect(),
        },
        None if rows.is_empty() => Rows::Sample(samples().collect()),
        None => rows_text::read(rows, samples().map(|sample| required(tables, sample)).collect()),
    }
}

/// The columns of the sample that a row cannot be without.
fn required(tables: &Tables, sample: TableRows) -> TableRows {
    let must = |column: &&Column| !column.null && !column.auto && column.default.is_none();
    let names: Vec<&str> = tables
        .table(&sample.table)
        .map(|table| table.columns.iter().filter(must).map(|column| column.name.as_str()).collect())
        .unwrap_or_default();
    let kept: Vec<bool> =
        sample.columns.iter().map(|name| names.contains(&name.as_str())).collect();
    let pick = |cells: Vec<String>| {
        cells
            .into_iter()
            .zip(&kept)
            .filter(|(_, kept)| **kept)
            .map(|(cell, _)| cell)
            .collect::<Vec<_>>()
    };
    TableRows {
        table: sample.table,
        columns: pick(sample.columns),
        rows: sample.rows.into_iter().map(pick).collect(),
    }
}
