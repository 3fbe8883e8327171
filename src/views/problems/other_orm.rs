//! What is behind many problems at once: the models are written for another ORM than they are read as.

use leptos::prelude::*;
use throughline_core::orm::{self, Certainty};

use crate::state::App;
use crate::ui::{CodeText, Icon};

/// Bytes of the longest text that is looked at.
const LONGEST: usize = 100_000;

/// Says it and offers the way out; nothing where the text is this ORM's, or may be.
#[component]
pub fn OtherOrm() -> impl IntoView {
    let app = expect_context::<App>();
    let other = Memo::new(move |_| {
        let found = app.derived.source.with(|source| {
            // It is read once more for this, which is too much at every keystroke in a long text.
            (source.len() <= LONGEST).then(|| orm::recognise(source)).flatten()
        })?;
        let profile = found.orm.profile();
        let is_other = found.certainty == Certainty::Certain && profile.id != app.derived.orm.get();
        is_other.then(|| (profile.id, found.evidence.first().map(|sign| sign.what.clone())))
    });
    move || {
        let (id, sign) = other.get()?;
        let title = |id| orm::by_id(id).map_or("another ORM", |orm| orm.profile().title);
        let (there, here) = (title(id), title(app.derived.orm.get_untracked()));
        let said = sign.map_or_else(String::new, |sign| format!("The text says `{sign}`. "));
        let text = format!("{said}What {here} makes of them is rarely what they mean.");
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
