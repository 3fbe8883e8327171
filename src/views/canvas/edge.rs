//! A relation: its line, or the two lines of its open through table.

use std::sync::Arc;

use leptos::prelude::*;
use throughline_core::check::Subject;
use throughline_core::document::RelationKind;
use throughline_diagram::text::{self, Face};
use throughline_diagram::{Point, Route, Side, ends, path};

use super::keyboard;
use super::scene::{Label, RelationView};
use super::state::{Canvas, Panel};
use crate::state::{App, Pane, Selection};

/// Draws a relation; it is one stop of the keyboard.
#[component]
pub(super) fn Edge(
    /// The canvas.
    canvas: Canvas,
    /// Its id.
    id: String,
) -> impl IntoView {
    let app = expect_context::<App>();
    let test_id = format!("edge-{id}");
    let id = StoredValue::new(id);
    let relation = Memo::new(move |_| id.with_value(|id| canvas.relation(id)));
    let is = move |test: fn(&RelationView) -> bool| {
        move || relation.with(|relation| relation.as_ref().is_some_and(|relation| test(relation)))
    };
    let is_hover = Memo::new(move |_| {
        canvas.hover.with(|hover| id.with_value(|id| hover.as_ref() == Some(id)))
    });
    let is_selected = Memo::new(move |_| {
        let Some(relation) = relation.get() else { return false };
        let subject =
            Subject { model: Some(relation.model.clone()), field: Some(relation.field.clone()) };
        app.marked.with(|marked| marked.contains(&subject))
    });
    let is_walked = Memo::new(move |_| {
        let Some(relation) = relation.get() else { return false };
        app.ui.walked.with(|walk| {
            let mut edges = walk.iter().flat_map(|walk| &walk.edges);
            edges.any(|(model, field)| *model == relation.model && *field == relation.field)
        })
    });
    let choose = move || {
        if let Some(relation) = relation.get_untracked() {
            app.choose(
                Selection::Field(relation.model.clone(), relation.field.clone()),
                Pane::Diagram,
            );
        }
    };
    let open = move || {
        if let Some(relation) = relation.get_untracked() {
            canvas.panel.set(Some(Panel::Relation {
                model: relation.model.clone(),
                field: relation.field.clone(),
            }));
        }
    };
    let leave = move || {
        canvas.hover.update(|hover| {
            if id.with_value(|id| hover.as_ref() == Some(id)) {
                *hover = None
            }
        })
    };
    view! {
        <g class="edge" class:is-m2m=is(|relation| relation.kind == RelationKind::ManyToMany) class:is-error=is(|relation| relation.severity.is_some())
            class:is-hover=move || is_hover.get() class:is-selected=move || is_selected.get() class:is-walked=move || is_walked.get()
            tabindex="0" role="group" data-testid=test_id
            aria-label=move || relation.with(|relation| relation.as_ref().map(|relation| relation.spoken.clone()))
            on:pointerenter=move |_| canvas.hover.set(Some(id.get_value()))
            on:pointerleave=move |_| leave()
            on:focus=move |_| canvas.hover.set(Some(id.get_value()))
            on:blur=move |_| leave()
            on:pointerdown=move |event| event.stop_propagation()
            on:click=move |event| { event.stop_propagation(); choose() }
            on:dblclick=move |_| open()
            on:keydown=move |event| if let Some(relation) = relation.get_untracked() { keyboard::on_relation(app, canvas, &event, &relation) }
        >
            {move || relation.get().map(|relation| {
                (relation.first_link..relation.first_link + relation.links).map(|link| view! { <Line canvas link /> }).collect_view()
            })}
            {move || relation.get().and_then(|relation| label(canvas, &relation))}
        </g>
    }
}

/// One line with its ends.
#[component]
fn Line(canvas: Canvas, link: usize) -> impl IntoView {
    let route = Memo::new(move |_| {
        let moving = canvas.moving_routes.with(|routes| routes.get(&link).cloned());
        moving
            .or_else(|| canvas.routes.with(|routes| routes.get(link).cloned()))
            .unwrap_or_default()
    });
    let ends = Memo::new(move |_| {
        canvas.scene.with(|scene| scene.links.get(link).map(|link| (link.from.end, link.to.end)))
    });
    let line = move || route.with(|route| path::data(&route.points));
    let end = move |which: fn(&Route) -> Option<(Point, Side)>, end: throughline_diagram::End| {
        let found = route.with(which);
        found.map(|(port, side)| {
            let drawn = ends::marks(end, port, side);
            view! {
                <path class="edge-end" d=drawn.path></path>
                {drawn.ring.map(|(x, y)| view! { <circle class="edge-ring" cx=x cy=y r="3.5"></circle> })}
            }
        })
    };
    view! {
        <path class="edge-hit" d=line></path>
        <path class="edge-line" d=line></path>
        {move || ends.get().map(|(from, to)| view! {
            {end(|route| route.points.first().copied().zip(route.from), from)}
            {end(|route| route.points.last().copied().zip(route.to), to)}
        })}
    }
}

/// The field's name on the line, beside those of the lines that run with it; none where they have no room.
fn label(canvas: Canvas, relation: &Arc<RelationView>) -> Option<impl IntoView + use<>> {
    let link = relation.first_link;
    let Label { text, index, count } = relation.label.clone()?;
    let width = text::width(&text, Face::Code);
    let place = Memo::new(move |_| {
        let place = |route: &Route| route.label_place(index, count, width);
        match canvas.moving_routes.with(|routes| routes.get(&link).map(place)) {
            Some(moving) => moving,
            None => canvas.routes.with(|routes| routes.get(link).and_then(place)),
        }
    });
    Some(move || {
        let text = text.clone();
        place
            .get()
            .map(|place| view! { <text class="edge-label" x=place.x y=place.y - 6>{text}</text> })
    })
}
