//! What the canvas knows beyond the project: the scene, where it stands, how it is looked at, what is being done to it.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use leptos::html;
use leptos::prelude::*;
use throughline_diagram::route::{Memory, route_again};
use throughline_diagram::viewport::Viewport;
use throughline_diagram::{Mode, Point, Rect, Route};

use super::places::{self, Places};
use super::scene::{self, Choices, RelationView, Scene};
use crate::platform::{element, storage};
use crate::state::App;

/// Below this zoom only titles and lines are drawn.
const LOW_DETAIL: f64 = 0.5;
/// The margin around a diagram that is fitted.
const FIT_MARGIN: f64 = 36.0;
/// With more nodes than this, only those in view are drawn.
const DRAW_ALL: usize = 120;

/// What is being drawn with the pointer.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Draft {
    /// The model that the relation starts at.
    pub(crate) from: String,
    /// Where it starts, in the diagram.
    pub(crate) start: Point,
    /// Where the pointer is.
    pub(crate) end: Point,
    /// The model under the pointer.
    pub(crate) over: Option<String>,
}

/// What is open over the canvas.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Panel {
    /// The name of a new model.
    NewModel,
    /// The form of a new relation.
    NewRelation {
        /// Where it is declared, if that is known yet.
        from: Option<String>,
        /// What it points at.
        to: Option<String>,
    },
    /// The form of a relation that there is.
    Relation {
        /// The declaring model.
        model: String,
        /// The field.
        field: String,
    },
    /// A model and its fields.
    Model(String),
    /// What the ends mean.
    Legend,
}

/// Whether there is room for one column only.
fn is_narrow(width: f64) -> bool {
    width > 0.0 && width < 560.0
}

/// Cheap to copy; passed to the parts of the canvas.
#[derive(Clone, Copy)]
pub struct Canvas {
    /// What is switched in the head.
    pub(crate) choices: RwSignal<Choices>,
    /// What is shown.
    pub(crate) scene: Memo<Arc<Scene>>,
    /// Where it stands.
    pub(crate) places: Memo<Arc<Places>>,
    /// The boxes of the nodes, by the scene's index.
    pub(crate) boxes: Memo<Arc<Vec<Rect>>>,
    /// How the lines run, by the scene's index.
    pub(crate) routes: Memo<Arc<Vec<Route>>>,
    /// Models that are being moved, and where to.
    pub(crate) moving: RwSignal<Option<(String, Point)>>,
    /// The lines of what is being moved.
    pub(crate) moving_routes: RwSignal<Arc<BTreeMap<usize, Route>>>,
    /// How it is looked at.
    pub(crate) view: RwSignal<Viewport>,
    /// Width and height of the canvas.
    pub(crate) size: RwSignal<(f64, f64)>,
    /// The relation that is pointed at or has the focus.
    pub(crate) hover: RwSignal<Option<String>>,
    /// The relation that is being drawn.
    pub(crate) draft: RwSignal<Option<Draft>>,
    /// What is open.
    pub(crate) panel: RwSignal<Option<Panel>>,
    /// Counts the layouts from nothing that were asked for.
    pub(crate) arranged: RwSignal<u32>,
    /// The element that it fills.
    pub(crate) body: NodeRef<html::Div>,
}

impl Canvas {
    pub(crate) fn new(app: App) -> Self {
        let closed = storage::read("closed")
            .map(|text| text.split_whitespace().map(str::to_owned).collect())
            .unwrap_or_default();
        let choices = RwSignal::new(Choices { closed, ..Choices::default() });
        let size = RwSignal::new((0.0, 0.0));
        let arranged = RwSignal::new(0);
        let derived = app.derived;
        let scene = Memo::new(move |_| {
            let (tables, marks) = (derived.tables.get(), derived.marks.get());
            derived.resolved.with(|resolved| {
                choices.with(|choices| Arc::new(scene::scene(resolved, &tables, &marks, choices)))
            })
        });
        let mode =
            Memo::new(move |_| if is_narrow(size.get().0) { Mode::Stack } else { Mode::Columns });
        let places = Memo::new(move |before: Option<&Arc<Places>>| {
            let moved = app.layout.get();
            scene.with(|scene| {
                Arc::new(places::place(
                    scene,
                    &moved,
                    mode.get(),
                    arranged.get(),
                    before.map(Arc::as_ref),
                ))
            })
        });
        let boxes = Memo::new(move |_| places.with(|places| Arc::new(places.boxes.clone())));
        let links = Memo::new(move |_| scene.with(|scene| Arc::new(scene.links.clone())));
        let drawn = Memo::new(move |before: Option<&Arc<(Vec<Route>, Memory)>>| {
            let nothing = Memory::default();
            let memory = before.map_or(&nothing, |before| &before.1);
            boxes.with(|boxes| links.with(|links| Arc::new(route_again(memory, boxes, links))))
        });
        let routes = Memo::new(move |_| drawn.with(|drawn| Arc::new(drawn.0.clone())));
        Self {
            choices,
            scene,
            places,
            boxes,
            routes,
            moving: RwSignal::new(None),
            moving_routes: RwSignal::new(Arc::default()),
            view: RwSignal::new(Viewport::default()),
            size,
            hover: RwSignal::new(None),
            draft: RwSignal::new(None),
            panel: RwSignal::new(None),
            arranged,
            body: NodeRef::new(),
        }
    }

    /// Where the canvas is on the screen.
    pub(crate) fn origin(self) -> (f64, f64) {
        self.body.get().map_or((0.0, 0.0), |body| {
            let (left, top, _, _) = element::bounds(&body);
            (left, top)
        })
    }

