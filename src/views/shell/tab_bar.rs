//! The phone's tab bar: one pane at a time.

use leptos::ev::KeyboardEvent;
use leptos::html;
use leptos::prelude::*;

use crate::platform::float;
use crate::state::{App, DataTab, Pane};
use crate::ui::Icon;
use crate::views::problems::pane::Count;

/// One item per pane, two for the data pane.
#[component]
pub fn TabBar() -> impl IntoView {
    let bar = NodeRef::<html::Nav>::new();
    let on_key = move |event: KeyboardEvent| {
        let step = match event.key().as_str() {
            "ArrowRight" => 1,
            "ArrowLeft" => -1,
            _ => return,
        };
        event.prevent_default();
        if let Some(bar) = bar.get_untracked() {
            float::focus_item(&bar, "[role=tab]", step);
        }
    };
    view! {
        <nav class="tabbar" role="tablist" aria-label="Panes" node_ref=bar on:keydown=on_key>
            <Item pane=Pane::Source icon="file-code" label="Source" />
            <Item pane=Pane::Diagram icon="workflow" label="Diagram" />
            <Item pane=Pane::Problems icon="triangle-alert" label="Problems" />
            <Item pane=Pane::Data tab=DataTab::Query icon="play" label="Query" />
            <Item pane=Pane::Data tab=DataTab::Tables icon="table-properties" label="Tables" />
            <Item pane=Pane::Data tab=DataTab::Compare icon="equal" label="Compare" />
        </nav>
    }
}

#[component]
fn Item(
    pane: Pane,
    #[prop(optional)] tab: Option<DataTab>,
    icon: &'static str,
    label: &'static str,
) -> impl IntoView {
    let app = expect_context::<App>();
    let current =
        move || app.ui.pane.get() == pane && tab.is_none_or(|tab| app.ui.data_tab.get() == tab);
    let go = move |_| {
        app.ui.pane.set(pane);
        if let Some(tab) = tab {
            app.ui.data_tab.set(tab);
        }
    };
    view! {
        <button class="tabbar-item" type="button" role="tab" aria-label=label aria-selected=move || current().to_string() on:click=go>
            <Icon name=icon />
            <span>{label}</span>
            {(pane == Pane::Problems).then(|| view! { <Count /> })}
        </button>
    }
}
