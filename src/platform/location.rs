//! The address of the page.

use leptos::prelude::{on_cleanup, window_event_listener};

fn location() -> Option<web_sys::Location> {
    web_sys::window().map(|window| window.location())
}

/// What stands behind `#`, without it.
pub fn fragment() -> String {
    let hash = location().and_then(|location| location.hash().ok()).unwrap_or_default();
    hash.trim_start_matches('#').to_owned()
}

/// The address without its fragment.
pub fn base() -> String {
    let href = location().and_then(|location| location.href().ok()).unwrap_or_default();
    href.split('#').next().unwrap_or_default().to_owned()
}

/// Takes the fragment out of the address without a new entry in the browser's history.
pub fn clear_fragment() {
    let history = web_sys::window().and_then(|window| window.history().ok());
    if let Some(history) = history {
        let _ = history.replace_state_with_url(&wasm_bindgen::JsValue::NULL, "", Some(&base()));
    }
}

/// Calls `then` with the fragment whenever it changes.
pub fn on_fragment(then: impl Fn(String) + 'static) {
    let listener = window_event_listener(leptos::ev::hashchange, move |_| then(fragment()));
    on_cleanup(move || listener.remove());
}

/// The address of a file beside the page, with the version of the page in it, so that a cache never mixes versions.
pub fn file(path: &str) -> String {
    let script = web_sys::window()
        .and_then(|window| window.document())
        .and_then(|document| document.query_selector("script[data-app]").ok().flatten());
    let attribute = |name| script.as_ref().and_then(|script| script.get_attribute(name));
    // The first where the build has parted the page, the second as Trunk writes it.
    let version = attribute("data-version")
        .or_else(|| Some(attribute("data-app")?.rsplit('-').next()?.split('.').next()?.to_owned()));
    format!("./{path}?v={}", version.unwrap_or_default())
}
