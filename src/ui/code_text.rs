//! A sentence in which words in backticks are code.

use leptos::prelude::*;

/// Shows `text` with what stands in backticks as code.
#[component]
pub fn CodeText(
    /// The sentence.
    #[prop(into)]
    text: String,
) -> impl IntoView {
    let part = |(at, part): (usize, &str)| {
        let part = part.to_owned();
        if at % 2 == 1 {
            view! { <span class="name">{part}</span> }.into_any()
        } else {
            part.into_any()
        }
    };
    text.split('`').enumerate().map(part).collect_view()
}
