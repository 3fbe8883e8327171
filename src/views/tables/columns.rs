//! A table's columns.

use std::sync::Arc;

use leptos::prelude::*;
use throughline_core::check::Subject;
use throughline_core::orm;
use throughline_core::tables::{Column, Table};

use super::facts;
use crate::state::{App, Pane, Selection};

/// One line per column; choosing one chooses its field everywhere.
#[component]
pub fn Columns(
    /// The table.
    table: Memo<Arc<Table>>,
) -> impl IntoView {
    let app = expect_context::<App>();
    let orm =
        move || orm::by_id(app.derived.orm.get()).map_or("the ORM", |orm| orm.profile().title);
    view! {
        <div class="table-wrap">
            <table class="grid table-columns">
                <thead><tr>
                    <th scope="col">"column"</th><th scope="col">"type"</th><th scope="col">"null"</th>
                    <th scope="col">"key"</th><th scope="col">"default"</th><th scope="col">"on delete"</th>
                </tr></thead>
                <tbody>
                    {move || table.with(|table| table.columns.iter().map(|column| row(app, table, column, orm())).collect_view())}
                </tbody>
            </table>
        </div>
    }
}

fn row(app: App, table: &Table, column: &Column, orm: &str) -> impl IntoView + use<> {
    let (model, field) = (table.model.clone(), column.field.clone());
    let subject = Subject { model: Some(model.clone()), field: Some(field.clone()) };
    let chosen = move || app.marked.with(|marked| marked.contains(&subject));
    let choose = move |_| app.choose(Selection::Field(model.clone(), field.clone()), Pane::Data);
    let none = || view! { <span class="subtle">"none"</span> };
    let actions: Vec<String> =
        facts::foreign_keys(table, column).map(|key| facts::on_delete(key, orm)).collect();
    let keys = facts::keys(table, column);
    view! {
        <tr class:is-selected=chosen>
            <th class="mono" scope="row"><button class="cell-button" type="button" on:click=choose>{column.name.clone()}</button></th>
            <td class="mono">{column.ty.to_string()}</td>
            <td>{facts::null(column)}</td>
            <td>{if keys.is_empty() { none().into_any() } else { keys.join(", ").into_any() }}</td>
            <td class="mono">{facts::default(column).map_or_else(|| none().into_any(), |default| default.into_any())}</td>
            <td>{if actions.is_empty() { none().into_any() } else { actions.join(", ").into_any() }}</td>
        </tr>
    }
}
