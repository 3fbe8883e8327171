//! What can be done to models and relations without a form.

use leptos::prelude::*;
use throughline_core::Edit;
use throughline_core::link::Place;

use super::scene::RelationView;
use super::state::Canvas;
use crate::state::ui::{ToastKind, Undo};
use crate::state::{App, Layout, Pane, Selection};

/// Lays everything out afresh; models that were moved give up their places, which can be undone.
pub(crate) fn arrange(app: App, canvas: Canvas) {
    app.set_layout(Layout::new(), "arrange");
    canvas.arranged.update(|count| *count += 1);
}

/// Deletes a model, and says so with a way back.
pub(crate) fn delete_model(app: App, model: &str) {
    let relations = app.derived.resolved.with_untracked(|resolved| {
        resolved.model(model).map_or(0, |model| {
            model
                .reverse
                .iter()
                .filter(|reverse| reverse.source != model.name && reverse.origin.is_some())
                .count()
        })
    });
    let rest = match relations {
        0 => String::new(),
        1 => "; 1 relation to it is left, as a problem".to_owned(),
        count => format!("; {count} relations to it are left, as problems"),
    };
    done(app, &Edit::DeleteModel { model: model.to_owned() }, format!("Deleted `{model}`{rest}"));
}

/// Deletes a relation.
pub(crate) fn delete_relation(app: App, relation: &RelationView) {
    delete_field(app, &relation.model, &relation.field);
}

/// Deletes a field.
pub(crate) fn delete_field(app: App, model: &str, field: &str) {
    done(
        app,
        &Edit::DeleteField { model: model.to_owned(), field: field.to_owned() },
        format!("Deleted `{model}.{field}`"),
    );
}

/// Makes an edit that needs no form, and says what was done or why not.
fn done(app: App, edit: &Edit, text: String) {
    match app.dispatch(edit) {
        Ok(()) => {
            app.choose(Selection::Nothing, Pane::Diagram);
            app.toast(ToastKind::Done, text, Undo::Offered);
        }
        Err(error) => app.toast(ToastKind::Failed, error.to_string(), Undo::None),
    }
}

/// Moves a model by the keyboard.
pub(super) fn nudge(app: App, canvas: Canvas, model: &str, dx: i32, dy: i32) {
    let Some(rect) = untrack(|| canvas.rect(model)) else { return };
    let mut layout = app.layout.get_untracked().as_ref().clone();
    layout.insert(model.to_owned(), Place { x: rect.x + dx, y: rect.y + dy });
    app.set_layout(layout, &format!("move {model}"));
    canvas.reveal(model);
}
