//! The diagram.

use leptos::prelude::*;

/// The head and the body of the diagram pane.
#[component]
pub fn Canvas() -> impl IntoView {
    view! {
        <div class="pane-head"><span class="pane-title">"Diagram"</span></div>
        <div class="canvas"></div>
    }
}
