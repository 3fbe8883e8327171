//! Constraints that a model writes in SQL itself: `SQL("DEFAULT 'new'")`, `Check("number >= 0")`.

use crate::document::Value;
use crate::orm::peewee::{ddl, fields};
use crate::tables::{Check, Column, Index, Table};

/// An item of `constraints=`.
pub(super) enum Raw {
    /// SQL, with the name of the constraint where it has one.
    Sql {
        /// The SQL.
        text: String,
        /// The name.
        name: Option<String>,
    },
    /// A mere text, which Peewee sends as a parameter.
    Text,
}

/// Reads an item; `None` where it is not understood.
pub(super) fn read(value: &Value) -> Option<Raw> {
    let (callee, args) = match value {
        Value::Call { callee, args } => (callee.rsplit('.').next().unwrap_or(callee), args),
        Value::Str(_) | Value::Int(_) | Value::Number(_) | Value::Bool(_) => {
            return Some(Raw::Text);
        }
        Value::None | Value::List(_) | Value::Dict(_) | Value::Name(_) | Value::Other(_) => {
            return None;
        }
    };
    let first = &args.first()?.value;
    let constant = match first {
        Value::Str(_) | Value::Int(_) | Value::Number(_) | Value::Bool(_) | Value::None => {
            fields::text(first)
        }
        Value::List(_) | Value::Dict(_) | Value::Name(_) | Value::Call { .. } | Value::Other(_) => {
            return None;
        }
    };
    match callee {
        "SQL" if args.len() == 1 => Some(Raw::Sql { text: constant, name: None }),
        "Default" => Some(Raw::Sql { text: format!("DEFAULT {constant}"), name: None }),
        "Check" => {
            let second = args
                .get(1)
                .or_else(|| args.iter().find(|arg| arg.keyword.as_deref() == Some("name")));
            let name = second.and_then(|arg| arg.value.as_str()).filter(|name| !name.is_empty());
            Some(Raw::Sql { text: format!("CHECK ({constant})"), name: name.map(str::to_owned) })
        }
        _ => None,
    }
}

/// As it stands in the DDL.
pub(super) fn named(name: Option<&str>, text: &str) -> String {
    match name {
        Some(name) => format!("CONSTRAINT {} {text}", ddl::quote(name)),
        None => text.to_owned(),
    }
}

/// Does to a column what a constraint of its own says, as far as that is understood: a default, that it is unique, a check.
pub(super) fn apply_to_column(text: &str, column: &mut Column, table: &mut Table) {
    let text = text.trim();
    if let Some(default) = after_word(text, "DEFAULT") {
        column.native_default = Some(default.to_owned());
        column.default = is_literal(default).then(|| default.to_owned());
    } else if text.eq_ignore_ascii_case("UNIQUE") {
        column.unique = true;
    } else if let Some(condition) = condition(text, &[&column.name], table) {
        table.checks.push(Check {
            name: None,
            condition: Some(condition),
            native: None,
            position: 0,
        });
    }
}

/// A constraint without the name that it may begin with: `CONSTRAINT pair UNIQUE (a, b)`.
fn unnamed(text: &str) -> &str {
    let text = text.trim();
    let rest = after_word(text, "CONSTRAINT").and_then(|rest| rest.split_once(char::is_whitespace));
    rest.map_or(text, |(_, rest)| rest.trim())
}

/// An index in SQL: `CREATE UNIQUE INDEX "pair" ON "note" ("a", "b") WHERE "c" > 1`.
pub(super) fn index(text: &str) -> Option<Index> {
    let rest = after_word(text.trim(), "CREATE")?;
    let (unique, rest) = match after_word(rest, "UNIQUE") {
        Some(rest) => (true, rest),
        None => (false, rest),
    };
    let rest = after_word(rest, "INDEX")?;
    let rest = after_word(rest, "IF")
        .and_then(|rest| after_word(after_word(rest, "NOT")?, "EXISTS"))
        .unwrap_or(rest);
    let (name, rest) = rest.split_once(char::is_whitespace)?;
    let (_, rest) = after_word(rest.trim(), "ON")?.split_once('(')?;
    let close = rest.rfind(" WHERE ").map_or(rest.len(), |at| at);
    let (columns, condition) = (rest.get(..close)?.trim(), rest.get(close..)?.trim());
    let columns = columns.strip_suffix(')')?;
    let condition = after_word(condition, "WHERE").map(str::to_owned);
    Some(Index {
        name: name.trim_matches('"').to_owned(),
        unique,
        expressions: vec![columns.to_owned()],
        partial: condition.is_some(),
        native_condition: condition,
        ..Index::default()
    })
}

