//! Tables as Peewee writes them.
//!
//! Recorded: `ddl` and `index_ddl` of every case, and its `ddl_*.sql`; source: `SchemaManager._create_table`, `Field.ddl`, `ForeignKeyField.foreign_key_constraint`.

use std::borrow::Cow;

use crate::document::ColumnType;
use crate::sql::Dialect;
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

/// A database's type for Peewee's word (`field_types` of the database over `FIELD`), which may have arguments.
fn type_name(native: &str, dialect: Dialect) -> Cow<'_, str> {
    let (word, arguments) = native.find('(').map_or((native, ""), |at| native.split_at(at));
    let ty = match (word, dialect) {
        (_, Dialect::Engine | Dialect::Sqlite) => return Cow::Borrowed(sqlite_type(native)),
        ("AUTO", Dialect::Postgres) => "SERIAL",
        ("AUTO", Dialect::MySql) => "INTEGER AUTO_INCREMENT",
        ("BIGAUTO", Dialect::Postgres) => "BIGSERIAL",
        ("BIGAUTO", Dialect::MySql) => "BIGINT AUTO_INCREMENT",
        ("BLOB" | "UUIDB", Dialect::Postgres) => "BYTEA",
        ("BOOL", Dialect::Postgres) => "BOOLEAN",
        ("DATETIME", Dialect::Postgres) => "TIMESTAMP",
        ("DECIMAL", _) => "NUMERIC",
        ("DEFAULT", _) => "",
        ("DOUBLE", _) => "DOUBLE PRECISION",
        ("EPOCH", _) => "BIGINT",
        ("FLOAT", Dialect::Postgres) => "REAL",
        ("INT", _) => "INTEGER",
        ("JSON", Dialect::Postgres) => "JSONB",
        ("UUID", Dialect::MySql) => "VARCHAR(40)",
        ("UUIDB", Dialect::MySql) => "VARBINARY(16)",
        _ => return Cow::Borrowed(native),
    };
    if arguments.is_empty() { Cow::Borrowed(ty) } else { Cow::Owned(format!("{ty}{arguments}")) }
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

/// `CREATE TABLE`, then its indexes.
pub(super) fn statements(table: &Table, dialect: Dialect) -> Vec<String> {
    let mut parts: Vec<Cow<'_, str>> =
        table.columns.iter().map(|column| Cow::Owned(column_sql(table, column, dialect))).collect();
    if table.primary_key.len() > 1 {
        parts.push(Cow::Owned(format!("PRIMARY KEY ({})", list(&table.primary_key, dialect))));
    }
    let keys = table.foreign_keys.iter().map(|key| foreign_key(key, dialect));
    parts.extend(keys.filter(|clause| !clause.is_empty()));
    parts
        .extend(table.checks.iter().filter_map(|check| check.native.as_deref()).map(Cow::Borrowed));
    let mut create =
        format!("CREATE TABLE {} ({})", quote_for(&table.name, dialect), parts.join(", "));
    if !table.options.is_empty() {
        create.push(' ');
        create.push_str(&table.options.join(", "));
    }
    std::iter::once(create)
        .chain(table.indexes.iter().map(|index| index_sql(table, index, dialect)))
        .collect()
}

/// An identifier in the quotes of SQLite.
pub(super) fn quote(name: &str) -> String {
    quote_for(name, Dialect::Sqlite)
}

fn quote_for(name: &str, dialect: Dialect) -> String {
    let mark = match dialect {
        Dialect::Engine | Dialect::Sqlite | Dialect::Postgres => '"',
        Dialect::MySql => '`',
    };
    let mut out = String::with_capacity(name.len() + 2);
    out.push(mark);
    for letter in name.chars() {
        out.push(letter);
        if letter == mark {
            out.push(letter);
        }
    }
    out.push(mark);
    out
}

fn list(columns: &[String], dialect: Dialect) -> String {
    columns.iter().map(|column| quote_for(column, dialect)).collect::<Vec<_>>().join(", ")
}

fn column_sql(table: &Table, column: &Column, dialect: Dialect) -> String {
    let mut sql = quote_for(&column.name, dialect);
    // A `BareField` has no type at all; an empty one leaves its place.
    if let Some(native) = column.native.as_deref().filter(|native| !native.is_empty()) {
        sql.push(' ');
        sql.push_str(&type_name(native, dialect));
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

fn foreign_key(key: &ForeignKey, dialect: Dialect) -> Cow<'_, str> {
    if let Some(native) = &key.native {
        return match dialect {
            Dialect::Engine | Dialect::Sqlite | Dialect::Postgres => Cow::Borrowed(native),
            // There are names in it, and no literals.
            Dialect::MySql => Cow::Owned(native.replace('"', "`")),
        };
    }
    let mut sql = format!(
        "FOREIGN KEY ({}) REFERENCES {} ({})",
        quote_for(&key.column, dialect),
        quote_for(&key.ref_table, dialect),
        quote_for(&key.ref_column, dialect)
    );
    for (event, action) in [("DELETE", &key.on_delete), ("UPDATE", &key.on_update)] {
        if action != "NO ACTION" {
            sql.push_str(&format!(" ON {event} {action}"));
        }
    }
    Cow::Owned(sql)
}

fn index_sql(table: &Table, index: &Index, dialect: Dialect) -> String {
    let unique = if index.unique { "UNIQUE " } else { "" };
    let parts = if index.expressions.is_empty() {
        let columns = index.columns.iter();
        columns
            .map(|(column, descending)| {
                quote_for(column, dialect) + if *descending { " DESC" } else { "" }
            })
            .collect::<Vec<_>>()
    } else {
        index.expressions.clone()
    };
    let mut sql = format!(
        "CREATE {unique}INDEX {} ON {} ({})",
        quote_for(&index.name, dialect),
        quote_for(&table.name, dialect),
        parts.join(", ")
    );
    if let Some(condition) = &index.native_condition {
        sql.push_str(" WHERE ");
        sql.push_str(condition);
    }
    sql
}
