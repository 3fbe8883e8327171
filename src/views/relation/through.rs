//! What stands behind a many-to-many: a generated table, a model that there is, or a new one with fields of its own.

use leptos::prelude::*;
use throughline_core::edit::ThroughDraft;

use super::extra_fields::ExtraFields;
use super::form::Form;
use crate::state::App;

/// Values of the choice that are no model's name.
const AUTOMATIC: &str = "";
const NEW: &str = "+";

/// The rows of the form for many-to-many.
#[component]
pub(super) fn Through(
    /// The form.
    form: RwSignal<Form>,
) -> impl IntoView {
    let app = expect_context::<App>();
    let models = app.derived.document.with_untracked(|document| {
        document.models.iter().map(|model| model.name.text.clone()).collect::<Vec<_>>()
    });
    let chosen = move |value: &str| {
        form.with(|form| match &form.through {
            ThroughDraft::Automatic => value == AUTOMATIC,
            ThroughDraft::Model(name) => value == name,
            ThroughDraft::NewModel { .. } => value == NEW,
        })
    };
    let choose = move |value: String| {
        form.update(|form| {
            form.through = match value.as_str() {
                AUTOMATIC => ThroughDraft::Automatic,
                NEW => app.derived.document.with_untracked(|document| form.new_through(document)),
                _ => ThroughDraft::Model(value),
            };
        })
    };
    let option = move |name: String| {
        let (value, shown) = (name.clone(), name.clone());
        let is_end = {
            let name = name.clone();
            move || form.with(|form| form.from == name || form.to == name)
        };
        view! { <option value=value hidden=is_end selected=move || chosen(&name)>{shown}</option> }
    };
    let new_name = Memo::new(move |_| {
        form.with(|form| match &form.through {
            ThroughDraft::NewModel { name, .. } => Some(name.clone()),
            ThroughDraft::Automatic | ThroughDraft::Model(_) => None,
        })
    });
    let is_new = Memo::new(move |_| new_name.with(Option::is_some));
    let rename = move |to: String| {
        form.update(|form| {
            if let ThroughDraft::NewModel { name, .. } = &mut form.through {
                *name = to;
            }
        })
    };
    view! {
        <label class="form-row">
            <span class="label">"Through"</span>
            <select class="input select" on:change=move |event| choose(event_target_value(&event))>
                <option value=AUTOMATIC selected=move || chosen(AUTOMATIC)>"Automatic table"</option>
                {models.into_iter().map(option).collect_view()}
                <option value=NEW selected=move || chosen(NEW)>"New model…"</option>
            </select>
        </label>
        <Show when=move || is_new.get()>
            <label class="form-row">
                <span class="label">"Through model"</span>
                <input class="input input-code" type="text" autocomplete="off" spellcheck="false"
                    prop:value=move || new_name.get().unwrap_or_default() on:input=move |event| rename(event_target_value(&event)) />
            </label>
            <ExtraFields form />
        </Show>
    }
}
