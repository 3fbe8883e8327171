//! What stands at the right end of the pane's head.

use leptos::prelude::*;
use throughline_core::sql::{self, Dialect};

use crate::platform::clipboard;
use crate::state::App;
use crate::state::ui::{ToastKind, Undo};
use crate::ui::{Choice, Icon, IconSize, Segmented};

/// Whose SQL is shown, and a button that copies all of it.
#[component]
pub fn TablesTools() -> impl IntoView {
    let app = expect_context::<App>();
    let dialect = app.ui.dialect;
    let choices =
        Dialect::ALL.iter().map(|dialect| Choice::new(*dialect, dialect.title())).collect();
    view! {
        <Segmented label="Dialect" choices value=dialect on_choose=move |chosen| dialect.set(chosen) class="seg-small" />
        <button class="btn btn-quiet btn-small" type="button" data-testid="copy-ddl" on:click=move |_| copy(app, ddl(app))>
            <Icon name="copy" size=IconSize::Small />
            "Copy SQL"
        </button>
    }
}

/// All statements, as a script.
fn ddl(app: App) -> String {
    let statements = sql::ddl(&untrack(|| super::lowered(app)), app.ui.dialect.get_untracked());
    statements.iter().map(|statement| format!("{statement};\n")).collect()
}

/// Copies SQL, and says so.
pub(super) fn copy(app: App, sql: String) {
    leptos::task::spawn_local(async move {
        match clipboard::copy(&sql).await {
            Ok(()) => app.toast(ToastKind::Done, "SQL copied", Undo::None),
            Err(why) => app.toast(ToastKind::Failed, why, Undo::None),
        }
    });
}
