//! The fields of a new through model: what belongs to the pair, not to either side.

use leptos::prelude::*;
use throughline_core::edit::{FieldDraft, ThroughDraft};
use throughline_core::orm;

use super::form::{Form, extra_field};
use crate::state::App;
use crate::ui::{Icon, IconSize};

/// A list of names and classes, each of which can go, and a button for one more.
#[component]
pub(super) fn ExtraFields(
    /// The form.
    form: RwSignal<Form>,
) -> impl IntoView {
    let app = expect_context::<App>();
    let classes = orm::by_id(app.derived.orm.get_untracked())
        .map_or(&[] as &[_], |orm| orm.profile().field_classes);
    let fields = move || form.with(|form| fields_of(form).to_vec());
    let count = Memo::new(move |_| fields().len());
    let change = move |at: usize, change: &dyn Fn(&mut FieldDraft)| {
        form.update(|form| {
            if let Some(field) = fields_mut(form).and_then(|fields| fields.get_mut(at)) {
                change(field);
            }
        })
    };
    let remove = move |at: usize| {
        form.update(|form| {
            if let Some(fields) = fields_mut(form).filter(|fields| at < fields.len()) {
                fields.remove(at);
            }
        })
    };
    let add = move |_| {
        form.update(|form| {
            let class = classes.first().map_or("", |class| class.name);
            if let Some(fields) = fields_mut(form) {
                let field = extra_field(fields, class);
                fields.push(field);
            }
        })
    };
    let row = move |at: usize| {
        let field = Memo::new(move |_| fields().get(at).cloned().unwrap_or_default());
        view! {
            <div class="field-edit">
                <input class="input input-code" type="text" autocomplete="off" spellcheck="false" aria-label=format!("Name of extra field {}", at + 1)
                    prop:value=move || field.get().name on:input=move |event| { let name = event_target_value(&event); change(at, &|field| field.name.clone_from(&name)); } />
                <select class="input select" aria-label=format!("Class of extra field {}", at + 1)
                    on:change=move |event| { let class = event_target_value(&event); change(at, &|field| field.class.clone_from(&class)); }>
                    {classes.iter().map(|class| view! {
                        <option value=class.name selected=move || field.get().class == class.name>{class.label}</option>
                    }).collect_view()}
                </select>
                <button class="btn btn-quiet btn-icon btn-small" type="button" aria-label=format!("Remove extra field {}", at + 1) on:click=move |_| remove(at)>
                    <Icon name="x" size=IconSize::Small />
                </button>
            </div>
        }
    };
    view! {
        {move || (0..count.get()).map(row).collect_view()}
        <button class="btn btn-small field-add" type="button" on:click=add><Icon name="plus" size=IconSize::Tiny />"Extra field"</button>
    }
}

fn fields_of(form: &Form) -> &[FieldDraft] {
    match &form.through {
        ThroughDraft::NewModel { fields, .. } => fields,
        ThroughDraft::Automatic | ThroughDraft::Model(_) => &[],
    }
}

fn fields_mut(form: &mut Form) -> Option<&mut Vec<FieldDraft>> {
    match &mut form.through {
        ThroughDraft::NewModel { fields, .. } => Some(fields),
        ThroughDraft::Automatic | ThroughDraft::Model(_) => None,
    }
}
