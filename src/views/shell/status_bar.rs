//! The status bar.

use std::time::Duration;

use leptos::leptos_dom::helpers::TimeoutHandle;
use leptos::prelude::*;
use throughline_core::link::{self, Project};
use throughline_core::{Severity, resolve::Resolved};

use super::share::grouped;
use crate::platform::location;
use crate::state::App;
use crate::state::ui::Saved;
use crate::ui::{Icon, IconSize};

/// The link is measured when nothing has changed for so long; compressing it costs more than a keystroke may.
const REST: Duration = Duration::from_millis(400);

/// Counts, the caret, the link's length, and whether the work is kept.
#[component]
pub fn StatusBar() -> impl IntoView {
    let app = expect_context::<App>();
    let count = move |severity: Severity| {
        Memo::new(move |_| {
            app.derived
                .diagnostics
                .with(|all| all.iter().filter(|diagnostic| diagnostic.severity == severity).count())
        })
    };
    let (errors, warnings, advice) =
        (count(Severity::Error), count(Severity::Warning), count(Severity::Advice));
    let contents = Memo::new(move |_| app.derived.resolved.with(|resolved| contents(resolved)));
    let caret = move || {
        let (line, column) = app.ui.caret.get();
        format!("Ln {line}, Col {column}")
    };
    let length = link_length(app);
    view! {
        <footer class="status" aria-label="Status">
            <Count count=errors icon="circle-x" class="sev sev-error" one="error" many="errors" />
            <Count count=warnings icon="triangle-alert" class="sev sev-warning" one="warning" many="warnings" />
            <Count count=advice icon="info" class="sev sev-info" one="hint" many="hints" />
            <span class="status-item" data-testid="contents">{contents}</span>
            <span class="grow"></span>
            <span class="status-item num">{caret}</span>
            <span class="status-item num">{move || length.get().map(|length| format!("Link {} characters", grouped(length)))}</span>
            <SavedItem />
        </footer>
    }
}

#[component]
fn Count(
    count: Memo<usize>,
    icon: &'static str,
    class: &'static str,
    one: &'static str,
    many: &'static str,
) -> impl IntoView {
    view! {
        <Show when=move || { count.get() > 0 }>
            <span class="status-item"><Icon name=icon size=IconSize::Tiny class=class />{move || counted(count.get(), one, many)}</span>
        </Show>
    }
}

#[component]
fn SavedItem() -> impl IntoView {
    let app = expect_context::<App>();
    let shown = move || match app.ui.saved.get() {
        // Saving is due in a moment, and when the page goes: nothing that a reader has to follow.
        Saved::Yes | Saved::Pending => ("check", "sev sev-ok", "Saved in this browser".to_owned()),
        Saved::No(why) | Saved::Blocked(why) => (
            "triangle-alert",
            "sev sev-warning",
            format!("Not saved. {why} Share copies a link that holds everything."),
        ),
    };
    view! {
        <span class="status-item" data-testid="saved">
            {move || {
                let (icon, class, words) = shown();
                view! { <Icon name=icon size=IconSize::Tiny class=class />{words} }
            }}
        </span>
    }
}

/// "3 models, 1 through table, 4 relations".
fn contents(resolved: &Resolved) -> String {
    let through = resolved.through_models().count();
    let models = resolved.models.len() - through;
    let declared = resolved.models.iter().filter(|model| model.generated_by.is_none());
    let relations = declared
        .flat_map(|model| &model.forward)
        .filter(|relation| relation.origin.is_some())
        .count();
    let mut parts = vec![counted(models, "model", "models")];
    if through > 0 {
        parts.push(counted(through, "through table", "through tables"));
    }
    parts.push(counted(relations, "relation", "relations"));
    parts.join(", ")
}

fn counted(count: usize, one: &str, many: &str) -> String {
    format!("{} {}", grouped(count), if count == 1 { one } else { many })
}

fn link_length(app: App) -> RwSignal<Option<usize>> {
    let length = RwSignal::new(None);
    let pending = StoredValue::new(None::<TimeoutHandle>);
    Effect::new(move |_| {
        app.content().track();
        if let Some(handle) = pending.get_value() {
            handle.clear();
        }
        let measure = move || {
            let project = Project::from(&app.content().get_untracked());
            length.set(Some(location::base().len() + 1 + link::encode(&project).len()));
        };
        pending.set_value(set_timeout_with_handle(measure, REST).ok());
    });
    length
}
