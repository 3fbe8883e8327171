//! A model, or a generated through table.

use leptos::prelude::*;
use throughline_core::check::Subject;
use throughline_diagram::Point;

use super::node_body::body;
use super::state::{Canvas, Panel};
use super::{gestures, keyboard};
use crate::platform::focus;
use crate::state::{App, Pane, Selection};

/// Draws a node; it is one stop of the keyboard.
#[component]
pub(super) fn Node(
    /// The canvas.
    canvas: Canvas,
    /// The gestures that it starts.
    hands: gestures::Hands,
    /// The model's name.
    model: String,
    /// Whether only its title is drawn.
    low_detail: Memo<bool>,
) -> impl IntoView {
    let app = expect_context::<App>();
    let name = StoredValue::new(model.clone());
    let node = Memo::new(move |_| {
        canvas.scene.with(|scene| name.with_value(|name| scene.node(name).cloned()))
    });
    let place = Memo::new(move |_| {
        let moving = canvas.moving.with(|moving| {
            moving
                .as_ref()
                .filter(|(model, _)| name.with_value(|name| name == model))
                .map(|(_, place)| *place)
        });
        moving
            .or_else(|| name.with_value(|name| canvas.rect(name)).map(|rect| rect.origin()))
            .unwrap_or_default()
    });
    let is_marked = Memo::new(move |_| {
        let subject = Subject { model: Some(name.get_value()), field: None };
        app.marked.with(|marked| marked.contains(&subject))
            || canvas.draft.with(|draft| {
                draft
                    .as_ref()
                    .and_then(|draft| draft.over.as_ref())
                    .is_some_and(|over| name.with_value(|name| name == over))
            })
    });
    let is_moving = move || {
        canvas.moving.with(|moving| {
            moving.as_ref().is_some_and(|(model, _)| name.with_value(|name| name == model))
        })
    };
    let generated =
        move || node.with(|node| node.as_ref().is_some_and(|node| node.generated_by.is_some()));
    let test_id =
        move || format!("{}-{}", if generated() { "through" } else { "node" }, name.get_value());
    let choose = move || app.choose(Selection::Model(name.get_value()), Pane::Diagram);
    view! {
        <g class="node" class:is-auto=generated class:is-selected=move || is_marked.get() class:is-moving=is_moving
            transform=move || { let Point { x, y } = place.get(); format!("translate({x} {y})") }
            tabindex="0" role="group" data-testid=test_id data-model=model
            aria-label=move || node.with(|node| node.as_ref().map(|node| node.sentence.clone()))
            on:pointerdown=move |event| hands.grab(&event, name.get_value())
            on:click=move |event| { event.stop_propagation(); if !hands.just_moved() { choose(); name.with_value(|name| focus_node(name)); } }
            on:dblclick=move |_| canvas.panel.set(Some(Panel::Model(name.get_value())))
            on:focus=move |_| name.with_value(|name| canvas.reveal(name))
            on:keydown=move |event| keyboard::on_node(app, canvas, &event, &name.get_value())
        >
            {move || node.get().map(|node| body(app, canvas, hands, node, low_detail.get()))}
        </g>
    }
}

/// Moves the focus to a model's node.
pub(super) fn focus_node(model: &str) {
    focus::matching(&format!(".node[data-model=\"{model}\"]"));
}
