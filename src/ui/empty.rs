//! What stands in a pane that has nothing to show.

use leptos::prelude::*;

use super::{Icon, IconSize};

/// Says what would fill the pane; actions are its children.
#[component]
pub fn Empty(
    /// An icon's name.
    icon: &'static str,
    /// Two or three words.
    #[prop(into)]
    title: String,
    /// One sentence.
    #[prop(into)]
    text: String,
    /// Buttons.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    view! {
        <div class="empty">
            <Icon name=icon size=IconSize::Large class="empty-art" />
            <div class="empty-title">{title}</div>
            <p>{text}</p>
            {children.map(|children| view! { <div class="empty-actions">{children()}</div> })}
        </div>
    }
}
