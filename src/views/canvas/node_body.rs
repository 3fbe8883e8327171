//! What stands in a node: head, rows, the count of problems, ports.

use std::sync::Arc;

use leptos::prelude::*;
use throughline_core::Severity;
use throughline_core::check::Subject;
use throughline_diagram::Point;
use throughline_diagram::measure::row_top;

use super::gestures;
use super::node::focus_node;
use super::row::{Row, Slot};
use super::scene::{NodeView, RowKind, RowView};
use super::state::Canvas;
use crate::state::{App, Pane, Selection};

/// Draws the inside of a node.
pub(super) fn body(
    app: App,
    canvas: Canvas,
    hands: gestures::Hands,
    node: Arc<NodeView>,
    low_detail: bool,
) -> AnyView {
    let (width, height) = (node.width, node.height);
    let frame = view! { <rect class="node-box" x="0.5" y="0.5" width=width - 1 height=height - 1 rx="5.5"></rect> };
    let ring =
        view! { <rect class="node-ring" x="0" y="0" width=width height=height rx="6"></rect> };
    if low_detail {
        return view! { {frame}<text class="node-title node-title-alone" x=width / 2 y=height / 2 + 8>{node.title.clone()}</text>{ring}{count(&node)} }.into_any();
    }
    let last = node.rows.len().saturating_sub(1);
    let linked = canvas.linked_rows();
    let rows = node
        .rows
        .iter()
        .enumerate()
        .map(|(number, row)| {
            let slot = Slot {
                top: row_top(i32::try_from(number).unwrap_or_default()),
                width,
                last: number == last,
            };
            let key = (node.model.clone(), row.name.clone());
            let lit = Memo::new(move |_| linked.with(|linked| linked.contains(&key)));
            let subjects = subjects(&node, row);
            let selected = Memo::new(move |_| {
                app.marked.with(|marked| subjects.iter().any(|subject| marked.contains(subject)))
            });
            view! {
                <Row row=row.clone() place=slot linked=lit selected
                    on_hover=Callback::new(move |relation| canvas.hover.set(relation))
                    on_choose=choose_row(app, canvas, hands, &node, row) />
            }
        })
        .collect_view();
    let head = format!("M1 31V6a5 5 0 0 1 5 -5H{}a5 5 0 0 1 5 5V31z", width - 6);
    let icon = if node.generated_by.is_some() { "#i-link-2" } else { "#i-table-2" };
    let aside = if node.generated_by.is_some() {
        view! {
            <rect class="tag-box" x=format!("{}.5", width - 44) y="8.5" width="33" height="15" rx="3"></rect>
            <text class="tag-text" x=width - 27 y="19.5">"auto"</text>
        }.into_any()
    } else {
        view! { <text class="node-table" x=width - 10 y="20">{node.aside.clone()}</text> }
            .into_any()
    };
    view! {
        {frame}
        <path class="node-head" d=head></path>
        <path class="node-line" d=format!("M1 31.5H{}", width - 1)></path>
        <use class="node-icon node-icon-title" href=icon x="10" y="9" width="14" height="14"></use>
        <text class="node-title" x="30" y="21">{node.title.clone()}</text>
        {aside}
        {rows}
        {ring}
        {count(&node)}
        {node.generated_by.is_none().then(|| ports(hands, &node))}
    }
    .into_any()
}

/// What marks a row: the field itself, or for a reverse name the accessor.
fn subjects(node: &NodeView, row: &RowView) -> Vec<Subject> {
    let subject =
        |model: &str, field: &str| Subject { model: Some(model.into()), field: Some(field.into()) };
    let own = (!matches!(row.kind, RowKind::Rule | RowKind::More | RowKind::Fewer))
        .then(|| subject(&node.model, &row.name));
    let declared = row.chooses.as_ref().map(|(model, field)| subject(model, field));
    own.into_iter().chain(declared).collect()
}

fn choose_row(
    app: App,
    canvas: Canvas,
    hands: gestures::Hands,
    node: &NodeView,
    row: &RowView,
) -> Callback<()> {
    let (model, kind, chooses) = (node.model.clone(), row.kind, row.chooses.clone());
    let (generated, generated_by) = (node.generated_by.is_some(), node.generated_by.clone());
    Callback::new(move |()| {
        if hands.just_moved() {
            return;
        }
        match (kind, &chooses) {
            (RowKind::More, _) => canvas.choices.update(|choices| {
                choices.unfolded.insert(model.clone());
            }),
            (RowKind::Fewer, _) => canvas.choices.update(|choices| {
                choices.unfolded.remove(&model);
            }),
            (_, _) if generated => {
                if let Some((owner, field)) = &generated_by {
                    app.choose(Selection::Field(owner.clone(), field.clone()), Pane::Diagram);
                }
            }
            (_, Some((model, field))) => {
                app.choose(Selection::Field(model.clone(), field.clone()), Pane::Diagram)
            }
            (_, None) => app.choose(Selection::Model(model.clone()), Pane::Diagram),
        }
        focus_node(&model);
    })
}

/// The number of problems, at the corner.
fn count(node: &NodeView) -> Option<impl IntoView + use<>> {
    let mark = node.problems?;
    let class = if mark.severity == Severity::Error { "count" } else { "count is-warning" };
    let x = node.width - 2;
    Some(view! {
        <circle class=class cx=x cy="2" r="8"></circle>
        <text class="count-text" x=x y="6">{mark.count}</text>
    })
}

/// Where relations are drawn from; seen while the node is pointed at or chosen.
fn ports(hands: gestures::Hands, node: &NodeView) -> impl IntoView + use<> {
    let (width, height) = (node.width, node.height);
    let middle = (height / 2).min(68);
    let model = StoredValue::new(node.model.clone());
    [(0, middle), (width, middle), (width / 2, 0), (width / 2, height)].map(|(x, y)| {
        view! {
            <g class="port-group" transform=format!("translate({x} {y})") on:pointerdown=move |event| hands.start_relation(&event, model.get_value(), Point::new(x, y))>
                <circle class="port-hit" r="12"></circle>
                <circle class="port" r="5"></circle>
                <path class="port-plus" d="M-2.5 0h5M0 -2.5v5"></path>
            </g>
        }
    }).collect_view()
}
