//! `<query-editor>`, the small CodeMirror element of `editor/`, which comes with the source editor's module.

use std::collections::BTreeMap;

use js_sys::{Array, Function, Reflect};
use serde::Serialize;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
pub use web_sys::HtmlDivElement as Host;
use web_sys::{CustomEvent, HtmlElement};

const NAME: &str = "query-editor";

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
    /// The user wants a part of it run: UTF-16 offsets.
    RunPart(u32, u32),
    /// The user wants a statement in the other ORMs: UTF-16 offsets.
    SayElsewhere(u32, u32),
    /// The names that may stand at a UTF-16 offset are wanted.
    Offer(Question),
    /// What the name at a UTF-16 offset is.
    Explain(Question),
}

/// Something that the editor wants to know. It is answered by [`QueryEditor::answer`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Question {
    /// Names it.
    pub id: u32,
    /// The text.
    pub text: String,
    /// The UTF-16 offset in it.
    pub offset: u32,
}

/// What an editor is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Use {
    /// `sql` or `python`.
    pub language: &'static str,
    /// Its accessible name.
    pub label: &'static str,
    /// What stands in it while it is empty.
    pub hint: &'static str,
}

/// An editor in the page. It goes with this value.
pub struct QueryEditor {
    element: HtmlElement,
    _told: Closure<dyn Fn(CustomEvent)>,
}

impl QueryEditor {
    /// Puts an editor into `host`.
    pub fn mount(host: &Host, is: Use, told: impl Fn(Told) + 'static) -> Option<Self> {
        let element: HtmlElement =
            host.owner_document()?.create_element(NAME).ok()?.dyn_into().ok()?;
        for (name, value) in [
            ("data-testid", is.language),
            ("language", is.language),
            ("label", is.label),
            ("hint", is.hint),
        ] {
            element.set_attribute(name, value).ok()?;
        }
        let told = Closure::<dyn Fn(CustomEvent)>::new(move |event: CustomEvent| {
            if let Some(it) = understood(&event) {
                told(it);
            }
        });
        for name in ["edit", "run", "elsewhere", "offer", "explain"] {
            element.add_event_listener_with_callback(name, told.as_ref().unchecked_ref()).ok()?;
        }
        host.append_child(&element).ok()?;
        Some(Self { element, _told: told })
    }

    /// Shows a text.
    pub fn set_text(&self, text: &str) {
        self.call("setText", &[text.into()]);
    }

    /// Answers a question.
    pub fn answer(&self, id: u32, found: JsValue) {
        self.call("answer", &[id.into(), found]);
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

impl Drop for QueryEditor {
    fn drop(&mut self) {
        self.element.remove();
    }
}

fn understood(event: &CustomEvent) -> Option<Told> {
    let detail = event.detail();
    let get = |key: &str| Reflect::get(&detail, &key.into()).ok();
    let number = |key: &str| get(key)?.as_f64().map(|number| number as u32);
    let text = || get("text")?.as_string();
    let question =
        || Some(Question { id: number("id")?, text: text()?, offset: number("offset")? });
    Some(match event.type_().as_str() {
        "edit" => Told::Edit(text()?),
        "run" => match (number("from"), number("to")) {
            (Some(from), Some(to)) => Told::RunPart(from, to),
            _ => Told::Run,
        },
        "elsewhere" => Told::SayElsewhere(number("from")?, number("to")?),
        "offer" => Told::Offer(question()?),
        "explain" => Told::Explain(question()?),
        _ => return None,
    })
}
