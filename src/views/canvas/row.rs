//! One row of a node.

use leptos::prelude::*;
use leptos::svg;
use throughline_core::Severity;
use throughline_diagram::measure::{PADDING, ROW, TEXT};
use throughline_diagram::text::{self, Face};

use super::scene::{RowKind, RowView};

/// How a row stands in its node.
#[derive(Clone, Copy)]
pub(super) struct Slot {
    /// Its top, from the node's top.
    pub(super) top: i32,
    /// The node's width.
    pub(super) width: i32,
    /// Whether it is the last one, whose corners are round.
    pub(super) last: bool,
}

/// Draws a row.
#[component]
pub(super) fn Row(
    /// What it says.
    row: RowView,
    /// Where it is.
    place: Slot,
    /// Whether the relation that it belongs to is pointed at.
    #[prop(into)]
    linked: Signal<bool>,
    /// Whether it is chosen.
    #[prop(into)]
    selected: Signal<bool>,
    /// Called when it is pointed at (with its relation) and left (with none).
    on_hover: Callback<Option<String>>,
    /// Called when it is clicked.
    on_choose: Callback<()>,
) -> impl IntoView {
    let Slot { top, width, last } = place;
    let inner = width - 2;
    let background = if last {
        format!("M1 {top}H{}V{}a5 5 0 0 1 -5 5H6a5 5 0 0 1 -5 -5z", width - 1, top + ROW - 6)
    } else {
        format!("M1 {top}h{inner}v{ROW}h-{inner}z")
    };
    let bar = row.severity.map(|severity| {
        let class = if severity == Severity::Error { "field-bar" } else { "field-bar is-warning" };
        view! { <rect class=class x="1" y=top + 4 width="2" height="18"></rect> }
    });
    let line = row.divided.then(|| view! { <path class="node-line-faint" d=format!("M1 {}.5H{}", top - 1, width - 1)></path> });
    let label_width = text::width(&row.label, Face::Code);
    let unique = row.unique.then(|| {
        let x = width - PADDING - label_width - 20;
        view! {
            <rect class="glyph-unique" x=format!("{x}.5") y=format!("{}.5", top + 6) width="13" height="13" rx="3"></rect>
            <text class="glyph-unique-text" x=x + 7 y=format!("{}.5", top + 16)>"U"</text>
        }
    });
    let relation = row.relation.clone();
    view! {
        <g class=class(&row) class:is-linked=move || linked.get() class:is-selected=move || selected.get()
            on:pointerenter=move |_| on_hover.run(relation.clone())
            on:pointerleave=move |_| on_hover.run(None)
            on:click=move |event| { event.stop_propagation(); on_choose.run(()) }>
            {svg::title().child(row.tooltip.clone())}
            <path class="field-bg" d=background></path>
            {line}{bar}
            {sign(row.kind, top)}
            <text class="field-name" x=TEXT y=top + 17>{row.name.clone()}</text>
            {unique}
            <text class="field-type" x=width - PADDING y=top + 17>{row.label.clone()}</text>
        </g>
    }
}

fn class(row: &RowView) -> String {
    let kind = match row.kind {
        RowKind::Key => "field-pk",
        RowKind::Required => "field-field",
        RowKind::Nullable => "field-null",
        RowKind::Relation => "field-fk",
        RowKind::ManyToMany => "field-m2m",
        RowKind::Reverse => "field-reverse",
        RowKind::Rule => "field-rule",
        RowKind::More | RowKind::Fewer => "field-more",
    };
    let error = if row.severity == Some(Severity::Error) { " field-error" } else { "" };
    format!("field {kind}{error}")
}

/// The icon that says what the row is.
fn sign(kind: RowKind, top: i32) -> AnyView {
    let icon = match kind {
        RowKind::Required => {
            return view! { <path class="glyph-required" d=format!("M17 {}.5l3.5 3.5l-3.5 3.5l-3.5 -3.5z", top + 9)></path> }.into_any();
        }
        RowKind::Nullable => return view! { <path class="glyph-nullable" d=format!("M17 {}l4 4l-4 4l-4 -4z", top + 9)></path> }.into_any(),
        RowKind::Key => "key-round",
        RowKind::Relation => "link",
        RowKind::ManyToMany => "arrow-left-right",
        RowKind::Reverse => "arrow-down-left",
        RowKind::Rule => "equal",
        RowKind::More => "chevron-down",
        RowKind::Fewer => "chevron-right",
    };
    view! { <use class="node-icon" href=format!("#i-{icon}") x="10" y=top + 6 width="14" height="14"></use> }.into_any()
}
