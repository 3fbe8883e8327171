//! The project's title, which can be changed where it stands.

use leptos::ev::KeyboardEvent;
use leptos::html;
use leptos::prelude::*;

use crate::platform::focus;
use crate::state::App;

/// A button that becomes a text field. Enter or leaving it renames; Escape leaves the title as it was.
#[component]
pub fn ProjectName() -> impl IntoView {
    let app = expect_context::<App>();
    let editing = RwSignal::new(false);
    let input = NodeRef::<html::Input>::new();
    let shown = move || {
        let title = app.title.get();
        if title.trim().is_empty() { "Untitled".to_owned() } else { title.to_string() }
    };
    let done = move || {
        if editing.get_untracked() {
            if let Some(input) = input.get_untracked() {
                app.set_title(input.value().trim());
            }
            editing.set(false);
        }
    };
    let on_key = move |event: KeyboardEvent| match event.key().as_str() {
        "Enter" => done(),
        "Escape" => editing.set(false),
        _ => {}
    };
    Effect::new(move |_| {
        if let Some(input) = input.get() {
            request_animation_frame(move || {
                let _ = input.focus();
                input.select();
            });
        }
    });
    view! {
        <Show
            when=move || editing.get()
            fallback=move || {
                view! {
                    <button class="project" type="button" data-testid="project" aria-label=move || format!("Rename project: {}", shown()) on:click=move |_| editing.set(true)>
                        <span>{shown}</span>
                    </button>
                }
            }
        >
            <input
                class="input project-input"
                aria-label="Project name"
                maxlength="80"
                prop:value=app.title.get_untracked().to_string()
                node_ref=input
                on:keydown=on_key
                on:blur=move |_| done()
                on:focus=|event| focus::select_all(&event)
            />
        </Show>
    }
}
