//! What stands at the right end of the pane's head.

use leptos::prelude::*;

use super::examples::QueryExamples;
use crate::actions;
use crate::platform::keyboard;
use crate::state::App;
use crate::state::run::Status;
use crate::ui::{Icon, IconSize};

/// The examples, and the one filled button.
#[component]
pub fn QueryTools() -> impl IntoView {
    let app = expect_context::<App>();
    let running = move || app.engine.status.with(|status| matches!(status, Status::Running { .. }));
    let keys = actions::RUN.keys.first().copied().unwrap_or_default();
    view! {
        <QueryExamples />
        <button
            class="btn btn-primary btn-small"
            type="button"
            data-testid="run"
            aria-disabled=move || running().then_some("true")
            on:click=move |_| (actions::RUN.run)(app)
        >
            <Icon name="play" size=IconSize::Tiny />
            "Run"
            <span class="kbd only-wide">{keyboard::shown(keys)}</span>
        </button>
    }
}
