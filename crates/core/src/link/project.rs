//! What is saved, shared and undone.

use std::collections::BTreeMap;

/// A project: the models text is the one truth, the rest stands beside it.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(default)]
pub struct Project {
    /// The ORM's id.
    pub orm: String,
    /// What the user calls it.
    pub title: String,
    /// Models source.
    pub models: String,
    /// Script source.
    pub script: String,
    /// The SQL in the query editor.
    pub sql: String,
    /// SQL that brings the user's own rows; empty: the sample rows.
    pub rows: String,
    /// Where models stand that the user moved, by name.
    pub layout: BTreeMap<String, Place>,
    /// The user's notes.
    pub notes: String,
}

/// A place in the diagram, in its units.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Place {
    /// Left edge.
    pub x: i32,
    /// Top edge.
    pub y: i32,
}
