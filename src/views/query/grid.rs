//! Rows. Only those in view are in the page; the others stay in the worker.

use leptos::ev::KeyboardEvent;
use leptos::html;
use leptos::prelude::*;
use throughline_worker::protocol::{Column, List, Mark, Row, Value};

use super::window::Window;
use crate::platform::{clipboard, page};
use crate::state::App;

/// Height of the head, as the style sheet has it.
const HEAD: f64 = 28.0;
/// Rows that a page key moves by.
const PAGE: u32 = 10;
/// The rows by which widths are judged.
const JUDGED: u32 = 60;

/// A list of rows to show.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Table {
    /// Where its rows are.
    pub list: List,
    /// Its columns.
    pub columns: Vec<Column>,
    /// How many rows it has.
    pub total: u32,
}

/// The rows of a list, for reading, moving through with keys, and copying from.
#[component]
pub fn Grid(
    /// The list.
    table: Table,
) -> impl IntoView {
    let app = expect_context::<App>();
    let engine = app.engine;
    let Table { list, columns, total } = table;
    let row_height = page::length("--h-row").unwrap_or(24.0);
    let scrolled = RwSignal::new(0.0);
    let active = RwSignal::new(None::<(u32, usize)>);
    let wrap = NodeRef::<html::Div>::new();
    let window = Memo::new(move |_| Window::at(scrolled.get(), total, row_height));
    let list = StoredValue::new(list);
    Effect::new(move |_| {
        let Window { first, end, .. } = window.get();
        list.with_value(|list| engine.want(list, first..end));
    });

    let last = columns.len().saturating_sub(1);
    let go = move |row: u32, column: usize| {
        active.set(Some((row, column)));
        if let Some(wrap) = wrap.get_untracked() {
            let view = f64::from(wrap.client_height()) - HEAD;
            if let Some(top) =
                Window::reveal(row, f64::from(wrap.scroll_top()), view, total, row_height)
            {
                wrap.set_scroll_top(top as i32);
            }
        }
    };
    let copy = move |(row, column): (u32, usize)| {
        let text = engine.pages.with_untracked(|pages| {
            let value = list.with_value(|list| pages.row(list, row)?.cells.get(column).cloned())?;
            Some(value.text().unwrap_or_default().to_owned())
        });
        if let Some(text) = text {
            leptos::task::spawn_local(async move { drop(clipboard::copy(&text).await) });
        }
    };
    let on_key = move |event: KeyboardEvent| {
        if total == 0 {
            return;
        }
        let end = total.saturating_sub(1);
        let (row, column) = active.get_untracked().unwrap_or_default();
        let control = event.ctrl_key() || event.meta_key();
        let next = match (event.key().as_str(), control) {
            ("ArrowDown", _) => ((row + 1).min(end), column),
            ("ArrowUp", _) => (row.saturating_sub(1), column),
            ("ArrowRight", _) => (row, (column + 1).min(last)),
            ("ArrowLeft", _) => (row, column.saturating_sub(1)),
            ("PageDown", _) => (row.saturating_add(PAGE).min(end), column),
            ("PageUp", _) => (row.saturating_sub(PAGE), column),
            ("Home", false) => (row, 0),
            ("End", false) => (row, last),
            ("Home", true) => (0, 0),
            ("End", true) => (end, last),
            ("c", true) if active.get_untracked().is_some() && page::selected_text().is_empty() => {
                copy((row, column));
                return event.prevent_default();
            }
            _ => return,
        };
        event.prevent_default();
        go(next.0, next.1);
    };

    let widths = widths(&columns, list, engine);
    let on_focus = move |_| {
        if total > 0 && active.with_untracked(Option::is_none) {
            active.set(Some((0, 0)));
        }
    };
    let needed = move || {
        widths.with(|widths| {
            format!("calc(48px + {}ch + {}px)", widths.iter().sum::<usize>(), widths.len() * 24)
        })
    };
    // Numbers stay beside their head, so it is the last column of another kind that takes what is left of the width.
    let stretched = columns.iter().rposition(|column| !column.numeric);
    let heads = columns.iter().enumerate().map(|(at, column)| {
        view! { <th class:right=column.numeric scope="col" aria-colindex=(at + 2).to_string() title=column.name.clone()>{column.name.clone()}</th> }
    });
    let heads = heads.collect_view();
    let numeric: StoredValue<Vec<bool>> =
        StoredValue::new(columns.iter().map(|column| column.numeric).collect());
    view! {
        <div
            class="grid-wrap"
            node_ref=wrap
            on:scroll=move |_| if let Some(wrap) = wrap.get_untracked() { scrolled.set(f64::from(wrap.scroll_top())) }
        >
            <div class="grid-space" style:height=move || format!("{}px", window.get().height + HEAD) style:padding-top=move || format!("{}px", window.get().offset)>
                <table
                    class="grid"
                    role="grid"
                    aria-label="Rows"
                    aria-readonly="true"
                    aria-rowcount=(u64::from(total) + 1).to_string()
                    aria-colcount=(columns.len() + 1).to_string()
                    aria-activedescendant=move || active.get().map(|(row, column)| cell_id(row, column))
                    data-testid="result-grid"
                    tabindex="0"
                    style:width=move || stretched.is_none().then(needed)
                    style:min-width=needed
                    on:focus=on_focus
                    on:keydown=on_key
                >
                    <colgroup>
                        <col class="row-no" />
                        {move || widths.with(|widths| widths.iter().enumerate().map(|(at, width)| {
                            let width = (stretched != Some(at)).then(|| format!("calc({width}ch + 24px)"));
                            view! { <col style:width=width /> }
                        }).collect_view())}
                    </colgroup>
                    <thead><tr aria-rowindex="1"><th class="row-no" scope="col"><span class="visually-hidden">"Row"</span></th>{heads}</tr></thead>
                    <tbody>
                        <For each=move || { let window = window.get(); window.first..window.end } key=|at| *at let:at>
                            {
                                let row = Memo::new(move |_| engine.pages.with(|pages| list.with_value(|list| pages.row(list, at).cloned())));
                                let here = Memo::new(move |_| active.get().and_then(|(row, column)| (row == at).then_some(column)));
                                view! {
                                    <tr
                                        aria-rowindex=(u64::from(at) + 2).to_string()
                                        class:is-selected=move || here.get().is_some()
                                        class:is-added=move || marked(row, |mark| matches!(mark, Mark::Added))
                                        class:is-removed=move || marked(row, |mark| matches!(mark, Mark::Removed))
                                        class:is-changed=move || marked(row, |mark| matches!(mark, Mark::Updated(_)))
                                    >
                                        {move || row.with(|row| numeric.with_value(|numeric| cells(at, row.as_ref(), numeric, here.get(), go)))}
                                    </tr>
                                }
                            }
                        </For>
                    </tbody>
                </table>
            </div>
        </div>
    }
}

