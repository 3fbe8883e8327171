//! Script text: tokens with places, statements, and the parser.
//!
//! `sqlparser` 0.52 keeps no places in its AST. So each word carries its place in its own text until the checker reads it: `name` reaches the
//! parser as `name␁12:16` (keywords are recognised by their own field, which stays as it is).

pub(crate) mod bulk;
pub(crate) mod number;
pub(crate) mod parameters;
pub(crate) mod shape;
mod statement;
mod sugar;
pub(crate) mod write;

use std::any::TypeId;

use gluesql_core::sqlparser::{
    ast::{Expr, Ident, ObjectName, SelectItem, SetExpr, Statement},
    dialect::{Dialect, GenericDialect, PostgreSqlDialect, SQLiteDialect},
    parser::{Parser, ParserError},
    tokenizer::{Location, Token, TokenWithLocation, Tokenizer, Word},
};

use crate::error::{Result, SqlError};
use crate::outcome::Span;

use bulk::Literal;
use throughline_order::Gather as _;

const MARK: char = '\u{1}';

/// How deep parentheses and operators may nest.
const DEPTH: usize = 60;

/// A statement's tokens, each with its place in the script.
pub(crate) struct Chunk<'a> {
    pub(crate) span: Span,
    pub(crate) text: &'a str,
    tokens: Vec<(Token, Span)>,
}

/// The dialect: what SQLite, PostgreSQL and the standard share, and the harmless of what they do not.
#[derive(Debug)]
struct Sql {
    /// Some parts of the parser ask which dialect it is by type.
    poses_as: TypeId,
}

impl Dialect for Sql {
    fn dialect(&self) -> TypeId {
        self.poses_as
    }
    fn is_delimited_identifier_start(&self, ch: char) -> bool {
        matches!(ch, '"' | '`' | '[')
    }
    fn is_identifier_start(&self, ch: char) -> bool {
        ch.is_alphabetic() || ch == '_'
    }
    fn is_identifier_part(&self, ch: char) -> bool {
        ch.is_alphanumeric() || ch == '_' || ch == '$'
    }
    fn supports_filter_during_aggregation(&self) -> bool {
        true
    }
    fn supports_in_empty_list(&self) -> bool {
        true
    }
    fn supports_limit_comma(&self) -> bool {
        true
    }
    fn supports_group_by_expr(&self) -> bool {
        true
    }
    fn supports_asc_desc_in_column_definition(&self) -> bool {
        true
    }
    fn supports_start_transaction_modifier(&self) -> bool {
        true
    }
    fn supports_window_clause_named_window_reference(&self) -> bool {
        true
    }
}

/// Byte offsets of line and column pairs.
struct Places {
    lines: Vec<usize>,
    text: String,
}

impl Places {
    fn new(text: &str) -> Self {
        let lines =
            std::iter::once(0).chain(text.match_indices('\n').map(|(at, _)| at + 1)).gather();
        Self { lines, text: text.to_owned() }
    }

    fn offset(&self, location: &Location) -> usize {
        let line = usize::try_from(location.line).unwrap_or(1).saturating_sub(1);
        let column = usize::try_from(location.column).unwrap_or(1).saturating_sub(1);
        let Some(start) = self.lines.get(line).copied() else { return self.text.len() };
        let rest = self.text.get(start..).unwrap_or_default();
        start + rest.char_indices().nth(column).map_or(rest.len(), |(at, _)| at)
    }
}

/// Splits a script at its semicolons. Whitespace and comments belong to no statement.
pub(crate) fn split(sql: &str) -> Result<Vec<Chunk<'_>>> {
    let dialect = Sql { poses_as: TypeId::of::<GenericDialect>() };
    let tokens = Tokenizer::new(&dialect, sql).tokenize_with_location().map_err(|error| {
        let start = Places::new(sql).offset(&error.location).min(sql.len());
        SqlError::error(format!("this cannot be read as SQL: {}", error.message))
            .at(Some(Span { start, end: sql.len() }))
    })?;
    let mut starts: Vec<usize> = offsets(sql, &tokens);
    starts.push(sql.len());
    let mut chunks = Vec::new();
    let mut current: Vec<(Token, Span)> = Vec::new();
    for (token, place) in tokens.into_iter().zip(starts.windows(2)) {
        let (start, end) = match place {
            [start, end] => (*start, *end),
            _ => (sql.len(), sql.len()),
        };
        match token.token {
            Token::Whitespace(_) => {}
            Token::SemiColon => chunks.extend(chunk(sql, std::mem::take(&mut current))),
            token => current.push((token, Span { start, end })),
        }
    }
    chunks.extend(chunk(sql, current));
    Ok(chunks)
}

