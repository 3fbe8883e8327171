//! The canvas by keyboard. Each model and each relation is one stop.

use leptos::ev::KeyboardEvent;
use leptos::prelude::*;
use throughline_diagram::Point;

use super::actions;
use super::gestures::Hands;
use super::node::focus_node;
use super::scene::RelationView;
use super::state::{Canvas, Panel};
use crate::platform::element;
use crate::state::{App, Pane, Selection};

/// How far an arrow key moves the view, and a model.
const PAN: f64 = 48.0;
const STEP: i32 = 8;

/// The direction of an arrow key.
fn arrow(event: &KeyboardEvent) -> Option<(i32, i32)> {
    Some(match event.key().as_str() {
        "ArrowLeft" => (-1, 0),
        "ArrowRight" => (1, 0),
        "ArrowUp" => (0, -1),
        "ArrowDown" => (0, 1),
        _ => return None,
    })
}

fn is_plain(event: &KeyboardEvent) -> bool {
    !(event.ctrl_key() || event.meta_key() || event.alt_key())
}

/// Keys on a model.
pub(super) fn on_node(app: App, canvas: Canvas, event: &KeyboardEvent, model: &str) {
    if let Some((dx, dy)) = arrow(event) {
        if event.alt_key() {
            if canvas.is_declared(model) || !canvas.is_stacked() {
                actions::nudge(app, canvas, model, dx * STEP, dy * STEP);
            }
        } else if is_plain(event) {
            if let Some(next) = nearest(canvas, model, dx, dy) {
                app.choose(Selection::Model(next.clone()), Pane::Diagram);
                focus_node(&next);
            }
        } else {
            return;
        }
        handled(event);
        return;
    }
    if !is_plain(event) {
        return;
    }
    let generated_by = canvas
        .scene
        .with_untracked(|scene| scene.node(model).and_then(|node| node.generated_by.clone()));
    match (event.key().as_str(), generated_by) {
        ("Enter" | "F2", None) => canvas.panel.set(Some(Panel::Model(model.to_owned()))),
        ("Enter" | "F2", Some((owner, field))) => {
            canvas.panel.set(Some(Panel::Relation { model: owner, field }))
        }
        (" ", _) => app.choose(Selection::Model(model.to_owned()), Pane::Diagram),
        ("Delete" | "Backspace", None) => actions::delete_model(app, model),
        ("Delete" | "Backspace", Some((owner, field))) => {
            actions::delete_field(app, &owner, &field)
        }
        ("r", None) => {
            canvas.panel.set(Some(Panel::NewRelation { from: Some(model.to_owned()), to: None }))
        }
        ("Escape", _) => app.choose(Selection::Nothing, Pane::Diagram),
        _ => return,
    }
    handled(event);
}

/// Keys on a relation.
pub(super) fn on_relation(
    app: App,
    canvas: Canvas,
    event: &KeyboardEvent,
    relation: &RelationView,
) {
    if !is_plain(event) {
        return;
    }
    match event.key().as_str() {
        "Enter" => canvas.panel.set(Some(Panel::Relation {
            model: relation.model.clone(),
            field: relation.field.clone(),
        })),
        " " => app.choose(
            Selection::Field(relation.model.clone(), relation.field.clone()),
            Pane::Diagram,
        ),
        "Delete" | "Backspace" => actions::delete_relation(app, relation),
        "ArrowLeft" | "ArrowUp" => focus_node(&relation.model),
        "ArrowRight" | "ArrowDown" => focus_node(&relation.target),
        "Escape" => canvas.hover.set(None),
        _ => return,
    }
    handled(event);
}

/// Keys on the canvas itself.
pub(super) fn on_canvas(canvas: Canvas, hands: Hands, event: &KeyboardEvent) {
    if !is_plain(event) {
        return;
    }
    let own = element::is_own(event);
    match (event.key().as_str(), arrow(event)) {
        (_, Some((dx, dy))) if own => canvas
            .view
            .update(|view| *view = view.panned(-f64::from(dx) * PAN, -f64::from(dy) * PAN)),
        ("+" | "=", _) => canvas.zoom(canvas.view.get_untracked().step_in()),
        ("-", _) => canvas.zoom(canvas.view.get_untracked().step_out()),
        ("0", _) => canvas.fit(),
        (" ", _) if own => hands.hold_space(true),
        ("Escape", _) => {
            hands.cancel();
            canvas.panel.set(None);
        }
        _ => return,
    }
    handled(event);
}

fn handled(event: &KeyboardEvent) {
    event.prevent_default();
    event.stop_propagation();
}

/// The nearest model in a direction: what is aside counts twice.
fn nearest(canvas: Canvas, model: &str, dx: i32, dy: i32) -> Option<String> {
    let here = untrack(|| canvas.rect(model))?.center();
    let scene = canvas.scene.get_untracked();
    let distance = |there: Point| {
        let (along, aside) = (
            (there.x - here.x) * dx + (there.y - here.y) * dy,
            (there.x - here.x) * dy + (there.y - here.y) * dx,
        );
        (along > 0).then(|| along + 2 * aside.abs())
    };
    canvas.boxes.with_untracked(|boxes| {
        let others = scene.nodes.iter().zip(boxes.iter()).filter(|(node, _)| node.model != model);
        others
            .filter_map(|(node, rect)| Some((distance(rect.center())?, node.model.clone())))
            .min()
            .map(|(_, model)| model)
    })
}
