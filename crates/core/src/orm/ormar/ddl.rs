//! A table in SQLite's SQL as SQLAlchemy 2.1 writes it for ormar. Recorded in every case under `ddl`.

use super::world::Reference;
use crate::document::ColumnType;
use crate::tables::{Column, Table};

/// The table, then its indexes.
pub(super) fn statements(table: &Table) -> Vec<String> {
    let mut lines: Vec<String> = table.columns.iter().map(column).collect();
    lines.extend(constraints(table));
    let mut out =
        vec![format!("CREATE TABLE {} (\n\t{}\n)", quote(&table.name), lines.join(", \n\t"))];
    out.extend(table.indexes.iter().map(|index| {
        let unique = if index.unique { "UNIQUE " } else { "" };
        let names: Vec<&str> = index.columns.iter().map(|(name, _)| name.as_str()).collect();
        format!(
            "CREATE {unique}INDEX {} ON {} ({})",
            quote(&index.name),
            quote(&table.name),
            list(&names)
        )
    }));
    out
}

fn column(column: &Column) -> String {
    let mut line = format!("{} {}", quote(&column.name), type_name(column));
    if let Some(default) = &column.native_default {
        line.push_str(&format!(" DEFAULT {default}"));
    }
    if !column.null {
        line.push_str(" NOT NULL");
    }
    line
}

/// The primary key, the model's own constraints, then what the columns bring, in their order.
fn constraints(table: &Table) -> Vec<String> {
    let mut out = Vec::new();
    if !table.primary_key.is_empty() {
        let names: Vec<&str> = table.primary_key.iter().map(String::as_str).collect();
        out.push(format!("PRIMARY KEY ({})", list(&names)));
    }
    let mut own: Vec<(usize, String)> = Vec::new();
    for unique in table.uniques.iter().filter(|unique| unique.name.is_some()) {
        let names: Vec<&str> = unique.columns.iter().map(String::as_str).collect();
        own.push((
            unique.position,
            format!("{}UNIQUE ({})", named(unique.name.as_deref()), list(&names)),
        ));
    }
    for check in &table.checks {
        let condition = check.native.as_deref().unwrap_or_default();
        own.push((check.position, format!("{}CHECK ({condition})", named(check.name.as_deref()))));
    }
    own.sort_by_key(|(position, _)| *position);
    out.extend(own.into_iter().map(|(_, text)| text));
    for column in &table.columns {
        let is_key = table.primary_key.contains(&column.name);
        let alone =
            |columns: &[String]| columns.len() == 1 && columns.first() == Some(&column.name);
        let again =
            table.uniques.iter().any(|unique| unique.name.is_none() && alone(&unique.columns));
        let indexed = table.indexes.iter().any(|index| {
            index.unique && matches!(index.columns.as_slice(), [(name, _)] if *name == column.name)
        });
        if again || (column.unique && !is_key && !indexed) {
            out.push(format!("UNIQUE ({})", quote(&column.name)));
        }
        for key in table.foreign_keys.iter().filter(|key| key.column == column.name) {
            let actions =
                [("DELETE", &key.on_delete), ("UPDATE", &key.on_update)].map(|(what, action)| {
                    (what, Some(action.as_str()).filter(|action| *action != "NO ACTION"))
                });
            let clause = key
                .native
                .clone()
                .unwrap_or_else(|| references(&key.ref_table, &key.ref_column, actions));
            let text = format!(
                "{}FOREIGN KEY({}) {clause}",
                named(key.name.as_deref()),
                quote(&key.column)
            );
            out.push(text);
        }
    }
    out
}

/// The clause of a foreign key with the actions that it was given, also those that say nothing.
pub(super) fn reference(key: &Reference<'_>) -> String {
    references(&key.table, &key.column, [("DELETE", key.on_delete), ("UPDATE", key.on_update)])
}

