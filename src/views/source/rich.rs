//! Ties the rich editor to the state, both ways.

use std::sync::Arc;

use leptos::prelude::*;

use super::marks::marks;
use super::offsets::Offsets;
use crate::platform::editor::{Editor, Element, Told};
use crate::state::{App, Pane, Selection};

/// Puts the editor into the host and keeps it in step with the state until the owner goes. `selection`: what was selected in the plain field, if that had the focus.
pub(super) fn mount(app: App, host: &Element, selection: Option<[u32; 2]>) {
    let offsets =
        Memo::new(move |_| Arc::new(app.derived.source.with(|source| Offsets::new(source))));
    let Some(editor) = Editor::mount(host, "Models source", move |told| hear(app, offsets, told))
    else {
        return;
    };
    if let Some(selection) = selection {
        editor.set_text(&app.derived.source.get_untracked());
        editor.select(selection);
    }
    let editor = StoredValue::new_local(editor);
    // Text before marks, in one effect: marks of a text that is not shown yet would stand in wrong places.
    Effect::new(move |_| {
        let source = app.derived.source.get();
        let diagnostics = app.derived.diagnostics.get();
        editor.with_value(|editor| {
            editor.set_text(&source);
            editor.set_diagnostics(&offsets.with(|offsets| marks(&diagnostics, offsets)));
        });
    });
    Effect::new(move |_| {
        let chosen = app.ui.chosen.get();
        // What was chosen here is in view; and while one types, nothing jumps.
        let span = (chosen.by != Pane::Source).then(|| untrack(|| app.chosen_span())).flatten();
        let range = span.map(|span| {
            offsets.with_untracked(|offsets| (offsets.utf16(span.start), offsets.utf16(span.end)))
        });
        editor.with_value(|editor| editor.set_chosen(range));
    });
    Effect::new(move |_| {
        if let Some(span) = app.ui.go_to.get() {
            let offset = offsets.with_untracked(|offsets| offsets.utf16(span.start));
            // In the next frame: on a phone the pane has to be shown before it can have the focus.
            request_animation_frame(move || editor.with_value(|editor| editor.go_to(offset)));
        }
    });
}

fn hear(app: App, offsets: Memo<Arc<Offsets>>, told: Told) {
    match told {
        Told::Edit(text) => app.type_models(&text),
        Told::Paste(text) => app.paste_models(&text),
        Told::Caret { offset, line, column, by_user } => {
            app.ui.caret.set((line, column));
            if by_user {
                choose_at(app, offsets.with_untracked(|offsets| offsets.byte(offset)));
            }
        }
        Told::Fix(message, fix) => app.fix(message, fix),
        Told::Undo => app.undo(),
        Told::Redo => app.redo(),
    }
}

/// Chooses the field or the model that stands at a place.
fn choose_at(app: App, offset: u32) {
    let document = app.derived.document.get_untracked();
    let model = document.models.iter().find(|model| model.span.touches(offset));
    let field =
        model.and_then(|model| model.fields.iter().find(|field| field.span.touches(offset)));
    let what = match (model, field) {
        (Some(model), Some(field)) => {
            Selection::Field(model.name.text.clone(), field.name.text.clone())
        }
        (Some(model), None) => Selection::Model(model.name.text.clone()),
        (None, _) => Selection::Nothing,
    };
    app.choose(what, Pane::Source);
}
