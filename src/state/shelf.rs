//! What this browser keeps: the open project, and others that were put aside when something else was opened.

use throughline_core::link::Project;

use crate::platform::storage;

/// The version that is written. Fields that a later version adds are filled in by default.
const VERSION: u32 = 1;
/// The most projects that are put aside.
const ASIDE: usize = 20;

/// A stored project.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(default)]
pub(super) struct Work {
    version: u32,
    /// Names this stay of the project in a tab, so that work in two tabs is told apart.
    pub(super) stay: String,
    /// The project.
    pub(super) project: Project,
    /// Whether the user changed it since it was opened. One that was only looked at need not be put aside.
    pub(super) edited: bool,
}

impl Work {
    pub(super) fn new(stay: String, project: Project, edited: bool) -> Self {
        Self { version: VERSION, stay, project, edited }
    }
}

/// The project that was open last. One that cannot be read (it may be a later version's) is moved out of the way, never
/// overwritten.
pub(super) fn last() -> Option<Work> {
    let text = storage::read("work")?;
    let work = serde_json::from_str::<Work>(&text).ok().filter(|work| work.version <= VERSION);
    if work.is_none() {
        let _ = storage::write("unreadable", &text);
    }
    work
}

/// The project that was open in this tab before it was loaded anew.
pub(super) fn here() -> Option<Work> {
    serde_json::from_str(&storage::read_here("work")?).ok()
}

/// Stores the open project, for this tab and as the last one. What another tab has stored since is put aside first.
///
/// # Errors
/// Why it cannot be stored, for the user.
pub(super) fn save(work: &Work) -> Result<(), String> {
    let text = serde_json::to_string(work).map_err(|error| error.to_string())?;
    storage::write_here("work", &text);
    if let Some(other) = last().filter(|other| other.edited && other.stay != work.stay) {
        put_aside(other)?;
    }
    storage::write("work", &text)
}

/// The projects that were put aside, the latest first.
pub(super) fn aside() -> Vec<Work> {
    storage::read("aside").and_then(|text| serde_json::from_str(&text).ok()).unwrap_or_default()
}

/// Puts a project aside.
///
/// # Errors
/// Why it cannot be stored, for the user.
pub(super) fn put_aside(work: Work) -> Result<(), String> {
    let mut all = aside();
    all.retain(|other| {
        other.project != work.project && (other.stay.is_empty() || other.stay != work.stay)
    });
    all.insert(0, work);
    all.truncate(ASIDE);
    write("aside", &all)
}

/// Takes a project back from those that were put aside.
pub(super) fn take(index: usize) -> Option<Work> {
    let mut all = aside();
    let work = (index < all.len()).then(|| all.remove(index));
    // Where it cannot be written, the project is there twice; nothing is lost.
    let _ = write("aside", &all);
    work
}

fn write<T: serde::Serialize>(key: &str, value: &T) -> Result<(), String> {
    let text = serde_json::to_string(value).map_err(|error| error.to_string())?;
    storage::write(key, &text)
}
