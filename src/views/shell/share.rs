//! The share popover: the link, how long it is, and who it can be sent to.

use leptos::prelude::*;
use leptos::task::spawn_local;
use qrcodegen::{QrCode, QrCodeEcc};
use throughline_core::link::{self, Project};

use crate::platform::{clipboard, focus, location};
use crate::state::App;
use crate::state::ui::{Overlay, ToastKind, Undo};
use crate::ui::{Icon, IconSize, Popover};

/// The longest link that the meter has room for.
const FULL: usize = 4_000;

/// The longest link whose QR code a phone reads from a screen without trouble.
const SCANNABLE: usize = 1_000;

/// What the length of a link means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fits {
    Anywhere,
    MostPlaces,
    Files,
}

impl Fits {
    const fn of(length: usize) -> Self {
        match length {
            0..=1_000 => Self::Anywhere,
            1_001..=2_000 => Self::MostPlaces,
            _ => Self::Files,
        }
    }

    const fn words(self) -> &'static str {
        match self {
            Self::Anywhere => "fits anywhere",
            Self::MostPlaces => "fits chats and mail, too long for a QR code",
            Self::Files => "too long for some chats; mail and documents take it",
        }
    }
}

/// The button and the popover. The same button serves wide and narrow; only its words go.
#[component]
pub fn Share() -> impl IntoView {
    let app = expect_context::<App>();
    let open = RwSignal::new(false);
    // Palette and keys open it through the overlay.
    Effect::new(move |_| {
        if app.ui.overlay.get() == Some(Overlay::Share) {
            app.ui.overlay.set(None);
            open.set(true);
        }
    });
    let button = ViewFn::from(
        || view! { <Icon name="share-2" size=IconSize::Small /><span class="only-wide">"Share"</span> },
    );
    view! {
        <Popover open role="dialog" button_class="btn share-button" button_label=Some("Share") testid=Some("share") button label="Share" class="share">
            <Body open />
        </Popover>
    }
}

#[component]
fn Body(open: RwSignal<bool>) -> impl IntoView {
    let app = expect_context::<App>();
    let address = Memo::new(move |_| {
        let project = Project::from(&app.content().get());
        format!("{}#{}", location::base(), link::encode(&project))
    });
    let length = move || address.with(String::len);
    let copy = move |_| {
        spawn_local(async move {
            let text = address.get_untracked();
            match clipboard::copy(&text).await {
                Ok(()) => {
                    open.set(false);
                    app.toast(
                        ToastKind::Done,
                        format!("Link copied, {} characters", grouped(text.len())),
                        Undo::None,
                    );
                }
                Err(why) => app.toast(ToastKind::Failed, why, Undo::None),
            }
        });
    };
    let width = move || (length().min(FULL) * 1000 / FULL).to_string();
    view! {
        <div class="popover-head">
            <span class="grow">"Share"</span>
            <button class="btn btn-quiet btn-icon btn-small" type="button" aria-label="Close" on:click=move |_| open.set(false)>
                <Icon name="x" size=IconSize::Small />
            </button>
        </div>
        <div class="popover-body">
            <p class="sentence">"The link holds models, rows, layout and query. Nothing is sent to a server."</p>
            <div class="copy-row">
                <input
                    class="input input-code"
                    aria-label="Link"
                    data-testid="link"
                    readonly
                    prop:value=move || address.get()
                    on:focus=|event| focus::select_all(&event)
                />
                <button class="btn btn-primary" type="button" on:click=copy><Icon name="copy" size=IconSize::Small />"Copy"</button>
            </div>
            <div class="meter">
                <svg class="meter-track" viewBox="0 0 1000 6" preserveAspectRatio="none" aria-hidden="true">
                    <rect class="meter-fill" class:is-long=move || Fits::of(length()) == Fits::Files width=width height="6"></rect>
                </svg>
                <div class="meter-scale" aria-hidden="true"><span>"0"</span><span>"1,000"</span><span>"2,000"</span><span>"4,000"</span></div>
                <div class="row">
                    <span class="num"><b class="strong">{move || grouped(length())}</b>" characters"</span>
                    <span class="grow"></span>
                    <span class="subtle">{move || Fits::of(length()).words()}</span>
                </div>
            </div>
            {move || address.with(|address| qr_path(address)).map(|(side, path)| view! {
                <div class="share-qr">
                    <svg class="qr" viewBox=format!("-3 -3 {0} {0}", side + 6) role="img" aria-label="QR code of the link" shape-rendering="crispEdges">
                        <path class="qr-dark" d=path></path>
                    </svg>
                    <span>"Scan it from a wall or a sheet."</span>
                </div>
            })}
        </div>
    }
}

/// The side of a QR code of this text in modules, and its dark modules as a path; `None` where it would be too dense to scan.
fn qr_path(text: &str) -> Option<(i32, String)> {
    let code =
        QrCode::encode_text(text, QrCodeEcc::Low).ok().filter(|_| text.len() <= SCANNABLE)?;
    let side = code.size();
    let dark = (0..side)
        .flat_map(|y| (0..side).map(move |x| (x, y)))
        .filter(|(x, y)| code.get_module(*x, *y));
    Some((side, dark.map(|(x, y)| format!("M{x} {y}h1v1h-1z")).collect()))
}

/// A number with commas between thousands.
pub(super) fn grouped(number: usize) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_link_has_no_code() {
        assert!(
            qr_path("https://example.org/#1.abc")
                .is_some_and(|(side, path)| side >= 21 && path.starts_with("M0 0h1"))
        );
        assert!(qr_path(&"a".repeat(SCANNABLE + 1)).is_none());
    }

    #[test]
    fn thousands_are_grouped() {
        assert_eq!(
            ["7", "1,234", "12,345,678"],
            [grouped(7), grouped(1234), grouped(12_345_678)]
                .map(|text| text)
                .each_ref()
                .map(String::as_str)
        );
    }
}
