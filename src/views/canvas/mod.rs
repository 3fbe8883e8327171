//! The diagram: models, their relations, and what can be done to both.
#![allow(unreachable_pub, reason = "the component macro writes `pub` into what it generates")]

pub(crate) mod actions;
mod diagram;
mod edge;
mod gestures;
mod head;
mod hover_card;
mod keyboard;
mod legend;
mod node;
mod node_body;
mod places;
mod row;
pub(crate) mod scene;
mod state;
mod tools;

use leptos::prelude::*;

use crate::platform::element;
use crate::state::{App, Pane};
use crate::ui::Empty;
use crate::views::relation::Panels;
pub(crate) use hover_card::sentences;
pub(crate) use state::{Canvas as CanvasState, Panel};

/// The head and the body of the diagram pane.
#[component]
pub fn Canvas() -> impl IntoView {
    let app = expect_context::<App>();
    let canvas = CanvasState::new(app);
    let body = canvas.body;
    Effect::new(move |_| {
        if let Some(body) = body.get() {
            element::on_resize(&body, move |width, height| canvas.size.set((width, height)));
        }
    });
    // After a layout from nothing everything is shown, as soon as there is room to show it in.
    Effect::new(move |shown: Option<u32>| {
        let fresh = canvas.places.with(|places| places.fresh);
        let has_room = canvas.size.with(|size| size.0 > 0.0);
        if shown != Some(fresh) && has_room {
            canvas.fit();
            return fresh;
        }
        shown.unwrap_or(u32::MAX)
    });
    // What is chosen elsewhere comes into view here.
    Effect::new(move |_| {
        let chosen = app.ui.chosen.get();
        if chosen.by != Pane::Diagram
            && let Some(model) = chosen.what.model()
        {
            canvas.reveal(model);
        }
    });
    let is_empty = move || canvas.scene.with(|scene| scene.nodes.is_empty());
    view! {
        <head::Head canvas />
        <div class="canvas" node_ref=body>
            <diagram::Diagram canvas />
            <Show when=is_empty>
                <div class="canvas-empty">
                    <Empty icon="workflow" title="No models yet" text="Draw one, paste your models.py, or begin with an example.">
                        <button class="btn btn-primary" type="button" on:click=move |_| canvas.panel.set(Some(Panel::NewModel))>"Add model"</button>
                        <button class="btn" type="button" on:click=move |_| (crate::actions::PASTE.run)(app)>"Paste models"</button>
                        <button class="btn" type="button" on:click=move |_| (crate::actions::EXAMPLES.run)(app)>"Open example"</button>
                    </Empty>
                </div>
            </Show>
            <hover_card::HoverCard canvas />
            <tools::Tools canvas />
            <Panels canvas />
        </div>
    }
}
