//! Opens and closes the generated table of a many-to-many.

use leptos::prelude::*;

use super::form::Form;
use crate::views::canvas::CanvasState;

/// Whether the generated table of a many-to-many is drawn.
#[component]
pub(super) fn TableSwitch(
    /// The canvas.
    canvas: CanvasState,
    /// The form.
    form: RwSignal<Form>,
) -> impl IntoView {
    let id = move || {
        form.with(|form| {
            form.existing.as_ref().map(|field| format!("{}.{field}", form.from)).unwrap_or_default()
        })
    };
    let has_table =
        move || canvas.relation(&id()).is_some_and(|relation| relation.through.is_some());
    let is_open = move || canvas.choices.with(|choices| !choices.closed.contains(&id()));
    view! {
        <Show when=has_table>
            <div class="form-row">
                <span class="label">"Diagram"</span>
                <label class="check">
                    <input type="checkbox" prop:checked=is_open on:change=move |_| canvas.toggle_through(&untrack(id)) />
                    "Show its table"
                </label>
            </div>
        </Show>
    }
}
