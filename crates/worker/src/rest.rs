//! The second part of the worker's wasm. `cargo xtask build` takes out what a first run does not need (ARCHITECTURE.md,
//! "Sizes"); `engine.js` loads it once the worker is there. Until then each function that was taken out asks for it here.

use wasm_bindgen::prelude::*;

#[wasm_bindgen]
extern "C" {
    /// In `engine.js`.
    #[wasm_bindgen(js_namespace = throughline, js_name = loadRest)]
    fn load_rest(first: &JsValue);
}

/// Loads the second part at once if it is not there yet. The build looks for it by name; nothing in Rust calls it.
#[wasm_bindgen(js_name = ensureRest)]
pub fn ensure() {
    load_rest(&wasm_bindgen::exports());
}
