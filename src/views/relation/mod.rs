//! What opens over the canvas: forms for relations and models.
#![allow(unreachable_pub, reason = "the component macro writes `pub` into what it generates")]

use leptos::prelude::*;

use crate::views::canvas::CanvasState;

/// The panel that is open.
#[component]
pub(crate) fn Panels(
    /// The canvas.
    canvas: CanvasState,
) -> impl IntoView {
    let _ = canvas;
}
