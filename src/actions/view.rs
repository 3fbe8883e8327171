//! What is in view.

use leptos::prelude::*;

use super::{Action, InText};
use crate::platform::{page, storage};
use crate::state::ui::{Overlay, Theme};
use crate::state::{App, DataTab, Pane, Selection};

/// Opens the command palette.
pub static PALETTE: Action = Action {
    id: "palette",
    label: |_| "Search or run".into(),
    icon: "search",
    keys: &["Ctrl+K"],
    in_text: InText::Ours,
    enabled: |_| true,
    run: |app| app.ui.overlay.set(Some(Overlay::Palette)),
};

/// Goes from light to dark and back; the third time round it follows the system again.
pub static THEME: Action = Action {
    id: "theme",
    label: |app| {
        format!("Switch to {} theme", next(app.ui.theme.get(), app.ui.system_is_dark.get()).word())
    },
    icon: "moon",
    keys: &[],
    in_text: InText::Ours,
    enabled: |_| true,
    run: |app| {
        let theme = next(app.ui.theme.get_untracked(), app.ui.system_is_dark.get_untracked());
        app.ui.theme.set(theme);
        page::set_theme((theme != Theme::System).then(|| theme.word()));
        // A theme that cannot be kept is a theme for this visit.
        let _ = storage::write("theme", theme.word());
    },
};

/// What the toggle leads to: first the opposite of what is seen, then the other one, then the system's.
fn next(theme: Theme, system_is_dark: bool) -> Theme {
    match (theme, system_is_dark) {
        (Theme::System, false) | (Theme::Light, true) => Theme::Dark,
        (Theme::System, true) | (Theme::Dark, false) => Theme::Light,
        (Theme::Light, false) | (Theme::Dark, true) => Theme::System,
    }
}

macro_rules! show {
    ($name:ident, $doc:literal, $id:literal, $label:literal, $icon:literal, $pane:expr, $tab:expr) => {
        #[doc = $doc]
        pub static $name: Action = Action {
            id: $id,
            label: |_| $label.into(),
            icon: $icon,
            keys: &[],
            in_text: InText::Ours,
            enabled: |_| true,
            run: |app| show(app, $pane, $tab),
        };
    };
}

show!(
    SOURCE,
    "Shows the source.",
    "show-source",
    "Go to the source",
    "file-code",
    Pane::Source,
    None
);
show!(
    DIAGRAM,
    "Shows the diagram.",
    "show-diagram",
    "Go to the diagram",
    "workflow",
    Pane::Diagram,
    None
);
show!(
    PROBLEMS,
    "Shows the problems.",
    "show-problems",
    "Go to the problems",
    "triangle-alert",
    Pane::Problems,
    None
);
show!(
    QUERY,
    "Shows the query.",
    "show-query",
    "Go to the query",
    "play",
    Pane::Data,
    Some(DataTab::Query)
);
show!(
    TABLES,
    "Shows the tables.",
    "show-tables",
    "Go to the tables",
    "table-properties",
    Pane::Data,
    Some(DataTab::Tables)
);

show!(
    COMPARE,
    "Shows the comparison of the ORMs.",
    "show-compare",
    "Compare the ORMs",
    "equal",
    Pane::Data,
    Some(DataTab::Compare)
);

fn show(app: App, pane: Pane, tab: Option<DataTab>) {
    app.ui.pane.set(pane);
    // The comparison stands in the diagram's place.
    let leaves = pane == Pane::Diagram && app.ui.data_tab.get_untracked() == DataTab::Compare;
    if let Some(tab) = tab.or(leaves.then_some(DataTab::Query)) {
        app.ui.data_tab.set(tab);
    }
}

/// Chooses the next problem, round and round.
pub static NEXT_PROBLEM: Action = Action {
    id: "next-problem",
    label: |_| "Next problem".into(),
    icon: "circle-x",
    keys: &["F8"],
    in_text: InText::Ours,
    enabled: |app| app.derived.problems.with(|problems| !problems.is_empty()),
    run: |app| {
        let next = app.derived.problems.with_untracked(|problems| {
            let chosen = app.ui.chosen.get_untracked().what;
            let now = problems
                .iter()
                .position(|problem| chosen == Selection::Problem(problem.key.clone()));
            let next = now.map_or(0, |now| (now + 1) % problems.len().max(1));
            problems.get(next).map(|problem| problem.key.clone())
        });
        if let Some(key) = next {
            app.ui.pane.set(Pane::Problems);
            // Not chosen in any pane: every pane brings it into view.
            app.choose(Selection::Problem(key), Pane::Data);
        }
    },
};
