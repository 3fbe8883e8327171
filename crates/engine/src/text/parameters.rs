//! Parameters: `?`, `?2` and `$2`.

use gluesql_core::sqlparser::tokenizer::Token;

use super::Chunk;
use crate::error::{Result, SqlError};
use crate::outcome::Span;

/// The number of a parameter that is written out, counted from 1.
pub(crate) fn number(name: &str) -> Option<usize> {
    name.strip_prefix(['?', '$'])?.parse().ok().filter(|number| (1..=9999).contains(number))
}

/// How many values a statement takes.
pub(crate) fn count(chunk: &Chunk<'_>) -> Result<usize> {
    let mut most = 0;
    for (token, span) in numbered(&chunk.tokens) {
        if let Token::Placeholder(name) = token {
            let number = number(&name).ok_or_else(|| {
                SqlError::refused(format!("the parameter {name} is not supported"))
                    .hint("write ?, or $1, $2, …")
                    .at(Some(span))
            })?;
            most = most.max(number);
        }
    }
    Ok(most)
}

/// The tokens, where each bare `?` has its number: one more than the largest before it, as in SQLite.
pub(super) fn numbered(tokens: &[(Token, Span)]) -> impl Iterator<Item = (Token, Span)> {
    let mut largest = 0;
    tokens.iter().map(move |(token, span)| {
        let token = match token {
            Token::Placeholder(name) => {
                let name = if name == "?" { format!("?{}", largest + 1) } else { name.clone() };
                largest = largest.max(number(&name).unwrap_or_default());
                Token::Placeholder(name)
            }
            other => other.clone(),
        };
        (token, *span)
    })
}
