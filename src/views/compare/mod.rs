//! The same models in every ORM, side by side.

mod rows;
pub mod source;
pub mod tools;

pub use source::SourceDialog;
pub use tools::CompareTools;

use std::sync::Arc;

use leptos::prelude::*;
use throughline_core::Analysis;
use throughline_core::compare::{self, Comparison, Side};
use throughline_core::orm;

use crate::state::ui::{CompareScope, Overlay};
use crate::state::{App, DataTab, Pane, Selection};
use crate::ui::{CodeText, Empty};
use rows::{Fact, Row};

/// More lines than this at once are no comparison that anyone reads; the others are one press away.
const SHOWN: usize = 400;

/// The comparison of what is written now. While the view is hidden it costs nothing.
pub(crate) fn comparison(app: App) -> Memo<Arc<Comparison>> {
    Memo::new(move |before: Option<&Arc<Comparison>>| {
        if app.ui.data_tab.get() != DataTab::Compare {
            return before.cloned().unwrap_or_default();
        }
        let Some(orm) = orm::by_id(app.derived.orm.get()) else { return Arc::default() };
        let analysis = Analysis {
            document: app.derived.document.get().as_ref().clone(),
            resolved: app.derived.resolved.get().as_ref().clone(),
            diagnostics: app.derived.diagnostics.get().as_ref().clone(),
            tables: app.derived.tables.get().as_ref().clone(),
        };
        let mut comparison = compare::compare(orm, &app.derived.source.get(), &analysis);
        // What cannot be written has nothing to compare.
        comparison.sides.retain(|side| side.own || !side.source.is_empty());
        Arc::new(comparison)
    })
}

/// The view. On a phone one ORM is shown at a time.
#[component]
pub fn ComparePane() -> impl IntoView {
    let app = expect_context::<App>();
    let comparison = comparison(app);
    let limit = RwSignal::new(SHOWN);
    let shown = move || {
        let comparison = comparison.get();
        let mut rows = rows::rows(&comparison);
        if app.ui.compare_scope.get() == CompareScope::Differences {
            rows = rows::differing(rows);
        }
        if rows.is_empty() {
            return none(&comparison).into_any();
        }
        let hidden = rows.len().saturating_sub(limit.get());
        let sides = &comparison.sides;
        let lines =
            rows.into_iter().take(limit.get()).map(|row| line(app, sides, row)).collect_view();
        view! {
            {head(app, sides)}
            {lines}
            {(hidden > 0).then(|| view! {
                <button class="btn btn-quiet compare-more" type="button" on:click=move |_| limit.update(|limit| *limit += SHOWN)>{format!("Show more of {hidden} lines")}</button>
            })}
        }
        .into_any()
    };
    // The one that a phone shows.
    let class = move || {
        let at = comparison.with(|comparison| {
            comparison.sides.iter().position(|side| side.orm == app.ui.compare_side.get())
        });
        let sides = comparison.with(|comparison| comparison.sides.len());
        format!("compare of-{sides} shows-{}", at.unwrap_or_default())
    };
    view! { <div class=class role="group" aria-label="Comparison" tabindex="0" data-testid="compare">{shown}</div> }
}

fn none(comparison: &Comparison) -> AnyView {
    let (title, text) = if comparison.sides.iter().all(|side| side.models.is_empty()) {
        ("Nothing to compare", "Add a model, and see what each ORM makes of it.")
    } else {
        ("No differences", "Every ORM makes the same of these models.")
    };
    view! { <Empty icon="equal" title text /> }.into_any()
}

/// The names of the ORMs, each with the way to its source.
fn head(app: App, sides: &[Side]) -> AnyView {
    let side = |side: &Side| {
        let id = side.orm;
        let (title, chip) =
            orm::by_id(id).map_or((id, ""), |orm| (orm.profile().title, orm.profile().chip));
        let unsaid = match side.unsaid.len() {
            0 => None,
            count => Some(format!("{count} not said")),
        };
        view! {
            <span class="compare-cell compare-orm">
                <span class="orm-chip" aria-hidden="true">{chip}</span>
                <strong>{title}</strong>
                {side.own.then(|| view! { <span class="chip chip-info">"this project"</span> })}
                {unsaid.map(|words| view! { <span class="chip chip-warning">{words}</span> })}
                <button class="btn btn-quiet btn-small" type="button" aria-label=format!("Source in {title}") on:click=move |_| app.ui.overlay.set(Some(Overlay::Written(id)))>"Source"</button>
            </span>
        }
    };
    let cells = sides.iter().map(side).collect_view();
    view! { <div class="compare-row compare-head"><span class="compare-label subtle">"≠ differs"</span>{cells}</div> }.into_any()
}

fn line(app: App, sides: &[Side], row: Row) -> AnyView {
    match row {
        Row::Model(model) => {
            let name = model.clone();
            let choose = move |_| app.choose(Selection::Model(name.clone()), Pane::Data);
            view! { <h2 class="compare-model"><button class="table-name mono" type="button" on:click=choose>{model}</button></h2> }.into_any()
        }
        Row::Relation(field, what) => {
            view! { <h3 class="compare-field"><span class="mono-11">{field}</span>" "{what}</h3> }
                .into_any()
        }
        Row::Fact(fact) => self::fact(sides, fact),
    }
}

fn fact(sides: &[Side], fact: Fact) -> AnyView {
    let own =
        sides.iter().position(|side| side.own).and_then(|at| fact.cells.get(at)).cloned().flatten();
    let title = |id: &'static str| orm::by_id(id).map_or(id, |orm| orm.profile().title);
    let cell = |(side, text): (&Side, Option<String>)| {
        let class = match (side.own || text == own, text.is_none()) {
            (true, false) => "compare-cell",
            (true, true) => "compare-cell is-none",
            (false, false) => "compare-cell is-other",
            (false, true) => "compare-cell is-other is-none",
        };
        view! { <span class=class><span class="visually-hidden">{title(side.orm)}": "</span>{text.unwrap_or_else(|| "none".into())}</span> }
    };
    let label = fact.label.clone();
    let reasons: Vec<_> = fact.why.clone();
    let cells = sides.iter().zip(fact.cells).map(cell).collect_view();
    if reasons.is_empty() {
        return view! { <div class="compare-row"><span class="compare-label">{label}</span>{cells}</div> }.into_any();
    }
    let reason = |(id, why): (&'static str, &'static str)| {
        view! { <li><strong>{title(id)}</strong>" "<CodeText text=why /></li> }
    };
    view! {
        <details class="compare-fact">
            <summary class="compare-row"><span class="compare-label">{label}</span>{cells}</summary>
            <ul class="compare-why">{reasons.into_iter().map(reason).collect_view()}</ul>
        </details>
    }
    .into_any()
}
