//! A new field of a model.

use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use throughline_core::Edit;
use throughline_core::edit::FieldDraft;
use throughline_core::orm::FieldClass;

use crate::ui::{Icon, IconSize};

/// A name, a class and a button.
#[component]
pub(super) fn NewField(
    /// The model.
    model: RwSignal<String>,
    /// The classes that are offered.
    classes: &'static [FieldClass],
    /// Makes an edit, and says whether it was made.
    apply: Callback<Edit, bool>,
) -> impl IntoView {
    let name = RwSignal::new(String::new());
    let class = RwSignal::new(classes.first().map_or("", |class| class.name).to_owned());
    let add = move |event: SubmitEvent| {
        event.prevent_default();
        // What the class requires is filled in by the ORM.
        let field = FieldDraft {
            name: name.get_untracked().trim().to_owned(),
            class: class.get_untracked(),
            arguments: Vec::new(),
        };
        if apply.run(Edit::AddField { model: model.get_untracked(), field }) {
            name.set(String::new());
        }
    };
    view! {
        <form class="field-edit" on:submit=add>
            <input class="input input-code" type="text" autocomplete="off" spellcheck="false" aria-label="Name of the new field" placeholder="new field"
                prop:value=move || name.get() on:input=move |event| name.set(event_target_value(&event)) />
            <select class="input select" aria-label="Class of the new field" on:change=move |event| class.set(event_target_value(&event))>
                {classes.iter().map(|offered| view! { <option value=offered.name selected=move || class.with(|class| class == offered.name)>{offered.label}</option> }).collect_view()}
            </select>
            <button class="btn btn-small field-edit-wide" type="submit" disabled=move || name.with(|name| name.trim().is_empty())>
                <Icon name="plus" size=IconSize::Tiny />"Add"
            </button>
        </form>
    }
}