fn marked(row: Memo<Option<Row>>, of: fn(&Mark) -> bool) -> bool {
    row.with(|row| row.as_ref().is_some_and(|row| of(&row.mark)))
}

fn cell_id(row: u32, column: usize) -> String {
    format!("cell-{row}-{column}")
}

/// The cells of a row, its number or its sign first.
fn cells<G: Fn(u32, usize) + Copy + 'static>(
    at: u32,
    row: Option<&Row>,
    numeric: &[bool],
    here: Option<usize>,
    go: G,
) -> impl IntoView + use<G> {
    let sign = |sign: &'static str, word: &'static str| {
        view! { <span aria-hidden="true">{sign}</span><span class="visually-hidden">{word}</span> }
            .into_any()
    };
    let head = match row.map(|row| &row.mark) {
        Some(Mark::Added) => sign("+", "added"),
        Some(Mark::Removed) => sign("−", "deleted"),
        Some(Mark::Updated(_)) => sign("~", "updated"),
        Some(Mark::Plain) | None => (u64::from(at) + 1).to_string().into_any(),
    };
    let cell = |(column, numeric): (usize, &bool)| {
        let value = row.and_then(|row| row.cells.get(column));
        let was = row.and_then(|row| match &row.mark {
            Mark::Updated(was) => was.get(column)?.clone(),
            Mark::Plain | Mark::Added | Mark::Removed => None,
        });
        view! {
            <td
                id=cell_id(at, column)
                aria-colindex=(column + 2).to_string()
                class:right=*numeric
                class:cell-focus=here == Some(column)
                class:is-changed=was.is_some()
                title=value.and_then(Value::text).filter(|text| text.chars().count() > 20).map(ToOwned::to_owned)
                on:click=move |_| go(at, column)
            >
                {was.as_ref().map(|was| view! { <span class="was"><span class="visually-hidden">"was "</span>{plain(was)}</span> })}
                {value.map(shown)}
            </td>
        }
    };
    let cells = numeric.iter().enumerate().map(cell).collect_view();
    view! { <td class="row-no">{head}</td>{cells} }
}

/// A value; nothing is never shown as nothing.
fn shown(value: &Value) -> AnyView {
    match value.text() {
        Some("") | None => view! { <span class="null">{plain(value)}</span> }.into_any(),
        Some(text) => text.to_owned().into_any(),
    }
}

fn plain(value: &Value) -> String {
    match value.text() {
        None => "NULL".into(),
        Some("") => "empty".into(),
        Some(text) => text.into(),
    }
}

/// How wide each column is, in digits: as its name and its first rows need it, once they are there.
fn widths(
    columns: &[Column],
    list: StoredValue<List>,
    engine: crate::state::run::Engine,
) -> Memo<Vec<usize>> {
    let names: Vec<usize> = columns.iter().map(|column| column.name.chars().count()).collect();
    Memo::new(move |before: Option<&Vec<usize>>| {
        let judged: Option<Vec<usize>> = engine.pages.with(|pages| {
            list.with_value(|list| {
                pages.row(list, 0)?;
                let rows = (0..JUDGED).map_while(|at| pages.row(list, at));
                Some(rows.fold(names.clone(), |widths, row| {
                    let wide =
                        |(width, cell): (usize, &Value)| width.max(plain(cell).chars().count());
                    widths.into_iter().zip(&row.cells).map(wide).collect()
                }))
            })
        });
        // Rows that were scrolled past and dropped do not make columns jump.
        let widths = judged.or_else(|| before.cloned()).unwrap_or_else(|| names.clone());
        widths.into_iter().map(|width| width.clamp(4, 36)).collect()
    })
}
