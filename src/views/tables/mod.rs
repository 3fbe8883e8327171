//! The database's side: columns, keys, indexes, DDL.

pub mod card;
pub mod columns;
pub(crate) mod facts;
pub mod tools;

pub use tools::TablesTools;

use std::sync::Arc;

use leptos::prelude::*;
use throughline_core::sql::Dialect;
use throughline_core::{Tables, orm, tables};

use crate::state::{App, DataTab};
use crate::ui::Empty;
use card::Card;

/// The tables.
#[component]
pub fn TablesPane() -> impl IntoView {
    let app = expect_context::<App>();
    // While the tab is hidden the tables stay as they were, and cost nothing.
    let tables =
        Memo::new(move |before: Option<&Arc<Tables>>| match (app.ui.data_tab.get(), before) {
            (DataTab::Query | DataTab::Compare, Some(before)) => before.clone(),
            (DataTab::Query | DataTab::Compare, None) => Arc::default(),
            (DataTab::Tables, _) => lowered(app),
        });
    let names = Memo::new(move |_| {
        tables
            .with(|tables| tables.tables.iter().map(|table| table.name.clone()).collect::<Vec<_>>())
    });
    view! {
        <div class="table-cards">
            <For each=move || names.get() key=Clone::clone let:name>
                {
                    let first = tables.with_untracked(|tables| tables.table(&name).cloned());
                    first.map(|first| {
                        let first = Arc::new(first);
                        let wanted = name.clone();
                        // Between the table's going and its card's going it stays as it was.
                        let table = Memo::new(move |_| tables.with(|tables| tables.table(&wanted).cloned()).map_or_else(|| first.clone(), Arc::new));
                        view! { <Card name table /> }
                    })
                }
            </For>
            <Show when=move || names.with(Vec::is_empty)>
                <Empty icon="table-properties" title="No tables yet" text="A model gets a table. Add one in the source or the diagram." />
            </Show>
        </div>
    }
}

/// The tables as they are in the database whose SQL is shown.
pub(crate) fn lowered(app: App) -> Arc<Tables> {
    match (app.ui.dialect.get(), orm::by_id(app.derived.orm.get())) {
        (dialect @ (Dialect::Postgres | Dialect::MySql), Some(orm)) => {
            let document = app.derived.document.get();
            app.derived
                .resolved
                .with(|resolved| Arc::new(tables::lower_for(orm, &document, resolved, dialect)))
        }
        (Dialect::Sqlite | Dialect::Engine, _) | (_, None) => app.derived.tables.get(),
    }
}
