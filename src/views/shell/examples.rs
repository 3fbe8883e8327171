//! The examples menu.

use leptos::prelude::*;
use throughline_core::examples::{self, Example};

use crate::state::App;
use crate::state::ui::{Overlay, ToastKind, Undo};
use crate::ui::{Icon, IconSize, MenuButton, MenuItem};

/// Opens an example in the place of the project; it can be undone.
pub(crate) fn open(app: App, example: &Example) {
    app.replace(example.project().into(), "open example");
    app.ui.notice.set(None);
    app.toast(ToastKind::Done, format!("Opened {}", example.title), Undo::Offered);
}

/// The button and the menu.
#[component]
pub fn Examples() -> impl IntoView {
    let app = expect_context::<App>();
    let is_open = RwSignal::new(false);
    Effect::new(move |_| {
        if app.ui.overlay.get() == Some(Overlay::Examples) {
            app.ui.overlay.set(None);
            is_open.set(true);
        }
    });
    let item = move |example: &'static Example| {
        view! {
            <MenuItem on_choose=move || open(app, example) testid=example.id>
                <span class="menu-item-text">
                    <span>{example.title}</span>
                    <span class="subtle">{example.description}</span>
                </span>
            </MenuItem>
        }
    };
    let button = ViewFn::from(
        || view! { "Examples"<Icon name="chevron-down" size=IconSize::Tiny class="btn-chevron" /> },
    );
    view! {
        <MenuButton label="Examples" named="Examples" class="btn btn-quiet" button open=is_open testid="examples">
            {examples::ALL.iter().map(item).collect_view()}
            <Aside />
        </MenuButton>
    }
}

/// The user's projects that were put aside when something else was opened.
#[component]
pub fn Aside() -> impl IntoView {
    let app = expect_context::<App>();
    let titles = app.aside();
    let item = move |(index, title): (usize, String)| {
        view! { <MenuItem on_choose=move || app.take_back(index)><Icon name="rotate-ccw" />{title}</MenuItem> }
    };
    (!titles.is_empty()).then(|| {
        view! {
            <div class="menu-group" role="presentation">"Kept in this browser"</div>
            {titles.into_iter().enumerate().map(item).collect_view()}
        }
    })
}
