//! Rows of literals: of `INSERT … VALUES` with many rows only the first goes through the parser, which would take most of the time of a long one.

use std::ops::Range;

use gluesql_core::data::Value;
use gluesql_core::sqlparser::ast::{SetExpr, Statement};
use gluesql_core::sqlparser::keywords::Keyword;
use gluesql_core::sqlparser::tokenizer::Token;

use super::plain_number;
use crate::outcome::Span;
use crate::types::Type;

/// A literal and its type.
pub(crate) type Literal = (Value, Type);

/// The rows after the first, and where they stand among the tokens.
pub(super) struct Bulk {
    pub(super) place: Range<usize>,
    pub(super) rows: Vec<Vec<Literal>>,
}

/// The rows after the first of an INSERT, if all of them are nothing but literals.
pub(super) fn rows(tokens: &[(Token, Span)]) -> Option<Bulk> {
    let token = |at: usize| tokens.get(at).map(|(token, _)| token);
    if !is(token(0)?, Keyword::INSERT) && !is(token(0)?, Keyword::REPLACE) {
        return None;
    }
    let values = tokens.iter().position(|(token, _)| is(token, Keyword::VALUES))?;
    let start = end_of_row(tokens, values + 1)?;
    let (mut at, mut rows) = (start, Vec::new());
    while token(at) == Some(&Token::Comma) {
        let (row, next) = row(tokens, at + 1)?;
        rows.push(row);
        at = next;
    }
    let ends =
        token(at).is_none_or(|token| is(token, Keyword::ON) || is(token, Keyword::RETURNING));
    (ends && !rows.is_empty()).then_some(Bulk { place: start..at, rows })
}

/// Whether rows can follow those that the parser has read.
pub(super) fn can_follow(statement: &Statement) -> bool {
    let Statement::Insert(insert) = statement else { return false };
    let source = insert.source.as_ref().map(|source| &*source.body);
    matches!(source, Some(SetExpr::Values(_)))
}

fn is(token: &Token, keyword: Keyword) -> bool {
    matches!(token, Token::Word(word) if word.quote_style.is_none() && word.keyword == keyword)
}

/// Where the first row ends.
fn end_of_row(tokens: &[(Token, Span)], start: usize) -> Option<usize> {
    let mut depth = 0_usize;
    for (at, (token, _)) in tokens.iter().enumerate().skip(start) {
        match token {
            Token::LParen => depth += 1,
            Token::RParen => depth = depth.checked_sub(1)?,
            _ => {}
        }
        if depth == 0 {
            return (at > start).then_some(at + 1);
        }
    }
    None
}

/// A row in parentheses, and where it ends.
fn row(tokens: &[(Token, Span)], start: usize) -> Option<(Vec<Literal>, usize)> {
    let token = |at: usize| tokens.get(at).map(|(token, _)| token);
    if token(start)? != &Token::LParen {
        return None;
    }
    let (mut row, mut at) = (Vec::new(), start + 1);
    loop {
        let (cell, next) = match (token(at)?, token(at + 1)) {
            (Token::Minus, Some(Token::Number(text, _))) => {
                let negative = match number(text)? {
                    (Value::I64(number), ty) => (Value::I64(-number), ty),
                    (Value::F64(number), ty) => (Value::F64(-number), ty),
                    _ => return None,
                };
                (negative, at + 2)
            }
            (token, _) => (literal(token)?, at + 1),
        };
        row.push(cell);
        match token(next)? {
            Token::Comma => at = next + 1,
            Token::RParen => return Some((row, next + 1)),
            _ => return None,
        }
    }
}

fn literal(token: &Token) -> Option<Literal> {
    Some(match token {
        Token::Number(text, _) => number(text)?,
        Token::SingleQuotedString(text) => (Value::Str(text.clone()), Type::Text),
        token if is(token, Keyword::NULL) => (Value::Null, Type::Null),
        token if is(token, Keyword::TRUE) => (Value::Bool(true), Type::Bool),
        token if is(token, Keyword::FALSE) => (Value::Bool(false), Type::Bool),
        _ => return None,
    })
}

/// A number without a sign, as the checker reads it.
fn number(text: &str) -> Option<Literal> {
    match text.parse() {
        Ok(whole) => Some((Value::I64(whole), Type::Int)),
        Err(_) => Some((Value::F64(plain_number(text).parse().ok()?), Type::Float)),
    }
}

#[cfg(test)]
mod tests {
    use crate::{Answer, Session};

    fn rows(session: &mut Session, sql: &str) -> Vec<Vec<crate::Cell>> {
        match session.run(sql).pop().unwrap().result.unwrap() {
            Answer::Rows { rows, .. } => rows,
            Answer::Affected(_) | Answer::Done => Vec::new(),
        }
    }

    /// What the shortcut takes comes out as what goes through the parser whole, which an expression in the last row sees to.
    #[test]
    fn literal_rows_are_what_the_parser_makes_of_them() {
        let literals = "(1, -2, 'it''s', 1e3), (2, 7., NULL, -0.5), (3, 9223372036854775807, '', 1.), (4, -9223372036854775808, 'x', 12345678901234567890)";
        let mut session = Session::new();
        session.run("CREATE TABLE a (id INTEGER, n REAL, t TEXT, x REAL)");
        session.run("CREATE TABLE b (id INTEGER, n REAL, t TEXT, x REAL)");
        for (table, more) in [("a", ""), ("b", ", (5 + 0, 0, 'x', 0)")] {
            let outcomes = session
                .run(&format!("INSERT INTO {table} VALUES (0, 0, 'first', 0), {literals}{more}"));
            assert!(outcomes.iter().all(|outcome| outcome.result.is_ok()), "{outcomes:?}");
        }
        let short = rows(&mut session, "SELECT * FROM a ORDER BY id");
        assert_eq!(short, rows(&mut session, "SELECT * FROM b WHERE id < 5 ORDER BY id"));
        assert_eq!(short.len(), 5);
    }

    #[test]
    fn what_follows_the_rows_still_counts() {
        let mut session = Session::new();
        session.run("CREATE TABLE a (id INTEGER PRIMARY KEY, t TEXT)");
        let returned = rows(
            &mut session,
            "INSERT INTO a VALUES (1, 'a'), (2, 'b'), (1, 'c') ON CONFLICT DO NOTHING RETURNING id",
        );
        assert_eq!(returned.len(), 2);
        let outcomes = session.run("INSERT INTO a VALUES (3, 'a'), (4, 'b', 5)");
        assert!(outcomes[0].result.is_err());
        assert_eq!(rows(&mut session, "SELECT * FROM a").len(), 2);
    }
}
