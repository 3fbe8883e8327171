//! Tabs: one stop for the keyboard, arrow keys move.

use leptos::ev::KeyboardEvent;
use leptos::html;
use leptos::prelude::*;

/// One tab.
#[derive(Clone)]
pub struct Tab<T> {
    /// The value.
    pub value: T,
    /// Its label.
    pub label: &'static str,
    /// What follows the label: a badge.
    pub after: Option<ViewFn>,
}

impl<T> Tab<T> {
    /// A tab without anything behind its label.
    pub const fn new(value: T, label: &'static str) -> Self {
        Self { value, label, after: None }
    }
}

/// A list of tabs that belong to one panel.
#[component]
pub fn Tabs<T>(
    /// What they are.
    label: &'static str,
    /// The id of the panel.
    controls: &'static str,
    /// The tabs.
    tabs: Vec<Tab<T>>,
    /// The chosen one.
    #[prop(into)]
    value: Signal<T>,
    /// Called with the newly chosen one.
    on_choose: impl Fn(T) + Copy + 'static,
) -> impl IntoView
where
    T: Copy + PartialEq + Send + Sync + 'static,
{
    let list = NodeRef::<html::Div>::new();
    let values: StoredValue<Vec<T>> = StoredValue::new(tabs.iter().map(|tab| tab.value).collect());
    let on_key = move |event: KeyboardEvent| {
        let step = match event.key().as_str() {
            "ArrowRight" => 1,
            "ArrowLeft" => -1,
            _ => return,
        };
        event.prevent_default();
        let now = value.get_untracked();
        let next = values.with_value(|values| {
            let at = values.iter().position(|value| *value == now)? as isize;
            values.get((at + step).rem_euclid(values.len() as isize) as usize).copied()
        });
        if let Some(next) = next {
            on_choose(next);
            request_animation_frame(move || {
                let chosen = list
                    .get_untracked()
                    .and_then(|list| list.query_selector("[aria-selected=true]").ok().flatten());
                crate::platform::focus::element(chosen);
            });
        }
    };
    let item = |tab: Tab<T>| {
        let chosen = move || value.get() == tab.value;
        view! {
            <button
                class="tab"
                type="button"
                role="tab"
                aria-selected=move || chosen().to_string()
                aria-controls=controls
                tabindex=move || if chosen() { "0" } else { "-1" }
                on:click=move |_| on_choose(tab.value)
            >
                {tab.label}
                {tab.after.map(|after| after.run())}
            </button>
        }
    };
    view! {
        <div class="tabs" role="tablist" aria-label=label node_ref=list on:keydown=on_key>
            {tabs.into_iter().map(item).collect_view()}
        </div>
    }
}
