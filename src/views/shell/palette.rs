//! The command palette: every action, every example, every model and field.

use leptos::ev::KeyboardEvent;
use leptos::prelude::*;
use throughline_core::{examples, orm};

use super::examples::open as open_example;
use crate::actions;
use crate::platform::keyboard;
use crate::state::ui::Overlay;
use crate::state::{App, Pane, Selection};
use crate::ui::{Dialog, Icon};

/// The most that is listed.
const SHOWN: usize = 40;

/// What an entry does.
#[derive(Clone)]
enum Does {
    Run(&'static actions::Action),
    Open(&'static examples::Example),
    Switch(&'static str),
    Choose(Selection),
}

/// One line of the palette.
#[derive(Clone)]
struct Entry {
    group: &'static str,
    icon: &'static str,
    label: String,
    after: String,
    does: Does,
}

/// The palette, over everything else.
#[component]
pub fn Palette() -> impl IntoView {
    let app = expect_context::<App>();
    let is_open = Memo::new(move |_| app.ui.overlay.get() == Some(Overlay::Palette));
    let on_close = Callback::new(move |()| app.ui.overlay.set(None));
    view! {
        <Dialog label="Commands" class="palette" open=is_open on_close><Body /></Dialog>
    }
}

#[component]
fn Body() -> impl IntoView {
    let app = expect_context::<App>();
    let words = RwSignal::new(String::new());
    let active = RwSignal::new(0_usize);
    let all = StoredValue::new(entries(app));
    let total = all.with_value(Vec::len);
    let found = Memo::new_with_compare(
        move |_| {
            let words = words.get().to_lowercase();
            all.with_value(|all| {
                all.iter()
                    .filter(|entry| fits(&entry.label, &words))
                    .take(SHOWN)
                    .cloned()
                    .collect::<Vec<_>>()
            })
        },
        |_, _| true,
    );
    let run = move |at: usize| {
        let Some(entry) = found.with_untracked(|found| found.get(at).cloned()) else { return };
        app.ui.overlay.set(None);
        // After the dialog has closed and given the focus back.
        request_animation_frame(move || perform(app, entry.does));
    };
    let on_key = move |event: KeyboardEvent| {
        let count = found.with_untracked(Vec::len).max(1);
        match event.key().as_str() {
            "ArrowDown" => active.update(|at| *at = (*at + 1) % count),
            "ArrowUp" => active.update(|at| *at = (*at + count - 1) % count),
            "Enter" => run(active.get_untracked()),
            _ => return,
        }
        event.prevent_default();
    };
    let row = move |(at, entry): (usize, Entry)| {
        let first = at == 0
            || found
                .with(|found| found.get(at - 1).is_none_or(|before| before.group != entry.group));
        view! {
            {first.then(|| view! { <div class="palette-group" role="presentation">{entry.group}</div> })}
            <div
                class="palette-item"
                id=format!("palette-{at}")
                role="option"
                class:is-active=move || active.get() == at
                aria-selected=move || (active.get() == at).to_string()
                on:click=move |_| run(at)
                on:mousemove=move |_| active.set(at)
            >
                <Icon name=entry.icon />
                <span class="grow">{marked(&entry.label, &words.get())}</span>
                <span class="mono-11 subtle">{entry.after}</span>
            </div>
        }
    };
    view! {
        <div class="palette-input">
            <Icon name="search" class="subtle" />
            <input
                class="palette-field"
                role="combobox"
                aria-label="Search or run"
                aria-expanded="true"
                aria-controls="palette-list"
                aria-activedescendant=move || format!("palette-{}", active.get())
                placeholder="Search or run"
                autocomplete="off"
                spellcheck="false"
                on:input=move |event| { words.set(event_target_value(&event)); active.set(0); }
                on:keydown=on_key
            />
        </div>
        <div class="palette-list" id="palette-list" role="listbox" aria-label="Results">
            {move || found.get().into_iter().enumerate().map(row).collect_view()}
            <Show when=move || found.with(Vec::is_empty)><p class="palette-none">"Nothing has this name."</p></Show>
        </div>
        <div class="palette-foot" aria-hidden="true">
            <span>"↑ ↓ move"</span><span>"↵ run"</span><span>"Esc close"</span><span class="grow"></span>
            <span>{move || format!("{} of {total}", found.with(Vec::len))}</span>
        </div>
    }
}

fn perform(app: App, does: Does) {
    match does {
        Does::Run(action) => (action.run)(app),
        Does::Open(example) => open_example(app, example),
        Does::Switch(id) => app.switch_orm(id),
        Does::Choose(what) => {
            app.choose(what, Pane::Problems);
            if let Some(span) = untrack(|| app.chosen_span()) {
                app.go_to(span);
            }
        }
    }
}

fn entries(app: App) -> Vec<Entry> {
    let run = |action: &&'static actions::Action| Entry {
        group: "Commands",
        icon: action.icon,
        label: untrack(|| (action.label)(app)),
        after: action.keys.first().map(|keys| keyboard::shown(keys)).unwrap_or_default(),
        does: Does::Run(action),
    };
    let commands = actions::ALL
        .iter()
        .filter(|action| action.id != "palette" && untrack(|| (action.enabled)(app)))
        .map(run);
    let mut entries: Vec<Entry> = commands.collect();
    let now = app.derived.orm.get_untracked();
    let others = orm::ALL.iter().map(|orm| orm.profile()).filter(|profile| profile.id != now);
    entries.extend(others.map(|profile| Entry {
        group: "Commands",
        icon: "arrow-left-right",
        label: format!("Switch to {}", profile.title),
        after: String::new(),
        does: Does::Switch(profile.id),
    }));
    let document = app.derived.document.get_untracked();
    for model in &document.models {
        let entry = |name: String, icon, span: throughline_core::Span, what| Entry {
            group: "Models and fields",
            icon,
            label: name,
            after: format!("models.py {}", app.line_column(span.start).0),
            does: Does::Choose(what),
        };
        let name = &model.name.text;
        entries.push(entry(
            name.clone(),
            "table-2",
            model.name.span,
            Selection::Model(name.clone()),
        ));
        for field in &model.fields {
            let icon = if field.relation().is_some() { "link" } else { "minus" };
            let what = Selection::Field(name.clone(), field.name.text.clone());
            entries.push(entry(format!("{name}.{}", field.name.text), icon, field.name.span, what));
        }
    }
    entries.extend(examples::ALL.iter().map(|example| Entry {
        group: "Examples",
        icon: "folder-open",
        label: format!("Example: {}", example.title),
        after: String::new(),
        does: Does::Open(example),
    }));
    entries
}

/// Whether every word of the search is in the label.
fn fits(label: &str, words: &str) -> bool {
    let label = label.to_lowercase();
    words.split_whitespace().all(|word| label.contains(word))
}

/// The label with what was searched for marked.
fn marked(label: &str, words: &str) -> impl IntoView + use<> {
    let word = words.split_whitespace().next().unwrap_or_default().to_lowercase();
    let at = label.to_lowercase().find(&word).filter(|_| !word.is_empty());
    let parts = at.and_then(|at| {
        Some((label.get(..at)?, label.get(at..at + word.len())?, label.get(at + word.len()..)?))
    });
    let (before, hit, after) = parts.unwrap_or((label, "", ""));
    let hit = (!hit.is_empty()).then(|| view! { <mark>{hit.to_owned()}</mark> });
    view! { {before.to_owned()}{hit}{after.to_owned()} }
}
