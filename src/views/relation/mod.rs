//! What opens over the canvas: the forms of relations and models.

#![allow(unreachable_pub, reason = "the component macro writes `pub` into what it generates")]

mod choices;
mod ends;
mod extra_fields;
mod floating;
mod form;
mod keys;
mod popover;
mod preview;
mod table_switch;
mod through;
mod trial;

use leptos::prelude::*;

use crate::views::canvas::{CanvasState, Panel};
use crate::views::model::{Inspector, NewModel};
pub(crate) use floating::Floating;
use popover::RelationPopover;

/// The panel that is open.
#[component]
pub(crate) fn Panels(
    /// The canvas.
    canvas: CanvasState,
) -> impl IntoView {
    // The legend is drawn by its button.
    move || {
        Some(match canvas.panel.get()? {
            Panel::Legend => return None,
            Panel::NewModel => view! { <NewModel canvas /> }.into_any(),
            Panel::NewRelation { from, to } => {
                view! { <RelationPopover canvas from to field=None /> }.into_any()
            }
            Panel::Relation { model, field } => {
                view! { <RelationPopover canvas from=Some(model) to=None field=Some(field) /> }
                    .into_any()
            }
            Panel::Model(model) => view! { <Inspector canvas model /> }.into_any(),
        })
    }
}
