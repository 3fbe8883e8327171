//! One statement of a script: what it gave, what went wrong, what it sent, and what that changed.

use std::sync::Arc;

use leptos::prelude::*;
use throughline_core::document::LineIndex;
use throughline_worker::protocol::{
    self as told, Cost, Exception, Expected, Range, Repeated, Walk,
};

use super::console::some;
use super::results::{changed_chips, elapsed};
use super::sent::Sent;
use crate::state::App;
use crate::state::run::{Excerpt, Played};
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
    let app = expect_context::<App>();
    let place = played.place(card.range);
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
    let expected = card.expected.clone().map(|expected| view! { <Compared expected /> });
    let walks =
        card.walks.iter().cloned().map(|walk| view! { <Way walk=Arc::new(walk) /> }).collect_view();
    let touched = (!card.changes.is_empty()).then(|| changes(card));
    view! {
        <li class="card" class:is-failed=failed data-testid="step" data-wrong=card.is_wrong().then_some("")>
            <div class="card-head">
                <pre class="card-source">{source}</pre>
                <span class="num">{elapsed(card.millis)}</span>
                <button class="btn btn-quiet btn-small btn-icon" type="button" aria-label="In the other ORMs" title="In the other ORMs (Alt+Enter in the editor)" data-testid="say-elsewhere" on:click=move |_| crate::actions::query::say_elsewhere(app, place)>
                    <Icon name="arrow-left-right" size=IconSize::Small />
                </button>
            </div>
            {printed}
            {value}
            {fault}
            {expected}
            {repeated}
            {touched}
            {walks}
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
        <pre class=format!("card-text {class}") role="group" aria-label=label data-testid=class>{shown}</pre>
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

/// What a transcript says that is shown, and whether it is.
#[component]
fn Compared(expected: Expected) -> impl IntoView {
    let Expected { text, agrees } = expected;
    if agrees {
        return view! { <p class="card-verdict" data-testid="agrees"><Icon name="check" size=IconSize::Small class="sev sev-ok" />"Agrees with the transcript"</p> }
            .into_any();
    }
    let text = if text.is_empty() { "(nothing)".to_owned() } else { text };
    view! {
        <p class="card-verdict" data-testid="differs"><Icon name="circle-x" size=IconSize::Small class="sev sev-error" />"Differs from the transcript, which says:"</p>
        <pre class="card-text card-expected">{text}</pre>
    }
    .into_any()
}

/// A way along relations; pressed, it lights up in the diagram.
#[component]
fn Way(walk: Arc<Walk>) -> impl IntoView {
    let app = expect_context::<App>();
    let words = walk.words.clone();
    let lit = {
        let walk = walk.clone();
        move || app.ui.walked.with(|walked| walked.as_ref() == Some(&walk))
    };
    let pressed = lit.clone();
    view! {
        <button class="card-walk" type="button" data-testid="walk" title="Light it up in the diagram" aria-pressed=move || pressed().to_string()
            on:click=move |_| app.ui.walked.set((!lit()).then(|| walk.clone()))>
            <Icon name="git-branch" size=IconSize::Small />
            <span><CodeText text=words /></span>
        </button>
    }
}

/// What a statement cost, with and without a mend.
fn cost(title: &str, cost: Cost) -> impl IntoView + use<> {
    let title =
        format!("{title}: {}, {}", some(cost.count as usize, "statement"), elapsed(cost.millis));
    let shape = |(sql, count): (String, u32)| view! { <li><span class="num">{format!("{count} ×")}</span><span class="cost-sql"><SqlText sql /></span></li> };
    let shapes = cost.shapes.into_iter().map(shape).collect_view();
    view! { <div class="cost"><strong>{title}</strong><ul>{shapes}</ul></div> }
}

/// SQL of one shape, again and again, and the call that saves it.
#[component]
fn Again(repeated: Repeated) -> impl IntoView {
    let app = expect_context::<App>();
    let Repeated { count, sql, mend } = repeated;
    let Some(mend) = mend else {
        return view! {
            <div class="notice notice-warning card-again" data-testid="repeated">
                <Icon name="triangle-alert" class="sev sev-warning" />
                <span class="notice-title">{format!("{count} statements of one shape")}</span>
                <span class="notice-text">"They are sent one by one, and each waits for the one before it."</span>
                <div class="notice-text cost-sql"><SqlText sql /></div>
            </div>
        }
        .into_any();
    };
    let text = format!("`{}` saves them. {}", mend.call, mend.why);
    let script = mend.script;
    let take = move |_| {
        app.set_script(&script);
        crate::actions::query::play(app, Excerpt::whole(script.as_str().into()));
    };
    view! {
        <div class="notice notice-warning card-again" data-testid="repeated">
            <Icon name="triangle-alert" class="sev sev-warning" />
            <span class="notice-title">{format!("{count} statements of one shape")}</span>
            <button class="btn btn-small" type="button" data-testid="mend" on:click=take>
                <Icon name="wrench" size=IconSize::Tiny />
                "Use it"
            </button>
            <span class="notice-text"><CodeText text /></span>
            <pre class="notice-text card-mend">{mend.source}</pre>
            <div class="costs">
                {cost("Without", mend.before)}
                {cost("With", mend.after)}
            </div>
        </div>
    }
    .into_any()
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
