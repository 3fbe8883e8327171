//! What the pointer does on the canvas: move models, pan, pinch, draw relations.

use std::collections::BTreeMap;
use std::sync::Arc;

use leptos::ev::{PointerEvent, WheelEvent};
use leptos::prelude::*;
use throughline_core::link::Place;
use throughline_diagram::route::{affected, route_some};
use throughline_diagram::{Point, Rect};

use super::state::{Canvas, Draft, Panel};
use crate::platform::{element, pointer};
use crate::state::App;

/// A pointer that moves less than this clicks.
const SLOP: f64 = 4.0;

/// A pointer on the canvas.
#[derive(Clone, Copy, Debug)]
struct Finger {
    id: i32,
    x: f64,
    y: f64,
}

/// What is being done.
#[derive(Clone, Debug, Default)]
enum Gesture {
    #[default]
    None,
    /// The view moves with the pointer.
    Pan,
    /// A model waits for the pointer to move, or moves with it.
    Node { model: String, from: Point, lines: Vec<usize> },
    /// A relation is drawn.
    Draw { from: String, start: Point },
}

/// Handles of the gestures. Cheap to copy.
#[derive(Clone, Copy)]
pub(super) struct Hands {
    app: App,
    canvas: Canvas,
    gesture: StoredValue<Gesture>,
    fingers: StoredValue<Vec<Finger>>,
    start: StoredValue<(f64, f64)>,
    moved: StoredValue<bool>,
    /// Whether the space bar is down: then every drag pans.
    space: StoredValue<bool>,
}

impl Hands {
    pub(super) fn new(app: App, canvas: Canvas) -> Self {
        Self {
            app,
            canvas,
            gesture: StoredValue::default(),
            fingers: StoredValue::default(),
            start: StoredValue::new((0.0, 0.0)),
            moved: StoredValue::new(false),
            space: StoredValue::new(false),
        }
    }

    /// Whether the pointer that was just let go had moved: then it was no click.
    pub(super) fn just_moved(self) -> bool {
        self.moved.get_value()
    }

    /// A pointer goes down on a model.
    pub(super) fn grab(self, event: &PointerEvent, model: String) {
        if event.button() != 0 || self.canvas.is_stacked() || self.space.get_value() {
            return;
        }
        let Some(rect) = untrack(|| self.canvas.rect(&model)) else { return };
        event.stop_propagation();
        let lines = self.canvas.scene.with_untracked(|scene| {
            scene.index(&model).map(|index| affected(&scene.links, index)).unwrap_or_default()
        });
        self.begin(event, Gesture::Node { model, from: rect.origin(), lines });
    }

    /// A pointer goes down on a port: `at` is its place on the node.
    pub(super) fn start_relation(self, event: &PointerEvent, model: String, at: Point) {
        if event.button() != 0 {
            return;
        }
        let Some(rect) = untrack(|| self.canvas.rect(&model)) else { return };
        event.stop_propagation();
        self.begin(event, Gesture::Draw { from: model, start: rect.origin().offset(at.x, at.y) });
    }

    /// The space bar goes down or up.
    pub(super) fn hold_space(self, is_down: bool) {
        self.space.set_value(is_down);
    }

    /// A pointer goes down on the canvas itself.
    pub(super) fn press(self, event: &PointerEvent) {
        if event.button() <= 1 {
            self.begin(event, Gesture::Pan);
        }
    }

    fn begin(self, event: &PointerEvent, gesture: Gesture) {
        let (x, y) = at(event);
        self.moved.set_value(false);
        self.start.set_value((x, y));
        self.fingers.update_value(|fingers| {
            fingers.retain(|finger| finger.id != event.pointer_id());
            fingers.push(Finger { id: event.pointer_id(), x, y });
        });
        let several = self.fingers.with_value(|fingers| fingers.len() > 1);
        if several {
            self.cancel();
        }
        self.gesture.set_value(if several { Gesture::Pan } else { gesture });
    }

    /// A pointer moves.
    pub(super) fn go(self, event: &PointerEvent) {
        let (x, y) = at(event);
        let id = event.pointer_id();
        let Some(before) = self
            .fingers
            .with_value(|fingers| fingers.iter().find(|finger| finger.id == id).copied())
        else {
            return;
        };
        let (start_x, start_y) = self.start.get_value();
        if !self.moved.get_value() {
            if (x - start_x).hypot(y - start_y) < SLOP {
                return;
            }
            self.moved.set_value(true);
            pointer::capture(event);
        }
        let other = self
            .fingers
            .with_value(|fingers| fingers.iter().find(|finger| finger.id != id).copied());
        self.fingers.update_value(|fingers| {
            if let Some(finger) = fingers.iter_mut().find(|finger| finger.id == id) {
                (finger.x, finger.y) = (x, y);
            }
        });
        match (self.gesture.get_value(), other) {
            (Gesture::Pan, Some(other)) => self.pinch(event, before, (x, y), other),
            (Gesture::Pan, None) => {
                self.canvas.view.update(|view| *view = view.panned(x - before.x, y - before.y))
            }
            (Gesture::Node { model, from, lines }, _) => {
                let zoom = self.canvas.view.get_untracked().zoom;
                // Whole pixels of the diagram, whatever the zoom.
                let to = from.offset(
                    ((x - start_x) / zoom).round() as i32,
                    ((y - start_y) / zoom).round() as i32,
                );
                self.canvas.move_node(&model, to, &lines);
            }
            (Gesture::Draw { from, start }, _) => {
                let (left, top) = origin(event);
                let end = self.canvas.view.get_untracked().to_diagram(x - left, y - top);
                let over = element::attribute_under(x, y, "data-model")
                    .filter(|model| self.canvas.is_declared(model));
                self.canvas.draft.set(Some(Draft { from, start, end, over }));
            }
            (Gesture::None, _) => {}
        }
    }

