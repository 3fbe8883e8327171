//! The form of a relation, new or there already.

use std::collections::BTreeSet;

use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use throughline_core::document::RelationKind;
use throughline_core::orm;

use super::Floating;
use super::choices::Choices;
use super::ends::Ends;
use super::form::Form;
use super::keys::Keys;
use super::preview::Preview;
use super::table_switch::TableSwitch;
use super::through::Through;
use super::trial::{Outcome, Present, attempt};
use crate::state::ui::{ToastKind, Undo};
use crate::state::{App, Pane, Selection};
use crate::ui::{Icon, IconSize};
use crate::views::canvas::{CanvasState, actions};

/// The popover.
#[component]
pub(super) fn RelationPopover(
    /// The canvas.
    canvas: CanvasState,
    /// The declaring model, where it is known.
    from: Option<String>,
    /// The target, where it is known.
    to: Option<String>,
    /// The field, for a relation that there is.
    field: Option<String>,
) -> impl IntoView {
    let app = expect_context::<App>();
    let drawn = from.is_some() && to.is_some();
    let models = app.derived.document.with_untracked(|document| {
        document.models.iter().map(|model| model.name.text.clone()).collect::<Vec<_>>()
    });
    let existing = from.as_deref().zip(field.as_deref()).and_then(|(model, field)| {
        app.derived.document.with_untracked(|document| Form::of(document, model, field))
    });
    let is_new = existing.is_none();
    let first = || models.first().cloned().unwrap_or_default();
    let form = RwSignal::new(existing.unwrap_or_else(|| {
        let from = from.unwrap_or_else(first);
        let other =
            models.iter().find(|model| **model != from).cloned().unwrap_or_else(|| from.clone());
        Form::new(from, to.unwrap_or(other))
    }));
    let outcome = Memo::new(move |_| outcome(app, &form.get()));
    let can_write = move || {
        outcome.with(|outcome| outcome.refused.is_none() && !form.with(|form| form.to.is_empty()))
    };
    let name =
        move || app.derived.document.with(|document| form.with(|form| form.field_name(document)));
    let title = move || form.with(|form| format!("{} to {}", form.from, form.to));
    let label = move || {
        if is_new {
            format!("New relation from {}", title())
        } else {
            format!("Relation from {}", title())
        }
    };
    let write = move |event: SubmitEvent| {
        event.prevent_default();
        if !can_write() {
            return;
        }
        let (model, field) = (form.with_untracked(|form| form.from.clone()), untrack(name));
        let edit = app
            .derived
            .document
            .with_untracked(|document| form.with_untracked(|form| form.edit(document)));
        match app.dispatch(&edit) {
            Ok(()) => {
                canvas.panel.set(None);
                canvas.reveal_relation(&format!("{model}.{field}"));
                app.choose(Selection::Field(model, field), Pane::Diagram);
            }
            Err(error) => app.toast(ToastKind::Failed, error.to_string(), Undo::None),
        }
    };
    let kind = Memo::new(move |_| form.with(|form| form.kind));
    let many = move || kind.get() == RelationKind::ManyToMany;
    let default_name = move || outcome.with(|outcome| outcome.accessor.clone().unwrap_or_default());
    let swap = move |_| form.update(|form| *form = form.swapped());
    let head = move || {
        view! {
            <span class="grow">{title}</span>
            {is_new.then(|| view! {
                <button class="btn btn-quiet btn-icon btn-small" type="button" aria-label="Swap direction" on:click=swap><Icon name="arrow-left-right" size=IconSize::Small /></button>
            })}
        }
    };
    view! {
        <Floating canvas label=Signal::derive(label) beside=Signal::derive(move || Some(form.with(|form| form.to.clone()))) head=ViewFn::from(head)>
            <form on:submit=write>
                <div class="popover-body">
                    {(is_new && !drawn).then(|| view! { <Ends form models=models.clone() /> })}
                    <Choices value=kind on_choose=move |kind| form.update(|form| form.kind = kind) />
                    <label class="form-row">
                        <span class="label">{move || format!("Field on {}", form.with(|form| form.from.clone()))}</span>
                        <input class="input input-code" type="text" data-first=drawn.then_some("") autocomplete="off" spellcheck="false" prop:value=name
                            on:input=move |event| { let name = event_target_value(&event); form.update(|form| form.name = Some(name)); } />
                    </label>
                    <label class="form-row">
                        <span class="label">{move || format!("Name on {}", form.with(|form| form.to.clone()))}</span>
                        <input class="input input-code" type="text" autocomplete="off" spellcheck="false" placeholder=default_name prop:value=move || form.with(|form| form.related_name.clone())
                            on:input=move |event| { let name = event_target_value(&event); form.update(|form| form.related_name = name); } />
                    </label>
                    {move || if many() { view! { <Through form /> }.into_any() } else { view! { <Keys form /> }.into_any() }}
                    {(!is_new).then(|| view! { <TableSwitch canvas form /> })}
                    <Preview outcome on_rename=Callback::new(move |name| form.update(|form| form.related_name = name)) />
                </div>
                <div class="popover-foot">
                    <span class="subtle mono-11">{move || outcome.with(|outcome| outcome.line).map(|line| format!("models.py, line {line}"))}</span>
                    <span class="grow"></span>
                    {if is_new {
                        view! { <button class="btn btn-quiet" type="button" on:click=move |_| canvas.panel.set(None)>"Cancel"</button> }.into_any()
                    } else {
                        view! { <button class="btn btn-quiet" type="button" on:click=move |_| delete(app, canvas, form)>"Delete"</button> }.into_any()
                    }}
                    <button class="btn btn-primary" type="submit" aria-disabled=move || (!can_write()).to_string()>{if is_new { "Add relation" } else { "Change relation" }}</button>
                </div>
            </form>
        </Floating>
    }
}

fn delete(app: App, canvas: CanvasState, form: RwSignal<Form>) {
    let (model, field) =
        form.with_untracked(|form| (form.from.clone(), form.existing.clone().unwrap_or_default()));
    canvas.panel.set(None);
    actions::delete_field(app, &model, &field);
}

fn outcome(app: App, form: &Form) -> Outcome {
    let Some(orm) = orm::by_id(app.derived.orm.get()) else { return Outcome::default() };
    let (source, document) = (app.derived.source.get(), app.derived.document.get());
    let causes: BTreeSet<String> = app
        .derived
        .diagnostics
        .with(|found| found.iter().map(|diagnostic| diagnostic.cause.key.clone()).collect());
    attempt(Present { orm, source: &source, document: &document, causes: &causes }, form)
}
