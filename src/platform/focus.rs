//! The keyboard's focus.

use wasm_bindgen::JsCast;

/// Moves the focus to an element, where there is one.
pub fn element(element: Option<web_sys::Element>) {
    if let Some(element) =
        element.and_then(|element| element.dyn_into::<web_sys::HtmlElement>().ok())
    {
        let _ = element.focus();
    }
}

/// What has the focus, to give it back later.
pub fn current() -> Option<web_sys::Element> {
    web_sys::window()?.document()?.active_element()
}

/// What is selected in the plain text field that stands beside an element or in it, as UTF-16 offsets, both the caret's where nothing is; none where that
/// field has not the focus. An editor that takes the field's place takes up the selection, too: what is typed next replaces it.
pub fn selection_beside(element: &web_sys::Element) -> Option<[u32; 2]> {
    let field = current()?.dyn_into::<web_sys::HtmlTextAreaElement>().ok()?;
    let near = element.parent_element()?.contains(Some(&field));
    let end = |end: Result<Option<u32>, _>| end.ok().flatten().filter(|_| near);
    Some([end(field.selection_start())?, end(field.selection_end())?])
}

/// Whether nothing has the focus.
pub fn is_nowhere() -> bool {
    current().is_none_or(|element| element.tag_name() == "BODY")
}

/// Selects all of the text of the field that got the focus.
pub fn select_all(event: &web_sys::FocusEvent) {
    if let Some(input) =
        event.target().and_then(|target| target.dyn_into::<web_sys::HtmlInputElement>().ok())
    {
        input.select();
    }
}

/// Moves the focus to the first element that a selector finds.
pub fn matching(selector: &str) {
    let found = web_sys::window()
        .and_then(|window| window.document()?.query_selector(selector).ok().flatten());
    shape_or_element(found);
}

/// Moves the focus to an element of either kind, where there is one.
pub fn shape_or_element(found: Option<web_sys::Element>) {
    if let Some(found) = found {
        // Both kinds of element have the method, but no type in common.
        match found.dyn_into::<web_sys::SvgElement>() {
            Ok(shape) => drop(shape.focus()),
            Err(other) => element(Some(other)),
        }
    }
}

/// Scrolls the first element that matches into view, where there is one.
pub fn reveal_matching(selector: &str) {
    let document = web_sys::window().and_then(|window| window.document());
    reveal(document.and_then(|document| document.query_selector(selector).ok().flatten()));
}

/// Scrolls an element into view, where it is not.
pub fn reveal(element: Option<web_sys::Element>) {
    let options = web_sys::ScrollIntoViewOptions::new();
    options.set_block(web_sys::ScrollLogicalPosition::Nearest);
    if let Some(element) = element {
        element.scroll_into_view_with_scroll_into_view_options(&options);
    }
}
