//! Pointers.

use wasm_bindgen::JsCast;

/// Sends further events of this pointer to the element that listens, until it is let go.
pub fn capture(event: &web_sys::PointerEvent) {
    let target =
        event.current_target().and_then(|target| target.dyn_into::<web_sys::Element>().ok());
    if let Some(target) = target {
        let _ = target.set_pointer_capture(event.pointer_id());
    }
}
