//! The query editor.

use std::collections::BTreeMap;

use leptos::html;
use leptos::prelude::*;
use throughline_worker::protocol::FaultKind;

use crate::actions;
use crate::platform::sql_editor::{self, SqlEditor, Told};
use crate::state::App;

/// Lines that the plain field shows at least and at most; it scrolls beyond.
const LINES: (usize, usize) = (3, 10);

/// SQL in CodeMirror; before it has loaded, and where it cannot, in a plain text field.
#[component]
pub fn Input() -> impl IntoView {
    let app = expect_context::<App>();
    let host = NodeRef::<html::Div>::new();
    let rich = RwSignal::new(false);
    leptos::task::spawn_local(async move {
        sql_editor::ready().await;
        // The page may be gone by then.
        let _ = rich.try_set(true);
    });
    Effect::new(move |_| {
        if let (true, Some(host)) = (rich.get(), host.get()) {
            mount(app, &host);
        }
    });
    let lines =
        move || app.sql.with(|sql| sql.split('\n').count().clamp(LINES.0, LINES.1)).to_string();
    view! {
        <div class="query-input" node_ref=host>
            <Show when=move || !rich.get()>
                <textarea
                    class="query-plain"
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
            </Show>
        </div>
    }
}

/// Puts the editor into the host and keeps it in step with the state until the owner goes.
fn mount(app: App, host: &sql_editor::Host) {
    let told = move |told| match told {
        Told::Edit(sql) => app.set_sql(&sql),
        Told::Run => (actions::RUN.run)(app),
    };
    let Some(editor) = SqlEditor::mount(host, told) else { return };
    let editor = StoredValue::new_local(editor);
    Effect::new(move |_| {
        let sql = app.sql.get();
        editor.with_value(|editor| editor.set_text(&sql));
    });
    Effect::new(move |_| {
        let names: BTreeMap<String, Vec<String>> = app.derived.tables.with(|tables| {
            let columns = |table: &throughline_core::tables::Table| {
                table.columns.iter().map(|column| column.name.clone()).collect()
            };
            tables.tables.iter().map(|table| (table.name.clone(), columns(table))).collect()
        });
        editor.with_value(|editor| editor.set_names(&names));
    });
    Effect::new(move |_| {
        let failed = app.engine.failed.get();
        // Only where the text is still the one that failed.
        let failed = failed.filter(|failed| app.sql.with_untracked(|sql| *sql == failed.sql));
        let mark = failed.and_then(|failed| {
            let range = failed.fault.range?;
            let class = match failed.fault.kind {
                FaultKind::Error => "squiggle",
                FaultKind::Refused => "squiggle squiggle-warning",
            };
            Some((utf16(&failed.sql, range.start), utf16(&failed.sql, range.end), class))
        });
        editor.with_value(|editor| editor.set_error(mark));
    });
    Effect::new(move |_| {
        if let Some(offset) = app.engine.go_to.get() {
            let offset = app.sql.with_untracked(|sql| utf16(sql, offset));
            editor.with_value(|editor| editor.go_to(offset));
        }
    });
}

/// The offset that editors in a browser count in.
fn utf16(text: &str, byte: u32) -> u32 {
    text.get(..byte as usize).unwrap_or(text).encode_utf16().count() as u32
}
