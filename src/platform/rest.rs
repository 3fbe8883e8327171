//! The second part of the page's wasm. `cargo xtask build` takes out what the first diagram does not need
//! (ARCHITECTURE.md, "Sizes"); `boot.js` loads it once the diagram is there. Until then each function that was taken out
//! asks for it here.

use wasm_bindgen::prelude::*;

#[wasm_bindgen]
extern "C" {
    /// In `boot.js`.
    #[wasm_bindgen(js_namespace = throughline, js_name = loadRest)]
    fn load_rest(number: u32, first: &JsValue);

    /// In `boot.js`.
    #[wasm_bindgen(js_namespace = throughline, js_name = onceWhole)]
    fn call_once_whole(then: &JsValue);
}

/// Calls `then` as soon as the second part is there: for what nobody waits for to see the page.
pub fn once_whole(then: impl FnOnce() + 'static) {
    call_once_whole(&Closure::once_into_js(then));
}

/// Loads a part at once that is not there yet. The build looks for it by name; nothing in Rust calls it.
#[wasm_bindgen(js_name = ensureRest)]
pub fn ensure(number: u32) {
    load_rest(number, &wasm_bindgen::exports());
}
