//! Tables as Tortoise writes them on SQLite.
//!
//! Recorded: `ddl` and `index_ddl` of every case; source: `tortoise/backends/base/schema_generator.py` of 1.1.9.

use super::fields::sqlite_type;
use crate::tables::{Column, ForeignKey, Index, Table};

/// `CREATE TABLE`, then its indexes.
pub(super) fn statements(table: &Table) -> Vec<String> {
    let mut parts: Vec<String> =
        table.columns.iter().map(|column| column_sql(table, column)).collect();
    let uniques = table.uniques.iter().filter(|unique| unique.constraint);
    parts.extend(uniques.map(|unique| {
        let name = unique.name.as_deref().unwrap_or_default();
        format!("CONSTRAINT {} UNIQUE ({})", quote(name), list(&unique.columns))
    }));
    // A comment after the table is dropped by SQLite, so there is none.
    let create = format!("CREATE TABLE {} (\n    {}\n)", quote(&table.name), parts.join(",\n    "));
    std::iter::once(create)
        .chain(table.indexes.iter().map(|index| index_sql(table, index)))
        .collect()
}

/// Tortoise puts names in quotes as they are.
fn quote(name: &str) -> String {
    format!("\"{name}\"")
}

fn list(columns: &[String]) -> String {
    columns.iter().map(|column| quote(column)).collect::<Vec<_>>().join(", ")
}

fn column_sql(table: &Table, column: &Column) -> String {
    let name = quote(&column.name);
    let comment = column.comment.as_deref().map(comment).unwrap_or_default();
    let key = table.primary_key.first() == Some(&column.name) && !table.generated;
    if key && column.auto {
        return format!("{name} INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL{comment}");
    }
    let ty = column.native.clone().unwrap_or_else(|| sqlite_type(&column.ty));
    let mut sql = format!("{name} {ty}");
    if !column.null {
        sql.push_str(" NOT NULL");
    }
    if key {
        sql.push_str(" PRIMARY KEY");
    } else if column.unique {
        sql.push_str(" UNIQUE");
    }
    if let Some(default) = &column.native_default {
        sql.push_str(&format!(" DEFAULT {default}"));
    }
    if let Some(foreign_key) = table.foreign_keys.iter().find(|key| key.column == column.name) {
        sql.push_str(&references(foreign_key));
    }
    sql + &comment
}

fn references(key: &ForeignKey) -> String {
    format!(
        " REFERENCES {} ({}) ON DELETE {}",
        quote(&key.ref_table),
        quote(&key.ref_column),
        key.on_delete
    )
}

/// A comment inside the statement (`_column_comment_generator`), escaped as for SQLite.
fn comment(text: &str) -> String {
    let mut out = String::from(" /* ");
    for letter in text.chars() {
        match letter {
            '\0' => out.push_str("\\0"),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\u{1a}' => out.push_str("\\Z"),
            '/' => out.push_str("\\/"),
            other => out.push(other),
        }
    }
    out.push_str(" */");
    out
}

fn index_sql(table: &Table, index: &Index) -> String {
    let unique = if index.unique { "UNIQUE " } else { "" };
    let columns: Vec<String> = if index.expressions.is_empty() {
        index.columns.iter().map(|(column, _)| part(column)).collect()
    } else {
        index.expressions.clone()
    };
    let condition = index
        .native_condition
        .as_ref()
        .map(|condition| format!(" WHERE {condition}"))
        .unwrap_or_default();
    format!(
        "CREATE {unique}INDEX {} ON {} ({}){condition}",
        quote(&index.name),
        quote(&table.name),
        columns.join(", ")
    )
}

/// What looks like an expression is not put in quotes (`_is_index_expression`).
fn part(column: &str) -> String {
    let expression = column.contains(['(', ')', ' ', '"', '.', ':']);
    if expression { column.to_owned() } else { quote(column) }
}
