//! The head and the body of the source pane.

use std::time::Duration;

use leptos::html;
use leptos::prelude::*;
use throughline_core::orm;

use super::plain::PlainEditor;
use super::rich;
use crate::platform::{editor, focus, rest};
use crate::state::App;
use crate::state::run::Status;
use crate::ui::{Tab, Tabs};

/// How long the editor waits where something runs already; its own start holds up the page as long as a first result takes.
const RUN_FIRST: Duration = Duration::from_millis(500);

/// Whether the rich editor is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Loading {
    Pending,
    Done,
    Failed,
}

/// The models text in CodeMirror; before it has loaded, and where it cannot, in a plain text field.
#[component]
pub fn SourcePane() -> impl IntoView {
    let app = expect_context::<App>();
    let host = NodeRef::<html::Div>::new();
    let loading = RwSignal::new(Loading::Pending);
    let selection = StoredValue::new(None);
    let load = move || {
        editor::load(move |loaded| {
            let beside = host.get_untracked();
            selection.set_value(beside.and_then(|host| focus::selection_beside(&host)));
            loading.set(if loaded { Loading::Done } else { Loading::Failed })
        });
    };
    // After the first paint: nobody waits for the editor to see the page, nor for what was run by then.
    request_animation_frame(move || {
        rest::once_whole(move || {
            let soon = move || match app.engine.status.get_untracked() {
                Status::Running { .. } => set_timeout(load, RUN_FIRST),
                Status::Idle | Status::Starting | Status::Broken => load(),
            };
            set_timeout(soon, Duration::ZERO);
        });
    });
    Effect::new(move |_| {
        if let (Loading::Done, Some(host)) = (loading.get(), host.get()) {
            rich::mount(app, &host, selection.get_value());
        }
    });
    let version = move || {
        let profile = orm::by_id(app.derived.orm.get()).map(|orm| orm.profile());
        profile.map(|profile| format!("{} {}", profile.title, profile.version))
    };
    view! {
        <div class="pane-head has-tabs">
            <Tabs label="Source files" controls="panel-models" tabs=vec![Tab::new((), "models.py")] value=Signal::derive(|| ()) on_choose=|()| () />
            <span class="grow"></span>
            <Show when=move || loading.get() == Loading::Failed>
                <span class="subtle">"Plain editor: the other one could not be loaded"</span>
            </Show>
            <span class="mono-11 subtle only-wide">{version}</span>
        </div>
        <div class="pane-body source-body" id="panel-models" role="tabpanel" aria-label="models.py" data-testid="source">
            <Show when=move || loading.get() != Loading::Done>
                <PlainEditor />
            </Show>
            <div class="editor-host" node_ref=host></div>
        </div>
    }
}
