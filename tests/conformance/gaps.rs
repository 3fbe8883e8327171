//! Where we are known to differ.

use std::error::Error;
use std::path::Path;

/// One facet of one case that is known to differ.
#[derive(Clone, Debug, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Gap {
    /// `django/031-unknown-through`.
    pub(crate) case: String,
    /// The facet's name.
    pub(crate) facet: String,
    /// Why, and what it would take.
    pub(crate) reason: String,
}

#[derive(Default, serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    gap: Vec<Gap>,
}

/// Reads the list.
pub(crate) fn read(path: &Path) -> Result<Vec<Gap>, Box<dyn Error>> {
    let file: File = toml::from_str(&std::fs::read_to_string(path)?)?;
    match file.gap.iter().find(|gap| gap.reason.trim().is_empty()) {
        Some(gap) => Err(format!("the gap of {} has no reason", gap.case).into()),
        None => Ok(file.gap),
    }
}
