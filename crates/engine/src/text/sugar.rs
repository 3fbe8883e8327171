//! Short forms that SQLite takes and the parser does not, written out before it sees them: `x NOT NULL`, `x ISNULL`, `x IN t`.

use std::borrow::Cow;

use gluesql_core::sqlparser::tokenizer::{Token, Word};

use super::reserved;
use crate::outcome::Span;

type Placed = (Token, Span);

/// The tokens with short forms written out. What is put in has the place of what it stands for.
pub(super) fn plain(tokens: &[Placed]) -> Cow<'_, [Placed]> {
    let needed = tokens.windows(2).any(|pair| match pair {
        [(a, _), (b, _)] => {
            is(b, "ISNULL")
                || is(b, "NOTNULL")
                || (is(a, "NOT") && is(b, "NULL"))
                || (is(a, "IN") && matches!(b, Token::Word(_)))
        }
        _ => false,
    });
    // In definitions, NOT NULL is a constraint.
    let defines =
        tokens.first().is_some_and(|(first, _)| is(first, "CREATE") || is(first, "ALTER"));
    if !needed || defines {
        return Cow::Borrowed(tokens);
    }
    let mut out: Vec<Placed> = Vec::with_capacity(tokens.len() + 8);
    let mut open: Vec<bool> = Vec::new();
    let mut rest = tokens.iter().peekable();
    while let Some((token, span)) = rest.next() {
        let before = out.last().map(|(token, _)| token);
        let after_value = before.is_some_and(ends_value);
        let short: &[&str] = match token {
            _ if is(token, "ISNULL") => &["IS", "NULL"],
            _ if is(token, "NOTNULL") => &["IS", "NOT", "NULL"],
            _ if is(token, "NOT") && rest.peek().is_some_and(|(next, _)| is(next, "NULL")) => {
                &["IS", "NOT"]
            }
            _ => &[],
        };
        match token {
            _ if after_value && !short.is_empty() => {
                out.extend(short.iter().map(|word| (keyword(word), *span)));
            }
            Token::LParen => {
                // POSITION(a IN b) is no membership.
                open.push(before.is_some_and(|before| is(before, "POSITION")));
                out.push((token.clone(), *span));
            }
            Token::RParen => {
                open.pop();
                out.push((token.clone(), *span));
            }
            _ if is(token, "IN") && open.last() != Some(&true) => {
                out.push((token.clone(), *span));
                if let Some((name @ Token::Word(word), place)) = rest.peek()
                    && (word.quote_style.is_some() || !reserved(&word.value))
                    && !is(name, "UNNEST")
                {
                    out.push((Token::LParen, *place));
                    out.push((keyword("SELECT"), *place));
                    out.push((Token::Mul, *place));
                    out.push((keyword("FROM"), *place));
                    out.push((name.clone(), *place));
                    out.push((Token::RParen, *place));
                    rest.next();
                }
            }
            other => out.push((other.clone(), *span)),
        }
    }
    Cow::Owned(out)
}

fn keyword(word: &str) -> Token {
    Token::make_keyword(word)
}

fn is(token: &Token, wanted: &str) -> bool {
    matches!(token, Token::Word(Word { value, quote_style: None, .. }) if value.eq_ignore_ascii_case(wanted))
}

/// Whether a value can end with this token.
fn ends_value(token: &Token) -> bool {
    match token {
        Token::Word(word) => {
            const OPERATORS: [&str; 7] =
                ["by", "like", "ilike", "glob", "offset", "returning", "some"];
            let text = word.value.to_lowercase();
            word.quote_style.is_some()
                || text == "null"
                || !(reserved(&text) || OPERATORS.contains(&text.as_str()))
        }
        Token::Number(..)
        | Token::SingleQuotedString(_)
        | Token::RParen
        | Token::Placeholder(_) => true,
        _ => false,
    }
}
