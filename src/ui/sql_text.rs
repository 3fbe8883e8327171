//! SQL as it is shown: keywords, texts, numbers and comments told apart, and maybe one place marked.

use std::ops::Range;

use leptos::prelude::*;

/// What a piece of SQL is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Plain,
    Keyword,
    Text,
    Number,
    Comment,
}

/// The words that are shown as keywords: those of the SQL that ORMs and the engine write, and the common ones besides.
const KEYWORDS: &[&str] = &[
    "ADD",
    "ALL",
    "ALTER",
    "AND",
    "AS",
    "ASC",
    "AUTOINCREMENT",
    "BEGIN",
    "BETWEEN",
    "BY",
    "CASCADE",
    "CASE",
    "CAST",
    "CHECK",
    "COLLATE",
    "COLUMN",
    "COMMIT",
    "CONSTRAINT",
    "CREATE",
    "CROSS",
    "DEFAULT",
    "DEFERRABLE",
    "DEFERRED",
    "DELETE",
    "DESC",
    "DISTINCT",
    "DROP",
    "ELSE",
    "END",
    "ESCAPE",
    "EXCEPT",
    "EXISTS",
    "FALSE",
    "FOREIGN",
    "FROM",
    "FULL",
    "GENERATED",
    "GROUP",
    "HAVING",
    "IF",
    "IN",
    "INDEX",
    "INITIALLY",
    "INNER",
    "INSERT",
    "INTERSECT",
    "INTO",
    "IS",
    "JOIN",
    "KEY",
    "LEFT",
    "LIKE",
    "LIMIT",
    "NATURAL",
    "NO",
    "NOT",
    "NULL",
    "NULLS",
    "OFFSET",
    "ON",
    "OR",
    "ORDER",
    "OUTER",
    "OVER",
    "PARTITION",
    "PRIMARY",
    "RECURSIVE",
    "REFERENCES",
    "RESTRICT",
    "RETURNING",
    "RIGHT",
    "ROLLBACK",
    "SAVEPOINT",
    "SELECT",
    "SET",
    "TABLE",
    "THEN",
    "TRUE",
    "UNION",
    "UNIQUE",
    "UPDATE",
    "USING",
    "VALUES",
    "VIEW",
    "WHEN",
    "WHERE",
    "WITH",
];

/// SQL in colours.
#[component]
pub fn SqlText(
    /// The SQL.
    #[prop(into)]
    sql: String,
    /// A range of bytes that is underlined.
    #[prop(optional)]
    mark: Option<Range<usize>>,
    /// The underlined range's class: `squiggle`.
    #[prop(optional)]
    mark_class: &'static str,
) -> impl IntoView {
    let mark = mark.unwrap_or_default();
    let mut at = 0;
    let mut pieces = Vec::new();
    for (kind, piece) in tokens(&sql) {
        // The mark may begin or end within a piece.
        let begin = at;
        at += piece.len();
        let cut = |place: usize| place.clamp(begin, at) - begin;
        let (from, to) = (cut(mark.start), cut(mark.end));
        for (range, marked) in [(0..from, false), (from..to, true), (to..piece.len(), false)] {
            let text = piece.get(range).unwrap_or_default();
            if !text.is_empty() {
                pieces.push((class(kind, if marked { mark_class } else { "" }), text.to_owned()));
            }
        }
    }
    let show = |(class, text): (String, String)| {
        if class.is_empty() {
            text.into_any()
        } else {
            view! { <span class=class>{text}</span> }.into_any()
        }
    };
    pieces.into_iter().map(show).collect_view()
}

/// Words that begin a line of a long statement.
const CLAUSES: &[&str] = &[
    "EXCEPT",
    "FROM",
    "GROUP",
    "HAVING",
    "INNER",
    "INTERSECT",
    "LEFT",
    "LIMIT",
    "ORDER",
    "RETURNING",
    "SET",
    "UNION",
    "VALUES",
    "WHERE",
];

/// The same statement with each of its outer clauses on a line of its own; a short one stays in one line.
pub fn laid_out(sql: &str) -> String {
    if sql.len() <= 60 || sql.contains('\n') {
        return sql.to_owned();
    }
    let mut depth = 0_i32;
    let mut out = String::with_capacity(sql.len() + 16);
    for (kind, piece) in tokens(sql) {
        match kind {
            Kind::Keyword
                if depth == 0 && CLAUSES.contains(&piece.to_ascii_uppercase().as_str()) =>
            {
                let kept = out.trim_end().len();
                if kept > 0 && !out.ends_with(['(', '.']) {
                    out.truncate(kept);
                    out.push('\n');
                }
            }
            Kind::Plain if !piece.starts_with('"') => {
                depth += piece.chars().fold(0, |depth, letter| match letter {
                    '(' => depth + 1,
                    ')' => depth - 1,
                    _ => depth,
                });
            }
            Kind::Plain | Kind::Keyword | Kind::Text | Kind::Number | Kind::Comment => {}
        }
        out.push_str(piece);
    }
    out
}

