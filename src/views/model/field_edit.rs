//! A plain field in the inspector: name, class, null, unique, arguments.

use leptos::prelude::*;
use throughline_core::document::Field;
use throughline_core::edit::FieldDraft;
use throughline_core::{Edit, orm};

use super::arguments;
use crate::state::App;
use crate::ui::{Icon, IconSize};
use crate::views::canvas::actions;

/// The controls of one field.
#[component]
pub(super) fn FieldEdit(
    /// The model.
    model: RwSignal<String>,
    /// The field's name.
    field: String,
    /// Makes an edit, and says whether it was made.
    apply: Callback<Edit, bool>,
    /// Why the last edit was not made.
    error: RwSignal<Option<String>>,
) -> impl IntoView {
    let app = expect_context::<App>();
    let name = StoredValue::new(field);
    let declared = Memo::new(move |_| {
        app.derived.document.with(|document| {
            document
                .model(&model.get())
                .and_then(|model| name.with_value(|name| model.field(name)))
                .cloned()
        })
    });
    let read = move |read: fn(&Field) -> bool| {
        move || declared.with(|field| field.as_ref().is_some_and(read))
    };
    let class = Memo::new(move |_| {
        declared
            .with(|field| field.as_ref().map(|field| field.class.text.clone()).unwrap_or_default())
    });
    let written = Memo::new(move |_| {
        declared.with(|field| {
            field
                .as_ref()
                .map(|field| app.derived.source.with(|source| arguments::shown(source, field)))
                .unwrap_or_default()
        })
    });
    let classes = orm::by_id(app.derived.orm.get_untracked())
        .map_or(&[] as &[_], |orm| orm.profile().field_classes);
    let null = orm::by_id(app.derived.orm.get_untracked()).map_or("null", |orm| orm.null_keyword());
    let is_open = RwSignal::new(false);
    let change = move |change: &dyn Fn(&mut FieldDraft)| {
        let mut to = FieldDraft {
            name: name.get_value(),
            class: class.get_untracked(),
            arguments: Vec::new(),
        };
        change(&mut to);
        apply.run(Edit::ChangeField { model: model.get_untracked(), field: name.get_value(), to })
    };
    let set_flag = move |keyword: &'static str, on: bool| {
        change(&|to| to.arguments.push((keyword.to_owned(), on.then(|| "True".to_owned()))))
    };
    let set_arguments = move |text: String| {
        let found = declared.with_untracked(|field| {
            field.as_ref().map(|field| {
                app.derived.source.with_untracked(|source| arguments::changes(source, field, &text))
            })
        });
        match found {
            Some(Ok(changes)) if changes.is_empty() => error.set(None),
            Some(Ok(changes)) => {
                change(&|to| to.arguments.clone_from(&changes));
            }
            Some(Err(why)) => error.set(Some(why)),
            None => {}
        }
    };
    // A class of the user's own, or one that forms do not offer, stays as it is.
    let is_offered = move || classes.iter().any(|offered| offered.name == class.get());
    let label = name.get_value();
    view! {
        <div role="listitem">
        <div class="field-edit">
            <input class="input input-code" type="text" autocomplete="off" spellcheck="false" aria-label=format!("Name of {label}") prop:value=name.get_value()
                on:change=move |event| { let to = event_target_value(&event).trim().to_owned(); change(&|draft| draft.name.clone_from(&to)); } />
            <select class="input select" aria-label=format!("Class of {label}")
                on:change=move |event| { let to = event_target_value(&event); change(&|draft| draft.class.clone_from(&to)); }>
                {move || (!is_offered()).then(|| view! { <option selected=true value=class.get()>{class.get()}</option> })}
                {classes.iter().map(|offered| view! { <option value=offered.name selected=move || class.get() == offered.name>{offered.label}</option> }).collect_view()}
            </select>
            <button class="btn btn-quiet btn-icon btn-small" type="button" aria-label=format!("Options of {label}") aria-expanded=move || is_open.get().to_string() on:click=move |_| is_open.update(|open| *open = !*open)>
                <Icon name=Signal::derive(move || if is_open.get() { "chevron-down" } else { "chevron-right" }) size=IconSize::Small />
            </button>
            <button class="btn btn-quiet btn-icon btn-small" type="button" aria-label=format!("Delete {label}") on:click=move |_| actions::delete_field(app, &model.get_untracked(), &name.get_value())>
                <Icon name="x" size=IconSize::Small />
            </button>
        </div>
        <Show when=move || is_open.get()>
            <div class="field-options">
                <label class="check"><input type="checkbox" prop:checked=read(|field| field.null) on:change=move |event| { set_flag(null, event_target_checked(&event)); } />"May be null"</label>
                <label class="check"><input type="checkbox" prop:checked=read(|field| field.unique) on:change=move |event| { set_flag("unique", event_target_checked(&event)); } />"Unique"</label>
                <input class="input input-code" type="text" autocomplete="off" spellcheck="false" aria-label=format!("Arguments of {}", name.get_value()) placeholder="max_length=100, default=…" prop:value=move || written.get()
                    on:change=move |event| set_arguments(event_target_value(&event)) />
            </div>
        </Show>
        </div>
    }
}
