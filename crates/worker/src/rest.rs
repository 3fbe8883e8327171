//! The parts of the worker's wasm. `cargo xtask build` takes out what only calls of one ORM need (ARCHITECTURE.md, "Sizes");
//! `engine.js` loads it when such calls are to come. A function of a part that is not there yet asks for it here.

use wasm_bindgen::prelude::*;

#[wasm_bindgen]
extern "C" {
    /// In `engine.js`.
    #[wasm_bindgen(js_namespace = throughline, js_name = loadRest)]
    fn load_rest(number: u32, first: &JsValue);

    /// In `engine.js`.
    #[wasm_bindgen(js_namespace = throughline, js_name = expect)]
    fn expect_part(name: &str);
}

/// Loads a part at once that is not there yet. The build looks for it by name; nothing in Rust calls it.
#[wasm_bindgen(js_name = ensureRest)]
pub fn ensure(number: u32) {
    load_rest(number, &wasm_bindgen::exports());
}

/// Calls of this ORM will come: has its part loaded, while nothing waits for it yet.
pub fn expect(orm: &str) {
    expect_part(orm);
}
