//! What the user can do: one object per action. Buttons, menus, the palette and keys all read it.

pub mod edit;
pub mod project;
pub mod query;
pub mod view;

use leptos::ev::KeyboardEvent;

use crate::platform::keyboard;
use crate::state::App;

pub use edit::{REDO, UNDO};
pub use project::{EXAMPLES, PASTE, SHARE};
pub use query::{CANCEL, RUN};
pub use view::{PALETTE, THEME};

/// Something that the user can do.
pub struct Action {
    /// Names it: `undo`.
    pub id: &'static str,
    /// What it is called now: "Undo: set related_name".
    pub label: fn(App) -> String,
    /// Its icon in the sprite of index.html.
    pub icon: &'static str,
    /// Its shortcuts, the first of which is shown: `Ctrl+Z`.
    pub keys: &'static [&'static str],
    /// Whether the shortcut is left to a text field that has the focus.
    pub in_text: InText,
    /// Whether it can be done now. Reactive.
    pub enabled: fn(App) -> bool,
    /// Does it.
    pub run: fn(App),
}

/// Whose a shortcut is while a text field has the focus.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum InText {
    /// The page's.
    Ours,
    /// The text field's.
    Theirs,
}

/// Every action, in the order of the palette.
pub static ALL: &[&Action] = &[
    &UNDO,
    &REDO,
    &SHARE,
    &EXAMPLES,
    &PASTE,
    &RUN,
    &CANCEL,
    &query::LANGUAGE,
    &query::RESET_ROWS,
    &query::RESTART,
    &view::SOURCE,
    &view::DIAGRAM,
    &view::PROBLEMS,
    &view::NEXT_PROBLEM,
    &view::QUERY,
    &view::TABLES,
    &view::COMPARE,
    &THEME,
    &PALETTE,
];

/// Runs the action whose shortcut was pressed.
pub fn handle_key(app: App, event: &KeyboardEvent) {
    if event.default_prevented() {
        return;
    }
    let in_text = keyboard::in_text(event);
    let found =
        ALL.iter().find(|action| action.keys.iter().any(|keys| keyboard::matches(event, keys)));
    let Some(action) = found.filter(|action| !in_text || action.in_text == InText::Ours) else {
        return;
    };
    // What cannot be done now leaves the key to others: Escape closes what is open.
    if leptos::prelude::untrack(|| (action.enabled)(app)) {
        event.prevent_default();
        (action.run)(app);
    }
}
