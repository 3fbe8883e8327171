//! Queries and their rows.

use leptos::prelude::*;

/// What stands at the right end of the head of the data pane while the query is shown.
#[component]
pub fn QueryTools() -> impl IntoView {}

/// The query editor and its rows.
#[component]
pub fn QueryPane() -> impl IntoView {}
