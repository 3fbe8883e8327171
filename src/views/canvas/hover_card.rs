//! The sentences of the relation that is pointed at or has the focus.

use std::sync::Arc;

use leptos::prelude::*;
use throughline_core::document::RelationKind;

use super::scene::RelationView;
use super::state::Canvas;
use crate::ui::{Icon, IconSize};

/// Size of the card, for keeping it on the canvas.
const WIDTH: f64 = 304.0;
const HEIGHT: f64 = 72.0;

/// The card, near the line.
#[component]
pub(super) fn HoverCard(
    /// The canvas.
    canvas: Canvas,
) -> impl IntoView {
    let shown = Memo::new(move |_| {
        let busy = canvas.moving.with(Option::is_some)
            || canvas.draft.with(Option::is_some)
            || canvas.panel.with(Option::is_some);
        canvas.hover.get().filter(|_| !busy).and_then(|id| canvas.relation(&id))
    });
    let place = move |relation: &RelationView| {
        let middle = canvas
            .routes
            .with(|routes| {
                routes.get(relation.first_link).and_then(|route| route.label_place(0, 1, 0))
            })
            .unwrap_or_default();
        let (x, y) = canvas.view.get().to_screen(middle);
        let (width, height) = canvas.size.get();
        let left = (x - WIDTH / 2.0).clamp(8.0, (width - WIDTH - 8.0).max(8.0));
        let top = if y > HEIGHT + 32.0 { y - HEIGHT - 24.0 } else { y + 24.0 };
        (left.round(), top.clamp(8.0, (height - HEIGHT - 8.0).max(8.0)).round())
    };
    let card = move |relation: Arc<RelationView>| {
        let icon =
            if relation.kind == RelationKind::ManyToMany { "arrow-left-right" } else { "link" };
        let at = {
            let relation = relation.clone();
            Memo::new(move |_| place(&relation))
        };
        let is_many = relation.kind == RelationKind::ManyToMany;
        view! {
            <div class="float edge-card" class:is-m2m=is_many role="tooltip" style:left=move || format!("{}px", at.get().0) style:top=move || format!("{}px", at.get().1)>
                <div class="edge-card-title"><Icon name=icon size=IconSize::Small />{relation.id.clone()}</div>
                <p class="sentence">{sentences(&relation.sentences)}</p>
            </div>
        }
    };
    move || shown.get().map(card)
}

/// Sentences under each other; names in backticks, models in asterisks.
pub(crate) fn sentences(sentences: &[String]) -> impl IntoView + use<> {
    sentences
        .iter()
        .map(|sentence| view! { <span class="sentence-line">{marked(sentence)}</span> })
        .collect_view()
}

fn marked(sentence: &str) -> Vec<AnyView> {
    sentence
        .split('`')
        .enumerate()
        .flat_map(|(number, part)| {
            if number % 2 == 1 {
                return vec![view! { <span class="name">{part.to_owned()}</span> }.into_any()];
            }
            part.split('*')
                .enumerate()
                .map(|(number, part)| {
                    let part = part.to_owned();
                    if number % 2 == 1 {
                        view! { <b>{part}</b> }.into_any()
                    } else {
                        part.into_any()
                    }
                })
                .collect()
        })
        .collect()
}
