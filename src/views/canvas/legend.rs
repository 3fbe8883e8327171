//! What the ends of the lines mean.

use leptos::prelude::*;
use throughline_diagram::ends::marks;
use throughline_diagram::{End, Point, Side};

use super::state::Canvas;

/// The ends, each with what it stands for.
const ENDS: [(End, &str, &str); 4] = [
    (End::ExactlyOne, "Exactly one", "the key is not null"),
    (End::ZeroOrOne, "Zero or one", "a nullable key, or the reverse of a one-to-one"),
    (End::ZeroOrMany, "Zero or many", "the reverse of a key, and both sides of a many-to-many"),
    (End::OneOrMany, "One or many", "only when the model demands it"),
];

/// The popover over the Legend button.
#[component]
pub(super) fn Legend(
    /// The canvas.
    canvas: Canvas,
) -> impl IntoView {
    let row = |(end, title, text): (End, &'static str, &'static str)| {
        let drawn = marks(end, Point::new(30, 6), Side::Left);
        view! {
            <div class="end-row">
                <svg width="66" height="21" viewBox="0 -0.5 44 14" aria-hidden="true">
                    <g class="edge">
                        <path class="edge-line" d="M0 6.5H30"></path>
                        <path class="edge-end" d=drawn.path></path>
                        {drawn.ring.map(|(x, y)| view! { <circle class="edge-ring" cx=x cy=y r="3.5"></circle> })}
                    </g>
                    <rect class="end-node" x="30.25" y="0" width="12" height="13" rx="2"></rect>
                </svg>
                <span><b>{title}</b><br />{text}</span>
            </div>
        }
    };
    view! {
        <div class="float legend" role="dialog" aria-label="Legend" tabindex="-1"
            on:keydown=move |event| if event.key() == "Escape" { canvas.panel.set(None) }>
            {ENDS.into_iter().map(row).collect_view()}
            <p class="legend-note">"The maximum stands next to the model, the minimum inside it. A dashed table is generated for a many-to-many."</p>
        </div>
    }
}
