//! The query editors.

use std::collections::BTreeMap;
use std::sync::Arc;

use leptos::html;
use leptos::prelude::*;
use throughline_worker::protocol::{FaultKind, Range};

use super::help;
use crate::actions;
use crate::platform::focus;
use crate::platform::query_editor::{self, QueryEditor, Told, Use};
use crate::state::App;
use crate::state::run::Excerpt;
use crate::state::ui::Language;

/// Lines that the plain field shows at least and at most; it scrolls beyond.
const LINES: (usize, usize) = (3, 10);

/// A script in CodeMirror; before it has loaded, and where it cannot, in a plain text field.
#[component]
pub fn Input(
    /// What it is written in.
    language: Language,
) -> impl IntoView {
    let app = expect_context::<App>();
    let host = NodeRef::<html::Div>::new();
    let rich = RwSignal::new(false);
    let selection = StoredValue::new(None);
    leptos::task::spawn_local(async move {
        query_editor::ready().await;
        // The page may be gone by then.
        let beside = host.try_get_untracked().flatten();
        let _ = selection.try_set_value(beside.and_then(|host| focus::selection_beside(&host)));
        let _ = rich.try_set(true);
    });
    Effect::new(move |_| {
        if let (true, Some(host)) = (rich.get(), host.get()) {
            mount(app, language, &host, selection.get_value());
        }
    });
    let text = text(app, language);
    let is = used(language);
    let lines =
        move || text.with(|text| text.split('\n').count().clamp(LINES.0, LINES.1)).to_string();
    view! {
        <div class="query-input" node_ref=host>
            <Show when=move || !rich.get()>
                <textarea
                    class="query-plain"
                    data-testid=is.language
                    aria-label=is.label
                    placeholder=is.hint
                    spellcheck="false"
                    autocapitalize="off"
                    autocomplete="off"
                    wrap="off"
                    rows=lines
                    prop:value=move || text.get().to_string()
                    on:input:target=move |event| set_text(app, language, &event.target().value())
                ></textarea>
            </Show>
        </div>
    }
}

fn used(language: Language) -> Use {
    match language {
        Language::Sql => Use { language: "sql", label: "SQL", hint: "SELECT …" },
        Language::Calls => Use {
            language: "python",
            label: "Script",
            hint: "Calls of the ORM, or a tutorial's >>> lines",
        },
    }
}

fn text(app: App, language: Language) -> Memo<Arc<str>> {
    match language {
        Language::Sql => app.sql,
        Language::Calls => app.script,
    }
}

fn set_text(app: App, language: Language, text: &str) {
    match language {
        Language::Sql => app.set_sql(text),
        Language::Calls => app.set_script(text),
    }
}

/// Puts the editor into the host and keeps it in step with the state until the owner goes. `selection`: what was selected in the plain field, if that had the focus.
fn mount(app: App, language: Language, host: &query_editor::Host, selection: Option<[u32; 2]>) {
    let text = text(app, language);
    let editor: help::Editor = StoredValue::new_local(None);
    let told = move |told| match told {
        Told::Edit(text) => set_text(app, language, &text),
        Told::Run => (actions::RUN.run)(app),
        Told::RunPart(from, to) => {
            let script = text.get_untracked();
            let part = Excerpt::part(&script, byte(&script, from), byte(&script, to));
            actions::query::play(app, part);
        }
        Told::SayElsewhere(from, to) => {
            let script = text.get_untracked();
            let range = Range { start: byte(&script, from), end: byte(&script, to) };
            actions::query::say_elsewhere(app, range);
        }
        Told::Offer(question) => help::offer(app, editor, question),
        Told::Explain(question) => help::explain(app, editor, question),
    };
    let Some(mounted) = QueryEditor::mount(host, used(language), told) else { return };
    if let Some(selection) = selection {
        mounted.set_text(&text.get_untracked());
        mounted.select(selection);
    }
    editor.set_value(Some(mounted));
    let with = move |use_it: &dyn Fn(&QueryEditor)| {
        editor.with_value(|editor| editor.iter().for_each(use_it))
    };
    Effect::new(move |_| {
        let text = text.get();
        with(&|editor| editor.set_text(&text));
    });
    match language {
        Language::Sql => Effect::new(move |_| {
            let names: BTreeMap<String, Vec<String>> = app.derived.tables.with(|tables| {
                let columns = |table: &throughline_core::tables::Table| {
                    table.columns.iter().map(|column| column.name.clone()).collect()
                };
                tables.tables.iter().map(|table| (table.name.clone(), columns(table))).collect()
            });
            with(&|editor| editor.set_names(&names));
        }),
        Language::Calls => Effect::new(|_| ()),
    };
    Effect::new(move |_| {
        let wrong = match language {
            Language::Sql => wrong_sql(app),
            Language::Calls => wrong_call(app),
        };
        let text = text.get_untracked();
        let mark =
            wrong.map(|(range, class)| (utf16(&text, range.start), utf16(&text, range.end), class));
        with(&|editor| editor.set_error(mark));
    });
    Effect::new(move |_| {
        let offset = app.engine.go_to.get();
        if let (Some(offset), true) = (offset, app.ui.language.get_untracked() == language) {
            let offset = text.with_untracked(|text| utf16(text, offset));
            with(&|editor| editor.go_to(offset));
        }
    });
}

/// The place of the last script's error, where the text is still the one that failed.
fn wrong_sql(app: App) -> Option<(Range, &'static str)> {
    let failed = app.engine.failed.get()?;
    let same = app.sql.with_untracked(|sql| *sql == failed.sql);
    let class = match failed.fault.kind {
        FaultKind::Error => "squiggle",
        FaultKind::Refused => "squiggle squiggle-warning",
    };
    same.then_some((failed.fault.range?, class))
}

/// The same for a script of calls.
fn wrong_call(app: App) -> Option<(Range, &'static str)> {
    let played = app.engine.played.get()?;
    let card = played.report.failed()?;
    let fault = card.fault.as_ref()?;
    let range = played.place(fault.range.unwrap_or(card.range));
    let statement = played.place(card.range);
    let same = app.script.with_untracked(|script| {
        script.get(statement.start as usize..statement.end as usize)
            == Some(played.source(card.range))
    });
    let class = if fault.class.is_some() { "squiggle" } else { "squiggle squiggle-warning" };
    same.then_some((range, class))
}

/// The offset that editors in a browser count in.
pub(super) fn utf16(text: &str, byte: u32) -> u32 {
    text.get(..byte as usize).unwrap_or(text).encode_utf16().count() as u32
}

/// The byte at an offset of an editor.
pub(super) fn byte(text: &str, utf16: u32) -> u32 {
    let mut units = 0;
    let at = text.char_indices().find(|(_, letter)| {
        let here = units >= utf16;
        units += letter.len_utf16() as u32;
        here
    });
    at.map_or(text.len(), |(at, _)| at) as u32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn offsets_go_there_and_back() {
        let text = "aé𝄞b";
        for (at, _) in text.char_indices().chain([(text.len(), 'x')]) {
            assert_eq!(byte(text, utf16(text, at as u32)), at as u32);
        }
    }
}
