//! Where a new relation is declared, and what it points at.

use leptos::prelude::*;

use super::form::Form;

/// Where it is declared, and what it points at.
#[component]
pub(super) fn Ends(
    /// The form.
    form: RwSignal<Form>,
    /// The models to choose from.
    models: Vec<String>,
) -> impl IntoView {
    let row = |label: &'static str, value: fn(&Form) -> &String, set: fn(&mut Form, String)| {
        let options = models.iter().map(|model| {
            let (shown, model) = (model.clone(), model.clone());
            let value_of = model.clone();
            view! { <option value=value_of selected=move || form.with(|form| *value(form) == model)>{shown}</option> }
        }).collect_view();
        view! {
            <label class="form-row">
                <span class="label">{label}</span>
                <select class="input select" prop:value=move || form.with(|form| value(form).clone()) on:change=move |event| { let model = event_target_value(&event); form.update(|form| set(form, model)); }>{options}</select>
            </label>
        }
    };
    view! {
        {row("From", |form| &form.from, |form, model| form.from = model)}
        {row("To", |form| &form.to, |form, model| form.to = model)}
    }
}
