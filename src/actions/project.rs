//! The project as a whole.

use leptos::prelude::*;

use super::{Action, InText};
use crate::state::ui::Overlay;

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
