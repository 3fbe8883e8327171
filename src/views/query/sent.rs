//! An SQL statement that a call sent: its text, what it gave, and the rows on demand.

use std::sync::Arc;

use leptos::prelude::*;
use throughline_worker::protocol::{List, Part, SentSql, StepOutcome};

use super::grid::{Grid, Table};
use super::results::elapsed;
use crate::state::App;
use crate::state::run::Played;
use crate::state::ui::Parameters;
use crate::ui::SqlText;
use crate::ui::sql_text::laid_out;

/// One statement of SQL.
#[component]
pub fn Sent(
    /// The script.
    played: Arc<Played>,
    /// Which of its statements.
    at: usize,
    /// Which of what that sent.
    which: usize,
) -> impl IntoView {
    let app = expect_context::<App>();
    let sent = played.report.cards.get(at).and_then(|card| card.sent.get(which)).cloned();
    let Some(SentSql { sql, params, inlined, outcome, list, millis }) = sent else {
        return ().into_any();
    };
    let run = played.run;
    let part = Part::Sent(list);
    let is_open = {
        let part = part.clone();
        move || app.engine.opened.with(|opened| opened.as_ref() == Some(&part))
    };
    let text = move || {
        let (text, beside) = match app.ui.parameters.get() {
            Parameters::Inline => (&inlined, None),
            Parameters::Apart => (&sql, (!params.is_empty()).then(|| params.join(", "))),
        };
        let beside = beside.map(|beside| view! { <p class="sent-params"><span class="subtle">"Parameters "</span><span class="name">{beside}</span></p> });
        view! { <div class="sent-sql"><SqlText sql=laid_out(text) /></div>{beside} }
    };
    let result = match outcome {
        StepOutcome::Rows { columns, count } => {
            let word = if count == 1 { "1 row".to_owned() } else { format!("{count} rows") };
            let (open, pressed) = (is_open.clone(), is_open.clone());
            let toggle = {
                let part = part.clone();
                move |_| app.engine.opened.set((!open()).then(|| part.clone()))
            };
            let table = Table { list: List { run, part }, columns, total: count };
            let rows = move || {
                is_open().then(|| {
                    let table = table.clone();
                    // As high as its rows, and no higher than the card can bear.
                    let lines = format!("sent-rows sent-rows-{}", count.clamp(1, 8));
                    view! { <div class=lines><Grid table /></div> }
                })
            };
            view! {
                <div class="sent-foot">
                    <button class="btn btn-quiet btn-small" type="button" data-testid="sent-rows" disabled=count == 0 aria-expanded=move || pressed().to_string() on:click=toggle>{word}</button>
                    <span class="num">{elapsed(millis)}</span>
                </div>
                {rows}
            }
            .into_any()
        }
        StepOutcome::Affected(count) => {
            let word = if count == 1 {
                "1 row written".to_owned()
            } else {
                format!("{count} rows written")
            };
            foot(word, millis)
        }
        StepOutcome::Done => foot(String::new(), millis),
        StepOutcome::Failed(fault) => foot(fault.message, millis),
    };
    view! { <div class="sent" data-testid="sent">{text}{result}</div> }.into_any()
}

fn foot(word: String, millis: f64) -> AnyView {
    view! { <div class="sent-foot"><span class="sent-word">{word}</span><span class="num">{elapsed(millis)}</span></div> }
        .into_any()
}
