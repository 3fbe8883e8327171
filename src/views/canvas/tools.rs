//! What stands in the corners of the canvas: zoom, fit, arrange, legend.

use leptos::prelude::*;

use super::actions;
use super::legend::Legend;
use super::state::{Canvas, Panel};
use crate::state::App;
use crate::ui::{Icon, IconSize};

/// The tools.
#[component]
pub(super) fn Tools(
    /// The canvas.
    canvas: Canvas,
) -> impl IntoView {
    let app = expect_context::<App>();
    let percent = move || canvas.view.with(|view| format!("{}%", (view.zoom * 100.0).round()));
    let step = move |inward: bool| {
        let view = canvas.view.get_untracked();
        canvas.zoom(if inward { view.step_in() } else { view.step_out() });
    };
    let legend_open = move || canvas.panel.with(|panel| *panel == Some(Panel::Legend));
    let toggle_legend = move |_| {
        canvas.panel.update(|panel| {
            *panel = if *panel == Some(Panel::Legend) { None } else { Some(Panel::Legend) }
        })
    };
    view! {
        <div class="canvas-tools" role="toolbar" aria-label="Canvas">
            <span class="tool-group only-wide">
                <button class="btn btn-quiet btn-icon" type="button" aria-label="Zoom out" on:click=move |_| step(false)><Icon name="minus" size=IconSize::Small /></button>
                <button class="btn btn-quiet zoom" type="button" aria-label=move || format!("Zoom: {}", percent()) on:click=move |_| canvas.zoom(1.0 / canvas.view.get_untracked().zoom)>{percent}</button>
                <button class="btn btn-quiet btn-icon" type="button" aria-label="Zoom in" on:click=move |_| step(true)><Icon name="plus" size=IconSize::Small /></button>
            </span>
            <span class="tool-group">
                <button class="btn btn-quiet btn-icon" type="button" aria-label="Fit to window" title="Fit to window" on:click=move |_| canvas.fit()><Icon name="maximize" size=IconSize::Small /></button>
                <button class="btn btn-quiet btn-icon" type="button" aria-label="Arrange automatically" title="Arrange automatically" on:click=move |_| actions::arrange(app, canvas)><Icon name="workflow" size=IconSize::Small /></button>
            </span>
        </div>
        <div class="canvas-tools canvas-tools-right only-wide">
            <span class="tool-group">
                <button class="btn btn-quiet btn-small" type="button" aria-haspopup="dialog" aria-expanded=move || legend_open().to_string() on:click=toggle_legend>"Legend"</button>
            </span>
        </div>
        <Show when=legend_open><Legend canvas /></Show>
    }
}
