//! The SQL that ran: what the engine was given, and what each statement came to.

use std::sync::Arc;

use leptos::prelude::*;
use throughline_worker::protocol::{Part, Step, StepOutcome};

use crate::platform::clipboard;
use crate::state::App;
use crate::state::run::Shown;
use crate::ui::{Icon, IconSize, SqlText};

/// A script's statements; one alone is shown in full.
#[component]
pub fn Steps() -> impl IntoView {
    let app = expect_context::<App>();
    let shown = app.engine.shown;
    let copy = move |_| {
        if let Some(shown) = shown.get_untracked() {
            leptos::task::spawn_local(async move { drop(clipboard::copy(&shown.sql).await) });
        }
    };
    view! {
        {move || shown.get().map(|shown| view! {
            <div class="subhead">
                <strong>"SQL that ran"</strong>
                <span class="grow"></span>
                <button class="btn btn-quiet btn-small btn-icon" type="button" aria-label="Copy SQL" title="Copy SQL" on:click=copy>
                    <Icon name="copy" size=IconSize::Small />
                </button>
            </div>
            {match shown.report.steps.as_slice() {
                [_] => view! { <div class="code-block query-sql" role="group" aria-label="SQL that ran" tabindex="0"><SqlText sql=shown.statement(0) /></div> }.into_any(),
                _ => view! { <List shown=shown.clone() /> }.into_any(),
            }}
        })}
    }
}

#[component]
fn List(shown: Arc<Shown>) -> impl IntoView {
    let app = expect_context::<App>();
    let chosen = app.engine.part;
    let item = |(at, step): (usize, &Step)| {
        let part = Part::Step(at as u32);
        let (word, class) = outcome(&step.outcome);
        let rows = matches!(step.outcome, StepOutcome::Rows { .. });
        let is_chosen = {
            let part = part.clone();
            move || chosen.with(|chosen| chosen.as_ref() == Some(&part))
        };
        let text: String = shown
            .statement(at)
            .split_whitespace()
            .collect::<Vec<_>>()
            .join(" ")
            .chars()
            .take(200)
            .collect();
        view! {
            <li>
                <button
                    class="step-row"
                    type="button"
                    disabled=!rows
                    aria-pressed=move || rows.then(|| is_chosen().to_string())
                    on:click=move |_| chosen.set(Some(part.clone()))
                >
                    <span class="step-no">{at + 1}</span>
                    <span class="step-sql"><SqlText sql=text /></span>
                    <span class=class>{word}</span>
                </button>
            </li>
        }
    };
    let items = shown.report.steps.iter().enumerate().map(item).collect_view();
    let more = (shown.report.unlisted > 0).then(|| view! { <li class="step-more">{format!("{} more statements ran and are not listed.", shown.report.unlisted)}</li> });
    view! { <ol class="query-sql step-rows" aria-label="Statements that ran">{items}{more}</ol> }
}

/// What a statement came to, in a word or two.
fn outcome(outcome: &StepOutcome) -> (String, &'static str) {
    match outcome {
        StepOutcome::Rows { count: 1, .. } => ("1 row".into(), "num"),
        StepOutcome::Rows { count, .. } => (format!("{count} rows"), "num"),
        StepOutcome::Affected(1) => ("1 row written".into(), "num"),
        StepOutcome::Affected(count) => (format!("{count} rows written"), "num"),
        StepOutcome::Done => ("done".into(), ""),
        StepOutcome::Failed(_) => ("failed".into(), "sev-error"),
    }
}
