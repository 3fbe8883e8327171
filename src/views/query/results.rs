//! The right side: rows, changes, errors, and what to do where there is nothing yet.

use std::sync::Arc;

use leptos::prelude::*;
use throughline_worker::protocol::{List, Part, StepOutcome, TableChanges};

use super::error::{EngineNews, ScriptError};
use super::examples;
use super::grid::{Grid, Table};
use super::running::Running;
use crate::platform::{clipboard, download};
use crate::state::App;
use crate::state::run::{Engine, Shown};
use crate::state::ui::{ToastKind, Undo};
use crate::ui::{Empty, Icon, IconSize};

/// What the last script came to. Rows from before stay while the next one runs, and when it fails.
#[component]
pub fn Results() -> impl IntoView {
    let app = expect_context::<App>();
    let engine = app.engine;
    let table =
        Memo::new(move |_| engine.shown.with(|shown| table(shown.as_deref()?, engine.part.get()?)));
    view! {
        <Running />
        {move || engine.news.get().map(|news| view! { <EngineNews news /> })}
        {move || engine.failed.get().map(|failed| view! { <ScriptError failed /> })}
        {move || match engine.shown.get() {
            Some(shown) => view! { <Head shown /> }.into_any(),
            None if engine.failed.with(Option::is_some) => ().into_any(),
            None => view! { <Nothing /> }.into_any(),
        }}
        {move || table.get().map(|table| {
            let none = table.total == 0;
            view! {
                <Grid table />
                {none.then(|| view! { <p class="grid-none">"No row matches."</p> })}
            }
        })}
        {move || engine.pages.with(|pages| pages.gone().map(|why| view! { <p class="grid-none">{why.to_owned()}</p> }))}
    }
}

/// The list of rows that is shown.
fn table(shown: &Shown, part: Part) -> Option<Table> {
    let (columns, total) = match &part {
        Part::Step(step) => match &shown.report.steps.get(*step as usize)?.outcome {
            StepOutcome::Rows { columns, count } => (columns.clone(), *count),
            StepOutcome::Affected(_) | StepOutcome::Done | StepOutcome::Failed(_) => return None,
        },
        Part::Changes(table) => {
            let changes = shown.report.changes.iter().find(|changes| changes.table == *table)?;
            (changes.columns.clone(), changes.total())
        }
        Part::Sent(_) => return None,
    };
    Some(Table { list: List { run: shown.run, part }, columns, total })
}

/// Count, time, what was changed, and what can be done with the rows.
#[component]
fn Head(shown: Arc<Shown>) -> impl IntoView {
    let app = expect_context::<App>();
    let engine = app.engine;
    let changes = shown.report.changes.clone();
    let count = {
        let shown = shown.clone();
        move || count(&shown, engine.part.get().as_ref())
    };
    let chips = {
        let changes = changes.clone();
        move || chips(&changes, engine.part.get().as_ref())
    };
    let elapsed = elapsed(shown.report.elapsed);
    let run = shown.run;
    let has_rows = move || engine.part.with(Option::is_some);
    let list = move || engine.part.get_untracked().map(|part| List { run, part });
    let copy = move |_| {
        if let Some(list) = list() {
            engine.csv(list, move |csv| copied(app, csv))
        }
    };
    let save = move |_| {
        if let Some(list) = list() {
            engine.csv(list, move |csv| saved(app, csv))
        }
    };
    view! {
        <div class="subhead">
            <strong data-testid="result-count" role="status">{count}</strong>
            <span class="num">{elapsed}</span>
            {chips}
            <span class="grow"></span>
            {(!changes.is_empty()).then(|| view! { <UndoRows /> })}
            <Show when=has_rows>
                <button class="btn btn-quiet btn-small btn-icon" type="button" aria-label="Copy rows" title="Copy rows as CSV" on:click=copy>
                    <Icon name="copy" size=IconSize::Small />
                </button>
                <button class="btn btn-quiet btn-small btn-icon" type="button" aria-label="Download rows" title="Download rows as CSV" on:click=save>
                    <Icon name="download" size=IconSize::Small />
                </button>
            </Show>
        </div>
        <Parts shown=shown.clone() />
        {shown.report.fault().is_none().then_some(move || (!has_rows()).then(|| view! {
            <Empty icon="check" title="Done" text="The statement gives no rows." />
        }))}
    }
}

/// The lists to choose from, where a script gave both rows and changes, or changed more than one table.
#[component]
fn Parts(shown: Arc<Shown>) -> impl IntoView {
    let app = expect_context::<App>();
    let chosen = app.engine.part;
    let last = shown
        .report
        .steps
        .iter()
        .rposition(|step| matches!(step.outcome, StepOutcome::Rows { .. }));
    let rows = last.map(|step| ("Rows".to_owned(), Part::Step(step as u32)));
    let changes = shown
        .report
        .changes
        .iter()
        .map(|changes| (changes.table.clone(), Part::Changes(changes.table.clone())));
    let parts: Vec<_> = rows.into_iter().chain(changes).collect();
    let button = |(label, part): (String, Part)| {
        let is_chosen = {
            let part = part.clone();
            move || {
                chosen.with(|chosen| match (chosen, &part) {
                    (Some(Part::Step(_)), Part::Step(_)) => true,
                    (chosen, part) => chosen.as_ref() == Some(part),
                })
            }
        };
        view! {
            <button class="btn btn-quiet btn-small mono-11" type="button" aria-pressed=move || is_chosen().to_string() on:click=move |_| chosen.set(Some(part.clone()))>
                {label}
            </button>
        }
    };
    (parts.len() > 1).then(|| view! { <div class="parts" role="group" aria-label="Lists of rows">{parts.into_iter().map(button).collect_view()}</div> })
}

