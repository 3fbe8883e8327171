//! A button that opens a menu.

use leptos::context::Provider;
use leptos::ev::KeyboardEvent;
use leptos::html;
use leptos::prelude::*;

use super::Popover;
use crate::platform::float;

/// Lets an item close its menu.
#[derive(Clone, Copy)]
struct OpenMenu(RwSignal<bool>);

/// The button and its menu; the items are its children.
#[component]
pub fn MenuButton(
    /// What the menu holds.
    label: &'static str,
    /// The button's classes.
    class: &'static str,
    /// What stands in the button.
    #[prop(into)]
    button: ViewFn,
    /// The button's accessible name, where it is another than its words.
    #[prop(optional)]
    named: Option<&'static str>,
    /// For tests.
    #[prop(optional)]
    testid: Option<&'static str>,
    /// Whether it is open, where something else opens it too.
    #[prop(optional)]
    open: Option<RwSignal<bool>>,
    /// The items.
    children: ChildrenFn,
) -> impl IntoView {
    let open = open.unwrap_or_else(|| RwSignal::new(false));
    let list = NodeRef::<html::Div>::new();
    let on_key = move |event: KeyboardEvent| {
        let step = match event.key().as_str() {
            "ArrowDown" => 1,
            "ArrowUp" => -1,
            "Home" => 0,
            "End" => isize::MAX,
            "Tab" => return open.set(false),
            _ => return,
        };
        event.prevent_default();
        if let Some(list) = list.get_untracked() {
            float::focus_item(&list, "[role=menuitem]", step);
        }
    };
    let children = StoredValue::new(children);
    view! {
        <Popover open role="menu" button_class=class button_label=named testid button label class="menu">
            <div class="menu-list" role="presentation" node_ref=list on:keydown=on_key>
                <Provider value=OpenMenu(open)>{children.with_value(|children| children())}</Provider>
            </div>
        </Popover>
    }
}

/// One thing to do. Choosing it closes the menu.
#[component]
pub fn MenuItem(
    /// Called when it is chosen.
    on_choose: impl Fn() + 'static,
    /// For tests.
    #[prop(optional)]
    testid: Option<&'static str>,
    /// What it says.
    children: Children,
) -> impl IntoView {
    let menu = use_context::<OpenMenu>();
    let choose = move |_| {
        if let Some(OpenMenu(open)) = menu {
            open.set(false);
        }
        on_choose();
    };
    view! {
        <button class="menu-item" type="button" role="menuitem" tabindex="-1" data-testid=testid on:click=choose>{children()}</button>
    }
}
