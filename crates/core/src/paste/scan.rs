//! Enough of Python's lexing to know what a character of a damaged text is in: code, a string or a comment.
//!
//! The real lexer stops being of use where text is damaged; this one starts every line anew unless a bracket or a string in
//! triple quotes is open.

/// What a character stands in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    Code,
    String,
    Comment,
}

/// What is still open where a line begins.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Open {
    /// How many brackets.
    pub(super) brackets: u32,
    /// The quote of a string in triple quotes.
    pub(super) string: Option<char>,
    /// The line before ended in a backslash.
    pub(super) continued: bool,
    /// A string in single quotes was not closed on its line, which Python refuses.
    pub(super) torn: bool,
}

impl Open {
    /// Whether a statement can begin here.
    pub(super) const fn is_closed(self) -> bool {
        self.brackets == 0 && self.string.is_none() && !self.continued
    }

    /// What is open after `line`.
    pub(super) fn after(self, line: &str) -> Self {
        walk(line, self, &mut |_, _, _| ())
    }
}

/// Goes through a line, tells where each character stands, and returns what is open after it.
pub(super) fn walk(line: &str, open: Open, visit: &mut dyn FnMut(usize, char, Place)) -> Open {
    let mut brackets = open.brackets;
    // The quote and whether there are three of it.
    let mut string = open.string.map(|quote| (quote, true));
    let mut skip = 0_usize;
    let mut comment = false;
    let mut last = ' ';
    for (at, letter) in line.char_indices() {
        if comment {
            visit(at, letter, Place::Comment);
            continue;
        }
        last = letter;
        if skip > 0 {
            skip -= 1;
            visit(at, letter, Place::String);
            continue;
        }
        let rest = line.get(at..).unwrap_or_default();
        match string {
            Some((quote, triple)) => {
                visit(at, letter, Place::String);
                match letter {
                    '\\' => skip = 1,
                    _ if letter != quote => {}
                    _ if !triple => string = None,
                    _ if is_triple(rest, quote) => {
                        skip = 2;
                        string = None;
                    }
                    _ => {}
                }
            }
            None => match letter {
                '#' => {
                    comment = true;
                    visit(at, letter, Place::Comment);
                }
                '"' | '\'' => {
                    let triple = is_triple(rest, letter);
                    skip = if triple { 2 } else { 0 };
                    string = Some((letter, triple));
                    visit(at, letter, Place::String);
                }
                '(' | '[' | '{' => {
                    brackets += 1;
                    visit(at, letter, Place::Code);
                }
                ')' | ']' | '}' => {
                    brackets = brackets.saturating_sub(1);
                    visit(at, letter, Place::Code);
                }
                _ => visit(at, letter, Place::Code),
            },
        }
    }
    Open {
        brackets,
        string: string.filter(|(_, triple)| *triple).map(|(quote, _)| quote),
        continued: last == '\\' && !comment && string.is_none(),
        torn: string.is_some_and(|(_, triple)| !triple),
    }
}

fn is_triple(rest: &str, quote: char) -> bool {
    rest.chars().take(3).filter(|letter| *letter == quote).count() == 3
}

/// The code of a line without its comment and outer blanks.
pub(super) fn code(line: &str, open: Open) -> &str {
    let mut end = line.len();
    walk(line, open, &mut |at, _, place| {
        if place == Place::Comment {
            end = end.min(at);
        }
    });
    line.get(..end).unwrap_or(line).trim()
}

/// How many blanks a line begins with; a tab counts as the next multiple of four.
pub(super) fn indent(line: &str) -> usize {
    let mut width = 0;
    for letter in line.chars() {
        match letter {
            ' ' => width += 1,
            '\t' => width += 4 - width % 4,
            _ => break,
        }
    }
    width
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_string_in_triple_quotes_stays_open() {
        let open = Open::default().after(r#"x = """it's"#);
        assert_eq!(open.string, Some('"'));
        assert!(open.after(r#"over""" + y  # it's"#).is_closed());
    }

    #[test]
    fn a_string_in_single_quotes_ends_with_its_line() {
        let open = Open::default().after("it's (");
        assert!(open.is_closed() && open.torn);
    }

    #[test]
    fn comments_are_no_code() {
        assert_eq!(code("  x = '#'  # (", Open::default()), "x = '#'");
    }
}
