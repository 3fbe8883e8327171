//! One table: what it is for, its columns, its rules, its DDL.

use std::sync::Arc;

use leptos::html;
use leptos::prelude::*;
use throughline_core::Tables;
use throughline_core::check::Subject;
use throughline_core::sql::{self, Dialect};
use throughline_core::tables::Table;

use super::columns::Columns;
use super::{facts, tools};
use crate::platform::focus;
use crate::state::{App, DataTab, Pane, Selection};
use crate::ui::{Icon, IconSize, SqlText};

/// A table.
#[component]
pub fn Card(
    /// Its name.
    name: String,
    /// What it is made of.
    table: Memo<Arc<Table>>,
) -> impl IntoView {
    let app = expect_context::<App>();
    let root = NodeRef::<html::Section>::new();
    let model = Memo::new(move |_| table.with(|table| table.model.clone()));
    let chosen = Memo::new(move |_| {
        let subject = Subject { model: Some(model.get()), field: None };
        app.marked.with(|marked| marked.contains(&subject))
    });
    // Chosen elsewhere: bring it into view.
    Effect::new(move |_| {
        let here = app.ui.chosen.with(|chosen| {
            chosen.by != Pane::Data
                && chosen.what.model().is_some_and(|chosen| model.with(|model| model == chosen))
        });
        if here && app.ui.data_tab.get() == DataTab::Tables {
            focus::reveal(root.get().map(Into::into));
        }
    });
    let generated = move || table.with(|table| table.generated);
    // Where the ORM generates it: the field that has it do so.
    let from = move || {
        app.derived.resolved.with(|resolved| {
            let (model, field) = resolved.model(&model.get())?.generated_by.clone()?;
            Some(format!("{model}.{field}"))
        })
    };
    let ddl = Memo::new(move |_| {
        table.with(|table| script(app.derived.orm.get(), table, app.ui.dialect.get()))
    });
    let rules = move || table.with(|table| facts::rules(table));
    view! {
        <section class="table-card" class:is-selected=move || chosen.get() data-testid=format!("table-card-{name}") aria-label=format!("Table {name}") node_ref=root>
            <div class="subhead">
                <button class="table-name mono" type="button" on:click=move |_| app.choose(Selection::Model(model.get_untracked()), Pane::Data)>{name.clone()}</button>
                <Show when=generated><span class="chip chip-m2m">"generated"</span></Show>
                <span class="table-of">{move || match from() {
                    Some(from) => view! { "from "<span class="mono-11">{from}</span> }.into_any(),
                    None => view! { "of "<span class="mono-11">{model.get()}</span> }.into_any(),
                }}</span>
                <span class="grow"></span>
                <Browse name=name.clone() />
                <button class="btn btn-quiet btn-small btn-icon" type="button" aria-label=format!("Copy SQL of {name}") title="Copy SQL" on:click=move |_| tools::copy(app, ddl.get_untracked())>
                    <Icon name="copy" size=IconSize::Small />
                </button>
            </div>
            <div class="table-body">
                <div class="table-facts">
                    <Columns table />
                    {move || rules().into_iter().map(|(kind, what, name)| view! {
                        <div class="table-rule"><strong>{kind}</strong><span class="mono-11">{what}</span><span class="mono-11 subtle">{name}</span></div>
                    }).collect_view()}
                </div>
                <div class="code-block table-sql" tabindex="0" role="group" aria-label=format!("SQL of {name}")>
                    {move || view! { <SqlText sql=ddl.get() /> }}
                </div>
            </div>
        </section>
    }
}

/// How many rows the table has, and the way to them.
#[component]
fn Browse(name: String) -> impl IntoView {
    let app = expect_context::<App>();
    let rows = Memo::new({
        let name = name.clone();
        move |_| {
            app.engine.tables.with(|tables| {
                tables.iter().find(|table| table.table == name).map(|table| table.rows)
            })
        }
    });
    let label = move || match rows.get() {
        Some(1) => "1 row".to_owned(),
        Some(rows) => format!("{rows} rows"),
        None => "Rows".to_owned(),
    };
    let browse = move |_| {
        let sql = format!("SELECT * FROM \"{}\"", name.replace('"', "\"\""));
        app.set_sql(&sql);
        app.ui.data_tab.set(DataTab::Query);
        app.engine.run(&sql);
    };
    view! {
        <button class="btn btn-quiet btn-small" type="button" title="Show the rows" disabled=move || rows.get().is_none() on:click=browse>
            <Icon name="play" size=IconSize::Tiny />
            {label}
        </button>
    }
}

/// The table's statements, laid out for reading.
fn script(orm: &'static str, table: &Table, dialect: Dialect) -> String {
    let statements = match dialect {
        Dialect::Engine => sql::engine_table(table),
        Dialect::Sqlite | Dialect::Postgres | Dialect::MySql => {
            sql::ddl(&Tables { orm, tables: vec![table.clone()] }, dialect)
        }
    };
    statements
        .iter()
        .map(|statement| format!("{};\n", facts::laid_out(statement)))
        .collect::<String>()
        .trim_end()
        .to_owned()
}
