//! One cause: title, ids, place; opened, what the ORM says, why, and the change that would mend it.

use leptos::html;
use leptos::prelude::*;
use throughline_core::{Diagnostic, Severity};

use super::diff::Diff;
use super::docs::RuleDocs;
use super::fix_button::FixButton;
use crate::platform::focus;
use crate::state::problems::Problem;
use crate::state::{App, Pane, Selection};
use crate::ui::{CodeText, Icon};

/// Icon and class of a severity.
pub(super) const fn sign(severity: Severity) -> (&'static str, &'static str) {
    match severity {
        Severity::Error => ("circle-x", "error"),
        Severity::Warning => ("triangle-alert", "warning"),
        Severity::Advice => ("info", "info"),
    }
}

/// The item of a cause, by its key. It is open while it is chosen.
#[component]
pub fn Item(
    /// The key of the cause.
    key: String,
) -> impl IntoView {
    let app = expect_context::<App>();
    let key = StoredValue::new(key);
    let problem = Memo::new(move |_| {
        key.with_value(|key| {
            app.derived
                .problems
                .with(|problems| problems.iter().find(|problem| problem.key == *key).cloned())
        })
    });
    let open = Memo::new(move |_| match app.ui.chosen.get().what {
        Selection::Problem(chosen) => key.with_value(|key| chosen == *key),
        Selection::Nothing | Selection::Model(_) | Selection::Field(..) => false,
    });
    // A field that is chosen elsewhere marks the problems that are about it.
    let marked = move || {
        open.get()
            || matches!(app.ui.chosen.get().what, Selection::Field(..))
                && app.marked.with(|marked| {
                    problem.with(|problem| {
                        problem
                            .iter()
                            .flat_map(Problem::subjects)
                            .any(|subject| marked.contains(subject))
                    })
                })
    };
    let place = NodeRef::<html::Li>::new();
    Effect::new(move |_| {
        if marked() && app.ui.chosen.with(|chosen| chosen.by != Pane::Problems) {
            focus::reveal(place.get().map(Into::into));
        }
    });
    let toggle = move |_| {
        let what = if open.get_untracked() {
            Selection::Nothing
        } else {
            Selection::Problem(key.get_value())
        };
        app.choose(what, Pane::Problems);
    };
    view! {
        <li class="problem" class:is-selected=marked data-testid="problem" node_ref=place>
            {move || problem.get().map(|problem| view! { <Head problem open toggle /> })}
            <Show when=move || open.get()>{move || problem.get().map(|problem| view! { <More problem /> })}</Show>
        </li>
    }
}

#[component]
fn Head(
    problem: Problem,
    open: Memo<bool>,
    toggle: impl Fn(leptos::ev::MouseEvent) + 'static,
) -> impl IntoView {
    let app = expect_context::<App>();
    let (icon, class) = sign(problem.severity);
    let main = problem.main().cloned();
    let place = main.as_ref().map(|main| {
        let (line, column) = app.line_column(main.span.start);
        let name = main
            .subject
            .model
            .iter()
            .chain(&main.subject.field)
            .cloned()
            .collect::<Vec<_>>()
            .join(".");
        format!("{name} [{line}, {column}]")
    });
    let title = main.as_ref().map(|main| main.cause.title.clone()).unwrap_or_default();
    // A fix that needs words stands below the title, not beside it.
    let wide = main.as_ref().is_some_and(|main| {
        main.fixes.len() > 1 || main.fixes.first().is_some_and(|fix| fix.title.len() > 14)
    });
    let ids = problem
        .ids()
        .into_iter()
        .map(|id| view! { <span class=format!("chip chip-{class}")>{id}</span> })
        .collect_view();
    view! {
        <div class="problem-main" class:is-wide=wide>
            <Icon name=icon class=match class { "error" => "sev sev-error", "warning" => "sev sev-warning", _ => "sev sev-info" } />
            <div class="problem-words">
                <button class="problem-title" type="button" aria-expanded=move || open.get().to_string() on:click=toggle>
                    <span class="visually-hidden">{format!("{class}: ")}</span>
                    <CodeText text=title />
                </button>
                <div class="problem-meta">{ids}<span class="problem-where">{place}</span></div>
            </div>
            {main.filter(|main| !main.fixes.is_empty()).map(|message| view! { <FixButton message /> })}
        </div>
    }
}

#[component]
fn More(problem: Problem) -> impl IntoView {
    let app = expect_context::<App>();
    let said = |message: Diagnostic| {
        let (line, _) = app.line_column(message.span.start);
        let id = message.id.map(|id| id.rsplit('.').next().unwrap_or(id)).or(message.exception);
        let (span, text) = (message.span, message.message);
        view! {
            <button class="said-row" type="button" title="Go to this line" on:click=move |_| app.go_to(span)>
                <span class="mono-11">{id}</span>
                <span>{text}</span>
                <span class="mono-11">{line}</span>
            </button>
            {message.hint.map(|hint| view! { <p class="said-hint">{hint}</p> })}
        }
    };
    let main = problem.main().cloned();
    view! {
        <div class="problem-more">
            <div class="said">{problem.messages.into_iter().map(said).collect_view()}</div>
            {main.map(|main| view! { <Why main /> })}
        </div>
    }
}

#[component]
fn Why(main: Diagnostic) -> impl IntoView {
    let app = expect_context::<App>();
    let fix = main.fixes.first().cloned();
    view! {
        <div class="why">
            <p><strong>"Why. "</strong><CodeText text=main.why /></p>
            {fix.map(|fix| view! {
                <p><CodeText text=format!("{}. The change:", fix.title) /></p>
                <Diff source=app.derived.source.get_untracked() edits=fix.edits />
            })}
            <RuleDocs rule=main.rule />
        </div>
    }
}
