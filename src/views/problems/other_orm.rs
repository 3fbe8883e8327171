//! What is behind many problems at once: the models are written for another ORM than they are read as.

use leptos::prelude::*;
use throughline_core::orm;

use crate::state::App;
use crate::ui::{CodeText, Icon};

/// Says it and offers the way out; nothing where the text is this ORM's, or may be.
#[component]
pub fn OtherOrm() -> impl IntoView {
    let app = expect_context::<App>();
    let other = Memo::new(move |_| {
        let (other, package) = app.derived.document.with(|document| orm::imported(document))?;
        let id = other.profile().id;
        (id != app.derived.orm.get()).then_some((id, package))
    });
    move || {
        let (id, package) = other.get()?;
        let title = |id| orm::by_id(id).map_or("another ORM", |orm| orm.profile().title);
        let (there, here) = (title(id), title(app.derived.orm.get_untracked()));
        let text = format!(
            "The text imports `{package}`. What {here} makes of them is rarely what they mean."
        );
        Some(view! {
            <div class="notice notice-warning" role="status" data-testid="other-orm">
                <Icon name="triangle-alert" class="sev sev-warning" />
                <span class="notice-title">{format!("These are {there} models, read as {here}")}</span>
                <button class="btn btn-small" type="button" on:click=move |_| app.read_as(id)>{format!("Read as {there}")}</button>
                <span class="notice-text"><CodeText text /></span>
            </div>
        })
    }
}
