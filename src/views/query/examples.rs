//! Queries worth trying, made from the schema.

use leptos::prelude::*;
use throughline_core::sample::{self, ExampleQuery};

use crate::state::App;
use crate::ui::{Icon, IconSize, MenuButton, MenuItem};

/// The button and its menu.
#[component]
pub fn QueryExamples() -> impl IntoView {
    let app = expect_context::<App>();
    let item = move |query: ExampleQuery| {
        let title = query.title.clone();
        view! { <MenuItem on_choose=move || insert(app, &query)>{title}</MenuItem> }
    };
    let button = ViewFn::from(|| {
        view! {
            "Examples"
            <Icon name="chevron-down" size=IconSize::Tiny class="btn-chevron" />
        }
    });
    view! {
        <MenuButton label="Example queries" class="btn btn-quiet btn-small" button testid="query-examples">
            {move || of(app).into_iter().map(item).collect_view()}
        </MenuButton>
    }
}

/// The queries for the project as it is.
pub(super) fn of(app: App) -> Vec<ExampleQuery> {
    app.derived
        .resolved
        .with(|resolved| app.derived.tables.with(|tables| sample::queries(resolved, tables)))
}

/// Puts a query into the editor and runs it.
pub(super) fn insert(app: App, query: &ExampleQuery) {
    app.set_sql(&query.sql);
    app.engine.run(&query.sql);
}
