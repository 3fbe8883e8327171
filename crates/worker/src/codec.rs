//! Messages as structured clones: what `postMessage` carries.

use serde::{Serialize, de::DeserializeOwned};
use wasm_bindgen::JsValue;

/// A message as a value for `postMessage`.
///
/// # Errors
/// Where the message cannot be said as a JavaScript value; no type of [`crate::protocol`] is of that kind.
pub fn encode<T: Serialize>(message: &T) -> Result<JsValue, serde_wasm_bindgen::Error> {
    message.serialize(&serde_wasm_bindgen::Serializer::new())
}

/// The message in a `MessageEvent`'s data.
///
/// # Errors
/// Where the value is not such a message: page and worker are of different versions.
pub fn decode<T: DeserializeOwned>(value: JsValue) -> Result<T, serde_wasm_bindgen::Error> {
    serde_wasm_bindgen::from_value(value)
}
