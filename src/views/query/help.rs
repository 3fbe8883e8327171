//! What the editor of scripts wants to know while it is typed in; the worker answers.

use leptos::prelude::*;
use serde::Serialize;
use throughline_worker::protocol::{Ask, Tell};

use super::input::{byte, utf16};
use crate::actions::query::models;
use crate::platform::query_editor::{QueryEditor, Question};
use crate::state::App;

/// An editor that may be there.
pub(super) type Editor = StoredValue<Option<QueryEditor>, LocalStorage>;

/// What CodeMirror takes for names.
#[derive(Serialize)]
struct Names {
    from: u32,
    items: Vec<Item>,
}

#[derive(Serialize)]
struct Item {
    label: String,
    detail: String,
    info: Option<String>,
    boost: i32,
}

/// What it takes for an explanation.
#[derive(Serialize)]
struct Explanation {
    from: u32,
    to: u32,
    text: String,
}

/// Offers the names that may stand at a place.
pub(super) fn offer(app: App, editor: Editor, question: Question) {
    let Question { id, text, offset } = question;
    let ask = Ask::Offer { models: models(app), source: text.clone(), at: byte(&text, offset) };
    app.engine.ask(ask, move |tell| {
        let Tell::Offered(offers) = tell else { return };
        let item = |(at, offer): (usize, throughline_worker::protocol::Offer)| Item {
            label: offer.name,
            detail: offer.what,
            info: Some(offer.says.replace('`', "")).filter(|says| !says.is_empty()),
            // In the order that they come in.
            boost: -(at.min(99) as i32),
        };
        let items = offers.names.into_iter().enumerate().map(item).collect();
        answer(editor, id, &Names { from: utf16(&text, offers.from), items });
    });
}

/// Says what a name is.
pub(super) fn explain(app: App, editor: Editor, question: Question) {
    let Question { id, text, offset } = question;
    let ask = Ask::Explain { models: models(app), source: text.clone(), at: byte(&text, offset) };
    app.engine.ask(ask, move |tell| {
        let Tell::Explained(Some((range, said))) = tell else { return };
        let (from, to) = (utf16(&text, range.start), utf16(&text, range.end));
        answer(editor, id, &Explanation { from, to, text: said });
    });
}

fn answer(editor: Editor, id: u32, found: &impl Serialize) {
    if let Ok(found) = serde_wasm_bindgen::to_value(found) {
        // The editor may be gone by then.
        editor.try_with_value(|editor| {
            editor.iter().for_each(|editor| editor.answer(id, found.clone()))
        });
    }
}
