//! The messages between page and worker, as the browser carries them.

#![cfg(target_arch = "wasm32")]
#![allow(clippy::unwrap_used, reason = "these are tests, which clippy knows by #[test] alone")]

use throughline_worker::codec::{decode, encode};
use throughline_worker::protocol::{Ask, Request, Response, Tell};
use wasm_bindgen::JsValue;
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

wasm_bindgen_test_configure!(run_in_browser);

#[wasm_bindgen_test]
fn a_request_arrives_as_it_was_sent() {
    let request = Request { id: 7, ask: Ask::Run { sql: "SELECT 'ä ☂ \u{1F600}';\n".into() } };
    assert_eq!(decode::<Request>(encode(&request).unwrap()).unwrap(), request);
}

#[wasm_bindgen_test]
fn an_answer_arrives_as_it_was_sent() {
    let response = Response { id: u32::MAX, tell: Tell::Progress { done: 12 } };
    assert_eq!(decode::<Response>(encode(&response).unwrap()).unwrap(), response);
}

#[wasm_bindgen_test]
fn what_is_no_message_is_an_error() {
    assert!(decode::<Request>(JsValue::NULL).is_err());
    assert!(decode::<Response>(JsValue::from_str("{}")).is_err());
}
