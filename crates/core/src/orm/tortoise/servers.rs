//! Tables as Tortoise writes them for PostgreSQL and MySQL.
//!
//! Recorded: `ddl_postgres.sql` and `ddl_mysql.sql` of every case; source: `schema_generator.py` of `base`, `base_postgres` and `mysql`, and
//! the inner classes `_db_postgres` and `_db_mysql` of the fields.

use super::fields::sqlite_type;
use super::lower::names;
use crate::document::ColumnType;
use crate::sql::Dialect;
use crate::tables::{Column, ForeignKey, Index, Table, Tables};

/// All statements: each table with its indexes and comments.
pub(super) fn statements(tables: &Tables, dialect: Dialect) -> Vec<String> {
    let mut out = Vec::new();
    for table in tables.in_creation_order() {
        match dialect {
            Dialect::MySql => out.push(mysql(table)),
            Dialect::Engine | Dialect::Sqlite | Dialect::Postgres => postgres(table, &mut out),
        }
    }
    out
}

fn postgres(table: &Table, out: &mut Vec<String>) {
    let dialect = Dialect::Postgres;
    let name = quote(&table.name, dialect);
    let mut parts: Vec<String> = Vec::new();
    for column in &table.columns {
        let mut sql = column_sql(table, column, dialect);
        if let Some(key) = table.foreign_keys.iter().find(|key| key.column == column.name) {
            sql.push_str(&references(key, dialect));
        }
        parts.push(sql);
    }
    for unique in table.uniques.iter().filter(|unique| unique.constraint) {
        let constraint = quote(unique.name.as_deref().unwrap_or_default(), dialect);
        parts.push(format!("CONSTRAINT {constraint} UNIQUE ({})", list(&unique.columns, dialect)));
    }
    out.push(format!("CREATE TABLE {name} (\n    {}\n)", parts.join(",\n    ")));
    out.extend(table.indexes.iter().map(|index| {
        let unique = if index.unique { "UNIQUE " } else { "" };
        let using = index.using.as_ref().map(|using| format!("USING {using} ")).unwrap_or_default();
        format!(
            "CREATE {unique}INDEX {} ON {name} {using}({}){}",
            quote(&index.name, dialect),
            columns(index, dialect),
            condition(index)
        )
    }));
    let comments = table.columns.iter().filter_map(|column| {
        let column_name = quote(&column.name, dialect);
        let comment = escaped(column.comment.as_ref()?, dialect);
        Some(format!("COMMENT ON COLUMN {name}.{column_name} IS '{comment}'"))
    });
    out.extend(comments);
    if let Some(comment) = &table.comment {
        out.push(format!("COMMENT ON TABLE {name} IS '{}'", escaped(comment, dialect)));
    }
}

/// MySQL has everything in one statement.
fn mysql(table: &Table) -> String {
    let dialect = Dialect::MySql;
    let mut parts: Vec<String> =
        table.columns.iter().map(|column| column_sql(table, column, dialect)).collect();
    let uniques = table.uniques.iter().filter(|unique| unique.constraint).map(|unique| {
        let name = quote(unique.name.as_deref().unwrap_or_default(), dialect);
        format!("UNIQUE KEY {name} ({})", list(&unique.columns, dialect))
    });
    parts.extend(uniques);
    parts.extend(table.foreign_keys.iter().map(|key| {
        let clause = references(key, dialect);
        let key_sql = format!("FOREIGN KEY ({}){clause}", quote(&key.column, dialect));
        if table.generated {
            return key_sql;
        }
        let to = (key.ref_table.as_str(), key.ref_column.as_str());
        let name = names::foreign_key((&table.name, &key.column), to);
        format!("CONSTRAINT {} {key_sql}", quote(&name, dialect))
    }));
    // A through table that several fields share is made by the first of them; the others find it there.
    let own = |index: &&Index| {
        let names = index.columns.iter().map(|(name, _)| name);
        !table.generated || names.eq(table.columns.iter().map(|column| &column.name))
    };
    parts.extend(table.indexes.iter().filter(own).map(|index| {
        let unique = if index.unique { "UNIQUE " } else { "" };
        let using = index.using.as_ref().map(|using| format!("{using} ")).unwrap_or_default();
        let name = quote(&index.name, dialect);
        format!("{unique}{using}KEY {name} ({}){}", columns(index, dialect), condition(index))
    }));
    let mut sql = format!(
        "CREATE TABLE {} (\n    {}\n) CHARACTER SET utf8mb4",
        quote(&table.name, dialect),
        parts.join(",\n    ")
    );
    if let Some(comment) = &table.comment {
        sql.push_str(&format!(" COMMENT='{}'", escaped(comment, dialect)));
    }
    sql
}

fn column_sql(table: &Table, column: &Column, dialect: Dialect) -> String {
    let name = quote(&column.name, dialect);
    let comment = match (&column.comment, dialect) {
        (Some(comment), Dialect::MySql) => format!(" COMMENT '{}'", escaped(comment, dialect)),
        _ => String::new(),
    };
    let key = table.primary_key.first() == Some(&column.name) && !table.generated;
    if key && column.auto {
        return format!("{name} {}{comment}", numbered(&column.ty, dialect));
    }
    let mut sql = format!("{name} {}", type_name(column, dialect));
    if !column.null {
        sql.push_str(" NOT NULL");
    }
    if key {
        sql.push_str(" PRIMARY KEY");
    } else if column.unique {
        sql.push_str(" UNIQUE");
    }
    let default = column
        .native_default
        .as_deref()
        .map(|default| format!(" DEFAULT {}", default_sql(default, &column.ty, dialect)));
    let default = default.unwrap_or_default();
    // The comment of a key is added when the rest is written.
    if table.foreign_keys.iter().any(|key| key.column == column.name) {
        sql + &default + &comment
    } else {
        sql + &comment + &default
    }
}