    /// Whether the models stand in one column, where they cannot be moved.
    pub(crate) fn is_stacked(self) -> bool {
        is_narrow(self.size.get_untracked().0)
    }

    /// Where a node stands now.
    pub(crate) fn rect(self, model: &str) -> Option<Rect> {
        let index = self.scene.with(|scene| scene.index(model))?;
        self.places.with(|places| places.boxes.get(index).copied())
    }

    /// Everything that is drawn, lines included.
    pub(crate) fn extent(self) -> Option<Rect> {
        let nodes =
            self.places.with_untracked(|places| Rect::around(places.boxes.iter().copied()))?;
        let lines = self.routes.with_untracked(|routes| {
            Rect::around(
                routes
                    .iter()
                    .flat_map(|route| route.points.iter())
                    .map(|point| Rect::new(point.x, point.y, 1, 1)),
            )
        });
        Some(lines.map_or(nodes, |lines| lines.union(nodes)))
    }

    /// Shows everything.
    pub(crate) fn fit(self) {
        let (width, height) = self.size.get_untracked();
        let Some(extent) = self.extent().filter(|_| width > 0.0) else { return };
        if is_narrow(width) {
            self.view.set(Viewport {
                x: 0.0,
                y: 0.0,
                zoom: (width / f64::from(extent.right() + 16)).min(1.0),
            });
        } else {
            self.view.set(Viewport::fit(extent, width, height, FIT_MARGIN));
        }
    }

    /// Zooms about the middle.
    pub(crate) fn zoom(self, factor: f64) {
        let (width, height) = self.size.get_untracked();
        self.view.update(|view| *view = view.zoomed(factor, width / 2.0, height / 2.0));
    }

    /// Brings a node into view, where it is not.
    pub(crate) fn reveal(self, model: &str) {
        let Some(rect) = untrack(|| self.rect(model)) else { return };
        let (width, height) = self.size.get_untracked();
        let view = self.view.get_untracked();
        let (left, top) = view.to_screen(rect.origin());
        let (right, bottom) = view.to_screen(Point::new(rect.right(), rect.bottom()));
        let margin = 16.0;
        let shift = |start: f64, end: f64, room: f64| {
            if start < margin || end - start > room - 2.0 * margin {
                margin - start
            } else {
                (room - margin - end).min(0.0)
            }
        };
        let (dx, dy) = (shift(left, right, width), shift(top, bottom, height));
        let outside = left < 0.0 || top < 0.0 || right > width || bottom > height;
        if outside && width > 0.0 {
            self.view.set(view.panned(dx, dy));
        }
    }

    /// Brings both ends of a relation into view, and its table: all of the diagram, where that takes less than life size.
    pub(crate) fn reveal_relation(self, id: &str) {
        let Some(relation) = untrack(|| self.relation(id)) else { return };
        let ends =
            [Some(relation.model.clone()), Some(relation.target.clone()), relation.through.clone()];
        let Some(wanted) =
            Rect::around(ends.iter().flatten().filter_map(|model| untrack(|| self.rect(model))))
        else {
            return;
        };
        let (width, height) = self.size.get_untracked();
        let seen = self.view.get_untracked().visible(width, height);
        if wanted.union(seen) != seen {
            self.fit();
        }
    }

    /// Whether only titles and lines are drawn.
    pub(crate) fn low_detail(self) -> Memo<bool> {
        Memo::new(move |_| self.view.with(|view| view.zoom < LOW_DETAIL))
    }

    /// The models to draw: all, or those in view where there are many.
    pub(crate) fn drawn(self) -> Memo<Vec<String>> {
        Memo::new(move |_| {
            let all = self.scene.get();
            if all.nodes.len() <= DRAW_ALL {
                return all.nodes.iter().map(|node| node.model.clone()).collect();
            }
            let (width, height) = self.size.get();
            // Some more than is seen, and in steps, so that a small pan draws nothing anew.
            let seen = self.view.get().visible(width, height);
            let step = 400;
            let seen = Rect::new(
                seen.x.div_euclid(step) * step,
                seen.y.div_euclid(step) * step,
                seen.width + step,
                seen.height + step,
            )
            .inflate(step / 2);
            let places = self.places.get();
            all.nodes
                .iter()
                .zip(&places.boxes)
                .filter(|(_, rect)| rect.overlaps(seen))
                .map(|(node, _)| node.model.clone())
                .collect()
        })
    }

    /// A relation of the scene.
    pub(crate) fn relation(self, id: &str) -> Option<Arc<RelationView>> {
        self.scene.with(|scene| scene.relation(id).cloned())
    }

    /// The rows that light up: (model, row).
    pub(crate) fn linked_rows(self) -> Memo<Arc<BTreeSet<(String, String)>>> {
        Memo::new(move |_| {
            let relation = self.hover.get().and_then(|id| self.relation(&id));
            Arc::new(
                relation
                    .map(|relation| relation.rows.iter().cloned().collect())
                    .unwrap_or_default(),
            )
        })
    }

    /// Opens or closes the generated table of a many-to-many.
    pub(crate) fn toggle_through(self, id: &str) {
        self.choices.update(|choices| {
            if !choices.closed.remove(id) {
                choices.closed.insert(id.to_owned());
            }
        });
        let closed = self
            .choices
            .with_untracked(|choices| choices.closed.iter().cloned().collect::<Vec<_>>().join(" "));
        // What cannot be kept holds for this visit.
        let _ = storage::write("closed", &closed);
    }
}
