//! The document as a whole.

use leptos::prelude::{on_cleanup, window_event_listener};
use wasm_bindgen::JsCast as _;
use wasm_bindgen::closure::Closure;

fn root() -> Option<web_sys::Element> {
    web_sys::window()?.document()?.document_element()
}

/// Forces a theme; `None`: the system's.
pub fn set_theme(theme: Option<&str>) {
    let Some(root) = root() else { return };
    let _ = match theme {
        Some(theme) => root.set_attribute("data-theme", theme),
        None => root.remove_attribute("data-theme"),
    };
}

/// Whether the system asks for dark.
pub fn system_is_dark() -> bool {
    dark_query().is_some_and(|query| query.matches())
}

/// Calls `then` whenever the system changes between light and dark.
pub fn on_system_theme(then: impl Fn() + 'static) {
    let then = Closure::<dyn Fn()>::new(then);
    if let Some(query) = dark_query() {
        let _ = query.add_event_listener_with_callback("change", then.as_ref().unchecked_ref());
    }
    // As long as the page.
    then.forget();
}

fn dark_query() -> Option<web_sys::MediaQueryList> {
    web_sys::window()?.match_media("(prefers-color-scheme: dark)").ok()?
}

/// Sets the title of the tab.
pub fn set_title(title: &str) {
    if let Some(document) = web_sys::window().and_then(|window| window.document()) {
        document.set_title(title);
    }
}

/// Width and height of the window.
pub fn size() -> (f64, f64) {
    let side = |value: Result<wasm_bindgen::JsValue, _>| {
        value.ok().and_then(|value| value.as_f64()).unwrap_or(1.0)
    };
    web_sys::window()
        .map_or((1.0, 1.0), |window| (side(window.inner_width()), side(window.inner_height())))
}

/// Calls `then` when the page goes or is hidden: the last moment to save.
pub fn on_leave(then: impl Fn() + 'static) {
    let listener =
        window_event_listener(leptos::ev::Custom::<web_sys::Event>::new("pagehide"), move |_| {
            then()
        });
    on_cleanup(move || listener.remove());
}

/// A length of the style sheets, in pixels: `--h-row`.
pub fn length(name: &str) -> Option<f64> {
    let style = web_sys::window()?.get_computed_style(&root()?).ok()??;
    style.get_property_value(name).ok()?.trim().strip_suffix("px")?.parse().ok()
}

/// The text that is selected in the page.
pub fn selected_text() -> String {
    let selection = web_sys::window().and_then(|window| window.get_selection().ok().flatten());
    selection.map(|selection| String::from(selection.to_string())).unwrap_or_default()
}
