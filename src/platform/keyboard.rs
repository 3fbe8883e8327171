//! Keys: what was pressed, and how shortcuts are written on this machine.

use wasm_bindgen::JsCast;

/// Whether this is a Mac, where Command stands for Control.
pub fn is_mac() -> bool {
    web_sys::window()
        .and_then(|window| window.navigator().platform().ok())
        .is_some_and(|platform| platform.starts_with("Mac"))
}

/// Whether the keystroke goes into a text: a field or an editor.
pub fn in_text(event: &web_sys::KeyboardEvent) -> bool {
    let target = event.composed_path().get(0).dyn_into::<web_sys::HtmlElement>().ok();
    target.is_some_and(|target| {
        matches!(target.tag_name().as_str(), "INPUT" | "TEXTAREA" | "SELECT")
            || target.is_content_editable()
    })
}

/// Whether the keystroke is this shortcut: `Ctrl+Shift+Z`, `R`. On a Mac, Command counts as Control.
pub fn matches(event: &web_sys::KeyboardEvent, shortcut: &str) -> bool {
    let key = shortcut.rsplit('+').next().unwrap_or_default();
    let has = |modifier: &str| shortcut.split('+').any(|part| part == modifier);
    event.key().eq_ignore_ascii_case(key)
        && (event.ctrl_key() || event.meta_key()) == has("Ctrl")
        && event.shift_key() == has("Shift")
        && event.alt_key() == has("Alt")
}

/// The shortcut as it is shown: `Ctrl K`, on a Mac `⌘K`.
pub fn shown(shortcut: &str) -> String {
    if is_mac() {
        let sign = |part| match part {
            "Ctrl" => "⌘",
            "Shift" => "⇧",
            "Alt" => "⌥",
            "Enter" => "↵",
            other => other,
        };
        return shortcut.split('+').map(sign).collect();
    }
    shortcut
        .split('+')
        .map(|part| if part == "Enter" { "↵" } else { part })
        .collect::<Vec<_>>()
        .join(" ")
}