/// `GENERATED_SQL`.
fn numbered(ty: &ColumnType, dialect: Dialect) -> String {
    let [postgres, mysql] = match ty {
        ColumnType::BigInt | ColumnType::BigIntUnsigned => ["BIGSERIAL", "BIGINT"],
        ColumnType::SmallInt | ColumnType::SmallIntUnsigned => ["SMALLSERIAL", "SMALLINT"],
        _ => ["SERIAL", "INT"],
    };
    match dialect {
        Dialect::MySql => format!("{mysql} NOT NULL PRIMARY KEY AUTO_INCREMENT"),
        Dialect::Engine | Dialect::Sqlite | Dialect::Postgres => {
            format!("{postgres} NOT NULL PRIMARY KEY")
        }
    }
}

/// `SQL_TYPE`, or that of the database.
fn type_name(column: &Column, dialect: Dialect) -> String {
    let sqlite = sqlite_type(&column.ty);
    // Where it only repeats SQLite's name it is no class of the file's own.
    if let Some(native) = column.native.as_ref().filter(|native| **native != sqlite) {
        return native.clone();
    }
    let [postgres, mysql] = match &column.ty {
        ColumnType::Boolean => ["BOOL"; 2],
        ColumnType::Text => ["TEXT", "LONGTEXT"],
        ColumnType::Decimal(Some((digits, places))) => {
            return format!("DECIMAL({digits},{places})");
        }
        ColumnType::Decimal(None) => ["DECIMAL"; 2],
        ColumnType::DateTime => ["TIMESTAMPTZ", "DATETIME(6)"],
        ColumnType::Time => ["TIMETZ", "TIME(6)"],
        ColumnType::Float => ["DOUBLE PRECISION", "DOUBLE"],
        ColumnType::Json => ["JSONB", "JSON"],
        ColumnType::Uuid => ["UUID", "CHAR(36)"],
        ColumnType::Binary => ["BYTEA", "LONGBLOB"],
        ColumnType::SmallInt
        | ColumnType::SmallIntUnsigned
        | ColumnType::Integer
        | ColumnType::IntegerUnsigned
        | ColumnType::BigInt
        | ColumnType::BigIntUnsigned
        | ColumnType::Duration
        | ColumnType::Varchar(_)
        | ColumnType::Char(_)
        | ColumnType::Date
        | ColumnType::Ip
        | ColumnType::Unknown(_) => return sqlite,
    };
    if dialect == Dialect::MySql { mysql } else { postgres }.to_owned()
}

/// Defaults are those of SQLite, but for what has a form of its own (`_DIALECT_SQL`), and truths on PostgreSQL, which stand there as Python prints them.
fn default_sql<'a>(default: &'a str, ty: &ColumnType, dialect: Dialect) -> &'a str {
    match (default, ty, dialect) {
        ("1", ColumnType::Boolean, Dialect::Postgres) => "True",
        ("0", ColumnType::Boolean, Dialect::Postgres) => "False",
        ("CURRENT_TIMESTAMP", _, Dialect::MySql) => "CURRENT_TIMESTAMP(6)",
        ("(lower(hex(randomblob(16))))", _, Dialect::Postgres) => "md5(random()::text)",
        ("(lower(hex(randomblob(16))))", _, Dialect::MySql) => "(LOWER(HEX(RANDOM_BYTES(16))))",
        _ => default,
    }
}

fn references(key: &ForeignKey, dialect: Dialect) -> String {
    format!(
        " REFERENCES {} ({}) ON DELETE {}",
        quote(&key.ref_table, dialect),
        quote(&key.ref_column, dialect),
        key.on_delete
    )
}

/// Tortoise puts names in quotes as they are.
fn quote(name: &str, dialect: Dialect) -> String {
    match dialect {
        Dialect::MySql => format!("`{name}`"),
        Dialect::Engine | Dialect::Sqlite | Dialect::Postgres => format!("\"{name}\""),
    }
}

fn list(names: &[String], dialect: Dialect) -> String {
    names.iter().map(|name| quote(name, dialect)).collect::<Vec<_>>().join(", ")
}

/// What looks like an expression is not put in quotes (`_is_index_expression`).
fn columns(index: &Index, dialect: Dialect) -> String {
    let part = |(name, _): &(String, bool)| {
        if name.contains(['(', ')', ' ', '"', '.', ':']) {
            name.clone()
        } else {
            quote(name, dialect)
        }
    };
    index.columns.iter().map(part).collect::<Vec<_>>().join(", ")
}

fn condition(index: &Index) -> String {
    let condition = index.native_condition.as_ref();
    condition.map(|condition| format!(" WHERE {condition}")).unwrap_or_default()
}

/// A comment, escaped as for MySQL; PostgreSQL alone doubles its quotes (`_get_escape_translation_table`).
fn escaped(text: &str, dialect: Dialect) -> String {
    let mut out = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '\0' => out.push_str("\\0"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\u{1a}' => out.push_str("\\Z"),
            '\'' if dialect == Dialect::Postgres => out.push_str("''"),
            '\\' | '"' | '\'' => {
                out.push('\\');
                out.push(letter);
            }
            _ => out.push(letter),
        }
    }
    out
}
