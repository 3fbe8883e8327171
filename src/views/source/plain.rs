//! A text field with the models text: there at once, and all there is where the rich editor cannot be loaded.

use leptos::ev::KeyboardEvent;
use leptos::prelude::*;

use crate::actions;
use crate::platform::keyboard;
use crate::state::App;

/// The field. Undo and redo are the page's here as well.
#[component]
pub fn PlainEditor() -> impl IntoView {
    let app = expect_context::<App>();
    let on_key = move |event: KeyboardEvent| {
        for action in [&actions::UNDO, &actions::REDO] {
            if action.keys.iter().any(|keys| keyboard::matches(&event, keys)) {
                event.prevent_default();
                (action.run)(app);
            }
        }
    };
    view! {
        <textarea
            class="plain-editor"
            aria-label="Models source"
            spellcheck="false"
            autocomplete="off"
            prop:value=move || app.derived.source.get().to_string()
            on:input=move |event| app.type_models(&event_target_value(&event))
            on:keydown=on_key
        ></textarea>
    }
}
