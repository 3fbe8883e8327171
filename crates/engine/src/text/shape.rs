//! The shape of a statement: its text with `?` for what it compares with and what it stores.
//!
//! Statements of one shape are parsed once. Only what cannot mean anything else is taken for a shape: a statement that this does not read, or
//! that fails in its shape, is run as it is written, so that no error speaks of a text that nobody wrote.

use crate::outcome::{Cell, Span};

/// The longest text that is taken apart, and most digits of a whole number.
const LONGEST: usize = 2048;
const DIGITS: usize = 18;

/// Operators whose right side may be a parameter.
const COMPARISONS: [&str; 8] = ["=", "==", "<>", "!=", "<", "<=", ">", ">="];

/// Words that may follow the right side of a comparison and leave it what it is.
const FOLLOWING: [&str; 13] = [
    "and",
    "or",
    "where",
    "order",
    "group",
    "having",
    "limit",
    "returning",
    "from",
    "on",
    "union",
    "intersect",
    "except",
];

/// A statement, apart from its values.
pub(crate) struct Shape {
    pub(crate) text: String,
    pub(crate) values: Vec<Cell>,
    /// Where it stands in the script, without the semicolon.
    pub(crate) span: Span,
}

/// A token, as far as it matters here.
#[derive(Clone, Copy, PartialEq)]
enum Piece<'a> {
    Word(&'a str),
    Digits(&'a str),
    /// What stands between its quotes.
    Quoted(&'a str),
    Operator(&'a str),
    Open,
    Close,
    Comma,
    Semicolon,
}

/// What the literals of a clause are.
#[derive(Clone, Copy, PartialEq)]
enum Clause {
    /// WHERE and SET: the right sides of comparisons and assignments.
    Compared,
    /// VALUES, outside its parentheses and within.
    Listed,
    Row,
    /// They may be part of what the statement gives, or of how it does so.
    Other,
}

/// The shape of a script that is one SELECT, INSERT, UPDATE or DELETE.
pub(crate) fn of(sql: &str) -> Option<Shape> {
    if sql.len() > LONGEST {
        return None;
    }
    let mut pieces = pieces(sql)?;
    if let Some((Piece::Semicolon, _)) = pieces.last() {
        pieces.pop();
    }
    let (first, last) = (pieces.first()?, pieces.last()?);
    let begins = ["select", "insert", "update", "delete"];
    if !matches!(first.0, Piece::Word(word) if is_one_of(word, &begins)) {
        return None;
    }
    let span = Span { start: first.1.start, end: last.1.end };
    let mut shape = Shape { text: String::with_capacity(sql.len()), values: Vec::new(), span };
    let mut clause = Clause::Other;
    let mut around = Vec::new();
    let (mut before, mut written) = (None, span.start);
    for (at, (piece, place)) in pieces.iter().enumerate() {
        let next = pieces.get(at + 1).map(|(piece, _)| *piece);
        match piece {
            Piece::Word(word) => clause = opened(word).unwrap_or(clause),
            Piece::Open => {
                around.push(clause);
                clause = match clause {
                    Clause::Compared => Clause::Compared,
                    Clause::Listed => Clause::Row,
                    Clause::Row | Clause::Other => Clause::Other,
                };
            }
            Piece::Close => clause = around.pop()?,
            Piece::Digits(_) | Piece::Quoted(_) if stands_alone(clause, before, next) => {
                shape.values.push(value(*piece)?);
                shape.text.push_str(sql.get(written..place.start)?);
                shape.text.push('?');
                written = place.end;
            }
            Piece::Semicolon => return None,
            Piece::Digits(_) | Piece::Quoted(_) | Piece::Operator(_) | Piece::Comma => {}
        }
        before = Some(*piece);
    }
    shape.text.push_str(sql.get(written..span.end)?);
    Some(shape)
}

/// Whether a literal between these two is a whole right side, or a whole value of a row.
fn stands_alone(clause: Clause, before: Option<Piece<'_>>, next: Option<Piece<'_>>) -> bool {
    match clause {
        Clause::Compared => {
            let compared =
                matches!(before, Some(Piece::Operator(text)) if COMPARISONS.contains(&text));
            compared
                && match next {
                    None | Some(Piece::Close | Piece::Comma) => true,
                    Some(Piece::Word(word)) => is_one_of(word, &FOLLOWING),
                    Some(_) => false,
                }
        }
        Clause::Row => {
            matches!(before, Some(Piece::Open | Piece::Comma))
                && matches!(next, Some(Piece::Close | Piece::Comma))
        }
        Clause::Listed | Clause::Other => false,
    }
}

/// The clause that a word begins.
fn opened(word: &str) -> Option<Clause> {
    const OTHERS: [&str; 13] = [
        "select",
        "from",
        "join",
        "on",
        "group",
        "having",
        "order",
        "limit",
        "offset",
        "returning",
        "union",
        "intersect",
        "except",
    ];
    if is_one_of(word, &["where", "set"]) {
        Some(Clause::Compared)
    } else if is_one_of(word, &["values"]) {
        Some(Clause::Listed)
    } else {
        is_one_of(word, &OTHERS).then_some(Clause::Other)
    }
}

fn is_one_of(word: &str, words: &[&str]) -> bool {
    words.iter().any(|known| word.eq_ignore_ascii_case(known))
}

fn value(piece: Piece<'_>) -> Option<Cell> {
    match piece {
        Piece::Digits(digits) => digits.parse().ok().map(Cell::Int),
        Piece::Quoted(text) => Some(Cell::Text(text.replace("''", "'"))),
        _ => None,
    }
}

/// The tokens of a text that has nothing of what is read in more than one way: comments, parameters, quoted names, letters before quotes.
fn pieces(sql: &str) -> Option<Vec<(Piece<'_>, Span)>> {
    let mut pieces = Vec::with_capacity(sql.len() / 4);
    let mut start = 0;
    while let Some(first) = sql.as_bytes().get(start) {
        let rest = sql.get(start..)?;
        let run = |is: fn(u8) -> bool| {
            let end = rest.bytes().position(|byte| !is(byte)).unwrap_or(rest.len());
            rest.get(..end)
        };
        let is_word = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'.';
        let (piece, length) = match first {
            b' ' | b'\n' | b'\t' | b'\r' => {
                start += 1;
                continue;
            }
            b'(' => (Piece::Open, 1),
            b')' => (Piece::Close, 1),
            b',' => (Piece::Comma, 1),
            b';' => (Piece::Semicolon, 1),
            b'0'..=b'9' => {
                let digits = run(is_word)?;
                let whole =
                    digits.len() <= DIGITS && digits.bytes().all(|byte| byte.is_ascii_digit());
                // A number of another kind stays in the text.
                (if whole { Piece::Digits(digits) } else { Piece::Word(digits) }, digits.len())
            }
            b'a'..=b'z' | b'A'..=b'Z' | b'_' => {
                let word = run(is_word)?;
                if rest.as_bytes().get(word.len()) == Some(&b'\'') {
                    return None;
                }
                (Piece::Word(word), word.len())
            }
            b'\'' => {
                let text = quoted(rest)?;
                (Piece::Quoted(text), text.len() + 2)
            }
            b'=' | b'<' | b'>' | b'!' | b'+' | b'-' | b'*' | b'/' | b'%' | b'|' => {
                let operator = run(|byte| b"=<>!+-*/%|".contains(&byte))?;
                if operator.contains("--") || operator.contains("/*") {
                    return None;
                }
                (Piece::Operator(operator), operator.len())
            }
            _ => return None,
        };
        pieces.push((piece, Span { start, end: start + length }));
        start += length;
    }
    Some(pieces)
}

/// What stands between the quotes at the start of a text.
fn quoted(rest: &str) -> Option<&str> {
    let mut bytes = rest.bytes().enumerate().skip(1);
    loop {
        match bytes.next()? {
            (_, b'\\') => return None,
            (at, b'\'') => match rest.as_bytes().get(at + 1) {
                Some(b'\'') => bytes.next()?,
                _ => return rest.get(1..at),
            },
            other => other,
        };
    }
}

#[cfg(test)]
mod tests {
    use super::of;

    fn shape(sql: &str) -> String {
        of(sql).map_or("none".to_owned(), |shape| format!("{} {:?}", shape.text, shape.values))
    }

    #[test]
    fn takes_out_what_is_compared_and_stored() {
        assert_eq!(
            shape(" SELECT a, 'x' FROM t WHERE id = 17 AND (b <> 'it''s' OR c >= 2) ORDER BY 2; "),
            r#"SELECT a, 'x' FROM t WHERE id = ? AND (b <> ? OR c >= ?) ORDER BY 2 [Int(17), Text("it's"), Int(2)]"#
        );
        assert_eq!(
            shape("UPDATE t SET a = 'new', b = 3 WHERE id = 1"),
            r#"UPDATE t SET a = ?, b = ? WHERE id = ? [Text("new"), Int(3), Int(1)]"#
        );
        assert_eq!(
            shape("INSERT INTO t VALUES (1, 'a', NULL), (2, lower('B'), -3)"),
            r#"INSERT INTO t VALUES (?, ?, NULL), (?, lower('B'), -3) [Int(1), Text("a"), Int(2)]"#
        );
    }

    #[test]
    fn leaves_what_may_mean_something_else() {
        for same in [
            "SELECT 1 = 1 FROM t GROUP BY 1 = 1 LIMIT 3",
            "SELECT a FROM t WHERE a = 1 + 2",
            "SELECT a FROM t WHERE a = 1.5 AND b = - 1",
            "SELECT a FROM t WHERE EXISTS (SELECT b = 1 FROM u HAVING c = 2)",
            "SELECT a FROM t WHERE a = 'x' COLLATE NOCASE",
            "SELECT a FROM t WHERE a LIKE 'x%' AND b BETWEEN 1 AND 2",
        ] {
            assert_eq!(shape(same), format!("{same} []"));
        }
    }

    #[test]
    fn refuses_what_it_cannot_read() {
        for text in [
            "CREATE TABLE t (a INTEGER DEFAULT 1)",
            "SELECT 1; SELECT 2",
            "SELECT a FROM t -- c",
            "SELECT a FROM t WHERE a = X'00'",
            "SELECT a FROM t WHERE \"a\" = 1",
            "SELECT a FROM t WHERE a = ?",
            "SELECT a FROM t WHERE a = 'x",
            "SELECT a FROM t WHERE a = 1)",
            "",
        ] {
            assert_eq!(shape(text), "none", "{text}");
        }
    }
}
