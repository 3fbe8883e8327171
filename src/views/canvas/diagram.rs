//! The drawing: dots, lines, models.

use leptos::prelude::*;

use super::edge::Edge;
use super::gestures::Hands;
use super::keyboard;
use super::node::Node;
use super::state::Canvas;
use crate::state::{App, Pane, Selection};

/// The drawing, and the pointer on it.
#[component]
pub(super) fn Diagram(
    /// The canvas.
    canvas: Canvas,
) -> impl IntoView {
    let app = expect_context::<App>();
    let hands = Hands::new(app, canvas);
    let low_detail = canvas.low_detail();
    let drawn = canvas.drawn();
    let relations = Memo::new(move |_| {
        canvas.scene.with(|scene| {
            scene.relations.iter().map(|relation| relation.id.clone()).collect::<Vec<_>>()
        })
    });
    let label = move || {
        canvas.scene.with(|scene| {
            format!("Diagram: {}. Arrow keys move the view, plus and minus zoom.", scene.summary())
        })
    };
    let transform = move || {
        canvas.view.with(|view| format!("translate({} {}) scale({})", view.x, view.y, view.zoom))
    };
    let dots = move || {
        canvas.view.with(|view| format!("translate({} {}) scale({})", view.x, view.y, view.zoom))
    };
    let nothing = move |_| {
        if !hands.just_moved() {
            app.choose(Selection::Nothing, Pane::Diagram);
            canvas.panel.set(None);
        }
    };
    view! {
        <svg class="diagram" class:is-low=move || low_detail.get() class:is-drawing=move || canvas.draft.with(Option::is_some)
            tabindex="0" role="group" aria-label=label data-testid="diagram"
            on:pointerdown=move |event| hands.press(&event)
            on:pointermove=move |event| hands.go(&event)
            on:pointerup=move |event| hands.release(&event)
            on:pointercancel=move |event| hands.lose(&event)
            on:wheel=move |event| hands.wheel(&event)
            on:click=nothing
            on:keydown=move |event| keyboard::on_canvas(canvas, hands, &event)
            on:keyup=move |event| if event.key() == " " { hands.hold_space(false) }
            on:blur=move |_| hands.hold_space(false)
        >
            <defs>
                <pattern id="dots" width="24" height="24" patternUnits="userSpaceOnUse" patternTransform=dots>
                    <rect class="grid-dot" x="11" y="11" width="1" height="1"></rect>
                </pattern>
            </defs>
            <rect class="grid-area" class:is-far=move || low_detail.get() width="100%" height="100%" fill="url(#dots)"></rect>
            <g class="diagram-content" transform=transform>
                <For each=move || relations.get() key=|id| id.clone() let(id)>
                    <Edge canvas id />
                </For>
                <For each=move || drawn.get() key=|model| model.clone() let(model)>
                    <Node canvas hands model low_detail />
                </For>
                {move || canvas.draft.get().map(|draft| view! {
                    <g class="edge is-draft">
                        <path class="edge-line" d=format!("M{} {}L{} {}", draft.start.x, draft.start.y, draft.end.x, draft.end.y)></path>
                        <circle class="port" cx=draft.end.x cy=draft.end.y r="5"></circle>
                    </g>
                })}
            </g>
        </svg>
    }
}