fn references(table: &str, column: &str, actions: [(&str, Option<&str>); 2]) -> String {
    let mut text = format!("REFERENCES {} ({})", quote(table), quote(column));
    for (what, action) in actions {
        if let Some(action) = action {
            text.push_str(&format!(" ON {what} {action}"));
        }
    }
    text
}

fn named(name: Option<&str>) -> String {
    name.map_or_else(String::new, |name| format!("CONSTRAINT {} ", quote(name)))
}

fn list(names: &[&str]) -> String {
    let quoted: Vec<String> = names.iter().map(|name| quote(name)).collect();
    quoted.join(", ")
}

fn type_name(column: &Column) -> String {
    if let Some(native) = &column.native {
        return native.clone();
    }
    match &column.ty {
        ColumnType::SmallInt | ColumnType::SmallIntUnsigned => "SMALLINT".into(),
        ColumnType::Integer | ColumnType::IntegerUnsigned => "INTEGER".into(),
        ColumnType::BigInt | ColumnType::BigIntUnsigned => "BIGINT".into(),
        ColumnType::Varchar(Some(length)) => format!("VARCHAR({length})"),
        ColumnType::Varchar(None) => "VARCHAR".into(),
        ColumnType::Char(length) => format!("CHAR({length})"),
        ColumnType::Text => "TEXT".into(),
        ColumnType::Boolean => "BOOLEAN".into(),
        ColumnType::Decimal(Some((digits, places))) => format!("DECIMAL({digits}, {places})"),
        ColumnType::Decimal(None) => "DECIMAL".into(),
        ColumnType::Float => "FLOAT".into(),
        ColumnType::Date => "DATE".into(),
        ColumnType::DateTime => "DATETIME".into(),
        ColumnType::Time => "TIME".into(),
        ColumnType::Duration => "DATETIME".into(),
        ColumnType::Json => "JSON".into(),
        ColumnType::Binary => "BLOB".into(),
        ColumnType::Uuid | ColumnType::Ip => "CHAR(32)".into(),
        ColumnType::Unknown(class) => class.clone(),
    }
}

/// An identifier as SQLAlchemy writes it: in quotes where it is a word of SQLite, not in lower case, or more than letters and digits.
fn quote(name: &str) -> String {
    let plain = name.chars().all(|letter| {
        letter.is_ascii_lowercase() || letter.is_ascii_digit() || matches!(letter, '_' | '$')
    }) && !name.starts_with(|letter: char| letter.is_ascii_digit() || letter == '$')
        && RESERVED.binary_search(&name).is_err();
    if plain && !name.is_empty() {
        name.to_owned()
    } else {
        format!("\"{}\"", name.replace('"', "\"\""))
    }
}

/// Words that SQLAlchemy puts in quotes for SQLite; sorted.
#[rustfmt::skip]
static RESERVED: [&str; 117] = [
    "add", "after", "all", "alter", "analyze", "and", "as", "asc", "attach", "autoincrement", "before", "begin", "between", "by",
    "cascade", "case", "cast", "check", "collate", "column", "commit", "conflict", "constraint", "create", "cross",
    "current_date", "current_time", "current_timestamp", "database", "default", "deferrable", "deferred", "delete", "desc",
    "detach", "distinct", "drop", "each", "else", "end", "escape", "except", "exclusive", "exists", "explain", "fail", "false",
    "for", "foreign", "from", "full", "glob", "group", "having", "if", "ignore", "immediate", "in", "index", "indexed",
    "initially", "inner", "insert", "instead", "intersect", "into", "is", "isnull", "join", "key", "left", "like", "limit",
    "match", "natural", "not", "notnull", "null", "of", "offset", "on", "or", "order", "outer", "plan", "pragma", "primary",
    "query", "raise", "references", "reindex", "rename", "replace", "restrict", "right", "rollback", "row", "select", "set",
    "table", "temp", "temporary", "then", "to", "transaction", "trigger", "true", "union", "unique", "update", "using", "vacuum",
    "values", "view", "virtual", "when", "where",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_sorted() {
        assert!(RESERVED.is_sorted());
    }
}
