//! Changes of a text.

use crate::document::Span;
use throughline_order::Arrange as _;

/// Replaces a range of the text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TextEdit {
    /// What goes; empty for an insertion.
    pub span: Span,
    /// What comes.
    pub insert: String,
}

/// Applies edits that do not overlap, in any order; those that do not fit the text are left out.
pub fn apply(source: &str, edits: &[TextEdit]) -> String {
    let mut sorted: Vec<&TextEdit> = edits.iter().collect();
    sorted.arrange_by_key(|edit| edit.span);
    let mut out = String::with_capacity(source.len());
    let mut done = 0;
    for edit in sorted {
        let (start, end) = (edit.span.start as usize, edit.span.end as usize);
        let Some(before) = source.get(done..start) else { continue };
        if source.get(start..end).is_none() {
            continue;
        }
        out.push_str(before);
        out.push_str(&edit.insert);
        done = end;
    }
    out.push_str(source.get(done..).unwrap_or_default());
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn edit(start: u32, end: u32, insert: &str) -> TextEdit {
        TextEdit { span: Span::new(start, end), insert: insert.into() }
    }

    #[test]
    fn edits_apply_in_order_of_place() {
        assert_eq!(apply("abc", &[edit(2, 3, "C"), edit(0, 0, ">")]), ">abC");
    }

    #[test]
    fn an_edit_that_does_not_fit_is_left_out() {
        assert_eq!(apply("abc", &[edit(9, 12, "x"), edit(1, 2, "")]), "ac");
    }
}
