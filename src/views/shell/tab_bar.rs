//! The phone's tab bar: one pane at a time.

use leptos::prelude::*;

use crate::state::{App, DataTab, Pane};
use crate::ui::Icon;

/// One item per pane, two for the data pane.
#[component]
pub fn TabBar() -> impl IntoView {
    view! {
        <nav class="tabbar" aria-label="Panes">
            <Item pane=Pane::Source icon="file-code" label="Source" />
            <Item pane=Pane::Diagram icon="workflow" label="Diagram" />
            <Item pane=Pane::Problems icon="triangle-alert" label="Problems" />
            <Item pane=Pane::Data tab=DataTab::Query icon="play" label="Query" />
            <Item pane=Pane::Data tab=DataTab::Tables icon="table-properties" label="Tables" />
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
        <button class="tabbar-item" type="button" aria-current=move || current().then_some("true") on:click=go>
            <Icon name=icon />
            <span>{label}</span>
        </button>
    }
}
