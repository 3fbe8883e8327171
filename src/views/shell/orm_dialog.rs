//! How the models come to another ORM: converted, or the same text read anew.

use leptos::prelude::*;
use throughline_core::convert::Names;
use throughline_core::orm;

use crate::state::App;
use crate::state::ui::Overlay;
use crate::ui::{CodeText, Dialog, Icon};

/// Asks how, where there are models. What cannot be said in the other ORM is shown before anything changes.
#[component]
pub fn OrmDialog() -> impl IntoView {
    let app = expect_context::<App>();
    let wanted = Memo::new(move |_| match app.ui.overlay.get() {
        Some(Overlay::Switch(id)) => orm::by_id(id).map(|orm| orm.profile().id),
        _ => None,
    });
    let open = Signal::derive(move || wanted.with(Option::is_some));
    let on_close = Callback::new(move |()| app.ui.overlay.set(None));
    view! {
        <Dialog label="Switch ORM" class="orm-dialog" open on_close>
            {move || wanted.get().map(|id| view! { <Ways id /> })}
        </Dialog>
    }
}

#[component]
fn Ways(id: &'static str) -> impl IntoView {
    let app = expect_context::<App>();
    let title = orm::by_id(id).map_or(id, |orm| orm.profile().title);
    let now = orm::by_id(app.derived.orm.get_untracked()).map_or("", |orm| orm.profile().title);
    let source = app.derived.source.get_untracked();
    // A text that is that ORM's already only has to be read as such.
    let fits = orm::recognise(&source).is_some_and(|found| found.orm.profile().id == id);
    let close = move || app.ui.overlay.set(None);
    let read = move |_| {
        close();
        app.read_as(id);
    };
    let converted = app.converted(id, Names::Keep);
    let can_convert = converted.is_some();
    let (text, unsaid) = converted.unwrap_or_default();
    let convert = move |_| {
        close();
        app.become_orm(id, &text);
    };
    let lost = match unsaid.len() {
        0 if can_convert => format!("{title} can say all of it."),
        0 => format!("These models cannot be written for {title} yet."),
        1 => format!("{title} cannot say one thing:"),
        count => format!("{title} cannot say {count} things:"),
    };
    let lines =
        unsaid.into_iter().map(|line| view! { <li><CodeText text=line /></li> }).collect_view();
    let class = |first: bool| if first { "btn btn-primary" } else { "btn" };
    view! {
        <h2 class="dialog-title">{format!("From {now} to {title}")}</h2>
        <div class="dialog-body">
            {fits.then(|| view! { <p class="dialog-fits"><Icon name="info" class="sev-info" />{format!("This text reads like {title} already.")}</p> })}
            <p>{format!("Converting writes the same models in the words of {title}. {lost}")}</p>
            <ul class="dialog-list" data-testid="unsaid">{lines}</ul>
            <p>{format!("Reading leaves the text as it is, and takes it for {title}.")}</p>
        </div>
        <div class="dialog-foot">
            <button class="btn btn-quiet" type="button" on:click=move |_| close()>"Cancel"</button>
            <span class="grow"></span>
            <button class=class(fits || !can_convert) type="button" on:click=read>{format!("Read as {title}")}</button>
            {can_convert.then(|| view! { <button class=class(!fits) type="button" on:click=convert>"Convert the models"</button> })}
        </div>
    }
}