/// Takes the change of rows back, as long as it is the project's last step.
#[component]
pub(super) fn UndoRows() -> impl IntoView {
    let app = expect_context::<App>();
    let last = move || app.undo_label.with(|label| label.as_deref() == Some(Engine::ROWS_STEP));
    view! {
        <Show when=last>
            <button class="btn btn-quiet btn-small" type="button" data-testid="undo-rows" on:click=move |_| app.undo()>"Undo"</button>
        </Show>
    }
}

fn count(shown: &Shown, part: Option<&Part>) -> String {
    let rows = |count: u32, what: &str| {
        if count == 1 { format!("1 row{what}") } else { format!("{} rows{what}", grouped(count)) }
    };
    match part {
        Some(Part::Step(step)) => {
            match shown.report.steps.get(*step as usize).map(|step| &step.outcome) {
                Some(StepOutcome::Rows { count, .. }) => rows(*count, ""),
                Some(StepOutcome::Affected(_) | StepOutcome::Done | StepOutcome::Failed(_))
                | None => "Done".into(),
            }
        }
        Some(Part::Changes(_)) => {
            rows(shown.report.changes.iter().map(TableChanges::total).sum(), " changed")
        }
        Some(Part::Sent(_)) | None => match shown.report.steps.last().map(|step| &step.outcome) {
            Some(StepOutcome::Affected(count)) => rows(*count, " written"),
            Some(StepOutcome::Rows { .. } | StepOutcome::Done | StepOutcome::Failed(_)) | None => {
                "Done".into()
            }
        },
    }
}

/// A number in groups of three digits.
fn grouped(number: u32) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) && digits.len() > 4 {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

fn chips(changes: &[TableChanges], part: Option<&Part>) -> Option<impl IntoView + use<>> {
    matches!(part, Some(Part::Changes(_))).then(|| changed_chips(changes))
}

/// How many rows were added, updated and deleted.
pub(super) fn changed_chips(changes: &[TableChanges]) -> impl IntoView + use<> {
    let sum = |of: fn(&TableChanges) -> u32| changes.iter().map(of).sum::<u32>();
    let chip = |count: u32, word: &str, class: &'static str| {
        (count > 0).then(|| view! { <span class=class>{format!("{count} {word}")}</span> })
    };
    view! {
        {chip(sum(|changes| changes.added), "added", "chip chip-ok")}
        {chip(sum(|changes| changes.updated), "updated", "chip chip-warning")}
        {chip(sum(|changes| changes.removed), "deleted", "chip chip-error")}
    }
}

/// Milliseconds as they are read best.
pub(super) fn elapsed(millis: f64) -> String {
    if millis < 10.0 {
        format!("{millis:.1} ms")
    } else if millis < 1000.0 {
        format!("{millis:.0} ms")
    } else {
        format!("{:.2} s", millis / 1000.0)
    }
}

fn copied(app: App, csv: Result<String, String>) {
    leptos::task::spawn_local(async move {
        let done = match csv {
            Ok(csv) => clipboard::copy(&csv).await,
            Err(why) => Err(why),
        };
        match done {
            Ok(()) => app.toast(ToastKind::Done, "Rows copied", Undo::None),
            Err(why) => app.toast(ToastKind::Failed, why, Undo::None),
        }
    });
}

fn saved(app: App, csv: Result<String, String>) {
    if let Err(why) = csv.and_then(|csv| download::text("rows.csv", "text/csv", &csv)) {
        app.toast(ToastKind::Failed, why, Undo::None);
    }
}

/// What would fill the pane.
#[component]
fn Nothing() -> impl IntoView {
    let app = expect_context::<App>();
    let example = move || examples::of(app).into_iter().next();
    view! {
        <Empty icon="play" title="Nothing has run" text="Run a query to see its rows here.">
            {move || example().map(|query| view! {
                <button class="btn" type="button" on:click=move |_| examples::insert(app, &query)>"Insert example"</button>
            })}
        </Empty>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_numbers_are_grouped() {
        assert_eq!(
            [0, 999, 1234, 12345, 1_204_311].map(grouped),
            ["0", "999", "1234", "12,345", "1,204,311"]
        );
    }

    #[test]
    fn times_have_as_many_digits_as_they_are_worth() {
        assert_eq!(
            [0.04, 1.44, 23.6, 1204.0].map(elapsed),
            ["0.0 ms", "1.4 ms", "24 ms", "1.20 s"]
        );
    }
}
