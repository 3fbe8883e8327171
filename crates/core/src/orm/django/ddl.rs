//! Tables as Django's schema editor writes them.
//!
//! Recorded: `ddl` and `index_ddl` of every case for SQLite, `ddl_postgres.sql` and `ddl_mysql.sql` for the others; source: `table_sql`,
//! `_iter_column_sql` and `create_model` of 5.2.

use super::lower::spelling::{list, quote, string};
use super::types;
use crate::sql::Dialect;
use crate::tables::{Column, ForeignKey, Index, Table, Tables, Unique};
use throughline_order::Arrange as _;

/// All statements for a server. As in Django, what may refer to tables further down is added when all of them are there.
pub(super) fn statements(tables: &Tables, dialect: Dialect) -> Vec<String> {
    let order = tables.in_creation_order();
    let mut out = Vec::new();
    for table in &order {
        out.push(create(table, dialect));
        comments(table, dialect, &mut out);
    }
    for table in &order {
        additions(table, dialect, &mut out);
    }
    out
}

/// A table and its indexes on SQLite.
pub(super) fn table(table: &Table) -> Vec<String> {
    let indexes = table.indexes.iter().map(|index| index_sql(table, index, Dialect::Sqlite));
    std::iter::once(create(table, Dialect::Sqlite)).chain(indexes).collect()
}

fn create(table: &Table, dialect: Dialect) -> String {
    let mut parts: Vec<String> =
        table.columns.iter().map(|column| column_sql(table, column, dialect)).collect();
    if !table.constraints_apart {
        parts.extend(constraints(table, dialect));
    }
    if table.primary_key.len() > 1 {
        parts.push(format!("PRIMARY KEY ({})", list(&table.primary_key, dialect)));
    }
    format!("CREATE TABLE {} ({})", quote(&table.name, dialect), parts.join(", "))
}

/// Comments that are statements of their own.
fn comments(table: &Table, dialect: Dialect, out: &mut Vec<String>) {
    let name = quote(&table.name, dialect);
    if let Some(comment) = table.comment.as_ref().filter(|comment| !comment.is_empty()) {
        let comment = string(comment, dialect);
        out.push(match dialect {
            Dialect::MySql => format!("ALTER TABLE {name} COMMENT = {comment}"),
            Dialect::Engine | Dialect::Sqlite | Dialect::Postgres => {
                format!("COMMENT ON TABLE {name} IS {comment}")
            }
        });
    }
    if dialect == Dialect::Postgres {
        let said = |column: &Column| {
            let comment = column.comment.as_ref().filter(|comment| !comment.is_empty())?;
            let column = quote(&column.name, dialect);
            Some(format!("COMMENT ON COLUMN {name}.{column} IS {}", string(comment, dialect)))
        };
        out.extend(table.columns.iter().filter_map(said));
    }
}

/// What Django keeps back until all tables are made.
fn additions(table: &Table, dialect: Dialect, out: &mut Vec<String>) {
    let alter = format!("ALTER TABLE {} ADD ", quote(&table.name, dialect));
    for unique in table.uniques.iter().filter(|unique| !unique.constraint) {
        out.push(
            alter.clone() + &named(unique.name.as_ref(), unique_sql(unique, dialect), dialect),
        );
    }
    out.extend(table.foreign_keys.iter().map(|key| alter.clone() + &key_sql(key, dialect)));
    if table.constraints_apart {
        out.extend(constraints(table, dialect).into_iter().map(|sql| alter.clone() + &sql));
    }
    out.extend(table.indexes.iter().map(|index| index_sql(table, index, dialect)));
}

fn named(name: Option<&String>, rest: String, dialect: Dialect) -> String {
    match name {
        Some(name) => format!("CONSTRAINT {} {rest}", quote(name, dialect)),
        None => rest,
    }
}

fn unique_sql(unique: &Unique, dialect: Dialect) -> String {
    format!("UNIQUE{} ({}){}", unique.head, list(&unique.columns, dialect), unique.tail)
}

fn key_sql(key: &ForeignKey, dialect: Dialect) -> String {
    let sql = format!(
        "FOREIGN KEY ({}) REFERENCES {} ({}){}",
        quote(&key.column, dialect),
        quote(&key.ref_table, dialect),
        quote(&key.ref_column, dialect),
        if key.deferred { DEFERRED } else { "" }
    );
    named(key.name.as_ref(), sql, dialect)
}

const DEFERRED: &str = " DEFERRABLE INITIALLY DEFERRED";

fn constraints(table: &Table, dialect: Dialect) -> Vec<String> {
    let uniques = table.uniques.iter().filter(|unique| unique.constraint);
    let mut out: Vec<(usize, String)> = uniques
        .map(|unique| {
            let sql = named(unique.name.as_ref(), unique_sql(unique, dialect), dialect);
            (unique.position, sql)
        })
        .collect();
    out.extend(table.checks.iter().filter_map(|check| {
        let sql = format!("CHECK ({})", check.native.as_ref()?);
        Some((check.position, named(check.name.as_ref(), sql, dialect)))
    }));
    out.arrange_by_key(|(position, _)| *position);
    out.into_iter().map(|(_, sql)| sql).collect()
}

fn column_sql(table: &Table, column: &Column, dialect: Dialect) -> String {
    let mut sql = format!("{} {}", quote(&column.name, dialect), types::name(column, dialect));
    if let Some(collation) = &column.collation {
        sql.push_str(" COLLATE ");
        match dialect {
            Dialect::Engine | Dialect::Sqlite => sql.push_str(collation),
            Dialect::Postgres | Dialect::MySql => sql.push_str(&quote(collation, dialect)),
        }
    }
    if dialect == Dialect::MySql
        && let Some(comment) = column.comment.as_ref().filter(|comment| !comment.is_empty())
    {
        sql.push_str("  COMMENT ");
        sql.push_str(&string(comment, dialect));
    }
    if let Some(default) = &column.native_default {
        sql.push_str(" DEFAULT ");
        sql.push_str(default);
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
    if let Some(check) = types::check(column, dialect) {
        sql.push_str(&format!(" CHECK ({check})"));
    }
    if column.auto {
        sql.push_str(types::numbering(dialect));
    }
    // The other databases get their keys when all tables are there.
    if dialect == Dialect::Sqlite
        && let Some(key) = table.foreign_keys.iter().find(|key| key.column == column.name)
    {
        sql.push_str(&format!(
            " REFERENCES {} ({}){DEFERRED}",
            quote(&key.ref_table, dialect),
            quote(&key.ref_column, dialect)
        ));
    }
    sql
}

fn index_sql(table: &Table, index: &Index, dialect: Dialect) -> String {
    let unique = if index.unique { "UNIQUE " } else { "" };
    let column = |(column, descending): &(String, bool)| {
        format!("{}{}", quote(column, dialect), if *descending { " DESC" } else { "" })
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
        "CREATE {unique}INDEX {} ON {} ({}){}{condition}",
        quote(&index.name, dialect),
        quote(&table.name, dialect),
        parts.join(", "),
        index.tail
    )
}
