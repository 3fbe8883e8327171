//! The global scope of the worker: messages in, messages out.

use std::cell::RefCell;

use throughline_worker::codec;
use throughline_worker::host::Host;
use throughline_worker::protocol::{Ask, Request, Response, Tell};
use throughline_worker::rest;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{DedicatedWorkerGlobalScope, MessageEvent};

/// Answers every message from now on, and says that it does.
pub(crate) fn serve() {
    std::panic::set_hook(Box::new(|info| {
        tell(&Response { id: 0, tell: Tell::Panic(info.to_string()) })
    }));
    let host = RefCell::new(Host::new(now, js_sys::Date::now));
    // Not through a promise: an exception in a plain event handler reaches the page as the worker's `error` event.
    let answer = Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
        match codec::decode::<Request>(event.data()) {
            Ok(request) => {
                if let Ask::Load { orm, .. } = &request.ask {
                    rest::expect(orm);
                }
                host.borrow_mut().handle(request, &mut |response| tell(&response));
            }
            Err(error) => tell(&Response {
                id: 0,
                tell: Tell::Panic(format!("a message could not be read: {error}")),
            }),
        }
    });
    if let Some(scope) = scope() {
        scope.set_onmessage(Some(answer.into_js_value().unchecked_ref()));
    }
    tell(&Response { id: 0, tell: Tell::Ready });
}

fn scope() -> Option<DedicatedWorkerGlobalScope> {
    js_sys::global().dyn_into().ok()
}

fn tell(response: &Response) {
    let message = codec::encode(response).unwrap_or(JsValue::NULL);
    if let Some(scope) = scope() {
        // Posting fails only for values that cannot be cloned, and the codec makes none.
        let _ = scope.post_message(&message);
    }
}

/// Milliseconds since the worker began.
fn now() -> f64 {
    scope().and_then(|scope| scope.performance()).map_or(0.0, |clock| clock.now())
}
