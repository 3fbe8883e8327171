//! The best fix as a button that says what it does, and the others in a menu beside it.

use leptos::prelude::*;
use throughline_core::Diagnostic;

use crate::state::App;
use crate::ui::{CodeText, Icon, IconSize, MenuButton, MenuItem};

/// For a message that has fixes.
#[component]
pub fn FixButton(
    /// The message.
    message: Diagnostic,
) -> impl IntoView {
    let app = expect_context::<App>();
    let more = message.fixes.len() > 1;
    let title = message.fixes.first().map(|fix| fix.title.clone()).unwrap_or_default();
    let message = StoredValue::new(message);
    let place = move || {
        message.with_value(|message| {
            app.derived
                .diagnostics
                .with_untracked(|all| all.iter().position(|other| other == message))
        })
    };
    let press = move |fix: usize| {
        if let Some(place) = place() {
            app.fix(place, fix);
        }
    };
    let others = move || {
        let titles = message.with_value(|message| {
            message.fixes.iter().map(|fix| fix.title.clone()).collect::<Vec<_>>()
        });
        let item = move |(fix, title): (usize, String)| view! { <MenuItem on_choose=move || press(fix)><CodeText text=title /></MenuItem> };
        titles.into_iter().enumerate().skip(1).map(item).collect_view()
    };
    view! {
        <span class="btn-split">
            <button class="btn btn-small" type="button" on:click=move |_| press(0)>
                <Icon name="wrench" size=IconSize::Tiny />
                <span class="btn-words"><CodeText text=title /></span>
            </button>
            {more.then(|| view! {
                <MenuButton label="Other fixes" named="Other fixes" class="btn btn-small btn-icon" button=ViewFn::from(|| view! { <Icon name="chevron-down" size=IconSize::Tiny /> })>
                    {others()}
                </MenuButton>
            })}
        </span>
    }
}
