//! What only keys have: the action on deletion, and whether they may be null.

use leptos::prelude::*;
use throughline_core::orm;

use super::form::Form;
use crate::state::App;

/// The rows of the form for foreign keys and one-to-ones.
#[component]
pub(super) fn Keys(
    /// The form.
    form: RwSignal<Form>,
) -> impl IntoView {
    let app = expect_context::<App>();
    let actions = orm::by_id(app.derived.orm.get_untracked())
        .map_or(&[] as &[_], |orm| orm.profile().on_delete);
    // A relation that does not say it keeps silent, until the user chooses.
    let silent = form.with_untracked(|form| form.on_delete.is_empty());
    let option = move |action: &'static str| {
        view! {
            <option value=action selected=move || form.with(|form| form.on_delete == action)>
                {move || form.with(|form| format!("{action}{}", meaning(action, form)))}
            </option>
        }
    };
    view! {
        <label class="form-row">
            <span class="label">"When deleted"</span>
            <select class="input select" on:change=move |event| {
                let action = event_target_value(&event);
                form.update(|form| *form = form.with_on_delete(action));
            }>
                {silent.then(|| view! { <option value="">"not said"</option> })}
                {actions.iter().copied().map(option).collect_view()}
            </select>
        </label>
        <div class="form-row">
            <span class="label">"Empty"</span>
            <label class="check">
                <input type="checkbox" prop:checked=move || form.with(|form| form.null)
                    on:change=move |event| { let null = event_target_checked(&event); form.update(|form| form.null = null); } />
                "May be null"
            </label>
        </div>
    }
}

/// What an action does to the rows that point at the deleted one.
fn meaning(action: &str, form: &Form) -> String {
    let from = form.from.to_lowercase();
    // Some ORMs write SQL's words, with blanks.
    match action.replace(' ', "_").as_str() {
        "CASCADE" => format!(": delete the {from} as well"),
        "PROTECT" | "RESTRICT" => ": refuse".into(),
        "SET_NULL" => format!(": keep the {from}"),
        "SET_DEFAULT" => ": take the default".into(),
        "DO_NOTHING" | "NO_ACTION" => ": leave it to the database".into(),
        _ => String::new(),
    }
}