/// Byte offsets of all tokens in one pass (the locations are in order).
fn offsets(sql: &str, tokens: &[TokenWithLocation]) -> Vec<usize> {
    let (mut line, mut column) = (1_u64, 1_u64);
    let mut chars = sql.char_indices();
    let mut at = chars.next();
    let mut found = Vec::with_capacity(tokens.len());
    for token in tokens {
        while let Some((_, ch)) = at {
            if (line, column) >= (token.location.line, token.location.column) {
                break;
            }
            if ch == '\n' {
                (line, column) = (line + 1, 1);
            } else {
                column += 1;
            }
            at = chars.next();
        }
        found.push(at.map_or(sql.len(), |(offset, _)| offset));
    }
    found
}

fn chunk(sql: &str, tokens: Vec<(Token, Span)>) -> Option<Chunk<'_>> {
    let span = Span { start: tokens.first()?.1.start, end: tokens.last()?.1.end };
    Some(Chunk { span, text: sql.get(span.start..span.end)?, tokens })
}

/// Parses one statement. Its names carry their places.
///
/// The rows of literals after the first, of an INSERT that has nothing else, come apart from it.
pub(crate) fn parse(chunk: &Chunk<'_>) -> Result<(Statement, Vec<Vec<Literal>>)> {
    guard(chunk)?;
    known_and_unsupported(chunk)?;
    parsed(chunk, &|word, span| format!("{word}{MARK}{}:{}", span.start, span.end))
}

/// Parses one statement that will outlive the script, so that places would mean nothing.
pub(crate) fn parse_without_places(chunk: &Chunk<'_>) -> Result<Statement> {
    parsed(chunk, &|word, _| word.to_owned()).map(|(statement, _)| statement)
}

/// Parses an expression by itself.
pub(crate) fn expression(text: &str) -> Result<Expr> {
    let wrong = || SqlError::refused(format!("this expression is not supported here: {text}"));
    let select = format!("SELECT {text}");
    let chunks = split(&select)?;
    let chunk = chunks.first().ok_or_else(wrong)?;
    let Statement::Query(query) = parse_without_places(chunk)? else { return Err(wrong()) };
    let SetExpr::Select(select) = *query.body else { return Err(wrong()) };
    match select.projection.into_iter().next() {
        Some(SelectItem::UnnamedExpr(expr)) => Ok(expr),
        _ => Err(wrong()),
    }
}

fn parsed(
    chunk: &Chunk<'_>,
    named: &dyn Fn(&str, &Span) -> String,
) -> Result<(Statement, Vec<Vec<Literal>>)> {
    let has_parameters =
        chunk.tokens.iter().any(|(token, _)| matches!(token, Token::Placeholder(_)));
    let numbered: Vec<(Token, Span)>;
    let tokens = if has_parameters {
        numbered = parameters::numbered(&chunk.tokens).gather();
        sugar::plain(&numbered)
    } else {
        sugar::plain(&chunk.tokens)
    };
    let bulk = bulk::rows(&tokens);
    let skipped = bulk.as_ref().map_or(0..0, |bulk| bulk.place.clone());
    let marked = || -> Vec<TokenWithLocation> {
        tokens
            .iter()
            .enumerate()
            .filter(|(index, _)| !skipped.contains(index))
            .map(|(index, (token, span))| {
                let token = match token {
                    Token::Word(word) => Token::Word(Word {
                        value: named(&word.value, span),
                        quote_style: word.quote_style,
                        keyword: word.keyword,
                    }),
                    Token::Number(text, long) => Token::Number(plain_number(text), *long),
                    other => other.clone(),
                };
                TokenWithLocation {
                    token,
                    location: Location { line: 1, column: index as u64 + 1 },
                }
            })
            .gather()
    };
    let mut first: Option<SqlError> = None;
    for poses_as in [
        TypeId::of::<GenericDialect>(),
        TypeId::of::<PostgreSqlDialect>(),
        TypeId::of::<SQLiteDialect>(),
    ] {
        let dialect = Sql { poses_as };
        let mut parser =
            Parser::new(&dialect).with_recursion_limit(DEPTH).with_tokens_with_locations(marked());
        let parsed =
            statement::parse(&mut parser).and_then(|statement| match parser.peek_token() {
                TokenWithLocation { token: Token::EOF, .. } => Ok(statement),
                found => parser.expected("end of statement", found),
            });
        match parsed {
            Ok(statement) => {
                let rows = bulk.map(|bulk| bulk.rows).unwrap_or_default();
                if rows.is_empty() || bulk::can_follow(&statement) {
                    return Ok((statement, rows));
                }
                return Err(SqlError::refused("this kind of INSERT is not supported"));
            }
            Err(error) => {
                let error = parse_error(chunk, &tokens, &error);
                let further = first.as_ref().is_none_or(|known| {
                    known.span.map_or(0, |span| span.start)
                        < error.span.map_or(0, |span| span.start)
                });
                if further {
                    first = Some(error);
                }
            }
        }
    }
    let error = first.unwrap_or_else(|| SqlError::error("this is no SQL statement"));
    Err(unsupported_operator(chunk).unwrap_or(error))
}

