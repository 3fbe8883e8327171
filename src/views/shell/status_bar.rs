//! The status bar.

use leptos::prelude::*;

/// Counts, the caret, the link's length, and whether the work is kept.
#[component]
pub fn StatusBar() -> impl IntoView {
    view! { <footer class="status"></footer> }
}
