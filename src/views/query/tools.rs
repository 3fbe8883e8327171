//! What stands at the right end of the pane's head.

use leptos::prelude::*;

use super::examples::QueryExamples;
use crate::actions;
use throughline_core::orm;

use crate::platform::keyboard;
use crate::state::App;
use crate::state::run::Status;
use crate::state::ui::Language;
use crate::ui::{Choice, Icon, IconSize, Segmented};

/// What queries are written in, the examples, and the one filled button.
#[component]
pub fn QueryTools() -> impl IntoView {
    let app = expect_context::<App>();
    let running = move || app.engine.status.with(|status| matches!(status, Status::Running { .. }));
    let keys = actions::RUN.keys.first().copied().unwrap_or_default();
    let languages = move || {
        let orm = orm::by_id(app.derived.orm.get()).map_or("Python", |orm| orm.profile().title);
        let choices = vec![Choice::new(Language::Calls, orm), Choice::new(Language::Sql, "SQL")];
        view! { <Segmented label="Query language" choices value=app.ui.language on_choose=move |language| app.ui.set_language(language) class="seg-small" /> }
    };
    view! {
        <span data-testid="query-language">{languages}</span>
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
