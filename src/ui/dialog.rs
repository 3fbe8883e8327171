//! A dialog over everything else. It closes on Escape and on a press outside, and gives the focus back.

use leptos::html;
use leptos::prelude::*;

use crate::platform::float;

/// The dialog; its content is made anew each time it opens.
#[component]
pub fn Dialog(
    /// Whether it is open.
    #[prop(into)]
    open: Signal<bool>,
    /// Called when the user closes it.
    on_close: Callback<()>,
    /// Its accessible name.
    label: &'static str,
    /// Its classes, besides `float`.
    class: &'static str,
    /// What it holds.
    children: ChildrenFn,
) -> impl IntoView {
    let dialog = NodeRef::<html::Dialog>::new();
    Effect::new(move |_| {
        let Some(dialog) = dialog.get() else { return };
        if open.get() { float::show_modal(&dialog) } else { float::close(&dialog) }
    });
    let close = move || {
        if open.get_untracked() {
            on_close.run(());
        }
    };
    // A press on the backdrop is a press on the dialog itself, outside of its content.
    let on_press = move |event: leptos::ev::MouseEvent| {
        if event.target() == event.current_target() {
            close();
        }
    };
    let children = StoredValue::new(children);
    view! {
        <dialog class=format!("float dialog {class}") aria-label=label node_ref=dialog on:close=move |_| close() on:click=on_press>
            <Show when=move || open.get()>{children.with_value(|children| children())}</Show>
        </dialog>
    }
}
