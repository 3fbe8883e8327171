//! The clipboard.

use wasm_bindgen_futures::JsFuture;

/// Copies a text.
///
/// # Errors
/// Why it cannot be copied, for the user.
pub async fn copy(text: &str) -> Result<(), String> {
    let refused = || {
        "This browser does not let the page copy. Select the text and copy it by hand.".to_owned()
    };
    let clipboard = web_sys::window()
        .map(|window| window.navigator().clipboard())
        .filter(|clipboard| clipboard.is_object());
    let promise = clipboard.ok_or_else(refused)?.write_text(text);
    JsFuture::from(promise).await.map(drop).map_err(|_| refused())
}

/// The clipboard's text; `None` where the page is not let at it.
pub async fn read() -> Option<String> {
    let clipboard = web_sys::window()?.navigator().clipboard();
    if !clipboard.is_object() {
        return None;
    }
    JsFuture::from(clipboard.read_text()).await.ok()?.as_string()
}