/// The columns of `UNIQUE (a, b)`.
pub(super) fn unique_columns(text: &str, table: &Table) -> Option<Vec<String>> {
    let list = after_word(unnamed(text), "UNIQUE")?.strip_prefix('(')?.strip_suffix(')')?;
    let column = |name: &str| {
        let name = name.trim().trim_matches(['"', '`', '[', ']']);
        let known = |column: &&Column| column.name.eq_ignore_ascii_case(name);
        table.columns.iter().find(known).map(|column| column.name.clone())
    };
    list.split(',').map(column).collect()
}

/// The column, the table and the column there of `FOREIGN KEY (a) REFERENCES t (b)`.
pub(super) fn reference(text: &str) -> Option<(String, String, String)> {
    let bare = |name: &str| name.trim().trim_matches(['"', '`', '[', ']']).to_owned();
    let rest = after_word(after_word(unnamed(text), "FOREIGN")?, "KEY")?.strip_prefix('(')?;
    let (column, rest) = rest.split_once(')')?;
    let (table, rest) = after_word(rest.trim(), "REFERENCES")?.split_once('(')?;
    let (there, _) = rest.split_once(')')?;
    (!column.contains(',')).then(|| (bare(column), bare(table), bare(there)))
}

/// The condition of a `CHECK (…)` where our engine understands it, too.
pub(super) fn check_condition(text: &str, table: &Table) -> Option<String> {
    condition(unnamed(text), &[], table)
}

/// Words of SQL that mean the same everywhere.
const WORDS: &[&str] =
    &["AND", "OR", "NOT", "IN", "BETWEEN", "IS", "NULL", "LENGTH", "LOWER", "UPPER", "ABS"];

fn condition(text: &str, own: &[&str], table: &Table) -> Option<String> {
    let inner = after_word(text, "CHECK")?.strip_prefix('(')?.strip_suffix(')')?;
    let is_column =
        |word: &str| own.contains(&word) || table.columns.iter().any(|column| column.name == word);
    let mut rest = inner;
    let mut previous = "";
    while let Some(letter) = rest.chars().next() {
        let length = match letter {
            '\'' => 1 + rest.get(1..)?.find('\'')? + 1,
            '"' => {
                let end = 1 + rest.get(1..)?.find('"')?;
                if !is_column(rest.get(1..end)?) {
                    return None;
                }
                end + 1
            }
            letter if letter.is_alphabetic() || letter == '_' => {
                let end = rest
                    .find(|letter: char| !letter.is_alphanumeric() && letter != '_')
                    .unwrap_or(rest.len());
                let word = rest.get(..end)?;
                if !is_column(word) && !WORDS.contains(&word.to_uppercase().as_str()) {
                    return None;
                }
                end
            }
            letter if letter.is_ascii_digit() || " \n\t.,()<>=!+-*".contains(letter) => 1,
            _ => return None,
        };
        previous = rest.get(..length)?;
        rest = rest.get(length..)?;
    }
    (!previous.is_empty()).then(|| inner.to_owned())
}

/// What comes after a word of SQL at the start.
fn after_word<'t>(text: &'t str, word: &str) -> Option<&'t str> {
    let head = text.get(..word.len())?;
    let rest = text.get(word.len()..)?;
    let ends = rest.starts_with(|letter: char| letter.is_whitespace() || letter == '(');
    (head.eq_ignore_ascii_case(word) && ends).then(|| rest.trim())
}

/// Whether a default is a plain constant.
fn is_literal(text: &str) -> bool {
    let quoted = text.len() >= 2
        && text.starts_with('\'')
        && text.ends_with('\'')
        && text.matches('\'').count() == 2;
    let number = text.parse::<f64>().is_ok() && text.chars().all(|letter| !letter.is_alphabetic());
    let word =
        matches!(text.to_uppercase().as_str(), "NULL" | "CURRENT_TIMESTAMP" | "TRUE" | "FALSE");
    quoted || number || word
}
