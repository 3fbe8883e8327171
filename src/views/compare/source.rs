//! The models as another ORM's source.

use leptos::prelude::*;
use throughline_core::convert::Names;
use throughline_core::orm;

use crate::platform::clipboard;
use crate::state::App;
use crate::state::ui::{Overlay, ToastKind, Undo};
use crate::ui::{CodeText, Dialog};

/// Shows the source that the comparison was made from, with what it cannot say.
#[component]
pub fn SourceDialog() -> impl IntoView {
    let app = expect_context::<App>();
    let wanted = Memo::new(move |_| match app.ui.overlay.get() {
        Some(Overlay::Written(id)) => Some(id),
        _ => None,
    });
    let on_close = Callback::new(move |()| app.ui.overlay.set(None));
    view! {
        <Dialog label="Source in another ORM" class="source-dialog" open=Signal::derive(move || wanted.with(Option::is_some)) on_close>
            {move || wanted.get().map(|id| body(app, id))}
        </Dialog>
    }
}

fn body(app: App, id: &'static str) -> AnyView {
    let title = orm::by_id(id).map_or(id, |orm| orm.profile().title);
    let is_own = app.derived.orm.get_untracked() == id;
    let close = move || app.ui.overlay.set(None);
    let written = if is_own {
        Some((app.derived.source.get_untracked().to_string(), Vec::new()))
    } else {
        app.converted(id, Names::OrmDefault)
    };
    let (source, unsaid) = written.unwrap_or_default();
    let text = source.clone();
    let copy = move |_| {
        let text = text.clone();
        leptos::task::spawn_local(async move {
            match clipboard::copy(&text).await {
                Ok(()) => app.toast(ToastKind::Done, "Source copied", Undo::None),
                Err(why) => app.toast(ToastKind::Failed, why, Undo::None),
            }
        });
    };
    let switch = move |_| {
        close();
        app.switch_orm(id);
    };
    let lines =
        unsaid.into_iter().map(|line| view! { <li><CodeText text=line /></li> }).collect_view();
    view! {
        <h2 class="dialog-title">{format!("These models in {title}")}</h2>
        <div class="dialog-body">
            <ul class="dialog-list">{lines}</ul>
            <pre class="code-block dialog-code" tabindex="0" aria-label=format!("Source in {title}")>{source}</pre>
        </div>
        <div class="dialog-foot">
            <button class="btn btn-quiet" type="button" on:click=move |_| close()>"Close"</button>
            <span class="grow"></span>
            {(!is_own).then(|| view! { <button class="btn" type="button" on:click=switch>{format!("Switch to {title}")}</button> })}
            <button class="btn btn-primary" type="button" on:click=copy>"Copy"</button>
        </div>
    }
    .into_any()
}
