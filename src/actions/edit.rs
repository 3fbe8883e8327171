//! Back and forth.

use leptos::prelude::*;

use super::{Action, InText};

/// One step back.
pub static UNDO: Action = Action {
    id: "undo",
    label: |app| {
        app.undo_label.get().map_or_else(|| "Undo".into(), |label| format!("Undo: {label}"))
    },
    icon: "undo-2",
    keys: &["Ctrl+Z"],
    in_text: InText::Theirs,
    enabled: |app| app.undo_label.with(Option::is_some),
    run: |app| app.undo(),
};

/// One step forward again.
pub static REDO: Action = Action {
    id: "redo",
    label: |app| {
        app.redo_label.get().map_or_else(|| "Redo".into(), |label| format!("Redo: {label}"))
    },
    icon: "redo-2",
    keys: &["Ctrl+Shift+Z", "Ctrl+Y"],
    in_text: InText::Theirs,
    enabled: |app| app.redo_label.with(Option::is_some),
    run: |app| app.redo(),
};
