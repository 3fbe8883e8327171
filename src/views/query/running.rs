//! What stands above the rows while a script runs.

use std::time::Duration;

use leptos::prelude::*;

use crate::actions;
use crate::platform::clock;
use crate::state::App;
use crate::state::run::Status;
use crate::ui::{Icon, IconSize};

/// A script that is over sooner than this never shows the line, which would only flicker.
const SHOWN_AFTER: f64 = 150.0;

/// How long the script has been running, and the way to stop it.
#[component]
pub fn Running() -> impl IntoView {
    let app = expect_context::<App>();
    let now = RwSignal::new(clock::now());
    let tick = set_interval_with_handle(move || now.set(clock::now()), Duration::from_millis(100));
    on_cleanup(move || drop(tick.map(|tick| tick.clear())));
    let state = Memo::new(move |_| match app.engine.status.get() {
        Status::Running { since, done } => Some(((now.get() - since).max(0.0), done)),
        Status::Starting | Status::Idle | Status::Broken => None,
    });
    let elapsed = move || state.get().map_or(0.0, |(elapsed, _)| elapsed) / 1000.0;
    let done = move || {
        state
            .get()
            .map(|(_, done)| done)
            .filter(|done| *done > 0)
            .map(|done| format!("{done} statements done"))
    };
    view! {
        <Show when=move || state.get().is_some_and(|(elapsed, _)| elapsed > SHOWN_AFTER)>
            <div class="running" role="status">
                <Icon name="clock" size=IconSize::Small class="subtle" />
                <span class="num" aria-hidden="true">{move || format!("Running, {:.1} s", elapsed())}</span>
                <span class="visually-hidden">"Running"</span>
                <span class="subtle num">{done}</span>
                <span class="grow"></span>
                <button class="btn btn-small" type="button" data-testid="cancel" on:click=move |_| (actions::CANCEL.run)(app)>
                    "Cancel"
                    <kbd class="kbd">"Esc"</kbd>
                </button>
            </div>
        </Show>
    }
}
