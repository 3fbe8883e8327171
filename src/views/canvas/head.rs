//! The head of the pane: what is shown, and what can be drawn.

use leptos::prelude::*;

use super::scene::{Level, ReverseNames};
use super::state::{Canvas, Panel};
use crate::state::App;
use crate::ui::{Choice, Icon, IconSize, Segmented};

/// Switches and buttons.
#[component]
pub(super) fn Head(
    /// The canvas.
    canvas: Canvas,
) -> impl IntoView {
    let app = expect_context::<App>();
    let choices = canvas.choices;
    let level = Memo::new(move |_| choices.with(|choices| choices.level));
    let shows_names = move || choices.with(|choices| choices.reverse_names == ReverseNames::Shown);
    let toggle_names = move |_| {
        choices.update(|choices| {
            choices.reverse_names = match choices.reverse_names {
                ReverseNames::Shown => ReverseNames::Hidden,
                ReverseNames::Hidden => ReverseNames::Shown,
            };
        });
    };
    let chosen = Memo::new(move |_| {
        let model = app.ui.chosen.with(|chosen| chosen.what.model().map(str::to_owned))?;
        canvas.scene.with(|scene| {
            scene
                .node(&model)
                .filter(|node| node.generated_by.is_none())
                .map(|node| node.model.clone())
        })
    });
    let levels = vec![Choice::new(Level::Models, "Models"), Choice::new(Level::Tables, "Tables")];
    view! {
        <div class="pane-head">
            <Segmented label="Level" class="seg-small" choices=levels value=level on_choose=move |level| choices.update(|choices| choices.level = level) />
            <button class="btn btn-quiet btn-small only-wide" type="button" aria-pressed=move || shows_names().to_string() disabled=move || level.get() == Level::Tables on:click=toggle_names>
                "Reverse names"
            </button>
            <span class="grow"></span>
            {move || chosen.get().map(|model| view! {
                <button class="btn btn-quiet btn-small" type="button" aria-haspopup="dialog" aria-label=format!("Edit {model}") on:click={
                    let model = model.clone();
                    move |_| canvas.panel.set(Some(Panel::Model(model.clone())))
                }>
                    <Icon name="pencil" size=IconSize::Tiny />"Edit"
                </button>
            })}
            <button class="btn btn-quiet btn-small" type="button" aria-haspopup="dialog" on:click=move |_| canvas.panel.set(Some(Panel::NewModel))>
                <Icon name="plus" size=IconSize::Tiny />"Model"
            </button>
            <button class="btn btn-quiet btn-small" type="button" aria-haspopup="dialog" on:click=move |_| {
                let from = chosen.get_untracked();
                canvas.panel.set(Some(Panel::NewRelation { from, to: None }));
            }>
                <Icon name="link" size=IconSize::Tiny />"Relation"
            </button>
        </div>
    }
}
