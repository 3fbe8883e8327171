//! The top bar.

use leptos::prelude::*;

use super::examples::Examples;
use super::more::More;
use super::orm_switch::OrmSwitch;
use super::project_name::ProjectName;
use super::share::Share;
use crate::actions::{self, Action};
use crate::platform::keyboard;
use crate::state::App;
use crate::ui::{Icon, IconSize};

/// Brand, project, ORM, history, and what can be done with the whole.
#[component]
pub fn TopBar() -> impl IntoView {
    let app = expect_context::<App>();
    let theme_icon = Signal::derive(move || if app.ui.is_dark() { "sun" } else { "moon" });
    view! {
        <header class="topbar">
            <span class="brand">
                <svg class="brand-mark" viewBox="0 0 24 16" aria-hidden="true">
                    <rect x="8.75" y="1.75" width="6.5" height="12.5" rx="1.5"></rect>
                    <path class="brand-through" d="M0 8h24M6 8L0 3.5M6 8l-6 4.5M18 8l6-4.5M18 8l6 4.5"></path>
                </svg>
                <span class="only-wide">"Throughline"</span>
            </span>
            <span class="rule only-wide"></span>
            <ProjectName />
            <span class="only-wide"><OrmSwitch /></span>
            <span class="rule only-wide"></span>
            <span class="btn-group">
                <ActionButton action=&actions::UNDO />
                <ActionButton action=&actions::REDO />
            </span>
            <span class="grow"></span>
            <button class="palette-trigger only-wide" type="button" data-testid="palette" on:click=move |_| (actions::PALETTE.run)(app)>
                <Icon name="search" size=IconSize::Small />
                <span class="grow">"Search or run"</span>
                <kbd class="kbd">{keyboard::shown("Ctrl+K")}</kbd>
            </button>
            <span class="only-wide"><Examples /></span>
            <Share />
            <ActionButton action=&actions::THEME icon=theme_icon />
            <More />
        </header>
    }
}

/// A quiet button with an action's icon, and its name for those who do not see it.
#[component]
pub fn ActionButton(
    /// The action.
    action: &'static Action,
    /// Another icon than the action's.
    #[prop(optional)]
    icon: Option<Signal<&'static str>>,
) -> impl IntoView {
    let app = expect_context::<App>();
    let label = move || (action.label)(app);
    let title = move || match action.keys.first() {
        Some(keys) => format!("{} ({})", label(), keyboard::shown(keys)),
        None => label(),
    };
    view! {
        <button
            class="btn btn-quiet btn-icon"
            type="button"
            data-testid=action.id
            aria-label=label
            title=title
            // Not `disabled`: the focus would be lost with the last step that is undone.
            aria-disabled=move || (!(action.enabled)(app)).then_some("true")
            on:click=move |_| if untrack(|| (action.enabled)(app)) { (action.run)(app) }
        >
            <Icon name=icon.unwrap_or_else(|| Signal::stored(action.icon)) />
        </button>
    }
}
