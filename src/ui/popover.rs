//! Something that floats beside its button. It closes on Escape and on a press outside, and gives the focus back.

use leptos::html;
use leptos::prelude::*;

use crate::platform::float;

/// A button and what opens from it.
#[component]
pub fn Popover(
    /// Whether it is open. Set from outside, it opens and closes as well.
    open: RwSignal<bool>,
    /// `dialog` or `menu`.
    role: &'static str,
    /// The button's classes.
    button_class: &'static str,
    /// The button's accessible name, where its content has no words.
    #[prop(default = None)]
    button_label: Option<&'static str>,
    /// For tests.
    #[prop(default = None)]
    testid: Option<&'static str>,
    /// What stands in the button.
    #[prop(into)]
    button: ViewFn,
    /// The accessible name of what opens.
    label: &'static str,
    /// Its classes, besides `float`.
    class: &'static str,
    /// Made anew each time it opens.
    children: ChildrenFn,
) -> impl IntoView {
    let trigger = NodeRef::<html::Button>::new();
    let panel = NodeRef::<html::Div>::new();
    // A press on the button of an open popover closes it before the click arrives, which must not open it again.
    let was_open = StoredValue::new(false);
    let on_click = move |_| {
        let again = was_open.get_value();
        was_open.set_value(false);
        open.set(!again);
    };
    let on_toggle = move |_| {
        if let Some(panel) = panel.get_untracked() {
            let is_open = float::is_open(&panel);
            if open.get_untracked() != is_open {
                open.set(is_open);
            }
        }
    };
    Effect::new(move |_| {
        let (Some(panel), Some(trigger)) = (panel.get(), trigger.get()) else { return };
        match (open.get(), float::is_open(&panel)) {
            // In the next frame, when the content is there to be measured.
            (true, false) => {
                request_animation_frame(move || {
                    float::show_beside(&panel, &trigger);
                    float::focus_item(&panel, "[autofocus], [role=menuitem], input, button", 0);
                });
            }
            (false, true) => float::hide(&panel),
            (true, true) | (false, false) => {}
        }
    });
    let (role, children) = (StoredValue::new(role), StoredValue::new(children));
    view! {
        <button
            class=button_class
            type="button"
            aria-haspopup=role.get_value()
            aria-expanded=move || open.get().to_string()
            aria-label=button_label
            title=button_label
            data-testid=testid
            node_ref=trigger
            on:pointerdown=move |_| was_open.set_value(open.get_untracked())
            on:click=on_click
        >
            {button.run()}
        </button>
        <div class=format!("float popup {class}") popover="auto" role=role.get_value() aria-label=label node_ref=panel on:toggle=on_toggle>
            <Show when=move || open.get()>{children.with_value(|children| children())}</Show>
        </div>
    }
}