fn class(kind: Kind, mark: &str) -> String {
    let kind = match kind {
        Kind::Plain => "",
        Kind::Keyword => "k",
        Kind::Text => "s",
        Kind::Number => "n",
        Kind::Comment => "c",
    };
    format!("{kind} {mark}").trim().to_owned()
}

/// The whole text in pieces.
fn tokens(sql: &str) -> Vec<(Kind, &str)> {
    let mut tokens: Vec<(Kind, &str)> = Vec::new();
    let mut rest = sql;
    while let Some(first) = rest.chars().next() {
        let (kind, length) = token(rest, first);
        let length = length.max(first.len_utf8());
        let (piece, after) = rest.split_at_checked(length).unwrap_or((rest, ""));
        tokens.push((kind, piece));
        rest = after;
    }
    tokens
}

/// The kind and length of the piece at the beginning of `rest`.
fn token(rest: &str, first: char) -> (Kind, usize) {
    let word = |of: fn(char) -> bool| rest.find(|character| !of(character)).unwrap_or(rest.len());
    let until = |end: &str, from: usize| {
        rest.get(from..)
            .and_then(|rest| rest.find(end))
            .map_or(rest.len(), |at| from + at + end.len())
    };
    match first {
        '\'' => (Kind::Text, until("'", 1)),
        '"' => (Kind::Plain, until("\"", 1)),
        '-' if rest.starts_with("--") => (Kind::Comment, rest.find('\n').unwrap_or(rest.len())),
        '/' if rest.starts_with("/*") => (Kind::Comment, until("*/", 2)),
        '0'..='9' => {
            (Kind::Number, word(|character| character.is_alphanumeric() || character == '.'))
        }
        _ if first.is_alphabetic() || first == '_' => {
            let length = word(|character| character.is_alphanumeric() || character == '_');
            let upper = rest.get(..length).unwrap_or_default().to_ascii_uppercase();
            (
                if KEYWORDS.binary_search(&upper.as_str()).is_ok() {
                    Kind::Keyword
                } else {
                    Kind::Plain
                },
                length,
            )
        }
        _ => (
            Kind::Plain,
            word(|character| {
                !character.is_alphanumeric() && !matches!(character, '\'' | '"' | '-' | '/' | '_')
            }),
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keywords_are_sorted() {
        assert!(KEYWORDS.is_sorted());
    }

    #[test]
    fn pieces_are_told_apart_and_make_up_the_text() {
        let sql = "select \"from\", 'it''s', 1.5 -- all\nFROM åb/*x*/;";
        let tokens = tokens(sql);
        assert_eq!(tokens.iter().map(|(_, piece)| *piece).collect::<String>(), sql);
        let of = |wanted: Kind| {
            tokens
                .iter()
                .filter(|(kind, _)| *kind == wanted)
                .map(|(_, piece)| *piece)
                .collect::<Vec<_>>()
        };
        assert_eq!(of(Kind::Keyword), ["select", "FROM"]);
        assert_eq!(of(Kind::Text), ["'it'", "'s'"]);
        assert_eq!(of(Kind::Number), ["1.5"]);
        assert_eq!(of(Kind::Comment), ["-- all", "/*x*/"]);
    }

    #[test]
    fn clauses_of_long_statements_begin_lines() {
        let sql = "SELECT \"a\".\"from\", (SELECT 1 FROM b) FROM \"a\" LEFT OUTER JOIN b ON (a.id = b.id) WHERE a.x = 'FROM' ORDER BY 1";
        assert_eq!(
            laid_out(sql),
            "SELECT \"a\".\"from\", (SELECT 1 FROM b)\nFROM \"a\"\nLEFT OUTER JOIN b ON (a.id = b.id)\nWHERE a.x = 'FROM'\nORDER BY 1"
        );
        assert_eq!(laid_out("SELECT 1 FROM a"), "SELECT 1 FROM a");
    }

    #[test]
    fn what_is_not_closed_runs_to_the_end() {
        assert_eq!(tokens("'é"), [(Kind::Text, "'é")]);
        assert_eq!(tokens("/*"), [(Kind::Comment, "/*")]);
    }
}
