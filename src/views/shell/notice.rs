//! The notice above the panes: what happened, what is safe, what to do.

use leptos::prelude::*;

use crate::state::App;
use crate::state::ui::WayBack;
use crate::ui::{Icon, IconSize};

/// Shows the notice of the state, until it is dismissed.
#[component]
pub fn NoticeBar() -> impl IntoView {
    let app = expect_context::<App>();
    let notice = app.ui.notice;
    let shown = move || {
        notice.get().map(|it| {
            let back = matches!(it.way_back, WayBack::SavedWork);
            view! {
                <div class="notice notice-bar" data-testid="notice">
                    <Icon name="info" class="sev-info" />
                    <span class="notice-title">{it.title}</span>
                    <button class="btn btn-quiet btn-icon btn-small" type="button" aria-label="Dismiss" on:click=move |_| notice.set(None)>
                        <Icon name="x" size=IconSize::Small />
                    </button>
                    <span class="notice-text">{it.text}</span>
                    {back.then(|| view! {
                        <span class="notice-actions">
                            <button class="btn btn-small" type="button" on:click=move |_| app.take_back(0)>"Back to your work"</button>
                        </span>
                    })}
                </div>
            }
        })
    };
    view! { <div class="notices" role="status" aria-live="polite">{shown}</div> }
}
