//! What is wrong with a script, at its place, and what became of the engine.

use std::sync::Arc;

use leptos::prelude::*;
use throughline_core::document::LineIndex;
use throughline_worker::protocol::{Fault, FaultKind};

use crate::state::App;
use crate::state::run::{Failed, News, Status, Tone};
use crate::ui::{CodeText, Icon, IconSize, SqlText};

/// Lines of the script that are shown around the mark.
const LINES: usize = 3;

/// The error of a script. What is not supported looks another way than what is wrong.
#[component]
pub fn ScriptError(
    /// The error.
    failed: Arc<Failed>,
) -> impl IntoView {
    let app = expect_context::<App>();
    let Failed { sql, fault, ran } = &*failed;
    let (class, icon, tone, squiggle) = match fault.kind {
        FaultKind::Error => {
            ("notice notice-error", "circle-x", "sev sev-error", "squiggle is-hovered")
        }
        FaultKind::Refused => (
            "notice notice-warning",
            "triangle-alert",
            "sev sev-warning",
            "squiggle squiggle-warning",
        ),
    };
    let place = fault.range.map(|range| {
        let place = LineIndex::new(sql).line_column(sql, range.start);
        let text = format!("[{}, {}]", place.line, place.column);
        view! {
            <button class="problem-where" type="button" title="Show it in the query" on:click=move |_| {
                app.engine.go_to.set(None);
                app.engine.go_to.set(Some(range.start));
            }>{text}</button>
        }
    });
    let before = match ran {
        0 => None,
        1 => Some("The statement before it ran, and stays done.".to_owned()),
        ran => Some(format!("The {ran} statements before it ran, and stay done.")),
    };
    let excerpt = excerpt(sql, fault);
    view! {
        <div class="query-error" data-testid="sql-error" data-kind=match fault.kind { FaultKind::Error => "error", FaultKind::Refused => "refused" } role="alert">
            {excerpt.map(|(text, mark)| view! {
                <div class="code-block"><SqlText sql=text mark=mark mark_class=squiggle /></div>
            })}
            <div class=class>
                <Icon name=icon class=tone />
                <span class="notice-title"><CodeText text=sentence(&fault.message) /></span>
                <span>{place}</span>
                {fault.hint.clone().map(|hint| view! { <span class="notice-text"><CodeText text=hint /></span> })}
                {before.map(|before| view! { <span class="notice-text">{before}</span> })}
            </div>
        </div>
    }
}

/// A message with a capital at its beginning, unless that is code.
fn sentence(message: &str) -> String {
    let mut rest = message.chars();
    rest.next().map(|first| first.to_uppercase().chain(rest).collect()).unwrap_or_default()
}

/// The lines that hold the mark, and the mark in them.
fn excerpt(sql: &str, fault: &Fault) -> Option<(String, std::ops::Range<usize>)> {
    let range = fault.range?;
    let (start, end) = (range.start as usize, range.end as usize);
    let begin = sql.get(..start)?.rfind('\n').map_or(0, |at| at + 1);
    let rest = sql.get(begin..)?;
    let text: String = rest
        .split_inclusive('\n')
        .take(LINES)
        .scan(begin, |at, line| {
            let shown = *at < end.max(start + 1);
            *at += line.len();
            shown.then_some(line)
        })
        .collect();
    let text = text.trim_end().to_owned();
    let mark = start - begin
        ..end.saturating_sub(begin).clamp(start - begin, text.len().max(start - begin));
    Some((text, mark))
}

/// What became of the engine.
#[component]
pub fn EngineNews(
    /// What to say.
    news: News,
) -> impl IntoView {
    let app = expect_context::<App>();
    let (class, icon, tone) = match news.tone {
        Tone::Info => ("notice", "info", "sev sev-info"),
        Tone::Warning => ("notice notice-warning", "triangle-alert", "sev sev-warning"),
        Tone::Error => ("notice notice-error", "circle-x", "sev sev-error"),
    };
    view! {
        <div class=class role="status" data-testid="engine-news">
            <Icon name=icon class=tone />
            <span class="notice-title">{news.title}</span>
            <button class="btn btn-quiet btn-small btn-icon" type="button" aria-label="Dismiss" on:click=move |_| app.engine.news.set(None)>
                <Icon name="x" size=IconSize::Small />
            </button>
            <span class="notice-text"><CodeText text=news.text /></span>
            <Show when=move || app.engine.status.with(|status| *status == Status::Broken)>
                <span class="notice-actions"><button class="btn btn-small" type="button" on:click=move |_| app.engine.restart()>"Try again"</button></span>
            </Show>
        </div>
    }
}

#[cfg(test)]
mod tests {
    use throughline_worker::protocol::Range;

    use super::*;

    fn fault(start: u32, end: u32) -> Fault {
        Fault {
            kind: FaultKind::Error,
            message: String::new(),
            hint: None,
            range: Some(Range { start, end }),
        }
    }

    #[test]
    fn the_line_of_the_mark_is_shown() {
        assert_eq!(
            excerpt("SELECT\nnaem FROM a;\nSELECT 2", &fault(7, 11)),
            Some(("naem FROM a;".into(), 0..4))
        );
        assert_eq!(excerpt("a\nbc\nd", &fault(3, 6)), Some(("bc\nd".into(), 1..4)));
    }

    #[test]
    fn a_mark_at_the_end_or_outside_is_harmless() {
        assert_eq!(excerpt("SELECT (", &fault(8, 8)), Some(("SELECT (".into(), 8..8)));
        assert_eq!(excerpt("a", &fault(5, 9)), None);
    }
}
