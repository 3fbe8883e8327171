//! The query editor.

use leptos::prelude::*;

use crate::state::App;

/// Lines that the field shows at least and at most; it scrolls beyond.
const LINES: (usize, usize) = (3, 10);

/// A field for SQL.
#[component]
pub fn Input() -> impl IntoView {
    let app = expect_context::<App>();
    let lines = move || app.sql.with(|sql| sql.split('\n').count().clamp(LINES.0, LINES.1)).to_string();
    view! {
        <textarea
            class="query-input"
            data-testid="sql"
            aria-label="SQL"
            placeholder="SELECT …"
            spellcheck="false"
            autocapitalize="off"
            autocomplete="off"
            wrap="off"
            rows=lines
            prop:value=move || app.sql.get().to_string()
            on:input:target=move |event| app.set_sql(&event.target().value())
        ></textarea>
    }
}
