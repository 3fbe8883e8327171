//! Tables as Django's schema editor writes them on SQLite.
//!
//! Recorded: `ddl` and `index_ddl` of every case; source: `table_sql` and `_iter_column_sql` of 5.2.

use super::lower::quote;
use crate::document::ColumnType;
use crate::tables::{Column, Index, Table};

/// `CREATE TABLE`, then its indexes.
pub(super) fn statements(table: &Table) -> Vec<String> {
    let mut parts: Vec<String> =
        table.columns.iter().map(|column| column_sql(table, column)).collect();
    parts.extend(constraints(table));
    if table.primary_key.len() > 1 {
        parts.push(format!("PRIMARY KEY ({})", list(&table.primary_key)));
    }
    let create = format!("CREATE TABLE {} ({})", quote(&table.name), parts.join(", "));
    std::iter::once(create)
        .chain(table.indexes.iter().map(|index| index_sql(table, index)))
        .collect()
}

fn list(columns: &[String]) -> String {
    columns.iter().map(|column| quote(column)).collect::<Vec<_>>().join(", ")
}

fn constraints(table: &Table) -> Vec<String> {
    let named = |name: &Option<String>, rest: String| match name {
        Some(name) => format!("CONSTRAINT {} {rest}", quote(name)),
        None => rest,
    };
    let uniques = table.uniques.iter().filter(|unique| unique.constraint);
    let mut out: Vec<(usize, String)> = uniques
        .map(|unique| {
            (unique.position, named(&unique.name, format!("UNIQUE ({})", list(&unique.columns))))
        })
        .collect();
    out.extend(table.checks.iter().filter_map(|check| {
        Some((check.position, named(&check.name, format!("CHECK ({})", check.native.as_ref()?))))
    }));
    out.sort_by_key(|(position, _)| *position);
    out.into_iter().map(|(_, sql)| sql).collect()
}

fn column_sql(table: &Table, column: &Column) -> String {
    let name = quote(&column.name);
    let mut sql = format!("{name} {}", type_name(column));
    if let Some(collation) = &column.collation {
        sql.push_str(&format!(" COLLATE {}", collation));
    }
    if let Some(default) = &column.native_default {
        sql.push_str(&format!(" DEFAULT {default}"));
    }
    match &column.generated {
        Some(generated) => {
            // One that is not understood becomes a plain column; the table says so in `left_out`.
            if let Some(expression) = &generated.native {
                let kept = if generated.stored { "STORED" } else { "VIRTUAL" };
                sql.push_str(&format!(" GENERATED ALWAYS AS ({expression}) {kept}"));
            }
        }
        None => sql.push_str(if column.null { " NULL" } else { " NOT NULL" }),
    }
    if table.primary_key.len() == 1 && table.primary_key.first() == Some(&column.name) {
        sql.push_str(" PRIMARY KEY");
    } else if column.unique {
        sql.push_str(" UNIQUE");
    }
    if let Some(check) = check(column) {
        sql.push_str(&format!(" CHECK ({check})"));
    }
    if column.auto {
        sql.push_str(" AUTOINCREMENT");
    }
    if let Some(key) = table.foreign_keys.iter().find(|key| key.column == column.name) {
        sql.push_str(&format!(
            " REFERENCES {} ({}) DEFERRABLE INITIALLY DEFERRED",
            quote(&key.ref_table),
            quote(&key.ref_column)
        ));
    }
    sql
}

/// Django's `data_types` for SQLite. A key takes the type of what it references, without its sign.
fn type_name(column: &Column) -> String {
    if let Some(native) = &column.native {
        return native.clone();
    }
    match &column.ty {
        _ if column.auto => "integer".into(),
        ColumnType::SmallInt => "smallint".into(),
        ColumnType::Integer => "integer".into(),
        ColumnType::BigInt => "bigint".into(),
        ColumnType::SmallIntUnsigned => {
            if column.reference { "smallint" } else { "smallint unsigned" }.into()
        }
        ColumnType::IntegerUnsigned => {
            if column.reference { "integer" } else { "integer unsigned" }.into()
        }
        ColumnType::BigIntUnsigned => {
            if column.reference { "bigint" } else { "bigint unsigned" }.into()
        }
        ColumnType::Varchar(Some(length)) => format!("varchar({length})"),
        ColumnType::Varchar(None) => "varchar".into(),
        ColumnType::Char(length) => format!("char({length})"),
        ColumnType::Text | ColumnType::Json => "text".into(),
        ColumnType::Boolean => "bool".into(),
        ColumnType::Decimal(_) => "decimal".into(),
        ColumnType::Float => "real".into(),
        ColumnType::Date => "date".into(),
        ColumnType::DateTime => "datetime".into(),
        ColumnType::Time => "time".into(),
        ColumnType::Duration => "bigint".into(),
        ColumnType::Binary => "BLOB".into(),
        ColumnType::Uuid => "char(32)".into(),
        ColumnType::Ip => "char(39)".into(),
        ColumnType::Unknown(class) => class.clone(),
    }
}

/// Django's `data_type_check_constraints` for SQLite.
fn check(column: &Column) -> Option<String> {
    if column.reference {
        return None;
    }
    let name = &column.name;
    match column.ty {
        ColumnType::SmallIntUnsigned | ColumnType::IntegerUnsigned | ColumnType::BigIntUnsigned => {
            Some(format!("\"{name}\" >= 0"))
        }
        ColumnType::Json => Some(format!("(JSON_VALID(\"{name}\") OR \"{name}\" IS NULL)")),
        _ => None,
    }
}

fn index_sql(table: &Table, index: &Index) -> String {
    let unique = if index.unique { "UNIQUE " } else { "" };
    let column = |(column, descending): &(String, bool)| {
        format!("{}{}", quote(column), if *descending { " DESC" } else { "" })
    };
    let parts = if index.expressions.is_empty() {
        index.columns.iter().map(column).collect()
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
        parts.join(", ")
    )
}
