//! A model and its fields, to be changed. Every change is an edit of the text that can be undone.

use leptos::prelude::*;
use throughline_core::document::FieldKind;
use throughline_core::{Edit, orm};

use super::field_edit::FieldEdit;
use super::new_field::NewField;
use crate::state::{App, Pane, Selection};
use crate::ui::{CodeText, Icon, IconSize};
use crate::views::canvas::{CanvasState, Panel, actions};
use crate::views::relation::Floating;

/// The inspector.
#[component]
pub(crate) fn Inspector(
    /// The canvas.
    canvas: CanvasState,
    /// The model's name as it opens.
    model: String,
) -> impl IntoView {
    let app = expect_context::<App>();
    let model = RwSignal::new(model);
    let error = RwSignal::new(None::<String>);
    let fields = Memo::new(move |_| {
        app.derived.document.with(|document| {
            let found = document.model(&model.get());
            found
                .map(|model| {
                    model
                        .fields
                        .iter()
                        .map(|field| {
                            (field.name.text.clone(), matches!(field.kind, FieldKind::Relation(_)))
                        })
                        .collect::<Vec<_>>()
                })
                .unwrap_or_default()
        })
    });
    let apply = Callback::new(move |edit: Edit| match app.dispatch(&edit) {
        Ok(()) => {
            error.set(None);
            true
        }
        Err(why) => {
            error.set(Some(why.to_string()));
            false
        }
    });
    let rename = move |name: String| {
        let (from, name) = (model.get_untracked(), name.trim().to_owned());
        if from != name && apply.run(Edit::RenameModel { model: from.clone(), name: name.clone() })
        {
            move_place(app, &from, &name);
            app.choose(Selection::Model(name.clone()), Pane::Diagram);
            model.set(name);
        }
    };
    let delete = move |_| {
        canvas.panel.set(None);
        actions::delete_model(app, &model.get_untracked());
    };
    let label = move || format!("Model {}", model.get());
    let head = move || view! { <span class="grow">{move || model.get()}</span> };
    let row = move |(field, is_relation): (String, bool)| {
        if is_relation {
            view! { <RelationRow canvas model field /> }.into_any()
        } else {
            view! { <FieldEdit model field apply error /> }.into_any()
        }
    };
    let classes = orm::by_id(app.derived.orm.get_untracked())
        .map_or(&[] as &[_], |orm| orm.profile().field_classes);
    view! {
        <Floating canvas label=Signal::derive(label) beside=Signal::derive(move || Some(model.get())) head=ViewFn::from(head)>
            <div class="popover-body inspector">
                <label class="form-row">
                    <span class="label">"Name"</span>
                    <input class="input input-code" type="text" autocomplete="off" spellcheck="false" prop:value=move || model.get()
                        on:focus=move |event| crate::platform::focus::select_all(&event)
                        on:change=move |event| rename(event_target_value(&event)) />
                </label>
                <div class="inspector-fields" role="list" aria-label="Fields">
                    <For each=move || fields.get() key=|field| field.clone() children=row />
                </div>
                <NewField model classes apply />
                <div role="status">{move || error.get().map(|error| view! { <p class="form-error"><CodeText text=error /></p> })}</div>
            </div>
            <div class="popover-foot">
                <button class="btn btn-quiet btn-small" type="button" on:click=delete>"Delete model"</button>
                <span class="grow"></span>
                <button class="btn btn-small" type="button" on:click=move |_| canvas.panel.set(Some(Panel::NewRelation { from: Some(model.get_untracked()), to: None }))>
                    <Icon name="link" size=IconSize::Tiny />"Relation"
                </button>
            </div>
        </Floating>
    }
}

/// A relation, which has a form of its own.
#[component]
fn RelationRow(canvas: CanvasState, model: RwSignal<String>, field: String) -> impl IntoView {
    let app = expect_context::<App>();
    let field = StoredValue::new(field);
    let target = Memo::new(move |_| {
        app.derived.document.with(|document| {
            let found = document
                .model(&model.get())
                .and_then(|model| field.with_value(|field| model.field(field)));
            found
                .and_then(|field| {
                    field.relation()?.target.as_ref().map(|target| target.text.clone())
                })
                .unwrap_or_default()
        })
    });
    let open = move |_| {
        canvas
            .panel
            .set(Some(Panel::Relation { model: model.get_untracked(), field: field.get_value() }))
    };
    view! {
        <div class="field-edit" role="listitem">
            <span class="field-edit-name">{field.get_value()}</span>
            <span class="field-edit-target">{move || target.get()}</span>
            <button class="btn btn-quiet btn-small" type="button" aria-label=format!("Change relation {}", field.get_value()) on:click=open>"Change"</button>
            <button class="btn btn-quiet btn-icon btn-small" type="button" aria-label=format!("Delete {}", field.get_value())
                on:click=move |_| actions::delete_field(app, &model.get_untracked(), &field.get_value())>
                <Icon name="x" size=IconSize::Small />
            </button>
        </div>
    }
}

/// A renamed model stays where it was put.
fn move_place(app: App, from: &str, to: &str) {
    let mut layout = app.layout.get_untracked().as_ref().clone();
    if let Some(place) = layout.remove(from) {
        layout.insert(to.to_owned(), place);
        app.set_layout(layout, &format!("rename {from} to {to}"));
    }
}
