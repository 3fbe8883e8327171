//! The panes and their places.

use leptos::prelude::*;

use super::notice::NoticeBar;
use super::orm_dialog::OrmDialog;
use super::palette::Palette;
use super::status_bar::StatusBar;
use super::tab_bar::TabBar;
use super::toast::Toasts;
use super::top_bar::TopBar;
use crate::platform::{page, storage};
use crate::state::{App, DataTab, Pane};
use crate::ui::{Axis, Split, Tab, Tabs};
use crate::views::canvas::Canvas;
use crate::views::compare::{ComparePane, CompareTools, SourceDialog};
use crate::views::problems::ProblemsPane;
use crate::views::query::{QueryPane, QueryTools};
use crate::views::source::SourcePane;
use crate::views::tables::{TablesPane, TablesTools};

/// Everything on the page.
#[component]
pub fn Shell() -> impl IntoView {
    let app = expect_context::<App>();
    Effect::new(move |_| {
        let title = app.title.get();
        page::set_title(&if title.is_empty() {
            "Throughline".to_owned()
        } else {
            format!("{title} – Throughline")
        });
    });
    let comparing = move || app.ui.data_tab.get() == DataTab::Compare;
    let shown = move |pane: Pane| move || app.ui.pane.get() == pane;
    let width = move || app.ui.source_width.get().map(|width| format!("{width}cqw"));
    let height = move || app.ui.dock_height.get().map(|height| format!("{height}%"));
    view! {
        <main class="workbench">
            <h1 class="visually-hidden">"Throughline workbench"</h1>
            <div class="workbench-grid" class:is-comparing=comparing style=("--source-width", width) style=("--dock-height", height)>
                <TopBar />
                <NoticeBar />
                <section class="pane pane-source" class:is-shown=shown(Pane::Source) aria-label="Source">
                    <SourcePane />
                </section>
                <section class="pane pane-diagram" class:is-shown=shown(Pane::Diagram) aria-label="Diagram">
                    <Split axis=Axis::Width label="Resize source" size=app.ui.source_width usual=33.0 range=(20.0, 60.0) on_end=keep("source-width") />
                    <Canvas />
                </section>
                <section class="pane pane-problems" class:is-shown=shown(Pane::Problems) aria-label="Problems">
                    <Split axis=Axis::Height label="Resize problems and data" size=app.ui.dock_height usual=36.0 range=(12.0, 70.0) on_end=keep("dock-height") />
                    <ProblemsPane />
                </section>
                <section class="pane pane-data" class:is-shown=shown(Pane::Data) aria-label="Data">
                    <DataPane />
                </section>
                <StatusBar />
                <TabBar />
            </div>
            <Toasts />
            <Palette />
            <OrmDialog />
            <SourceDialog />
        </main>
    }
}

/// Query and tables, which share a pane.
#[component]
fn DataPane() -> impl IntoView {
    let app = expect_context::<App>();
    let tab = app.ui.data_tab;
    let tabs = vec![
        Tab::new(DataTab::Query, "Query"),
        Tab::new(DataTab::Tables, "Tables"),
        Tab::new(DataTab::Compare, "Compare"),
    ];
    let shows = move |wanted: DataTab| move || tab.get() != wanted;
    view! {
        <div class="pane-head has-tabs">
            <Tabs label="Data" controls="panel-data" tabs value=tab on_choose=move |chosen| tab.set(chosen) />
            <span class="grow"></span>
            {move || match tab.get() {
                DataTab::Query => view! { <QueryTools /> }.into_any(),
                DataTab::Tables => view! { <TablesTools /> }.into_any(),
                DataTab::Compare => view! { <CompareTools /> }.into_any(),
            }}
        </div>
        // All stay in the page, so that what was typed and scrolled stays as it was.
        <div class="pane-body" id="panel-data" role="tabpanel" aria-label="Data">
            <div class="panel" hidden=shows(DataTab::Query)><QueryPane /></div>
            <div class="panel" hidden=shows(DataTab::Tables)><TablesPane /></div>
            <div class="panel" hidden=shows(DataTab::Compare)><ComparePane /></div>
        </div>
    }
}

fn keep(key: &'static str) -> impl Fn(Option<f64>) + Copy {
    move |size| match size {
        // A size that cannot be kept holds for this visit.
        Some(size) => drop(storage::write(key, &size.to_string())),
        None => storage::remove(key),
    }
}
