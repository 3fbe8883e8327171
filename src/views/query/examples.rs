//! Queries worth trying, made from the schema.

use std::sync::Arc;

use leptos::prelude::*;
use throughline_core::examples;
use throughline_core::sample::{self, ExampleQuery};

use crate::actions;
use crate::state::App;
use crate::state::run::Excerpt;
use crate::state::ui::Language;
use crate::ui::{Icon, IconSize, MenuButton, MenuItem};

/// The button and its menu.
#[component]
pub fn QueryExamples() -> impl IntoView {
    let app = expect_context::<App>();
    let item = move |query: ExampleQuery, insert: fn(App, &ExampleQuery)| {
        let title = query.title.clone();
        view! { <MenuItem on_choose=move || insert(app, &query)>{title}</MenuItem> }
    };
    let button = ViewFn::from(|| {
        view! {
            "Examples"
            <Icon name="chevron-down" size=IconSize::Tiny class="btn-chevron" />
        }
    });
    let items = move || {
        let (queries, insert): (Vec<ExampleQuery>, fn(App, &ExampleQuery)) =
            match app.ui.language.get() {
                Language::Calls => (scripts(app), insert_script),
                Language::Sql => (of(app), insert),
            };
        queries.into_iter().map(|query| item(query, insert)).collect_view()
    };
    view! {
        <MenuButton label="Example queries" class="btn btn-quiet btn-small" button testid="query-examples">
            {items}
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

/// The scripts for the project as it is: the lesson of the example that it was made from, and one for each way to ask.
pub(super) fn scripts(app: App) -> Vec<ExampleQuery> {
    let source = app.derived.source.get();
    let lesson = examples::ALL.iter().find(|example| *example.models == *source);
    let lesson = lesson.filter(|example| !example.script.is_empty()).map(|example| ExampleQuery {
        title: example.title.into(),
        sql: example.script.trim_end().into(),
    });
    lesson.into_iter().collect()
}

/// Puts a script into the console and runs it.
pub(super) fn insert_script(app: App, script: &ExampleQuery) {
    app.set_script(&script.sql);
    actions::query::play(app, Excerpt::whole(Arc::from(script.sql.as_str())));
}
