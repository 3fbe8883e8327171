//! An icon of the sprite in index.html.

use leptos::prelude::*;

/// The three sizes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum IconSize {
    /// 16 px.
    #[default]
    Normal,
    /// 14 px.
    Small,
    /// 12 px.
    Tiny,
    /// 24 px, in empty panes.
    Large,
}

/// An icon. It says nothing by itself: a word or a label stands beside it.
#[component]
pub fn Icon(
    /// Its name in the sprite, without `i-`.
    #[prop(into)]
    name: Signal<&'static str>,
    /// How large.
    #[prop(optional)]
    size: IconSize,
    /// Further classes.
    #[prop(into, optional)]
    class: Signal<&'static str>,
) -> impl IntoView {
    let size = match size {
        IconSize::Normal => "icon",
        IconSize::Small => "icon icon-14",
        IconSize::Tiny => "icon icon-12",
        IconSize::Large => "icon icon-24",
    };
    view! {
        <svg class=move || format!("{size} {}", class.get()) aria-hidden="true">
            <use href=move || format!("#i-{}", name.get())></use>
        </svg>
    }
}
