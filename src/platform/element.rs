//! Elements: where they are on the screen, and when their size changes.

use leptos::prelude::{StoredValue, WithValue, on_cleanup};
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;

/// Left, top, width and height of an element on the screen.
pub fn bounds(element: &web_sys::Element) -> (f64, f64, f64, f64) {
    let rect = element.get_bounding_client_rect();
    (rect.x(), rect.y(), rect.width(), rect.height())
}

/// Calls `then` with the element's width and height, now and whenever they change, as long as the owner lives.
pub fn on_resize(element: &web_sys::Element, then: impl Fn(f64, f64) + 'static) {
    let watched = element.clone();
    let callback = Closure::<dyn FnMut()>::new(move || {
        let (_, _, width, height) = bounds(&watched);
        then(width, height);
    });
    let Ok(observer) = web_sys::ResizeObserver::new(callback.as_ref().unchecked_ref()) else {
        return;
    };
    observer.observe(element);
    let kept = StoredValue::new_local((observer, callback));
    on_cleanup(move || {
        let _ = kept.try_with_value(|(observer, _)| observer.disconnect());
    });
}

/// Whether an event's target is inside of an element with this attribute, and its value.
pub fn attribute_at(event: &web_sys::Event, attribute: &str) -> Option<String> {
    let target = event.target()?.dyn_into::<web_sys::Element>().ok()?;
    target.closest(&format!("[{attribute}]")).ok().flatten()?.get_attribute(attribute)
}

/// The value of an attribute around what is drawn at a point of the screen.
pub fn attribute_under(x: f64, y: f64, attribute: &str) -> Option<String> {
    // Coordinates of events are small.
    let target = web_sys::window()?.document()?.element_from_point(x as f32, y as f32)?;
    target.closest(&format!("[{attribute}]")).ok().flatten()?.get_attribute(attribute)
}

/// Where the element that listens to an event is on the screen.
pub fn origin_of_current(event: &web_sys::Event) -> (f64, f64) {
    let element =
        event.current_target().and_then(|target| target.dyn_into::<web_sys::Element>().ok());
    element.map_or((0.0, 0.0), |element| {
        let (left, top, _, _) = bounds(&element);
        (left, top)
    })
}

/// Whether an event happened on the element that listens to it, not inside of it.
pub fn is_own(event: &web_sys::Event) -> bool {
    event.target().is_some() && event.target() == event.current_target()
}
