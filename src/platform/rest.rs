//! The second part of the page's wasm. `cargo xtask build` takes out what the first diagram does not need
//! (ARCHITECTURE.md, "Sizes"); `boot.js` loads it once the diagram is there. Until then each function that was taken out
//! asks for it here.

use wasm_bindgen::prelude::*;

#[wasm_bindgen]
extern "C" {
    /// In `boot.js`.
    #[wasm_bindgen(js_namespace = throughline, js_name = loadRest)]
    fn load_rest(first: &JsValue);
}

/// Loads the second part at once if it is not there yet. The build looks for it by name; nothing in Rust calls it.
#[wasm_bindgen(js_name = ensureRest)]
pub fn ensure() {
    load_rest(&wasm_bindgen::exports());
}
