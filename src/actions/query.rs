//! The query and the engine behind it.

use leptos::prelude::*;

use super::{Action, InText};
use crate::state::run::Status;
use crate::state::{DataTab, Pane};

/// Runs the SQL in the query editor.
pub static RUN: Action = Action {
    id: "run",
    label: |_| "Run the query".into(),
    icon: "play",
    keys: &["Ctrl+Enter"],
    in_text: InText::Ours,
    enabled: |app| {
        app.sql.with(|sql| !sql.trim().is_empty())
            && app.engine.status.with(|status| !matches!(status, Status::Running { .. }))
    },
    run: |app| {
        app.ui.data_tab.set(DataTab::Query);
        app.ui.pane.set(Pane::Data);
        app.engine.run(&app.sql.get_untracked());
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
