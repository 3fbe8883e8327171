//! The query and the engine behind it.

use leptos::prelude::*;

use throughline_core::convert::{Names, convert};
use throughline_core::{analyze, live, orm};
use throughline_worker::protocol::{Ask, Counterpart, Models, Range, Tell};

use super::{Action, InText};
use crate::platform::rest;
use crate::state::run::{Excerpt, Status};
use crate::state::ui::Language;
use crate::state::{App, DataTab, Pane};

/// Runs what stands in the query editor: calls or SQL.
pub static RUN: Action = Action {
    id: "run",
    label: |app| {
        match app.ui.language.get() {
            Language::Calls => "Run the script",
            Language::Sql => "Run the query",
        }
        .into()
    },
    icon: "play",
    keys: &["Ctrl+Enter"],
    in_text: InText::Ours,
    enabled: |app| {
        let text = match app.ui.language.get() {
            Language::Calls => app.script,
            Language::Sql => app.sql,
        };
        text.with(|text| !text.trim().is_empty())
            && app.engine.status.with(|status| !matches!(status, Status::Running { .. }))
    },
    run: |app| {
        app.ui.data_tab.set(DataTab::Query);
        app.ui.pane.set(Pane::Data);
        // Pressed while the page's code still comes, it waits: to load the rest at once would hold up the worker's start, too.
        rest::once_whole(move || match app.ui.language.get_untracked() {
            Language::Calls => play(app, Excerpt::whole(app.script.get_untracked())),
            Language::Sql => app.engine.run(&app.sql.get_untracked()),
        });
    },
};

/// Runs a script of ORM calls on the project's models.
pub fn play(app: App, script: Excerpt) {
    app.engine.play(models(app), script);
}

/// Shows a statement of the script in the other ORMs.
pub fn say_elsewhere(app: App, range: Range) {
    let source = app.script.get_untracked().to_string();
    let ask = Ask::Elsewhere { models: models(app), others: others(app), source, range };
    app.engine.ask(ask, move |tell| {
        if let Tell::Elsewhere(all) = tell {
            app.engine.elsewhere.set(Some(all.into()));
        }
    });
}

/// The project's models, as the worker is told of them.
pub fn models(app: App) -> Models {
    Models {
        known: app.derived.live.get_untracked().to_vec(),
        source: app.derived.source.get_untracked().to_string(),
    }
}

/// The same models in the other ORMs, with the names that those give.
fn others(app: App) -> Vec<Counterpart> {
    let Some(own) = orm::by_id(app.derived.orm.get_untracked()) else { return Vec::new() };
    let analysis = analyze(own, &app.derived.source.get_untracked());
    let others = orm::ALL.iter().filter(|other| other.profile().id != own.profile().id);
    let one = |other: &&'static dyn orm::Orm| {
        let written = convert(own, &analysis, *other, Names::OrmDefault);
        let models = written.map(|written| {
            let known = live::Models::of(&analyze(*other, &written.source)).to_bytes();
            Models { known, source: String::new() }
        });
        Counterpart { title: other.profile().title.to_owned(), models }
    };
    others.map(one).collect()
}

/// Goes from calls to SQL, and back.
pub static LANGUAGE: Action = Action {
    id: "language",
    label: |app| match app.ui.language.get() {
        Language::Calls => "Query in SQL".into(),
        Language::Sql => {
            let orm = orm::by_id(app.derived.orm.get());
            format!("Query in {}", orm.map_or("Python", |orm| orm.profile().title))
        }
    },
    icon: "play",
    keys: &[],
    in_text: InText::Ours,
    enabled: |_| true,
    run: |app| {
        app.ui.set_language(match app.ui.language.get_untracked() {
            Language::Calls => Language::Sql,
            Language::Sql => Language::Calls,
        });
        app.ui.data_tab.set(DataTab::Query);
        app.ui.pane.set(Pane::Data);
    },
};

/// Stops what is running.
pub static CANCEL: Action = Action {
    id: "cancel-query",
    label: |_| "Cancel the running query".into(),
    icon: "square",
    keys: &["Escape"],
    in_text: InText::Ours,
    enabled: |app| app.engine.status.with(|status| matches!(status, Status::Running { .. })),
    run: |app| app.engine.cancel(),
};

/// Ends the worker and starts another one.
pub static RESTART: Action = Action {
    id: "restart-engine",
    label: |_| "Restart the engine".into(),
    icon: "rotate-ccw",
    keys: &[],
    in_text: InText::Ours,
    enabled: |_| true,
    run: |app| app.engine.restart(),
};

/// Puts the sample rows in the place of the user's own.
pub static RESET_ROWS: Action = Action {
    id: "reset-rows",
    label: |_| "Bring the sample rows back".into(),
    icon: "database",
    keys: &[],
    in_text: InText::Ours,
    enabled: |app| app.rows.with(|rows| !rows.is_empty()),
    run: |app| app.engine.reset_rows(),
};
