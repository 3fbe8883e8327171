//! The worker as the page holds it: a script that can be sent to, listened to, and ended at once.

use throughline_worker::codec;
use throughline_worker::protocol::{Request, Response};
use wasm_bindgen::closure::Closure;
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{ErrorEvent, Event, MessageEvent, Worker};

/// The script that loads the worker.
const LOADER: &str = "engine.js";

#[wasm_bindgen]
extern "C" {
    /// In `boot.js`: the worker that it has started ahead, once. What it said since then is said again after this.
    #[wasm_bindgen(catch, js_namespace = throughline, js_name = takeWorker)]
    fn take_worker() -> Result<Option<Worker>, JsValue>;
}

/// What comes from a worker.
#[derive(Debug)]
pub enum Heard {
    /// A message.
    Told(Response),
    /// It has ended, or cannot be understood, with what is known about why.
    Died(String),
}

/// A running worker. Dropping it ends the worker, whatever it is doing.
pub struct Link {
    worker: Worker,
    // The worker holds the functions only as long as these live.
    _on_message: Closure<dyn FnMut(MessageEvent)>,
    _on_error: Closure<dyn FnMut(Event)>,
}

impl Link {
    /// Starts a worker. `hear` is called for everything that comes from it.
    ///
    /// # Errors
    /// What the browser says, where it does not start workers.
    pub fn open(hear: impl Fn(Heard) + Clone + 'static) -> Result<Self, String> {
        let ahead = take_worker().ok().flatten();
        let worker = match ahead {
            Some(worker) => worker,
            None => {
                Worker::new(&super::location::file(LOADER)).map_err(|error| format!("{error:?}"))?
            }
        };
        let on_message = {
            let hear = hear.clone();
            Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
                hear(
                    codec::decode(event.data())
                        .map_or_else(|error| Heard::Died(error.to_string()), Heard::Told),
                );
            })
        };
        let on_error = Closure::<dyn FnMut(Event)>::new(move |event: Event| {
            // Said in the page; it need not stand in the console as well.
            event.prevent_default();
            // A script that could not be loaded gives a plain event without a message.
            let message = event.dyn_ref::<ErrorEvent>().map(ErrorEvent::message);
            hear(Heard::Died(message.unwrap_or_else(|| format!("{LOADER} could not be loaded"))));
        });
        worker.set_onmessage(Some(on_message.as_ref().unchecked_ref()));
        worker.set_onerror(Some(on_error.as_ref().unchecked_ref()));
        Ok(Self { worker, _on_message: on_message, _on_error: on_error })
    }

    /// Sends a request.
    ///
    /// # Errors
    /// What the browser says, where the message could not be posted.
    pub fn send(&self, request: &Request) -> Result<(), String> {
        let message = codec::encode(request).map_err(|error| error.to_string())?;
        self.worker.post_message(&message).map_err(|error| format!("{error:?}"))
    }
}

impl Drop for Link {
    fn drop(&mut self) {
        self.worker.set_onmessage(None);
        self.worker.set_onerror(None);
        self.worker.terminate();
    }
}
