//! The name of a new model.

use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use throughline_core::Edit;
use throughline_core::check::names;

use crate::state::ui::{ToastKind, Undo};
use crate::state::{App, Pane, Selection};
use crate::ui::CodeText;
use crate::views::canvas::CanvasState;
use crate::views::relation::Floating;

/// The form.
#[component]
pub(crate) fn NewModel(
    /// The canvas.
    canvas: CanvasState,
) -> impl IntoView {
    let app = expect_context::<App>();
    let proposal = app.derived.document.with_untracked(|document| {
        names::free(&["Model1".to_owned(), "Model".to_owned()], |name| {
            document.model(name).is_some()
        })
    });
    let name = RwSignal::new(proposal);
    let edit = move || Edit::AddModel { name: name.get().trim().to_owned() };
    let error = Memo::new(move |_| {
        app.derived.source.track();
        app.preview(&edit()).err().map(|error| error.to_string())
    });
    let write = move |event: SubmitEvent| {
        event.prevent_default();
        if error.with_untracked(Option::is_some) {
            return;
        }
        match app.dispatch(&untrack(edit)) {
            Ok(()) => {
                canvas.panel.set(None);
                app.choose(Selection::Model(name.get_untracked().trim().to_owned()), Pane::Diagram);
                canvas.reveal(name.get_untracked().trim());
            }
            Err(error) => app.toast(ToastKind::Failed, error.to_string(), Undo::None),
        }
    };
    let head = || view! { <span class="grow">"New model"</span> };
    view! {
        <Floating canvas label="New model" beside=Signal::derive(|| None::<String>) head=ViewFn::from(head)>
            <form on:submit=write>
                <div class="popover-body">
                    <label class="form-row">
                        <span class="label">"Name"</span>
                        <input class="input input-code" type="text" autocomplete="off" spellcheck="false" prop:value=move || name.get()
                            on:focus=move |event| crate::platform::focus::select_all(&event)
                            on:input=move |event| name.set(event_target_value(&event)) />
                    </label>
                    <div role="status">{move || error.get().map(|error| view! { <p class="form-error"><CodeText text=error /></p> })}</div>
                </div>
                <div class="popover-foot">
                    <span class="grow"></span>
                    <button class="btn btn-quiet" type="button" on:click=move |_| canvas.panel.set(None)>"Cancel"</button>
                    <button class="btn btn-primary" type="submit" aria-disabled=move || error.with(Option::is_some).to_string()>"Add model"</button>
                </div>
            </form>
        </Floating>
    }
}
