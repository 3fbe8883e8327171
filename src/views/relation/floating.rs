//! A form that floats over the canvas, beside the model that it is about.

use leptos::html;
use leptos::prelude::*;

use crate::platform::{element, focus, page};
use crate::ui::{Icon, IconSize};
use crate::views::canvas::CanvasState;

/// Space between the form and its model, and the edge of the window.
const GAP: f64 = 12.0;
const EDGE: f64 = 8.0;

/// The frame of a form: title, close button, place. Escape closes it.
#[component]
pub(crate) fn Floating(
    /// The canvas.
    canvas: CanvasState,
    /// The model that it stands beside; `None`: in the corner.
    #[prop(into)]
    beside: Signal<Option<String>>,
    /// What it is: "New relation from Course to Student".
    #[prop(into)]
    label: Signal<String>,
    /// What stands in its head.
    head: ViewFn,
    /// Its body and foot.
    children: Children,
) -> impl IntoView {
    let frame = NodeRef::<html::Div>::new();
    let size = RwSignal::new((0.0, 0.0));
    let before = StoredValue::new_local(focus::current());
    Effect::new(move |_| {
        if let Some(frame) = frame.get() {
            element::on_resize(&frame, move |width, height| size.set((width, height)));
        }
    });
    let close = move || {
        canvas.panel.set(None);
        before.with_value(|before| focus::shape_or_element(before.clone()));
        // What had the focus may be gone, as the node of a model that was renamed.
        if let Some(model) = beside.get_untracked().filter(|_| focus::is_nowhere()) {
            focus::matching(&format!(".node[data-model=\"{model}\"]"));
        }
    };
    let place = Memo::new(move |_| {
        let (width, height) = page::size();
        let (wide, high) = size.get();
        if wide == 0.0 || canvas.size.get().0 >= width - 1.0 {
            // Not measured yet, or a phone, where the style sheet has it at the bottom.
            return None;
        }
        let (left, top) = canvas.origin();
        let wish = beside.get().and_then(|model| canvas.rect(&model)).map(|rect| {
            let view = canvas.view.get();
            let (start, y) = view.to_screen(rect.origin());
            let end = start + f64::from(rect.width) * view.zoom;
            let right = left + end + GAP;
            let x = if right + wide + EDGE <= width { right } else { left + start - GAP - wide };
            (x, top + y)
        });
        let (x, y) = wish.unwrap_or((width - wide - GAP, top + GAP));
        let x = x.min(width - wide - EDGE).max(EDGE);
        let y = y.min(height - high - EDGE).max(EDGE);
        Some((x.round(), y.round()))
    });
    // What cannot be seen yet cannot take the focus.
    Effect::new(move |done: Option<bool>| {
        let is_seen = size.get().0 > 0.0;
        if let Some(frame) = frame.get().filter(|_| is_seen && done != Some(true)) {
            let find = |selector| frame.query_selector(selector).ok().flatten();
            let first =
                find("[data-first]").or_else(|| find(".popover-body :is(input, select, button)"));
            request_animation_frame(move || focus::element(first));
        }
        is_seen || done == Some(true)
    });
    view! {
        <div
            class="float popover"
            class:is-placed=move || place.get().is_some()
            role="dialog"
            aria-label=label
            node_ref=frame
            style:left=move || place.get().map(|place| format!("{}px", place.0))
            style:top=move || place.get().map(|place| format!("{}px", place.1))
            on:keydown=move |event| if event.key() == "Escape" { event.stop_propagation(); close() }
            on:pointerdown=|event| event.stop_propagation()
        >
            <div class="popover-head">
                {head.run()}
                <button class="btn btn-quiet btn-icon btn-small" type="button" aria-label="Close" on:click=move |_| close()>
                    <Icon name="x" size=IconSize::Small />
                </button>
            </div>
            {children()}
        </div>
    }
}
