//! Where the project comes from when the page opens, and how it is kept: a link in the address, or this browser's storage.

use std::time::Duration;

use leptos::leptos_dom::helpers::TimeoutHandle;
use leptos::prelude::*;
use throughline_core::examples;
use throughline_core::link::{self, Project};

use super::shelf::{self, Work};
use super::ui::{Notice, Offer, Saved, Tone};
use super::{App, Content};
use crate::platform::{location, page};

/// How long after a change the work is saved.
const DELAY: Duration = Duration::from_millis(300);

/// Loads the project and keeps it from then on.
pub(super) fn start(app: App) {
    let fragment = location::fragment();
    match shelf::here().or_else(shelf::last) {
        Some(work) => {
            app.load(work.project.into(), work.edited);
            app.stay.set_value(work.stay);
        }
        None if fragment.is_empty() => app.load(first(), false),
        None => {}
    }
    if !fragment.is_empty() {
        open_link(app, &fragment);
    }
    location::on_fragment(move |fragment| {
        if !fragment.is_empty() {
            open_link(app, &fragment);
        }
    });
    page::on_leave(move || {
        // Only what is due: another tab may have stored something newer.
        if app.ui.saved.with_untracked(|saved| *saved == Saved::Pending) {
            save(app);
        }
    });
    keep(app);
}

/// Opens what the address carries, and takes it out of the address, so that a reload shows the work as it then is.
fn open_link(app: App, fragment: &str) {
    let kept = put_aside(app);
    let offers = if shelf::aside().is_empty() { Vec::new() } else { vec![Offer::SavedWork] };
    let notice = match link::decode(fragment) {
        Ok(project) => {
            app.load(project.into(), false);
            (!offers.is_empty()).then(|| Notice {
                title: "This project came with a link".into(),
                text: "Your own work is kept in this browser.".into(),
                details: Vec::new(),
                tone: Tone::Calm,
                offers,
            })
        }
        Err(error) => {
            app.load(Content::empty(), false);
            Some(Notice {
                title: "This link cannot be opened".into(),
                text: error.to_string(),
                details: Vec::new(),
                tone: Tone::Calm,
                offers,
            })
        }
    };
    app.ui.notice.set(notice);
    location::clear_fragment();
    match kept {
        Ok(()) => save(app),
        Err(why) => app
            .ui
            .saved
            .set(Saved::Blocked(format!("{why} What you open now would overwrite your own work."))),
    }
}

/// Puts the open project aside, where there is work in it, before another takes its place.
///
/// # Errors
/// Why it cannot be stored.
pub(super) fn put_aside(app: App) -> Result<(), String> {
    if !app.edited.get_value() {
        return Ok(());
    }
    shelf::put_aside(work(app))
}

/// Brings back a project that was put aside, and puts the open one aside.
pub(super) fn take_back(app: App, index: usize) {
    let Some(work) = shelf::take(index) else { return };
    if let Err(why) = put_aside(app) {
        // Neither may be lost: the one goes back to its place, the other stays open.
        let _ = shelf::put_aside(work);
        app.ui.saved.set(Saved::No(why));
        return;
    }
    app.ui.notice.set(None);
    app.load(work.project.into(), work.edited);
}

/// Titles of the projects that were put aside.
pub(super) fn aside() -> Vec<String> {
    let title = |work: Work| {
        if work.project.title.is_empty() { "Untitled".into() } else { work.project.title }
    };
    shelf::aside().into_iter().map(title).collect()
}

fn keep(app: App) {
    let pending = StoredValue::new(None::<TimeoutHandle>);
    Effect::new(move |before: Option<Content>| {
        let content = app.content().get();
        if before.is_some_and(|before| before != content) {
            if !matches!(app.ui.saved.get_untracked(), Saved::Blocked(_)) {
                app.ui.saved.set(Saved::Pending);
            }
            if let Some(handle) = pending.get_value() {
                handle.clear();
            }
            pending.set_value(set_timeout_with_handle(move || save(app), DELAY).ok());
        }
        content
    });
}

fn save(app: App) {
    if matches!(app.ui.saved.get_untracked(), Saved::Blocked(_)) {
        return;
    }
    app.ui.saved.set(match shelf::save(&work(app)) {
        Ok(()) => Saved::Yes,
        Err(why) => Saved::No(why),
    });
}

fn work(app: App) -> Work {
    let project = Project::from(&app.content().get_untracked());
    Work::new(app.stay.get_value(), project, app.edited.get_value())
}

/// What a first visit opens on.
fn first() -> Content {
    examples::ALL.first().map_or_else(Content::empty, |example| example.project().into())
}
