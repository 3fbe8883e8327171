//! What floats over the page: popovers beside their buttons, and modal dialogs.

use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlDialogElement, HtmlElement};

/// Space between a popover and its button, and the edge of the window.
const GAP: f64 = 4.0;
const EDGE: f64 = 8.0;

/// Opens a popover below a button (above it, where there is more room), within the window.
pub fn show_beside(popover: &HtmlElement, button: &Element) {
    if popover.show_popover().is_err() {
        return;
    }
    let (width, height) = super::page::size();
    let (button, size) = (button.get_bounding_client_rect(), popover.get_bounding_client_rect());
    // To the left edges where it fits, else to the right ones.
    let left = if button.left() + size.width() + EDGE <= width {
        button.left()
    } else {
        button.right() - size.width()
    };
    let below = button.bottom() + GAP;
    let above = button.top() - GAP - size.height();
    let top = if below + size.height() + EDGE <= height || above < EDGE { below } else { above };
    let place = |property: &str, value: f64| {
        let _ = popover.style().set_property(property, &format!("{value}px"));
    };
    place("left", left.min(width - size.width() - EDGE).max(EDGE));
    place("top", top.min(height - size.height() - EDGE).max(EDGE));
}

/// Closes a popover, where it is open.
pub fn hide(popover: &HtmlElement) {
    let _ = popover.hide_popover();
}

/// Whether a popover is open.
pub fn is_open(popover: &HtmlElement) -> bool {
    popover.matches(":popover-open").unwrap_or(false)
}

/// Opens a dialog over everything else.
pub fn show_modal(dialog: &HtmlDialogElement) {
    if !dialog.open() {
        let _ = dialog.show_modal();
    }
}

/// Closes a dialog.
pub fn close(dialog: &HtmlDialogElement) {
    dialog.close();
}

/// Moves the focus to the next item (`step` 1), the previous one (-1), the first (0) or the last (isize::MAX).
pub fn focus_item(list: &Element, selector: &str, step: isize) {
    let Ok(found) = list.query_selector_all(selector) else { return };
    let count = found.length() as isize;
    if count == 0 {
        return;
    }
    let items: Vec<_> =
        (0..found.length()).filter_map(|at| found.get(at)?.dyn_into::<Element>().ok()).collect();
    let now = super::focus::current();
    let at = items.iter().position(|item| Some(item) == now.as_ref());
    let next = match (step, at) {
        (0, _) => 0,
        (isize::MAX, _) => count - 1,
        (step, Some(at)) => (at as isize + step).rem_euclid(count),
        (1.., None) => 0,
        (_, None) => count - 1,
    };
    super::focus::element(items.get(next as usize).cloned());
}
