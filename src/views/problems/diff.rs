//! A fix as the lines that it changes.

use std::sync::Arc;

use leptos::prelude::*;
use throughline_core::TextEdit;
use throughline_core::edit;

/// A line of the change.
#[derive(Debug, PartialEq, Eq)]
enum Line<'a> {
    Gone(&'a str),
    Come(&'a str),
}

/// The lines that edits take out and put in: the whole lines between the first and the last that differ, without those
/// that stay as they are.
fn lines<'a>(before: &'a str, after: &'a str) -> Vec<Line<'a>> {
    let (old, new): (Vec<_>, Vec<_>) = (before.lines().collect(), after.lines().collect());
    let start = old.iter().zip(&new).take_while(|(a, b)| a == b).count();
    let tail = old
        .iter()
        .skip(start)
        .rev()
        .zip(new.iter().skip(start).rev())
        .take_while(|(a, b)| a == b)
        .count();
    let (old, new) = (middle(&old, start, tail), middle(&new, start, tail));
    let stays = |line: &&str, others: &[&str]| others.contains(line);
    // Between the ends lines may repeat on both sides, where a fix changes two far places; they say nothing.
    let gone = old.iter().filter(|line| !stays(line, new)).map(|line| Line::Gone(line));
    let come = new.iter().filter(|line| !stays(line, old)).map(|line| Line::Come(line));
    gone.chain(come).collect()
}

fn middle<'a, 'b>(lines: &'b [&'a str], start: usize, tail: usize) -> &'b [&'a str] {
    lines.get(start..lines.len() - tail).unwrap_or_default()
}

/// Shows the change.
#[component]
pub fn Diff(
    /// The text now.
    source: Arc<str>,
    /// What the fix changes in it.
    edits: Vec<TextEdit>,
) -> impl IntoView {
    let after = edit::apply(&source, &edits);
    let shown = lines(&source, &after);
    let line = |line: &Line<'_>| match line {
        Line::Gone(text) => view! { <span class="diff-del">{format!("-{text}\n")}</span> },
        Line::Come(text) => view! { <span class="diff-add">{format!("+{text}\n")}</span> },
    };
    view! { <div class="why-code" data-testid="fix-diff">{shown.iter().map(line).collect_view()}</div> }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_changed_lines_are_shown() {
        assert_eq!(lines("a\nb\nc", "a\nB\nc"), [Line::Gone("b"), Line::Come("B")]);
        assert_eq!(
            lines("a\nb\nc\nd\n", "a\nx\nc\n"),
            [Line::Gone("b"), Line::Gone("d"), Line::Come("x")]
        );
        assert_eq!(lines("a\n", "a\nb\n"), [Line::Come("b")]);
    }
}
