//! Tables as Peewee writes them on SQLite.
//!
//! Recorded: `ddl` and `index_ddl` of every case; source: `SchemaManager._create_table`, `Field.ddl`, `ForeignKeyField.foreign_key_constraint`.

use std::borrow::Cow;

use crate::document::ColumnType;
use crate::tables::{Column, ForeignKey, Index, Table};

/// Peewee's words for types that SQLite's driver has another for (`SqliteDatabase.field_types` over `FIELD`). `EPOCH` is
/// `BIGINT`, as it stands in our table of field classes.
static TYPES: &[(&str, &str)] = &[
    ("AUTO", "INTEGER"),
    ("BIGAUTO", "INTEGER"),
    ("BIGINT", "INTEGER"),
    ("BOOL", "INTEGER"),
    ("DEFAULT", ""),
    ("DOUBLE", "REAL"),
    ("EPOCH", "INTEGER"),
    ("FLOAT", "REAL"),
    ("INT", "INTEGER"),
    ("JSON", "TEXT"),
    ("SMALLINT", "INTEGER"),
    ("UUID", "TEXT"),
    ("UUIDB", "BLOB"),
];

/// SQLite's type for Peewee's word.
pub(super) fn sqlite_type(native: &str) -> &str {
    TYPES.iter().find(|(word, _)| *word == native).map_or(native, |(_, ty)| *ty)
}

/// The neutral type that SQLite's type for Peewee's word says; `None` where it says none.
pub(super) fn type_of(native: &str) -> Option<ColumnType> {
    let ty = sqlite_type(native).to_lowercase().replace(", ", ",");
    let (word, arguments) = ty.split_once('(').unwrap_or((&ty, ""));
    let arguments = arguments.trim_end_matches(')');
    Some(match (word.trim(), arguments) {
        ("integer" | "int", "") => ColumnType::Integer,
        ("real" | "float", "") => ColumnType::Float,
        ("text", "") => ColumnType::Text,
        ("blob", "") => ColumnType::Binary,
        ("bool" | "boolean", "") => ColumnType::Boolean,
        ("date", "") => ColumnType::Date,
        ("datetime" | "timestamp", "") => ColumnType::DateTime,
        ("time", "") => ColumnType::Time,
        ("varchar" | "character varying", "") => ColumnType::Varchar(None),
        ("varchar" | "character varying", length) => {
            ColumnType::Varchar(Some(length.parse().ok()?))
        }
        ("char", "32" | "36") => ColumnType::Uuid,
        ("char", length) => ColumnType::Char(length.parse().ok()?),
        ("decimal" | "numeric", arguments) => {
            let (digits, places) = arguments.split_once(',')?;
            ColumnType::Decimal(Some((digits.parse().ok()?, places.parse().ok()?)))
        }
        _ => return None,
    })
}

/// The word for a column's type in the schema document.
pub(super) fn type_word(column: &Column) -> String {
    match (&column.ty, column.native.as_deref()) {
        (ColumnType::Unknown(_), Some(native)) => {
            sqlite_type(native).to_lowercase().replace(", ", ",")
        }
        (ColumnType::Float, Some("DOUBLE")) => "double".into(),
        (ColumnType::BigInt, Some("EPOCH")) => "timestamp".into(),
        (ColumnType::Json, Some("JSONB")) => "jsonb".into(),
        (ColumnType::Varchar(None), _) => "varchar(None)".into(),
        (ty, _) => ty.to_string(),
    }
}

/// `CREATE TABLE`, then its indexes, as SQLite keeps them.
pub(super) fn statements(table: &Table) -> Vec<String> {
    let mut parts: Vec<Cow<'_, str>> =
        table.columns.iter().map(|column| Cow::Owned(column_sql(table, column))).collect();
    if table.primary_key.len() > 1 {
        parts.push(Cow::Owned(format!("PRIMARY KEY ({})", list(&table.primary_key))));
    }
    let keys = table.foreign_keys.iter().map(foreign_key).filter(|clause| !clause.is_empty());
    parts.extend(keys);
    parts
        .extend(table.checks.iter().filter_map(|check| check.native.as_deref()).map(Cow::Borrowed));
    let mut create = format!("CREATE TABLE {} ({})", quote(&table.name), parts.join(", "));
    if !table.options.is_empty() {
        create.push(' ');
        create.push_str(&table.options.join(", "));
    }
    std::iter::once(create)
        .chain(table.indexes.iter().map(|index| index_sql(table, index)))
        .collect()
}

pub(super) fn quote(name: &str) -> String {
    let mut out = String::with_capacity(name.len() + 2);
    out.push('"');
    out.push_str(&name.replace('"', "\"\""));
    out.push('"');
    out
}

fn list(columns: &[String]) -> String {
    columns.iter().map(|column| quote(column)).collect::<Vec<_>>().join(", ")
}

fn column_sql(table: &Table, column: &Column) -> String {
    let mut sql = quote(&column.name);
    // A `BareField` has no type at all; an empty one leaves its place.
    if let Some(native) = column.native.as_deref().filter(|native| !native.is_empty()) {
        sql.push(' ');
        sql.push_str(sqlite_type(native));
    }
    if !column.null {
        sql.push_str(" NOT NULL");
    }
    if table.primary_key.len() == 1 && table.primary_key.first() == Some(&column.name) {
        sql.push_str(" PRIMARY KEY");
    }
    for constraint in &column.constraints {
        sql.push(' ');
        sql.push_str(constraint);
    }
    if let Some(collation) = &column.collation {
        sql.push_str(" COLLATE ");
        sql.push_str(collation);
    }
    sql
}

fn foreign_key(key: &ForeignKey) -> Cow<'_, str> {
    if let Some(native) = &key.native {
        return Cow::Borrowed(native);
    }
    let mut sql = format!(
        "FOREIGN KEY ({}) REFERENCES {} ({})",
        quote(&key.column),
        quote(&key.ref_table),
        quote(&key.ref_column)
    );
    for (event, action) in [("DELETE", &key.on_delete), ("UPDATE", &key.on_update)] {
        if action != "NO ACTION" {
            sql.push_str(&format!(" ON {event} {action}"));
        }
    }
    Cow::Owned(sql)
}

fn index_sql(table: &Table, index: &Index) -> String {
    let unique = if index.unique { "UNIQUE " } else { "" };
    let parts = if index.expressions.is_empty() {
        let columns = index.columns.iter();
        columns
            .map(|(column, descending)| quote(column) + if *descending { " DESC" } else { "" })
            .collect::<Vec<_>>()
    } else {
        index.expressions.clone()
    };
    let mut sql = format!(
        "CREATE {unique}INDEX {} ON {} ({})",
        quote(&index.name),
        quote(&table.name),
        parts.join(", ")
    );
    if let Some(condition) = &index.native_condition {
        sql.push_str(" WHERE ");
        sql.push_str(condition);
    }
    sql
}
