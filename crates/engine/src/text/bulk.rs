//! Rows of literals: of `INSERT … VALUES` with many rows only the first goes through the parser, which would take most of the time of a long one.

use std::ops::Range;

use gluesql_core::sqlparser::ast::{Expr as Ast, SetExpr, Statement, UnaryOperator, Value};
use gluesql_core::sqlparser::keywords::Keyword;
use gluesql_core::sqlparser::tokenizer::Token;

use super::plain_number;
use crate::outcome::Span;

/// The rows after the first, and where they stand among the tokens.
pub(super) struct Bulk {
    pub(super) place: Range<usize>,
    rows: Vec<Vec<Ast>>,
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

/// Puts the rows after the one that the parser has read.
pub(super) fn put_back(statement: &mut Statement, bulk: Bulk) -> bool {
    let Statement::Insert(insert) = statement else { return false };
    let source = insert.source.as_mut().map(|source| &mut *source.body);
    let Some(SetExpr::Values(values)) = source else { return false };
    values.rows.extend(bulk.rows);
    true
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
fn row(tokens: &[(Token, Span)], start: usize) -> Option<(Vec<Ast>, usize)> {
    let token = |at: usize| tokens.get(at).map(|(token, _)| token);
    if token(start)? != &Token::LParen {
        return None;
    }
    let (mut row, mut at) = (Vec::new(), start + 1);
    loop {
        let (cell, next) = match (token(at)?, token(at + 1)) {
            (Token::Minus, Some(Token::Number(text, long))) => {
                let expr = Box::new(Ast::Value(number(text, *long)?));
                (Ast::UnaryOp { op: UnaryOperator::Minus, expr }, at + 2)
            }
            (token, _) => (Ast::Value(literal(token)?), at + 1),
        };
        row.push(cell);
        match token(next)? {
            Token::Comma => at = next + 1,
            Token::RParen => return Some((row, next + 1)),
            _ => return None,
        }
    }
}

fn literal(token: &Token) -> Option<Value> {
    Some(match token {
        Token::Number(text, long) => number(text, *long)?,
        Token::SingleQuotedString(text) => Value::SingleQuotedString(text.clone()),
        token if is(token, Keyword::NULL) => Value::Null,
        token if is(token, Keyword::TRUE) => Value::Boolean(true),
        token if is(token, Keyword::FALSE) => Value::Boolean(false),
        _ => return None,
    })
}

fn number(text: &str, long: bool) -> Option<Value> {
    Some(Value::Number(plain_number(text).parse().ok()?, long))
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
        let literals =
            "(1, -2, 'it''s', 1e3), (2, 7., NULL, -0.5), (3, 9223372036854775807, '', 1.)";
        let mut session = Session::new();
        session.run("CREATE TABLE a (id INTEGER, n REAL, t TEXT, x REAL)");
        session.run("CREATE TABLE b (id INTEGER, n REAL, t TEXT, x REAL)");
        for (table, more) in [("a", ""), ("b", ", (4 + 0, 0, 'x', 0)")] {
            let outcomes = session
                .run(&format!("INSERT INTO {table} VALUES (0, 0, 'first', 0), {literals}{more}"));
            assert!(outcomes.iter().all(|outcome| outcome.result.is_ok()), "{outcomes:?}");
        }
        let short = rows(&mut session, "SELECT * FROM a ORDER BY id");
        assert_eq!(short, rows(&mut session, "SELECT * FROM b WHERE id < 4 ORDER BY id"));
        assert_eq!(short.len(), 4);
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
