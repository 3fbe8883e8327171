//! A panic ends the program for good; say so, and that nothing is lost.

/// Reports panics in the console and tells the user what is safe.
pub fn install() {
    std::panic::set_hook(Box::new(|info| {
        console_error_panic_hook::hook(info);
        let notice =
            web_sys::window().and_then(|window| window.document()?.get_element_by_id("boot"));
        if let Some(notice) = notice {
            notice.set_text_content(Some(
                "Throughline has stopped because of a fault of its own. Your work is saved in this browser. Reload the page to go on.",
            ));
            let _ = notice.remove_attribute("hidden");
        }
    }));
}
