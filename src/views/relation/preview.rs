//! The contract of a form: the sentence, the exact text, and why it is refused where it is.

use leptos::prelude::*;

use super::trial::{Outcome, Refusal};
use crate::ui::{CodeText, Icon};
use crate::views::canvas::sentences;

/// Shows what would come of it.
#[component]
pub(super) fn Preview(
    /// What would come of it.
    #[prop(into)]
    outcome: Signal<Outcome>,
    /// Called with a reverse name that would do.
    on_rename: Callback<String>,
) -> impl IntoView {
    let is_there = move || outcome.with(|outcome| !outcome.written.is_empty());
    view! {
        <Show when=is_there>
            <div class="preview" data-testid="relation-preview">
                <p class="sentence">{move || sentences(&outcome.get().sentences)}</p>
                <pre>{move || colored(&outcome.get().written)}</pre>
            </div>
        </Show>
        <div role="status">{move || outcome.get().refused.map(|refusal| refused(refusal, on_rename))}</div>
    }
}

fn refused(refusal: Refusal, on_rename: Callback<String>) -> impl IntoView {
    let Refusal { title, why, instead } = refusal;
    let button = move |name: String| {
        let chosen = name.clone();
        view! { " "<button class="link" type="button" on:click=move |_| on_rename.run(chosen.clone())><span class="name">{name}</span></button> }
    };
    let try_these = (!instead.is_empty())
        .then(|| view! { " Try"{instead.into_iter().map(button).collect_view()}"." });
    let has_more = !why.is_empty() || try_these.is_some();
    view! {
        <div class="notice notice-error">
            <Icon name="circle-x" class="sev-error" />
            <span class="notice-title"><CodeText text=title /></span>
            <span></span>
            {has_more.then(|| view! { <span class="notice-text"><CodeText text=why />{try_these}</span> })}
        </div>
    }
}

/// Python with its words, strings and classes coloured, as far as one line at a time tells.
pub(crate) fn colored(text: &str) -> Vec<AnyView> {
    let mut out = Vec::new();
    for (number, part) in text.split('"').enumerate() {
        if number % 2 == 1 {
            out.push(view! { <span class="s">{format!("\"{part}\"")}</span> }.into_any());
            continue;
        }
        let mut word = String::new();
        let mut flush = |word: &mut String| {
            let text = std::mem::take(word);
            match class_of(&text) {
                Some(class) => out.push(view! { <span class=class>{text}</span> }.into_any()),
                None if text.is_empty() => {}
                None => out.push(text.into_any()),
            }
        };
        for letter in part.chars() {
            let belongs = letter.is_alphanumeric() || letter == '_';
            let was_word =
                word.chars().next_back().is_some_and(|last| last.is_alphanumeric() || last == '_');
            if belongs != was_word {
                flush(&mut word);
            }
            word.push(letter);
        }
        flush(&mut word);
    }
    out
}

fn class_of(word: &str) -> Option<&'static str> {
    match word {
        "class" | "True" | "False" | "None" | "pass" => Some("k"),
        _ if word.ends_with("Field") || word == "ForeignKey" || word == "Model" => Some("t"),
        _ if word.starts_with(|first: char| first.is_ascii_digit()) => Some("n"),
        _ => None,
    }
}
