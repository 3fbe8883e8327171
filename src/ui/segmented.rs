//! A switch of a few values, one of which is chosen: a radio group that the arrow keys move in.

use leptos::ev::KeyboardEvent;
use leptos::html;
use leptos::prelude::*;

use crate::platform::float;

/// One value of the switch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choice<T> {
    /// The value.
    pub value: T,
    /// Its label.
    pub label: &'static str,
    /// Two letters before the label.
    pub chip: Option<&'static str>,
    /// Why it cannot be chosen, where it cannot.
    pub refused: Option<&'static str>,
}

impl<T> Choice<T> {
    /// A value that can be chosen.
    pub const fn new(value: T, label: &'static str) -> Self {
        Self { value, label, chip: None, refused: None }
    }
}

/// What the arrow keys do in a switch.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Arrows {
    /// They choose the next value.
    #[default]
    Choose,
    /// They go to it; Enter and the space bar choose.
    Move,
}

/// The switch.
#[component]
pub fn Segmented<T>(
    /// What is chosen by it.
    label: &'static str,
    /// The values.
    choices: Vec<Choice<T>>,
    /// The chosen one.
    #[prop(into)]
    value: Signal<T>,
    /// Called with the newly chosen one.
    on_choose: impl Fn(T) + Copy + 'static,
    /// Further classes: `seg-small`.
    #[prop(optional)]
    class: &'static str,
    /// What the arrow keys do.
    #[prop(optional)]
    arrows: Arrows,
) -> impl IntoView
where
    T: Copy + PartialEq + Send + Sync + 'static,
{
    let group = NodeRef::<html::Div>::new();
    let open: StoredValue<Vec<T>> = StoredValue::new(
        choices
            .iter()
            .filter(|choice| choice.refused.is_none())
            .map(|choice| choice.value)
            .collect(),
    );
    let on_key = move |event: KeyboardEvent| {
        let step = match event.key().as_str() {
            "ArrowRight" | "ArrowDown" => 1,
            "ArrowLeft" | "ArrowUp" => -1,
            _ => return,
        };
        event.prevent_default();
        if let (Arrows::Move, Some(group)) = (arrows, group.get_untracked()) {
            return float::focus_item(&group, "[role=radio]", step);
        }
        let now = value.get_untracked();
        let next = open.with_value(|open| {
            let at = open.iter().position(|value| *value == now)? as isize;
            open.get((at + step).rem_euclid(open.len() as isize) as usize).copied()
        });
        if let Some(next) = next {
            on_choose(next);
            focus_checked(group);
        }
    };
    let item = |choice: Choice<T>| {
        let checked = move || value.get() == choice.value;
        view! {
            <button
                class="seg-item"
                type="button"
                role="radio"
                aria-checked=move || checked().to_string()
                tabindex=move || if checked() { "0" } else { "-1" }
                aria-disabled=choice.refused.map(|_| "true")
                title=choice.refused
                on:click=move |_| if choice.refused.is_none() { on_choose(choice.value) }
            >
                {choice.chip.map(|chip| view! { <span class="orm-chip" aria-hidden="true">{chip}</span> })}
                <span class:orm-name=choice.chip.is_some()>{choice.label}</span>
            </button>
        }
    };
    view! {
        <div class=format!("seg {class}") role="radiogroup" aria-label=label node_ref=group on:keydown=on_key>
            {choices.into_iter().map(item).collect_view()}
        </div>
    }
}

fn focus_checked(group: NodeRef<html::Div>) {
    request_animation_frame(move || {
        let checked = group
            .get_untracked()
            .and_then(|group| group.query_selector("[aria-checked=true]").ok().flatten());
        crate::platform::focus::element(checked);
    });
}
