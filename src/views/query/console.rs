//! What a script of ORM calls came to: a card for each of its statements.

use std::sync::Arc;

use leptos::prelude::*;
use throughline_worker::protocol::{Card, Elsewhere, ScriptReport};

use super::card::Card as CardView;
use super::error::EngineNews;
use super::examples;
use super::results::{UndoRows, changed_chips, elapsed};
use super::running::Running;
use crate::platform::focus;
use crate::state::App;
use crate::state::run::Played;
use crate::state::ui::Parameters;
use crate::ui::{CodeText, Empty, Icon, IconSize};

/// The cards of the last script. They stay while the next one runs.
#[component]
pub fn Console() -> impl IntoView {
    let app = expect_context::<App>();
    let engine = app.engine;
    view! {
        <Running />
        {move || engine.news.get().map(|news| view! { <EngineNews news /> })}
        {move || engine.elsewhere.get().map(|all| view! { <Others all /> })}
        {move || match engine.played.get() {
            Some(played) => view! { <Head played=played.clone() /><Cards played /> }.into_any(),
            None => view! { <Nothing /> }.into_any(),
        }}
    }
}

/// A statement in the other ORMs.
#[component]
fn Others(all: Arc<Vec<Elsewhere>>) -> impl IntoView {
    let app = expect_context::<App>();
    let one = |each: &Elsewhere| {
        let said = match each.said.clone() {
            Ok(code) => view! { <pre class="card-mend">{code}</pre> }.into_any(),
            Err(why) => view! { <span class="notice-text"><CodeText text=why /></span> }.into_any(),
        };
        let notes = each
            .notes
            .iter()
            .cloned()
            .map(|text| view! { <span class="notice-text"><CodeText text /></span> })
            .collect_view();
        view! { <div class="other"><strong>{each.orm.clone()}</strong><div class="other-said">{said}{notes}</div></div> }
    };
    let others = all.iter().map(one).collect_view();
    view! {
        <div class="notice others" role="status" data-testid="elsewhere">
            <Icon name="arrow-left-right" class="sev sev-info" />
            <span class="notice-title">"The same call in the other ORMs"</span>
            <button class="btn btn-quiet btn-small btn-icon" type="button" aria-label="Dismiss" on:click=move |_| app.engine.elsewhere.set(None)>
                <Icon name="x" size=IconSize::Small />
            </button>
            <div class="others-list">{others}</div>
        </div>
    }
}

/// How much ran, how long, what it changed, and how its SQL is written.
#[component]
fn Head(played: Arc<Played>) -> impl IntoView {
    let app = expect_context::<App>();
    let report = &played.report;
    let cards = report.cards.len() + report.unlisted as usize;
    let text = format!("{}, {} SQL", some(cards, "statement"), report.sent());
    let apart = move || app.ui.parameters.get() == Parameters::Apart;
    let switch = move |_| {
        app.ui.parameters.set(if apart() { Parameters::Inline } else { Parameters::Apart })
    };
    let undo = (!report.changes.is_empty()).then(|| view! { <UndoRows /> });
    let note = |text: &String| view! { <div class="notice"><Icon name="info" class="sev sev-info" /><span class="notice-text"><CodeText text=text.clone() /></span></div> };
    let notes = report.notes.iter().map(note).collect_view();
    view! {
        <div class="subhead">
            <strong data-testid="script-count" role="status">{text}</strong>
            <span class="num">{elapsed(report.elapsed)}</span>
            {wrong_chip(report)}
            {changed_chips(&report.changes)}
            <span class="grow"></span>
            {undo}
            <button class="btn btn-quiet btn-small" type="button" aria-pressed=move || apart().to_string() title="Show the SQL as it ran, with its parameters beside it" on:click=switch>
                "Parameters"
                <span class="only-wide">" apart"</span>
            </button>
        </div>
        {notes}
    }
}

/// How many statements need a look, and the way to the first of them.
fn wrong_chip(report: &ScriptReport) -> Option<impl IntoView + use<>> {
    let wrong = || report.cards.iter().filter(|card| card.is_wrong());
    let differ = wrong().filter(|card| card.expected.is_some()).count();
    let text = match (wrong().count(), differ) {
        (0, _) => return None,
        (_, 0) => "1 error".to_owned(),
        (_, 1) => "1 differs".to_owned(),
        (_, several) => format!("{several} differ"),
    };
    Some(
        view! { <button class="chip chip-error" type="button" title="Show the first of them" data-testid="first-wrong" on:click=|_| reveal_wrong()>{text}</button> },
    )
}

/// Scrolls to the first statement that needs a look.
fn reveal_wrong() {
    focus::reveal_matching("[data-testid=cards] [data-wrong]");
}

/// The cards. Where a statement needs a look, it is the one that is seen first.
#[component]
fn Cards(played: Arc<Played>) -> impl IntoView {
    if played.report.cards.iter().any(Card::is_wrong) {
        request_animation_frame(reveal_wrong);
    }
    let cards =
        (0..played.report.cards.len()).map(|at| view! { <CardView played=played.clone() at /> });
    let cards = cards.collect_view();
    let unlisted = played.report.unlisted;
    let more = (unlisted > 0)
        .then(|| view! { <li class="step-more">{format!("{unlisted} more statements ran and are not listed.")}</li> });
    view! { <ol class="cards" aria-label="Statements that ran" data-testid="cards" tabindex="0">{cards}{more}</ol> }
}

/// A count with its noun.
pub(super) fn some(count: usize, noun: &str) -> String {
    if count == 1 { format!("1 {noun}") } else { format!("{count} {noun}s") }
}

/// What would fill the pane.
#[component]
fn Nothing() -> impl IntoView {
    let app = expect_context::<App>();
    let example = move || examples::scripts(app).into_iter().next();
    view! {
        <Empty icon="play" title="Nothing has run" text="Run calls of the ORM to see what each gives, the SQL that it sends, and the rows that it changes.">
            {move || example().map(|script| view! {
                <button class="btn" type="button" on:click=move |_| examples::insert_script(app, &script)>"Run example"</button>
            })}
        </Empty>
    }
}
