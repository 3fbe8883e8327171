//! The notice above the panes: what happened, what is safe, what to do.

use leptos::prelude::*;
use throughline_core::orm;

use crate::state::App;
use crate::state::ui::{Offer, Tone};
use crate::ui::{CodeText, Icon, IconSize};

/// Shows the notice of the state, until it is dismissed.
#[component]
pub fn NoticeBar() -> impl IntoView {
    let app = expect_context::<App>();
    let notice = app.ui.notice;
    let shown = move || {
        notice.get().map(|it| {
            let (class, icon, sign) = match it.tone {
                Tone::Calm => ("notice notice-bar", "info", "sev-info"),
                Tone::Warning => ("notice notice-bar notice-warning", "triangle-alert", "sev-warning"),
            };
            let details = it.details.into_iter().map(|line| view! { <li><CodeText text=line /></li> }).collect_view();
            let offers = it.offers.into_iter().map(|offer| view! { <OfferButton offer /> }).collect_view();
            view! {
                <div class=class data-testid="notice">
                    <Icon name=icon class=sign />
                    <span class="notice-title"><CodeText text=it.title /></span>
                    <button class="btn btn-quiet btn-icon btn-small" type="button" aria-label="Dismiss" on:click=move |_| notice.set(None)>
                        <Icon name="x" size=IconSize::Small />
                    </button>
                    <span class="notice-text"><CodeText text=it.text /></span>
                    <ul class="notice-list">{details}</ul>
                    <span class="notice-actions">{offers}</span>
                </div>
            }
        })
    };
    view! { <div class="notices" role="status" aria-live="polite">{shown}</div> }
}

#[component]
fn OfferButton(offer: Offer) -> impl IntoView {
    let app = expect_context::<App>();
    let label = match &offer {
        Offer::SavedWork => "Back to your work".to_owned(),
        Offer::PutBack(_) => "Undo".to_owned(),
        Offer::ReadAs(id) => {
            format!("Read as {}", orm::by_id(id).map_or(*id, |orm| orm.profile().title))
        }
    };
    let press = move |_| match &offer {
        Offer::SavedWork => app.take_back(0),
        Offer::PutBack(before) => app.put_back(before),
        Offer::ReadAs(id) => app.read_as(id),
    };
    view! { <button class="btn btn-small" type="button" on:click=press>{label}</button> }
}
