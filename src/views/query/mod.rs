//! Queries and what they came to: in SQL, and in calls of the ORM.

pub mod card;
pub mod console;
pub mod error;
pub mod examples;
pub mod grid;
mod help;
pub mod input;
pub mod results;
pub mod running;
pub mod sent;
pub mod steps;
pub mod tools;
mod window;

pub use tools::QueryTools;

use leptos::prelude::*;

use crate::state::App;
use crate::state::ui::Language;
use console::Console;
use input::Input;
use results::Results;
use steps::Steps;

/// The query editor and what ran on the left, rows on the right; for calls the editor on the left, what they came to on the right.
#[component]
pub fn QueryPane() -> impl IntoView {
    let app = expect_context::<App>();
    let other = move |language: Language| move || app.ui.language.get() != language;
    // Both editors stay in the page. What came of a run is there once: the grids of both ask for rows in the same place.
    view! {
        <div class="query" hidden=other(Language::Calls)>
            <div class="query-left"><Input language=Language::Calls /></div>
            <div class="query-right">{move || (!other(Language::Calls)()).then(|| view! { <Console /> })}</div>
        </div>
        <div class="query" hidden=other(Language::Sql)>
            <div class="query-left">
                <Input language=Language::Sql />
                <Steps />
            </div>
            <div class="query-right">{move || (!other(Language::Sql)()).then(|| view! { <Results /> })}</div>
        </div>
    }
}
