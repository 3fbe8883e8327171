//! One statement of a script: what it gave, what went wrong, what it sent, and what that changed.

use std::sync::Arc;

use leptos::prelude::*;
use throughline_core::document::LineIndex;
use throughline_worker::protocol::{self as told, Exception, Range, Repeated};

use super::console::some;
use super::results::{changed_chips, elapsed};
use super::sent::Sent;
use crate::state::App;
use crate::state::run::Played;
use crate::ui::{CodeText, Icon, IconSize, SqlText};

/// Statements of SQL that a card shows at once.
const SHOWN: usize = 3;
/// Characters of a value that a card shows at once.
const LONGEST: usize = 1200;

/// The card of a statement.
#[component]
pub fn Card(
    /// The script.
    played: Arc<Played>,
    /// Which of its statements.
    at: usize,
) -> impl IntoView {
    let Some(card) = played.report.cards.get(at) else { return ().into_any() };
    let source = played.source(card.range).trim_end().to_owned();
    let failed = card.fault.is_some();
    let printed = (!card.printed.is_empty())
        .then(|| view! { <Text text=card.printed.trim_end_matches('\n').to_owned() class="card-printed" label="Printed" /> });
    let value = card
        .value
        .clone()
        .map(|value| view! { <Text text=value class="card-value" label="Value" /> });
    let fault = card.fault.clone().map(|fault| {
        let range = played.place(fault.range.unwrap_or(card.range));
        view! { <Raised fault range /> }
    });
    let repeated = card.repeated.clone().map(|repeated| view! { <Again repeated /> });
    let touched = (!card.changes.is_empty()).then(|| changes(card));
    view! {
        <li class="card" class:is-failed=failed data-testid="step">
            <div class="card-head">
                <pre class="card-source">{source}</pre>
                <span class="num">{elapsed(card.millis)}</span>
            </div>
            {printed}
            {value}
            {fault}
            {repeated}
            {touched}
            <SentList played=played.clone() at />
        </li>
    }
    .into_any()
}

/// Text that a statement gave; the rest of a long one on demand.
#[component]
fn Text(text: String, class: &'static str, label: &'static str) -> impl IntoView {
    let cut = text.char_indices().nth(LONGEST).map(|(at, _)| at);
    let all = RwSignal::new(cut.is_none());
    let short =
        cut.and_then(|at| text.get(..at)).map(|text| format!("{text}…")).unwrap_or_default();
    let shown = move || if all.get() { text.clone() } else { short.clone() };
    view! {
        <pre class=format!("card-text {class}") aria-label=label data-testid=class>{shown}</pre>
        <Show when=move || !all.get()>
            <button class="btn btn-quiet btn-small card-more" type="button" on:click=move |_| all.set(true)>"Show all"</button>
        </Show>
    }
}

/// What ended the script: class and message as Python says them, then why, and what to do.
#[component]
fn Raised(fault: Exception, range: Range) -> impl IntoView {
    let app = expect_context::<App>();
    let (class, icon, tone) = match fault.class {
        Some(_) => ("notice notice-error", "circle-x", "sev sev-error"),
        None => ("notice notice-warning", "triangle-alert", "sev sev-warning"),
    };
    let place =
        app.script.with_untracked(|script| LineIndex::new(script).line_column(script, range.start));
    let place = format!("[{}, {}]", place.line, place.column);
    let go = move |_| {
        app.engine.go_to.set(None);
        app.engine.go_to.set(Some(range.start));
    };
    let title = match fault.class {
        Some(name) if fault.message.is_empty() => format!("`{name}`"),
        Some(name) => format!("`{name}`: {}", fault.message.replace('`', "'")),
        None => fault.message,
    };
    let text = |text: Option<String>| {
        text.map(|text| view! { <span class="notice-text"><CodeText text /></span> })
    };
    view! {
        <div class=class role="alert" data-testid="exception">
            <Icon name=icon class=tone />
            <span class="notice-title"><CodeText text=title /></span>
            <button class="problem-where" type="button" title="Show it in the script" on:click=go>{place}</button>
            {text(fault.why)}
            {text(fault.hint)}
        </div>
    }
}

/// SQL of one shape, again and again, and the call that saves it.
#[component]
fn Again(repeated: Repeated) -> impl IntoView {
    let Repeated { count, sql, mend } = repeated;
    let text = match &mend {
        Some(mend) => format!("`{}` fetches them together. {}", mend.call, mend.why),
        None => "Each of them waits for the one before it.".to_owned(),
    };
    let compared = mend.map(|mend| {
        let counts = format!("{} statements without it, {} with it", mend.before, mend.after);
        view! {
            <pre class="card-text card-mend">{mend.source}</pre>
            <span class="notice-text">{counts}</span>
        }
    });
    view! {
        <div class="notice notice-warning card-again" data-testid="repeated">
            <Icon name="triangle-alert" class="sev sev-warning" />
            <span class="notice-title">{format!("{count} statements of one shape")}</span>
            <span class="notice-text"><CodeText text /></span>
            {compared}
            <div class="code-block card-shape"><SqlText sql /></div>
        </div>
    }
}

/// The rows that were changed, by table.
fn changes(card: &told::Card) -> impl IntoView + use<> {
    let table = |changes: &told::TableChanges| {
        view! { <span class="card-table"><span class="mono-11">{changes.table.clone()}</span>{changed_chips(std::slice::from_ref(changes))}</span> }
    };
    let tables = card.changes.iter().map(table).collect_view();
    view! { <div class="card-changes" role="group" aria-label="Rows that it changed">{tables}</div> }
}

/// The SQL that was sent: a few statements at once, the others on demand.
#[component]
fn SentList(played: Arc<Played>, at: usize) -> impl IntoView {
    let counts = played.report.cards.get(at).map(|card| (card.sent.len(), card.unlisted));
    let (listed, unlisted) = counts.unwrap_or_default();
    let first = if listed > SHOWN + 1 { SHOWN } else { listed };
    let shown = RwSignal::new(first);
    let more = (unlisted > 0)
        .then(|| view! { <p class="step-more">{format!("{unlisted} more were sent and are not listed.")}</p> });
    view! {
        {move || (0..shown.get()).map(|which| view! { <Sent played=played.clone() at which /> }).collect_view()}
        <Show when=move || { shown.get() < listed }>
            <button class="btn btn-quiet btn-small card-more" type="button" on:click=move |_| shown.set(listed)>
                <Icon name="chevron-down" size=IconSize::Tiny />
                {format!("{} more", some(listed - first, "SQL statement"))}
            </button>
        </Show>
        {more}
    }
}
