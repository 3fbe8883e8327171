//! What stands at the right end of the pane's head.

use leptos::prelude::*;
use throughline_core::orm;

use crate::state::App;
use crate::state::ui::CompareScope;
use crate::ui::{Choice, Segmented};

/// How much is shown; on a phone, of which ORM.
#[component]
pub fn CompareTools() -> impl IntoView {
    let app = expect_context::<App>();
    let scopes = vec![
        Choice::new(CompareScope::Differences, "Differences"),
        Choice::new(CompareScope::Everything, "All"),
    ];
    let sides = orm::ALL.iter().map(|orm| {
        let profile = orm.profile();
        Choice::new(profile.id, profile.chip)
    });
    view! {
        <span class="only-narrow">
            <Segmented label="ORM that is shown" choices=sides.collect() value=app.ui.compare_side on_choose=move |id: &'static str| app.ui.compare_side.set(id) class="seg-small" />
        </span>
        <Segmented label="Lines" choices=scopes value=app.ui.compare_scope on_choose=move |scope| app.ui.compare_scope.set(scope) class="seg-small" />
    }
}
