//! What the top bar of a phone has no room for.

use leptos::prelude::*;
use throughline_core::{examples, orm};

use super::examples::{Aside, open};
use crate::actions;
use crate::state::App;
use crate::ui::{Icon, MenuButton, MenuItem};

/// The button with three dots.
#[component]
pub fn More() -> impl IntoView {
    let app = expect_context::<App>();
    let search = move || view! { <MenuItem on_choose=move || (actions::PALETTE.run)(app)><Icon name="search" />"Search or run"</MenuItem> };
    let orms = move || {
        let others = orm::ALL
            .iter()
            .map(|orm| orm.profile())
            .filter(|profile| profile.id != app.derived.orm.get_untracked());
        let item = move |profile: &'static orm::Profile| {
            view! { <MenuItem on_choose=move || app.switch_orm(profile.id)><Icon name="arrow-left-right" />{format!("Switch to {}", profile.title)}</MenuItem> }
        };
        others.map(item).collect_view()
    };
    let example = move |example: &'static examples::Example| {
        view! { <MenuItem on_choose=move || open(app, example)><Icon name="folder-open" />{example.title}</MenuItem> }
    };
    view! {
        <span class="only-narrow">
            <MenuButton label="More" named="More" class="btn btn-quiet btn-icon" testid="more" button=ViewFn::from(|| view! { <Icon name="ellipsis" /> })>
                {search()}
                <MenuItem on_choose=move || (actions::PASTE.run)(app)><Icon name="clipboard-paste" />"Paste models"</MenuItem>
                {orms()}
                {examples::ALL.iter().map(example).collect_view()}
                <Aside />
            </MenuButton>
        </span>
    }
}
