//! Where the project comes from when the page opens, and how it is kept: a link in the address, or this browser's storage.

use std::time::Duration;

use leptos::prelude::*;
use throughline_core::examples;
use throughline_core::link::{self, Project};

use super::ui::{Notice, Saved, WayBack};
use super::{App, Content};
use crate::platform::{location, page, storage};

/// How long after a change the work is saved.
const DELAY: Duration = Duration::from_millis(300);
/// The most projects that are kept besides the open one.
const KEPT: usize = 10;

/// What this browser keeps. Fields that a later version adds are filled in by default.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(default)]
struct Work {
    version: u32,
    project: Project,
    /// Whether the user changed it since it was opened; a project that was only looked at need not be kept.
    edited: bool,
}

/// Loads the project and keeps it from then on.
pub(super) fn start(app: App) {
    let edited = StoredValue::new(false);
    let saved = read::<Work>("work");
    let fragment = location::fragment();
    match (&saved, fragment.is_empty()) {
        (_, false) => open_link(app, &fragment, edited),
        (Some(work), true) => {
            edited.set_value(work.edited);
            app.load(work.project.clone().into());
        }
        (None, true) => app.load(first()),
    }
    location::on_fragment(move |fragment| {
        if !fragment.is_empty() {
            save(app, edited);
            open_link(app, &fragment, edited);
        }
    });
    page::on_leave(move || save(app, edited));
    keep(app, edited);
}

/// Opens what the address carries, and takes it out of the address, so that a reload shows the work as it then is.
fn open_link(app: App, fragment: &str, edited: StoredValue<bool>) {
    let way_back = put_aside();
    let notice = match link::decode(fragment) {
        Ok(project) => {
            app.load(project.into());
            matches!(way_back, WayBack::SavedWork).then(|| Notice {
                title: "This project came with a link".into(),
                text: "Your own work is kept in this browser.".into(),
                way_back,
            })
        }
        Err(error) => {
            app.load(Content::empty());
            Some(Notice {
                title: "This link cannot be opened".into(),
                text: error.to_string(),
                way_back,
            })
        }
    };
    edited.set_value(false);
    app.ui.notice.set(notice);
    location::clear_fragment();
}

/// Moves the saved work to the kept projects, where the user has put work into it.
fn put_aside() -> WayBack {
    let mut kept = read::<Vec<Work>>("kept").unwrap_or_default();
    if let Some(work) = read::<Work>("work").filter(|work| work.edited) {
        kept.retain(|other| other.project != work.project);
        kept.insert(0, work);
        kept.truncate(KEPT);
        // Where it cannot be written, the work stays where it was, and the first change would overwrite it: say so then.
        let _ = write("kept", &kept);
    }
    if kept.is_empty() { WayBack::None } else { WayBack::SavedWork }
}

/// Brings the project that was put aside last back, and puts the open one in its place, if there is work in it.
pub(super) fn back_to_saved(app: App) {
    let mut kept = read::<Vec<Work>>("kept").unwrap_or_default();
    if kept.is_empty() {
        return;
    }
    let work = kept.remove(0);
    let open = Project::from(&app.content().get_untracked());
    if open != Project::default() && app.undo_label.get_untracked().is_some() {
        kept.push(Work { version: 1, project: open, edited: true });
    }
    let _ = write("kept", &kept);
    app.ui.notice.set(None);
    app.load(work.project.into());
}

fn keep(app: App, edited: StoredValue<bool>) {
    let pending = StoredValue::new(None::<leptos::leptos_dom::helpers::TimeoutHandle>);
    Effect::new(move |before: Option<Content>| {
        let content = app.content().get();
        if before.is_some_and(|before| before != content) {
            if app.undo_label.get_untracked().is_some() {
                edited.set_value(true);
            }
            app.ui.saved.set(Saved::Pending);
            if let Some(handle) = pending.get_value() {
                handle.clear();
            }
            pending.set_value(set_timeout_with_handle(move || save(app, edited), DELAY).ok());
        }
        content
    });
}

fn save(app: App, edited: StoredValue<bool>) {
    let project = Project::from(&app.content().get_untracked());
    let work = Work { version: 1, project, edited: edited.get_value() };
    app.ui.saved.set(match write("work", &work) {
        Ok(()) => Saved::Yes,
        Err(why) => Saved::No(why),
    });
}

fn read<T: serde::de::DeserializeOwned>(key: &str) -> Option<T> {
    serde_json::from_str(&storage::read(key)?).ok()
}

fn write<T: serde::Serialize>(key: &str, value: &T) -> Result<(), String> {
    let text = serde_json::to_string(value).map_err(|error| error.to_string())?;
    storage::write(key, &text)
}

/// What a first visit opens on.
fn first() -> Content {
    examples::ALL.first().map_or_else(Content::empty, |example| example.project().into())
}
