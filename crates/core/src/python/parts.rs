//! Recovery from source that is half typed: a bracket that is not closed yet must not swallow the classes after it.

use std::ops::Range;

/// Words that begin a statement at the left margin, and hardly anything else.
const STARTS: [&str; 10] =
    ["class", "def", "async", "from", "import", "if", "try", "with", "for", "while"];

/// Where statements begin at the left margin, outside of strings in triple quotes; the first part begins at 0.
pub(super) fn parts(source: &str) -> Vec<Range<usize>> {
    let mut starts = vec![0];
    let mut unsure = Vec::new();
    let mut quote: Option<&str> = None;
    let mut offset = 0;
    for line in source.split_inclusive('\n') {
        let word: &str = line
            .split(|letter: char| !letter.is_alphanumeric() && letter != '_')
            .next()
            .unwrap_or_default();
        if offset > 0 && (line.starts_with('@') || STARTS.contains(&word)) {
            // Inside a string that is never closed the text counts after all.
            if quote.is_some() { unsure.push(offset) } else { starts.push(offset) }
        }
        let before = quote;
        quote = after(line, quote);
        if before != quote && quote.is_none() {
            unsure.clear();
        }
        offset += line.len();
    }
    if quote.is_some() {
        starts.extend(unsure);
    }
    let ends = starts.iter().skip(1).copied().chain(std::iter::once(source.len()));
    starts.iter().copied().zip(ends).map(|(start, end)| start..end).collect()
}

/// The kind of triple quotes that a line leaves open.
fn after<'a>(line: &str, mut quote: Option<&'a str>) -> Option<&'a str> {
    let mut rest = line;
    loop {
        let found = match quote {
            Some(quote) => rest.find(quote).map(|at| (at, quote)),
            None => ["\"\"\"", "'''"]
                .into_iter()
                .filter_map(|kind| rest.find(kind).map(|at| (at, kind)))
                .min(),
        };
        let Some((at, kind)) = found else { return quote };
        if quote.is_none() && rest.get(..at).is_some_and(|before| before.contains('#')) {
            return None;
        }
        quote =
            if quote.is_some() { None } else { Some(if kind == "'''" { "'''" } else { "\"\"\"" }) };
        rest = rest.get(at + 3..).unwrap_or_default();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(source: &str) -> Vec<&str> {
        parts(source).into_iter().map(|part| &source[part]).collect()
    }

    #[test]
    fn statements_at_the_margin_begin_parts() {
        assert_eq!(
            texts("a = 1\nclass A:\n    def f(): pass\nclass B: pass\n"),
            ["a = 1\n", "class A:\n    def f(): pass\n", "class B: pass\n"]
        );
    }

    #[test]
    fn text_in_triple_quotes_does_not() {
        assert_eq!(
            texts("x = \"\"\"\nclass A:\n\"\"\"\nclass B: pass\n"),
            ["x = \"\"\"\nclass A:\n\"\"\"\n", "class B: pass\n"]
        );
    }

    #[test]
    fn quotes_that_stay_open_hide_nothing() {
        assert_eq!(texts("x = \"\"\"\nclass A: pass\n"), ["x = \"\"\"\n", "class A: pass\n"]);
    }
}
