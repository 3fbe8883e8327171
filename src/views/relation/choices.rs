//! The three kinds of relation, as small drawings.

use leptos::ev::KeyboardEvent;
use leptos::html;
use leptos::prelude::*;
use throughline_core::document::RelationKind;
use throughline_core::orm;
use throughline_diagram::ends::marks;
use throughline_diagram::{End, Point, Side};

use crate::platform::focus;
use crate::state::App;

/// The kinds, in the order of the form.
const KINDS: [(RelationKind, &str, End, End); 3] = [
    (RelationKind::ForeignKey, "Foreign key", End::ZeroOrMany, End::ExactlyOne),
    (RelationKind::OneToOne, "One-to-one", End::ZeroOrOne, End::ExactlyOne),
    (RelationKind::ManyToMany, "Many-to-many", End::ZeroOrMany, End::ZeroOrMany),
];

/// A radio group of the kinds that the ORM has.
#[component]
pub(super) fn Choices(
    /// The chosen one.
    #[prop(into)]
    value: Signal<RelationKind>,
    /// Called with the newly chosen one.
    on_choose: impl Fn(RelationKind) + Copy + 'static,
) -> impl IntoView {
    let app = expect_context::<App>();
    let has = orm::by_id(app.derived.orm.get_untracked())
        .map_or(&[] as &[_], |orm| orm.profile().relations);
    let kinds = KINDS.iter().filter(|(kind, ..)| has.contains(kind)).copied().collect::<Vec<_>>();
    let offered = StoredValue::new(kinds.iter().map(|(kind, ..)| *kind).collect::<Vec<_>>());
    let group = NodeRef::<html::Div>::new();
    let on_key =
        move |event: KeyboardEvent| {
            let step = match event.key().as_str() {
                "ArrowRight" | "ArrowDown" => 1,
                "ArrowLeft" | "ArrowUp" => -1,
                _ => return,
            };
            event.prevent_default();
            let next = offered.with_value(|kinds| {
                let now = kinds.iter().position(|kind| *kind == value.get_untracked())? as isize;
                kinds.get((now + step).rem_euclid(kinds.len() as isize) as usize).copied()
            });
            if let Some(kind) = next {
                on_choose(kind);
                request_animation_frame(move || {
                    focus::element(group.get_untracked().and_then(|group| {
                        group.query_selector("[aria-checked=true]").ok().flatten()
                    }));
                });
            }
        };
    let choice = |(kind, label, here, there): (RelationKind, &'static str, End, End)| {
        let checked = move || value.get() == kind;
        view! {
            <button class="choice" type="button" role="radio" aria-checked=move || checked().to_string()
                tabindex=move || if checked() { "0" } else { "-1" } on:click=move |_| on_choose(kind)>
                <svg viewBox="0 0 96 25" aria-hidden="true">
                    <g class="edge">
                        <path class="edge-line" d="M14 12.5H82"></path>
                        {end(here, Point::new(14, 12), Side::Right)}
                        {end(there, Point::new(82, 12), Side::Left)}
                    </g>
                    <rect class="choice-node" x="1.5" y="3.5" width="12" height="18" rx="2"></rect>
                    <rect class="choice-node" x="82.5" y="3.5" width="12" height="18" rx="2"></rect>
                </svg>
                {label}
            </button>
        }
    };
    view! {
        <div class="choices" role="radiogroup" aria-label="Kind" node_ref=group on:keydown=on_key>
            {kinds.into_iter().map(choice).collect_view()}
        </div>
    }
}

fn end(end: End, port: Point, side: Side) -> impl IntoView {
    let drawn = marks(end, port, side);
    view! {
        <path class="edge-end" d=drawn.path></path>
        {drawn.ring.map(|(x, y)| view! { <circle class="edge-ring" cx=x cy=y r="3.5"></circle> })}
    }
}
