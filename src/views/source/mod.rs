//! The models text.

use leptos::prelude::*;

use crate::state::App;

/// The head and the body of the source pane.
#[component]
pub fn SourcePane() -> impl IntoView {
    let app = expect_context::<App>();
    view! {
        <div class="pane-head"><span class="pane-title">"models.py"</span></div>
        <div class="pane-body">
            <textarea
                class="plain-editor"
                data-testid="source"
                aria-label="Models source"
                spellcheck="false"
                prop:value=move || app.derived.source.get().to_string()
                on:input=move |event| app.type_models(&event_target_value(&event))
            ></textarea>
        </div>
    }
}