/// Operators of SQLite that the parser does not know.
fn unsupported_operator(chunk: &Chunk<'_>) -> Option<SqlError> {
    chunk.tokens.iter().find_map(|(token, span)| {
        let Token::Word(word) = token else { return None };
        let hint = match (word.quote_style, word.value.to_uppercase().as_str()) {
            (None, "GLOB" | "REGEXP" | "MATCH") => "use LIKE, or GLOB(text, pattern)",
            (None, "INDEXED" | "COLLATE") => "leave it out",
            _ => return None,
        };
        Some(
            SqlError::refused(format!("{} is not supported here", word.value))
                .hint(hint)
                .at(Some(*span)),
        )
    })
}

/// A number without an exponent, and with its point: the AST keeps neither, and both make it a floating-point number.
fn plain_number(text: &str) -> String {
    let exponent = text.contains(['e', 'E']).then(|| text.parse::<f64>().ok()).flatten();
    match exponent.filter(|number| number.is_finite()) {
        Some(number) => {
            let plain = number.to_string();
            if plain.contains('.') { plain } else { plain + ".0" }
        }
        None if text.ends_with('.') => format!("{text}0"),
        None => text.to_owned(),
    }
}

/// What the parser itself would trip over.
fn known_and_unsupported(chunk: &Chunk<'_>) -> Result<()> {
    let mut words = chunk.tokens.iter().map(|(token, _)| match token {
        Token::Word(word) => word.value.to_uppercase(),
        _ => String::new(),
    });
    let first = words.next().unwrap_or_default();
    let rest: Vec<String> = words
        .take(3)
        .filter(|word| !matches!(word.as_str(), "TEMP" | "TEMPORARY" | "OR" | "REPLACE"))
        .gather();
    let second = rest.first().map_or("", String::as_str);
    let Some((what, hint)) = statement::unsupported(&first, second) else { return Ok(()) };
    Err(SqlError::refused(format!("{what} not supported")).hint(hint).at(Some(chunk.span)))
}

/// Words that stand for something else unless they are quoted.
pub(super) fn reserved(word: &str) -> bool {
    const WORDS: &str = " add all alter and as autoincrement between case check collate commit constraint create default deferrable delete distinct drop else \
        escape except exists foreign from group having in index insert intersect into is isnull join limit not notnull null on or order primary references \
        select set table then to transaction union unique update using values when where ";
    WORDS.contains(&format!(" {} ", word.to_lowercase()))
}

/// A name that is being given: no reserved word, unless quoted.
pub(crate) fn new_name(ident: &Ident) -> Result<Name> {
    let given = name(ident);
    if ident.quote_style.is_none() && reserved(&given.text) {
        let error = SqlError::error(format!("{} is a reserved word", given.text));
        return Err(error
            .hint(format!("write \"{}\" in double quotes", given.text))
            .at(given.span));
    }
    Ok(given)
}

