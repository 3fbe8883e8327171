//! The keyboard's focus.

use wasm_bindgen::JsCast;

/// Moves the focus to an element, where there is one.
pub fn element(element: Option<web_sys::Element>) {
    if let Some(element) =
        element.and_then(|element| element.dyn_into::<web_sys::HtmlElement>().ok())
    {
        let _ = element.focus();
    }
}

/// What has the focus, to give it back later.
pub fn current() -> Option<web_sys::Element> {
    web_sys::window()?.document()?.active_element()
}
