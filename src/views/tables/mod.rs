//! The database's side: columns, keys, indexes, DDL.

use leptos::prelude::*;

/// What stands at the right end of the head of the data pane while the tables are shown.
#[component]
pub fn TablesTools() -> impl IntoView {}

/// The tables.
#[component]
pub fn TablesPane() -> impl IntoView {}
