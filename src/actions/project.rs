//! The project as a whole.

use leptos::prelude::*;

use super::{Action, InText};
use crate::platform::clipboard;
use crate::state::Pane;
use crate::state::ui::{Overlay, ToastKind, Undo};

/// Opens the share popover.
pub static SHARE: Action = Action {
    id: "share",
    label: |_| "Share".into(),
    icon: "share-2",
    keys: &["Ctrl+Shift+S"],
    in_text: InText::Ours,
    enabled: |_| true,
    run: |app| app.ui.overlay.set(Some(Overlay::Share)),
};

/// Opens the examples menu.
pub static EXAMPLES: Action = Action {
    id: "examples",
    label: |_| "Open an example".into(),
    icon: "folder-open",
    keys: &[],
    in_text: InText::Ours,
    enabled: |_| true,
    run: |app| app.ui.overlay.set(Some(Overlay::Examples)),
};

/// Takes the clipboard's text in the place of the models.
pub static PASTE: Action = Action {
    id: "paste-models",
    label: |_| "Paste models".into(),
    icon: "clipboard-paste",
    keys: &[],
    in_text: InText::Ours,
    enabled: |_| true,
    run: |app| {
        leptos::task::spawn_local(async move {
            match clipboard::read().await {
                Some(text) if text.trim().is_empty() => {
                    app.toast(ToastKind::Note, "There is no text in the clipboard.", Undo::None);
                }
                Some(text) => app.paste_models(&text),
                None => {
                    app.ui.pane.set(Pane::Source);
                    app.toast(
                        ToastKind::Note,
                        "This browser does not let the page read the clipboard. Select all of the source and paste there.",
                        Undo::None,
                    );
                }
            }
        });
    },
};
