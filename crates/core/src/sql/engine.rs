//! Standard SQL for our own engine, with everything in it that the models promise: what an ORM does in Python on deletion
//! the playground's database does itself.

use std::borrow::Cow;
use std::collections::HashMap;

use crate::document::ColumnType;
use crate::tables::{Column, ForeignKey, Index, Table, Tables};

/// All statements: tables in their order, each with its indexes. References to tables that are not there are left out, and
/// those to columns that are not unique: the engine has them as little as SQLite does.
pub(crate) fn statements(tables: &Tables, order: &[&Table]) -> Vec<String> {
    let known: HashMap<&str, &Table> =
        tables.tables.iter().map(|table| (table.name.as_str(), table)).collect();
    let is_key = |key: &ForeignKey| {
        known.get(key.ref_table.as_str()).is_some_and(|table| is_unique(table, &key.ref_column))
    };
    order.iter().flat_map(|each| write(each, &is_key)).collect()
}

/// One table and its indexes.
pub fn table(table: &Table) -> Vec<String> {
    write(table, &|_| true)
}

/// Whether a column can be referenced.
fn is_unique(table: &Table, name: &str) -> bool {
    let alone =
        |columns: &[String]| columns.len() == 1 && columns.iter().all(|other| other == name);
    table.columns.iter().any(|column| column.unique && column.name == name)
        || alone(&table.primary_key)
        || table.uniques.iter().any(|unique| alone(&unique.columns))
}

fn write(table: &Table, known: &dyn Fn(&ForeignKey) -> bool) -> Vec<String> {
    let mut parts: Vec<String> =
        table.columns.iter().map(|column| column_sql(table, column)).collect();
    if table.primary_key.len() > 1 {
        parts.push(format!("PRIMARY KEY ({})", list(&table.primary_key)));
    }
    parts.extend(table.uniques.iter().map(|unique| format!("UNIQUE ({})", list(&unique.columns))));
    parts.extend(
        table
            .checks
            .iter()
            .filter_map(|check| Some(format!("CHECK ({})", check.condition.as_ref()?))),
    );
    parts.extend(table.foreign_keys.iter().filter(|key| known(key)).map(foreign_key));
    let create = ["CREATE TABLE ", &quote(&table.name), " (", &parts.join(", "), ")"].concat();
    std::iter::once(create)
        .chain(table.indexes.iter().filter_map(|index| index_sql(table, index)))
        .collect()
}

fn quote(name: &str) -> String {
    let name = name.trim_matches('"');
    let mut out = String::with_capacity(name.len() + 2);
    out.push('"');
    if name.contains('"') {
        out.push_str(&name.replace('"', "\"\""))
    } else {
        out.push_str(name)
    }
    out.push('"');
    out
}

fn list(columns: &[String]) -> String {
    columns.iter().map(|column| quote(column)).collect::<Vec<_>>().join(", ")
}

fn column_sql(table: &Table, column: &Column) -> String {
    let key = table.primary_key.len() == 1 && table.primary_key.first() == Some(&column.name);
    if key && column.auto {
        return format!("{} INTEGER PRIMARY KEY AUTOINCREMENT", quote(&column.name));
    }
    let mut sql = quote(&column.name);
    sql.push(' ');
    sql.push_str(&type_name(&column.ty));
    if let Some(default) = &column.default {
        sql.push_str(" DEFAULT ");
        sql.push_str(match (default.as_str(), &column.ty) {
            // An ORM's "now" fits any column in databases without types; the engine wants the type's own.
            ("CURRENT_TIMESTAMP", ColumnType::Date) => "CURRENT_DATE",
            ("CURRENT_TIMESTAMP", ColumnType::Time) => "CURRENT_TIME",
            (default, _) => default,
        });
    }
    // The engine computes no columns: such a one is plain, and may be empty.
    if !column.null && column.generated.is_none() {
        sql.push_str(" NOT NULL");
    }
    if key {
        sql.push_str(" PRIMARY KEY");
    } else if column.unique {
        sql.push_str(" UNIQUE");
    }
    sql
}

/// The engine's type for a column.
pub fn type_name(ty: &ColumnType) -> Cow<'static, str> {
    match ty {
        // A key whose model is not there: keys are numbers, unless one says otherwise.
        ColumnType::Unknown(class) if class.is_empty() => "BIGINT".into(),
        ColumnType::SmallInt
        | ColumnType::SmallIntUnsigned
        | ColumnType::Integer
        | ColumnType::IntegerUnsigned => "INTEGER".into(),
        ColumnType::BigInt | ColumnType::BigIntUnsigned | ColumnType::Duration => "BIGINT".into(),
        ColumnType::Varchar(Some(length)) | ColumnType::Char(length) => {
            format!("VARCHAR({length})").into()
        }
        ColumnType::Decimal(Some((digits, places))) => format!("NUMERIC({digits},{places})").into(),
        ColumnType::Decimal(None) => "NUMERIC".into(),
        ColumnType::Varchar(None) | ColumnType::Text | ColumnType::Ip | ColumnType::Unknown(_) => {
            "TEXT".into()
        }
        ColumnType::Boolean => "BOOLEAN".into(),
        ColumnType::Float => "DOUBLE PRECISION".into(),
        ColumnType::Date => "DATE".into(),
        ColumnType::DateTime => "TIMESTAMP".into(),
        ColumnType::Time => "TIME".into(),
        ColumnType::Json => "JSON".into(),
        ColumnType::Binary => "BLOB".into(),
        ColumnType::Uuid => "UUID".into(),
    }
}

fn foreign_key(key: &ForeignKey) -> String {
    let said = key.model_on_delete.as_deref().unwrap_or(&key.on_delete);
    let action = match said {
        "CASCADE" => "CASCADE",
        "SET NULL" => "SET NULL",
        "SET DEFAULT" => "SET DEFAULT",
        "PROTECT" | "RESTRICT" => "RESTRICT",
        _ => "NO ACTION",
    };
    [
        "FOREIGN KEY (",
        &quote(&key.column),
        ") REFERENCES ",
        &quote(&key.ref_table),
        " (",
        &quote(&key.ref_column),
        ") ON DELETE ",
        action,
    ]
    .concat()
}

/// Uniques stand in the table already; indexes over expressions or with conditions are a matter of speed only, unless they are unique.
fn index_sql(table: &Table, index: &Index) -> Option<String> {
    let plain = !index.partial && index.expressions.is_empty();
    // SQLite takes a name that is no column for a text, and some ORMs let that happen.
    let has = |(name, _): &(String, bool)| table.columns.iter().any(|column| column.name == *name);
    if !plain || index.unique || index.columns.is_empty() || !index.columns.iter().all(has) {
        return None;
    }
    let columns: Vec<String> = index
        .columns
        .iter()
        .map(|(column, descending)| quote(column) + if *descending { " DESC" } else { "" })
        .collect();
    Some(
        [
            "CREATE INDEX ",
            &quote(&index.name),
            " ON ",
            &quote(&table.name),
            " (",
            &columns.join(", "),
            ")",
        ]
        .concat(),
    )
}
