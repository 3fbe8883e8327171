//! What is wrong.

use leptos::prelude::*;

/// The head and the body of the problems pane.
#[component]
pub fn ProblemsPane() -> impl IntoView {
    view! { <div class="pane-head"><span class="pane-title">"Problems"</span></div> }
}
