//! Start-up: state, panes, keys.

use leptos::prelude::*;

use crate::actions;
use crate::platform;
use crate::state::App;
use crate::views::shell::Shell;

/// Mounts the page into the body.
pub fn start() {
    platform::panic::install();
    leptos::mount::mount_to_body(Workbench);
}

/// The whole page: makes the state, provides it, and shows the shell.
#[component]
pub fn Workbench() -> impl IntoView {
    let app = App::open();
    provide_context(app);
    let keys =
        window_event_listener(leptos::ev::keydown, move |event| actions::handle_key(app, &event));
    on_cleanup(move || keys.remove());
    view! { <Shell /> }
}