/// Long chains of operators nest as deep as they are long, and the executor walks them on the stack.
fn guard(chunk: &Chunk<'_>) -> Result<()> {
    let mut run = 0_usize;
    for (token, span) in &chunk.tokens {
        match token {
            Token::Word(word)
                if word.value.eq_ignore_ascii_case("or")
                    || word.value.eq_ignore_ascii_case("and") =>
            {
                run += 1
            }
            Token::StringConcat | Token::Plus | Token::Minus | Token::Mul | Token::Div => run += 1,
            Token::Comma => run = 0,
            _ => {}
        }
        if run > 400 {
            return Err(SqlError::error(
                "this expression is too long: more than 400 operators in a row",
            )
            .at(Some(*span)));
        }
    }
    Ok(())
}

fn parse_error(chunk: &Chunk<'_>, tokens: &[(Token, Span)], error: &ParserError) -> SqlError {
    let text = match error {
        ParserError::TokenizerError(text) | ParserError::ParserError(text) => unmark(text),
        ParserError::RecursionLimitExceeded => {
            return SqlError::error(format!("this nests deeper than {DEPTH} levels"))
                .at(Some(chunk.span));
        }
    };
    let (message, place) = match text.split_once(" at Line: ") {
        Some((message, place)) => (message.to_owned(), Some(place.to_owned())),
        None => (text, None),
    };
    let index = place
        .and_then(|place| place.rsplit(' ').next().and_then(|column| column.parse::<usize>().ok()));
    let span = match index.and_then(|index| tokens.get(index.saturating_sub(1))) {
        Some((_, span)) => *span,
        None => Span { start: chunk.span.end, end: chunk.span.end },
    };
    let message =
        match message.strip_prefix("Expected: ").and_then(|rest| rest.split_once(", found: ")) {
            Some((expected, found)) => format!("expected {expected}, found {found}"),
            None => message,
        };
    SqlError::error(format!("syntax error: {message}")).at(Some(span))
}

/// Takes the places out of text that was made from the AST.
pub(crate) fn unmark(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once(MARK) {
        out.push_str(before);
        rest = after.trim_start_matches(|ch: char| ch.is_ascii_digit() || ch == ':');
    }
    out.push_str(rest);
    out
}

/// A name with its place.
#[derive(Clone, Debug)]
pub(crate) struct Name {
    pub(crate) text: String,
    pub(crate) span: Option<Span>,
}

/// Reads a name and its place.
pub(crate) fn name(ident: &Ident) -> Name {
    let Some((text, place)) = ident.value.split_once(MARK) else {
        return Name { text: ident.value.clone(), span: None };
    };
    let span = place
        .split_once(':')
        .and_then(|(start, end)| Some(Span { start: start.parse().ok()?, end: end.parse().ok()? }));
    Name { text: text.to_owned(), span }
}

/// Reads the name of a table. Schemas are refused, except SQLite's `main`.
pub(crate) fn table_name(object: &ObjectName) -> Result<Name> {
    match object.0.as_slice() {
        [only] => Ok(name(only)),
        [schema, table]
            if matches!(name(schema).text.to_lowercase().as_str(), "main" | "public") =>
        {
            Ok(name(table))
        }
        [schema, ..] => {
            let schema = name(schema);
            Err(SqlError::refused("schemas are not supported")
                .hint("write the table's name alone")
                .at(schema.span))
        }
        [] => Err(SqlError::error("a name is missing")),
    }
}

/// How names are compared: without regard to case.
pub(crate) fn fold(name: &str) -> String {
    name.to_lowercase()
}

/// The nearest of the candidates, if it is near enough to be what was meant.
pub(crate) fn did_you_mean<'a>(
    wanted: &str,
    candidates: impl Iterator<Item = &'a str>,
) -> Option<String> {
    let wanted = fold(wanted);
    let (distance, best) = candidates
        .map(|name| (distance(&wanted, &fold(name)), name))
        .min_by_key(|(distance, _)| *distance)?;
    (distance <= 1.max(wanted.chars().count() / 3)).then(|| format!("did you mean {best}?"))
}

/// Levenshtein distance.
fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().gather();
    let mut row: Vec<usize> = (0..=b.len()).gather();
    for (i, x) in a.chars().enumerate() {
        let mut next = Vec::with_capacity(row.len());
        next.push(i + 1);
        for (y, pair) in b.iter().zip(row.windows(2)) {
            let [diagonal, above] = pair else { continue };
            let left = next.last().copied().unwrap_or_default();
            next.push((diagonal + usize::from(x != *y)).min(above + 1).min(left + 1));
        }
        row = next;
    }
    row.last().copied().unwrap_or_default()
}
