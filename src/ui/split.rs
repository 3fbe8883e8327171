//! A handle between panes, for pointer and keyboard.

use leptos::ev::{KeyboardEvent, PointerEvent};
use leptos::prelude::*;

use crate::platform::{page, pointer};

/// What a handle moves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Axis {
    /// The width of what stands left of it.
    Width,
    /// The height of what stands below it.
    Height,
}

/// A handle that sets a size in hundredths of the window.
#[component]
pub fn Split(
    /// What it moves.
    axis: Axis,
    /// What it resizes: "Resize source".
    label: &'static str,
    /// The size; `None` until it is first moved.
    size: RwSignal<Option<f64>>,
    /// The size that `None` stands for.
    usual: f64,
    /// Smallest and largest size.
    range: (f64, f64),
    /// Called when a move is over.
    on_end: impl Fn(Option<f64>) + Copy + 'static,
) -> impl IntoView {
    let (smallest, largest) = range;
    let value = move || size.get().unwrap_or(usual);
    let held = RwSignal::new(false);
    let step = move |event: KeyboardEvent| {
        let now = size.get_untracked().unwrap_or(usual);
        let next = match (event.key().as_str(), axis) {
            ("ArrowRight", Axis::Width) | ("ArrowUp", Axis::Height) => now + 2.0,
            ("ArrowLeft", Axis::Width) | ("ArrowDown", Axis::Height) => now - 2.0,
            ("Home", _) => smallest,
            ("End", _) => largest,
            ("Enter", _) => usual,
            _ => return,
        };
        event.prevent_default();
        let next = (event.key() != "Enter").then(|| next.clamp(smallest, largest));
        size.set(next);
        on_end(next);
    };
    let move_to = move |event: PointerEvent| {
        if !held.get_untracked() {
            return;
        }
        let (width, height) = page::size();
        let at = match axis {
            Axis::Width => f64::from(event.client_x()) / width,
            Axis::Height => 1.0 - f64::from(event.client_y()) / height,
        };
        size.set(Some((at * 100.0).clamp(smallest, largest)));
    };
    let let_go = move |_: PointerEvent| {
        if held.get_untracked() {
            held.set(false);
            on_end(size.get_untracked());
        }
    };
    view! {
        <div
            class="split only-wide"
            class:split-x=axis == Axis::Width
            class:split-y=axis == Axis::Height
            class:is-held=move || held.get()
            role="separator"
            tabindex="0"
            aria-orientation=if axis == Axis::Width { "vertical" } else { "horizontal" }
            aria-label=label
            aria-valuenow=move || value().round().to_string()
            aria-valuemin=smallest.to_string()
            aria-valuemax=largest.to_string()
            on:keydown=step
            on:dblclick=move |_| { size.set(None); on_end(None); }
            on:pointerdown=move |event| { event.prevent_default(); pointer::capture(&event); held.set(true); }
            on:pointermove=move_to
            on:pointerup=let_go
            on:pointercancel=let_go
        ></div>
    }
}
