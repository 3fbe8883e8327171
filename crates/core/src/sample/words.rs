//! What sample rows are made of: the lines of `words.txt`.

use std::sync::LazyLock;

/// What a line is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Use {
    /// Words in a model's name that make its rows people.
    Person,
    /// Names of people: first and last.
    People,
    /// What the rows of a model are called.
    Model,
    /// What stands in a column of text.
    Field,
}

struct Line {
    what: Use,
    words: Vec<&'static str>,
    values: Vec<&'static str>,
}

static LINES: LazyLock<Vec<Line>> =
    LazyLock::new(|| include_str!("words.txt").lines().filter_map(read).collect());

fn read(line: &'static str) -> Option<Line> {
    let (what, rest) = line.split_once(':')?;
    let what = match what {
        "person" => Use::Person,
        "people" => Use::People,
        "model" => Use::Model,
        "field" => Use::Field,
        _ => return None,
    };
    let (words, values) = rest.split_once('=')?;
    let values = values.split('|').map(str::trim).filter(|value| !value.is_empty());
    Some(Line { what, words: words.split_whitespace().collect(), values: values.collect() })
}

/// What a word calls for; `None` where no line has it. The word `*` gets what suits any.
pub(super) fn find(what: Use, word: &str) -> Option<&'static [&'static str]> {
    let line = LINES.iter().find(|line| line.what == what && line.words.contains(&word))?;
    Some(&line.values)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_is_read() {
        let written = include_str!("words.txt")
            .lines()
            .filter(|line| !line.is_empty() && !line.starts_with('#'))
            .count();
        assert_eq!(LINES.len(), written);
        assert!(LINES.iter().all(|line| line.what == Use::Person || line.values.len() > 2));
        for what in [Use::People, Use::Model] {
            assert!(find(what, "*").is_some());
        }
    }
}
