//! `<source-editor>`, the CodeMirror element of `editor/`: loaded after the first paint, driven by its methods and events.

use js_sys::{Array, Function, Reflect};
use wasm_bindgen::prelude::*;
pub use web_sys::Element;
use web_sys::{CustomEvent, Event, HtmlElement};

/// A message of the ORM, as the editor shows it. Offsets are UTF-16.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Mark {
    /// Its place among the diagnostics.
    pub message_index: usize,
    /// The key of its cause: messages with equal keys share a card.
    pub problem: String,
    /// Where it begins.
    pub from: u32,
    /// Where it ends.
    pub to: u32,
    /// `error`, `warning` or `info`.
    pub severity: &'static str,
    /// The cause in plain words.
    pub title: String,
    /// The ORM's words.
    pub message: String,
    /// Check ids.
    pub ids: Vec<&'static str>,
    /// Titles of the fixes, the best first.
    pub fixes: Vec<String>,
}

/// What the editor tells.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Told {
    /// The user has changed the text.
    Edit(String),
    /// The user has pasted a text in the place of the whole one, which the editor has not taken.
    Paste(String),
    /// The caret has moved.
    Caret {
        /// UTF-16 offset.
        offset: u32,
        /// From 1.
        line: u32,
        /// From 1, in characters.
        column: u32,
        /// Whether the user went there, without changing anything.
        by_user: bool,
    },
    /// A fix was pressed: the message's place among the diagnostics, the fix's place in it.
    Fix(usize, usize),
    /// One step back.
    Undo,
    /// One step forward again.
    Redo,
}

/// Loads the editor's module, and calls `then` with whether it is there.
pub fn load(then: impl Fn(bool) + 'static) {
    let Some(document) = web_sys::window().and_then(|window| window.document()) else { return };
    let (Ok(script), Some(head)) = (document.create_element("script"), document.head()) else {
        return;
    };
    let _ = script.set_attribute("type", "module");
    let _ = script.set_attribute("src", &super::location::file("editor/editor.js"));
    let then = Closure::<dyn Fn(Event)>::new(move |event: Event| then(event.type_() == "load"));
    for name in ["load", "error"] {
        let _ = script.add_event_listener_with_callback(name, then.as_ref().unchecked_ref());
    }
    // The page loads it once; the listener lives as long as the page.
    then.forget();
    let _ = head.append_child(&script);
}

/// An editor in the page. It goes with this value.
pub struct Editor {
    element: HtmlElement,
    _told: Closure<dyn Fn(CustomEvent)>,
}

impl Editor {
    /// Puts an editor into `host`; `label` is its accessible name.
    pub fn mount(host: &Element, label: &str, told: impl Fn(Told) + 'static) -> Option<Self> {
        let element: HtmlElement =
            host.owner_document()?.create_element("source-editor").ok()?.dyn_into().ok()?;
        element.set_attribute("label", label).ok()?;
        let told = Closure::<dyn Fn(CustomEvent)>::new(move |event: CustomEvent| {
            if let Some(it) = understood(&event) {
                told(it);
            }
        });
        for name in ["edit", "paste", "caret", "fix", "undo", "redo"] {
            element.add_event_listener_with_callback(name, told.as_ref().unchecked_ref()).ok()?;
        }
        host.append_child(&element).ok()?;
        Some(Self { element, _told: told })
    }

    /// Shows a text; the caret goes to what is new.
    pub fn set_text(&self, text: &str) {
        self.call("setText", &[text.into()]);
    }

    /// Shows what is wrong.
    pub fn set_diagnostics(&self, marks: &[Mark]) {
        if let Ok(marks) = serde_wasm_bindgen::to_value(marks) {
            self.call("setDiagnostics", &[marks]);
        }
    }

    /// Marks the lines of a range as chosen, and brings them into view.
    pub fn set_chosen(&self, range: Option<(u32, u32)>) {
        let (from, to) = range.map_or((-1.0, -1.0), |(from, to)| (f64::from(from), f64::from(to)));
        self.call("setChosen", &[from.into(), to.into(), true.into()]);
    }

    /// Puts the caret and the focus at an offset.
    pub fn go_to(&self, offset: u32) {
        self.call("goTo", &[offset.into()]);
    }

    /// Selects what lies between two UTF-16 offsets, and takes the focus.
    pub fn select(&self, [from, to]: [u32; 2]) {
        self.call("goTo", &[to.into(), from.into()]);
    }

    fn call(&self, method: &str, arguments: &[JsValue]) {
        let method = Reflect::get(&self.element, &method.into())
            .ok()
            .and_then(|method| method.dyn_into::<Function>().ok());
        if let Some(method) = method {
            let arguments: Array = arguments.iter().collect();
            // An error in the editor is in the console already; the page goes on without this update.
            let _ = method.apply(&self.element, &arguments);
        }
    }
}

impl Drop for Editor {
    fn drop(&mut self) {
        self.element.remove();
    }
}

fn understood(event: &CustomEvent) -> Option<Told> {
    let detail = event.detail();
    let get = |key: &str| Reflect::get(&detail, &key.into()).ok();
    let number = |key: &str| get(key)?.as_f64().map(|number| number as u32);
    Some(match event.type_().as_str() {
        "edit" => Told::Edit(get("text")?.as_string()?),
        "paste" => Told::Paste(get("text")?.as_string()?),
        "caret" => Told::Caret {
            offset: number("offset")?,
            line: number("line")?,
            column: number("column")?,
            by_user: get("byUser")?.as_bool()?,
        },
        "fix" => Told::Fix(number("message")? as usize, number("fix")? as usize),
        "undo" => Told::Undo,
        "redo" => Told::Redo,
        _ => return None,
    })
}
