//! `<sql-editor>`, the small CodeMirror element of `editor/`, which comes with the source editor's module.

use std::collections::BTreeMap;

use js_sys::{Array, Function, Reflect};
use serde::Serialize;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
pub use web_sys::HtmlDivElement as Host;
use web_sys::{CustomEvent, HtmlElement};

const NAME: &str = "sql-editor";

/// Waits until the element can be used; for ever, where its module does not load.
pub async fn ready() {
    let waiting =
        web_sys::window().and_then(|window| window.custom_elements().when_defined(NAME).ok());
    if let Some(waiting) = waiting {
        // The promise is never refused: the name is a valid one.
        let _ = JsFuture::from(waiting).await;
    }
}

/// What the editor tells.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Told {
    /// The user has changed the text.
    Edit(String),
    /// The user wants it run.
    Run,
}

/// An editor in the page. It goes with this value.
pub struct SqlEditor {
    element: HtmlElement,
    _told: Closure<dyn Fn(CustomEvent)>,
}

impl SqlEditor {
    /// Puts an editor into `host`.
    pub fn mount(host: &Host, told: impl Fn(Told) + 'static) -> Option<Self> {
        let element: HtmlElement =
            host.owner_document()?.create_element(NAME).ok()?.dyn_into().ok()?;
        element.set_attribute("data-testid", "sql").ok()?;
        let told = Closure::<dyn Fn(CustomEvent)>::new(move |event: CustomEvent| {
            match event.type_().as_str() {
                "run" => told(Told::Run),
                _ => {
                    let text = Reflect::get(&event.detail(), &"text".into())
                        .ok()
                        .and_then(|text| text.as_string());
                    text.into_iter().for_each(|text| told(Told::Edit(text)));
                }
            }
        });
        for name in ["edit", "run"] {
            element.add_event_listener_with_callback(name, told.as_ref().unchecked_ref()).ok()?;
        }
        host.append_child(&element).ok()?;
        Some(Self { element, _told: told })
    }

    /// Shows a text.
    pub fn set_text(&self, text: &str) {
        self.call("setText", &[text.into()]);
    }

    /// Offers the names of tables and of their columns.
    pub fn set_names(&self, tables: &BTreeMap<String, Vec<String>>) {
        if let Ok(tables) =
            tables.serialize(&serde_wasm_bindgen::Serializer::new().serialize_maps_as_objects(true))
        {
            self.call("setNames", &[tables]);
        }
    }

    /// Underlines a range of UTF-16 offsets with a class, or nothing.
    pub fn set_error(&self, mark: Option<(u32, u32, &str)>) {
        let (from, to, class) = mark
            .map_or((-1.0, -1.0, ""), |(from, to, class)| (f64::from(from), f64::from(to), class));
        self.call("setError", &[from.into(), to.into(), class.into()]);
    }

    /// Puts the caret and the focus at a UTF-16 offset.
    pub fn go_to(&self, offset: u32) {
        self.call("goTo", &[offset.into()]);
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

impl Drop for SqlEditor {
    fn drop(&mut self) {
        self.element.remove();
    }
}
