//! Queries and their rows.

pub mod error;
pub mod examples;
pub mod grid;
pub mod input;
pub mod results;
pub mod running;
pub mod steps;
pub mod tools;
mod window;

pub use tools::QueryTools;

use leptos::prelude::*;

use input::Input;
use results::Results;
use steps::Steps;

/// The query editor and what ran on the left, rows on the right.
#[component]
pub fn QueryPane() -> impl IntoView {
    view! {
        <div class="query">
            <div class="query-left">
                <Input />
                <Steps />
            </div>
            <div class="query-right">
                <Results />
            </div>
        </div>
    }
}