    fn pinch(self, event: &PointerEvent, before: Finger, now: (f64, f64), other: Finger) {
        let (left, top) = origin(event);
        let apart = |x: f64, y: f64| (x - other.x).hypot(y - other.y).max(1.0);
        let factor = apart(now.0, now.1) / apart(before.x, before.y);
        let middle = ((now.0 + other.x) / 2.0 - left, (now.1 + other.y) / 2.0 - top);
        let (dx, dy) = ((now.0 - before.x) / 2.0, (now.1 - before.y) / 2.0);
        self.canvas
            .view
            .update(|view| *view = view.panned(dx, dy).zoomed(factor, middle.0, middle.1));
    }

    /// A pointer is let go.
    pub(super) fn release(self, event: &PointerEvent) {
        self.fingers
            .update_value(|fingers| fingers.retain(|finger| finger.id != event.pointer_id()));
        let gesture = self.gesture.get_value();
        self.gesture.set_value(if self.fingers.with_value(Vec::is_empty) {
            Gesture::None
        } else {
            Gesture::Pan
        });
        if !self.moved.get_value() {
            return;
        }
        match gesture {
            Gesture::Node { model, .. } => self.canvas.drop_node(self.app, &model),
            Gesture::Draw { from, .. } => {
                let over = self.canvas.draft.get_untracked().and_then(|draft| draft.over);
                self.canvas.draft.set(None);
                if let Some(to) = over {
                    self.canvas
                        .panel
                        .set(Some(Panel::NewRelation { from: Some(from), to: Some(to) }));
                }
            }
            Gesture::Pan | Gesture::None => {}
        }
    }

    /// What is being done is left off.
    pub(super) fn cancel(self) {
        self.gesture.set_value(Gesture::None);
        self.canvas.draft.set(None);
        self.canvas.let_go();
    }

    /// The pointer left for good.
    pub(super) fn lose(self, event: &PointerEvent) {
        self.fingers
            .update_value(|fingers| fingers.retain(|finger| finger.id != event.pointer_id()));
        self.cancel();
    }

    /// The wheel: pans, with Control (or a pinch on a trackpad) zooms.
    pub(super) fn wheel(self, event: &WheelEvent) {
        event.prevent_default();
        let lines = if event.delta_mode() == 1 { 16.0 } else { 1.0 };
        let (dx, dy) = (event.delta_x() * lines, event.delta_y() * lines);
        let (left, top) = origin(event);
        if event.ctrl_key() || event.meta_key() {
            let factor = (-dy * 0.004).exp();
            self.canvas.view.update(|view| {
                *view = view.zoomed(
                    factor,
                    f64::from(event.client_x()) - left,
                    f64::from(event.client_y()) - top,
                )
            });
        } else {
            let (dx, dy) = if event.shift_key() && dx == 0.0 { (dy, 0.0) } else { (dx, dy) };
            self.canvas.view.update(|view| *view = view.panned(-dx, -dy));
        }
    }
}

impl Canvas {
    /// Moves a model and its lines, for as long as it is held.
    pub(super) fn move_node(self, model: &str, to: Point, lines: &[usize]) {
        let scene = self.scene.get_untracked();
        let Some(index) = scene.index(model) else { return };
        let mut boxes: Vec<Rect> = self.boxes.with_untracked(|boxes| boxes.as_ref().clone());
        if let Some(rect) = boxes.get_mut(index) {
            (rect.x, rect.y) = (to.x, to.y);
        }
        let routes = route_some(&boxes, &scene.links, lines);
        self.moving.set(Some((model.to_owned(), to)));
        self.moving_routes
            .set(Arc::new(lines.iter().copied().zip(routes).collect::<BTreeMap<_, _>>()));
    }

    /// Leaves a model where it was moved to: one step of the history.
    pub(super) fn drop_node(self, app: App, model: &str) {
        if let Some((_, place)) = self.moving.get_untracked() {
            let mut layout = app.layout.get_untracked().as_ref().clone();
            layout.insert(model.to_owned(), Place { x: place.x, y: place.y });
            app.set_layout(layout, &format!("move {model}"));
        }
        self.let_go();
    }

    fn let_go(self) {
        if self.moving.with_untracked(Option::is_some) {
            self.moving.set(None);
            self.moving_routes.set(Arc::default());
        }
    }

    /// Whether the user declared this model.
    pub(super) fn is_declared(self, model: &str) -> bool {
        self.scene.with_untracked(|scene| {
            scene.node(model).is_some_and(|node| node.generated_by.is_none())
        })
    }
}

fn at(event: &PointerEvent) -> (f64, f64) {
    (f64::from(event.client_x()), f64::from(event.client_y()))
}

/// Where the listening element is on the screen.
fn origin(event: &leptos::ev::Event) -> (f64, f64) {
    element::origin_of_current(event)
}
