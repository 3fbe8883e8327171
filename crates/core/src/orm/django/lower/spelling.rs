//! How each database spells names, strings and numbers, as Django and the driver that it recommends hand them over.
//!
//! Recorded: `django/401`, `django/406` and their `ddl_*.sql`; source: `quote_name` of each backend's operations, `quote_value` of its
//! schema editor, and the quoting of psycopg and mysqlclient behind that.

use crate::sql::Dialect;

/// An identifier. One that comes with its quotes keeps them.
pub(in crate::orm::django) fn quote(name: &str, dialect: Dialect) -> String {
    let mark = match dialect {
        Dialect::Engine | Dialect::Sqlite | Dialect::Postgres => '"',
        Dialect::MySql => '`',
    };
    if name.len() > 1 && name.starts_with(mark) && name.ends_with(mark) {
        name.to_owned()
    } else {
        format!("{mark}{name}{mark}")
    }
}

/// Identifiers in a list.
pub(in crate::orm::django) fn list(names: &[String], dialect: Dialect) -> String {
    names.iter().map(|name| quote(name, dialect)).collect::<Vec<_>>().join(", ")
}

/// A string literal.
pub(in crate::orm::django) fn string(text: &str, dialect: Dialect) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    let escaped = dialect == Dialect::Postgres && text.contains('\\');
    // libpq puts the space there, so that the E cannot become part of a word before it.
    out.push_str(if escaped { " E'" } else { "'" });
    for letter in text.chars() {
        match (dialect, letter) {
            (Dialect::MySql, _) => mysql_letter(letter, &mut out),
            (_, '\'') => out.push_str("''"),
            (Dialect::Postgres, '\\') => out.push_str("\\\\"),
            (_, letter) => out.push(letter),
        }
    }
    out.push('\'');
    out
}

/// A letter as `mysql_real_escape_string` writes it.
fn mysql_letter(letter: char, out: &mut String) {
    let escape = match letter {
        '\0' => '0',
        '\n' => 'n',
        '\r' => 'r',
        '\u{1a}' => 'Z',
        '\'' | '"' | '\\' => letter,
        _ => {
            out.push(letter);
            return;
        }
    };
    out.push('\\');
    out.push(escape);
}

/// A string literal with its type, which psycopg adds on PostgreSQL.
pub(super) fn typed(text: &str, ty: &str, dialect: Dialect) -> String {
    let literal = string(text, dialect);
    if dialect == Dialect::Postgres { format!("{literal}::{ty}") } else { literal }
}

/// An exact number. On PostgreSQL psycopg keeps its sign away from an operator before it.
pub(super) fn number(digits: String, dialect: Dialect) -> String {
    if dialect == Dialect::Postgres && digits.starts_with('-') {
        format!(" {digits}")
    } else {
        digits
    }
}

/// A float, from what Python prints. mysqlclient adds an exponent, as MySQL would take it for an exact number.
pub(super) fn float(digits: String, dialect: Dialect) -> String {
    if dialect == Dialect::MySql && !digits.contains('e') {
        format!("{digits}e0")
    } else {
        number(digits, dialect)
    }
}

/// A truth.
pub(super) fn boolean(truth: bool, dialect: Dialect) -> String {
    match (dialect, truth) {
        (Dialect::Engine, true) => "TRUE",
        (Dialect::Engine, false) => "FALSE",
        (Dialect::Sqlite, true) => "1",
        (Dialect::Sqlite, false) => "0",
        (Dialect::Postgres, true) => "true",
        (Dialect::Postgres, false) => "false",
        // mysqlclient gives bytes, and Python then prints them as such; MySQL reads that as a bit.
        (Dialect::MySql, true) => "b'1'",
        (Dialect::MySql, false) => "b'0'",
    }
    .to_owned()
}
