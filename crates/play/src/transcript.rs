//! Transcripts: what a Python prompt shows, with `>>> ` before what was typed. Read and compared as `doctest` does.

use throughline_core::Span;

/// Something typed at a prompt, and what it is said to show.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Example {
    /// What was typed, without prompts.
    pub(crate) source: String,
    /// What it is said to show, up to the next prompt or an empty line.
    pub(crate) expected: String,
    /// Where it was typed, from its first prompt to the end of its last line.
    pub(crate) span: Span,
}

/// The examples of a transcript; `None` for a text that is none. What stands between them is passed over.
pub(crate) fn examples(text: &str) -> Option<Vec<Example>> {
    let mut lines = text.lines().peekable();
    let mut out = Vec::new();
    while let Some(line) = lines.next() {
        let Some(typed) = after(line, ">>>") else { continue };
        let mut last = line;
        let indent = line.len() - line.trim_start().len();
        let mut source = typed.to_owned();
        while let Some(more) = lines.next_if(|line| after(line, "...").is_some()) {
            source.push('\n');
            source.push_str(after(more, "...").unwrap_or_default());
            last = more;
        }
        let mut expected: Vec<&str> = Vec::new();
        while let Some(shown) =
            lines.next_if(|line| !line.trim().is_empty() && after(line, ">>>").is_none())
        {
            let own = shown.get(..indent).is_some_and(|before| before.trim().is_empty());
            let shown = if own { shown.get(indent..).unwrap_or_default() } else { shown };
            expected.push(if shown.trim() == "<BLANKLINE>" { "" } else { shown });
        }
        let span =
            Span::new(offset(text, line.trim_start()), offset(text, last) + last.len() as u32);
        out.push(Example { source, expected: expected.join("\n"), span });
    }
    (!out.is_empty()).then_some(out)
}

/// Where a part of a text begins in it.
fn offset(text: &str, part: &str) -> u32 {
    (part.as_ptr() as usize).saturating_sub(text.as_ptr() as usize) as u32
}

/// What stands after a prompt.
fn after<'a>(line: &'a str, prompt: &str) -> Option<&'a str> {
    let rest = line.trim_start().strip_prefix(prompt)?;
    if rest.is_empty() { Some(rest) } else { rest.strip_prefix(' ') }
}

/// What an example really showed.
pub(crate) struct Shown<'a> {
    /// What was printed, and the value.
    pub(crate) text: &'a str,
    /// The class and the message of the exception that ended it.
    pub(crate) raised: Option<(&'a str, &'a str)>,
}

/// Whether a transcript says what was shown. `...` stands for anything, and a line may be broken where there is a space.
/// Of a traceback count the exception's class, with or without its module, and its message.
pub(crate) fn agrees(expected: &str, shown: &Shown<'_>) -> bool {
    let traceback = expected.match_indices("Traceback (").find(|(at, _)| {
        expected.get(..*at).is_some_and(|before| before.is_empty() || before.ends_with('\n'))
    });
    let Some((at, _)) = traceback else {
        return shown.raised.is_none() && is_like(expected, shown.text);
    };
    let Some((class, message)) = shown.raised else { return false };
    let printed = expected.get(..at).unwrap_or_default();
    // The stack is indented; what stands at the margin after it is the exception.
    let mut lines = expected.get(at..).unwrap_or_default().lines().skip(1).peekable();
    while lines.next_if(|line| line.starts_with(char::is_whitespace) || *line == "...").is_some() {}
    let last: Vec<&str> = lines.collect();
    let last = last.join("\n");
    let (named, said) = last.split_once(": ").unwrap_or((last.trim_end_matches(':'), ""));
    let named = named.rsplit('.').next().unwrap_or(named);
    named == class && is_like(said, message) && is_like(printed, shown.text)
}

fn is_like(expected: &str, shown: &str) -> bool {
    let (expected, shown) = (one_line(expected), one_line(shown));
    if expected == shown {
        return true;
    }
    let Some((first, rest)) = expected.split_once("...") else { return false };
    let Some(mut left) = shown.strip_prefix(first) else { return false };
    let mut rest = rest;
    // Each part between two `...` is taken where it comes first; the last one must end the text.
    while let Some((part, more)) = rest.split_once("...") {
        let Some((_, after)) = left.split_once(part) else { return false };
        (left, rest) = (after, more);
    }
    left.ends_with(rest)
}

/// With a space for each break.
fn one_line(text: &str) -> String {
    let lines: Vec<&str> = text.trim_end().lines().map(str::trim).collect();
    lines.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(text: &str) -> Shown<'_> {
        Shown { text, raised: None }
    }

    #[test]
    fn a_text_without_prompts_is_no_transcript() {
        assert_eq!(examples("print(1)\n"), None);
        assert_eq!(examples("x = '>>> '\n"), None);
    }

    #[test]
    fn what_is_typed_and_what_is_shown_are_told_apart() {
        let found = examples("Prose.\n\n    >>> for x in (1, 2):\n    ...     x\n    ...\n    1\n    2\n    >>> y\n\nMore prose.\n>>> print()\n<BLANKLINE>\n").unwrap();
        let pairs: Vec<(&str, &str)> =
            found.iter().map(|each| (&*each.source, &*each.expected)).collect();
        assert_eq!(found[1].span, Span::new(71, 76));
        assert_eq!(pairs, [("for x in (1, 2):\n    x\n", "1\n2"), ("y", ""), ("print()", "")]);
    }

    #[test]
    fn dots_stand_for_anything_and_breaks_for_spaces() {
        assert!(agrees("<QuerySet [<A: 1>,\n <A: 2>]>", &text("<QuerySet [<A: 1>, <A: 2>]>\n")));
        assert!(agrees("<QuerySet [<A: 1>, ...]>", &text("<QuerySet [<A: 1>, <A: 2>]>")));
        assert!(agrees("a...b...c", &text("a1b2c")));
        assert!(!agrees("a...b...c", &text("a1b2")));
        assert!(!agrees("1", &text("2")));
        assert!(!agrees("", &text("2")));
    }

    #[test]
    fn of_a_traceback_count_class_and_message() {
        let expected = "Traceback (most recent call last):\n    ...\napp.models.Author.DoesNotExist: Author matching query does not exist.";
        let raised = |class, message| Shown { text: "", raised: Some((class, message)) };
        assert!(agrees(expected, &raised("DoesNotExist", "Author matching query does not exist.")));
        assert!(!agrees(expected, &raised("DoesNotExist", "Book matching query does not exist.")));
        assert!(!agrees(expected, &raised("ValueError", "Author matching query does not exist.")));
        assert!(!agrees(expected, &text("")));
        assert!(agrees(
            "Traceback (most recent call last):\n  ...\nNoMatch",
            &raised("NoMatch", "")
        ));
    }
}
