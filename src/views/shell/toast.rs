//! The toast: one at a time, six seconds, longer while it is looked at.

use std::time::Duration;

use leptos::leptos_dom::helpers::TimeoutHandle;
use leptos::prelude::*;

use crate::state::App;
use crate::state::ui::{ToastKind, Undo};
use crate::ui::{CodeText, Icon, IconSize};

/// How long a toast stays.
const STAY: Duration = Duration::from_secs(6);

/// Shows the toast of the state. The region is always there, so that what comes into it is read out.
#[component]
pub fn Toasts() -> impl IntoView {
    let app = expect_context::<App>();
    let toast = app.ui.toast;
    let timer = StoredValue::new(None::<TimeoutHandle>);
    let stop = move || {
        if let Some(handle) = timer.get_value() {
            handle.clear();
        }
    };
    let start = move || {
        stop();
        timer.set_value(set_timeout_with_handle(move || toast.set(None), STAY).ok());
    };
    Effect::new(move |_| {
        if toast.with(Option::is_some) {
            start();
        }
    });
    let undo = move |_| {
        app.undo();
        toast.set(None);
    };
    let shown = move || {
        toast.get().map(|it| {
            let (icon, class) = match it.kind {
                ToastKind::Done => ("check", "sev-ok"),
                ToastKind::Note => ("info", "sev-info"),
                ToastKind::Failed => ("triangle-alert", "sev-warning"),
            };
            view! {
                <div class="float toast" data-testid="toast" on:mouseenter=move |_| stop() on:mouseleave=move |_| start()>
                    <Icon name=icon size=IconSize::Small class=class />
                    <span class="toast-text"><CodeText text=it.text /></span>
                    {match it.undo {
                        Undo::Offered => view! { <button class="btn btn-quiet btn-small" type="button" on:click=undo>"Undo"</button> }.into_any(),
                        Undo::None => view! {
                            <button class="btn btn-quiet btn-small btn-icon" type="button" aria-label="Dismiss" on:click=move |_| toast.set(None)>
                                <Icon name="x" size=IconSize::Small />
                            </button>
                        }.into_any(),
                    }}
                </div>
            }
        })
    };
    view! { <div class="toasts" role="status" aria-live="polite">{shown}</div> }
}
