//! The head and the list.

use leptos::prelude::*;
use throughline_core::{Severity, orm};

use super::item::Item;
use super::other_orm::OtherOrm;
use crate::state::App;
use crate::ui::{Empty, Icon, IconSize, Tab, Tabs};

/// More than this at once is no list that anyone reads, and costs every keystroke: so many more at each press.
const SHOWN: usize = 100;

/// Everything that is wrong, one item per cause.
#[component]
pub fn ProblemsPane() -> impl IntoView {
    let app = expect_context::<App>();
    let limit = RwSignal::new(SHOWN);
    let keys = Memo::new(move |_| {
        app.derived.problems.with(|problems| {
            problems.iter().take(limit.get()).map(|problem| problem.key.clone()).collect::<Vec<_>>()
        })
    });
    let hidden = Memo::new(move |_| {
        app.derived.problems.with(|problems| problems.len().saturating_sub(limit.get()))
    });
    let fixable = Memo::new(move |_| {
        app.derived
            .diagnostics
            .with(|all| all.iter().any(|diagnostic| !diagnostic.fixes.is_empty()))
    });
    let title =
        move || orm::by_id(app.derived.orm.get()).map_or("The ORM", |orm| orm.profile().title);
    view! {
        <div class="pane-head has-tabs">
            <Tabs
                label="Checks"
                controls="panel-problems"
                tabs=vec![Tab { value: (), label: "Problems", after: Some(ViewFn::from(|| view! { <Count /> })) }]
                value=Signal::derive(|| ())
                on_choose=|()| ()
            />
            <span class="grow"></span>
            <Show when=move || fixable.get()>
                <button class="btn btn-quiet btn-small" type="button" data-testid="fix-all" on:click=move |_| app.fix_all()>
                    <Icon name="wrench" size=IconSize::Tiny />
                    "Fix all"
                </button>
            </Show>
        </div>
        <div class="pane-body" id="panel-problems" role="tabpanel" aria-label="Problems" tabindex="0">
            <OtherOrm />
            <Show
                when=move || !keys.with(Vec::is_empty)
                fallback=move || {
                    if app.derived.checked.get() {
                        view! {
                            <Empty icon="circle-check" title="No problems" text=format!("{} would load these models as they are.", title()) />
                        }
                    } else {
                        view! { <Empty icon="info" title="Checking" text="The rules are on their way." /> }
                    }
                }
            >
                <ul>
                    <For each=move || keys.get() key=Clone::clone let(key)>
                        <Item key />
                    </For>
                </ul>
                <Show when=move || { hidden.get() > 0 }>
                    <p class="problem-rest">
                        <button class="btn btn-small" type="button" on:click=move |_| limit.update(|limit| *limit += SHOWN)>
                            {move || format!("Show {} more of {}", hidden.get().min(SHOWN), hidden.get())}
                        </button>
                    </p>
                </Show>
            </Show>
        </div>
    }
}

/// The number of messages, which equals the ORM's.
#[component]
pub fn Count() -> impl IntoView {
    let app = expect_context::<App>();
    let count = Memo::new(move |_| app.derived.diagnostics.with(|diagnostics| diagnostics.len()));
    let worst = Memo::new(move |_| {
        app.derived.diagnostics.with(|all| all.iter().map(|diagnostic| diagnostic.severity).min())
    });
    view! {
        <Show when=move || { count.get() > 0 }>
            <span
                class="badge"
                class:badge-error=move || worst.get() == Some(Severity::Error)
                class:badge-warning=move || worst.get() == Some(Severity::Warning)
                data-testid="problem-count"
            >
                {count}
            </span>
        </Show>
    }
}
