//! The documentation of a rule, beside the problem that it found.

use leptos::prelude::*;
use throughline_core::orm;

use crate::state::App;
use crate::ui::Markdown;

/// What the rule looks for, folded away until it is asked for.
#[component]
pub fn RuleDocs(
    /// The rule's name.
    rule: &'static str,
) -> impl IntoView {
    let app = expect_context::<App>();
    let docs = orm::by_id(app.derived.orm.get_untracked())
        .and_then(|orm| orm.rules().into_iter().find(|found| found.name == rule))
        .map(|rule| rule.docs)
        .filter(|docs| !docs.trim().is_empty());
    docs.map(|docs| {
        view! {
            <details class="rule-docs">
                <summary class="link">{format!("About {rule}")}</summary>
                <Markdown text=docs />
            </details>
        }
    })
}
