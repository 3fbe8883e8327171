//! Tables as SQLAlchemy 2.1 writes them for ormar. Recorded in every case: under `ddl` for SQLite, in `ddl_*.sql` for the others.

use super::dialect::{self, quote};
use super::rings;
use super::world::Reference;
use crate::sql::Dialect;
use crate::tables::{Column, ForeignKey, Table, Tables};
use throughline_order::Arrange as _;

/// All statements for a server, with the keys that close a ring of tables at the end.
pub(super) fn server_statements(tables: &Tables, dialect: Dialect) -> Vec<String> {
    let order = tables.in_creation_order();
    let late = rings::keys(tables);
    let mut out = Vec::new();
    for table in &order {
        out.extend(statements(table, &late, dialect));
        comments(table, dialect, &mut out);
    }
    for table in &order {
        let keys = table.foreign_keys.iter().filter(|key| is_late(table, key, &late));
        out.extend(keys.map(|key| {
            format!("ALTER TABLE {} ADD {}", quote(&table.name, dialect), foreign_key(key, dialect))
        }));
    }
    out
}

/// The table, then its indexes. Keys that come late, named by table and column, are left out.
pub(super) fn statements(table: &Table, late: &[(&str, &str)], dialect: Dialect) -> Vec<String> {
    let mut lines: Vec<String> =
        table.columns.iter().map(|column| column_sql(column, dialect)).collect();
    lines.extend(constraints(table, late, dialect));
    let name = quote(&table.name, dialect);
    let mut create = format!("CREATE TABLE {name} (\n\t{}\n)", lines.join(", \n\t"));
    if dialect == Dialect::MySql
        && let Some(comment) = &table.comment
    {
        create.push_str(&format!("COMMENT={}", string(comment, dialect)));
    }
    let mut out = vec![create];
    out.extend(table.indexes.iter().map(|index| {
        let unique = if index.unique { "UNIQUE " } else { "" };
        let names: Vec<&str> = index.columns.iter().map(|(name, _)| name.as_str()).collect();
        let index = quote(&index.name, dialect);
        format!("CREATE {unique}INDEX {index} ON {name} ({})", list(&names, dialect))
    }));
    out
}

/// Comments that are statements of their own.
fn comments(table: &Table, dialect: Dialect, out: &mut Vec<String>) {
    if dialect != Dialect::Postgres {
        return;
    }
    let name = quote(&table.name, dialect);
    if let Some(comment) = &table.comment {
        out.push(format!("COMMENT ON TABLE {name} IS {}", string(comment, dialect)));
    }
    out.extend(table.columns.iter().filter_map(|column| {
        let comment = string(column.comment.as_ref()?, dialect);
        Some(format!("COMMENT ON COLUMN {name}.{} IS {comment}", quote(&column.name, dialect)))
    }));
}

fn string(text: &str, dialect: Dialect) -> String {
    let text = text.replace('\'', "''");
    match dialect {
        Dialect::MySql => format!("'{}'", text.replace('\\', "\\\\")),
        Dialect::Engine | Dialect::Sqlite | Dialect::Postgres => format!("'{text}'"),
    }
}

fn column_sql(column: &Column, dialect: Dialect) -> String {
    let mut line =
        format!("{} {}", quote(&column.name, dialect), dialect::type_name(column, dialect));
    let default = column.native_default.as_ref().map(|default| format!(" DEFAULT {default}"));
    let default = default.unwrap_or_default();
    let null = if column.null { "" } else { " NOT NULL" };
    if dialect != Dialect::MySql {
        line.push_str(&default);
        line.push_str(null);
        return line;
    }
    line.push_str(null);
    if let Some(comment) = &column.comment {
        line.push_str(&format!(" COMMENT {}", string(comment, dialect)));
    }
    if column.auto {
        line.push_str(" AUTO_INCREMENT");
    }
    line.push_str(&default);
    line
}

fn is_late(table: &Table, key: &ForeignKey, late: &[(&str, &str)]) -> bool {
    late.contains(&(table.name.as_str(), key.column.as_str()))
}

/// The primary key, the model's own constraints, then what the columns bring, in their order.
fn constraints(table: &Table, late: &[(&str, &str)], dialect: Dialect) -> Vec<String> {
    let mut out = Vec::new();
    if !table.primary_key.is_empty() {
        let names: Vec<&str> = table.primary_key.iter().map(String::as_str).collect();
        out.push(format!("PRIMARY KEY ({})", list(&names, dialect)));
    }
    let mut own: Vec<(usize, String)> = Vec::new();
    for unique in table.uniques.iter().filter(|unique| unique.name.is_some()) {
        let names: Vec<&str> = unique.columns.iter().map(String::as_str).collect();
        own.push((
            unique.position,
            format!("{}UNIQUE ({})", named(unique.name.as_deref(), dialect), list(&names, dialect)),
        ));
    }
    for check in &table.checks {
        let condition = check.native.as_deref().unwrap_or_default();
        own.push((
            check.position,
            format!("{}CHECK ({condition})", named(check.name.as_deref(), dialect)),
        ));
    }
    own.arrange_by_key(|(position, _)| *position);
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
            out.push(format!("UNIQUE ({})", quote(&column.name, dialect)));
        }
        let keys = table.foreign_keys.iter().filter(|key| key.column == column.name);
        out.extend(
            keys.filter(|key| !is_late(table, key, late)).map(|key| foreign_key(key, dialect)),
        );
    }
    out
}

fn foreign_key(key: &ForeignKey, dialect: Dialect) -> String {
    let actions = [("DELETE", &key.on_delete), ("UPDATE", &key.on_update)].map(|(what, action)| {
        (what, Some(action.as_str()).filter(|action| *action != "NO ACTION"))
    });
    let clause = match (&key.native, dialect) {
        (None, _) => references(&key.ref_table, &key.ref_column, actions, dialect),
        (Some(native), Dialect::Engine | Dialect::Sqlite) => native.clone(),
        // Only the names are spelt otherwise there.
        (Some(native), Dialect::Postgres | Dialect::MySql) => {
            let said = native.rfind(')').and_then(|at| native.get(at + 1..)).unwrap_or_default();
            references(&key.ref_table, &key.ref_column, [("", None); 2], dialect) + said
        }
    };
    let name = named(key.name.as_deref(), dialect);
    format!("{name}FOREIGN KEY({}) {clause}", quote(&key.column, dialect))
}

/// The clause of a foreign key with the actions that it was given, also those that say nothing.
pub(super) fn reference(key: &Reference<'_>) -> String {
    let actions = [("DELETE", key.on_delete), ("UPDATE", key.on_update)];
    references(&key.table, &key.column, actions, Dialect::Sqlite)
}

fn references(
    table: &str,
    column: &str,
    actions: [(&str, Option<&str>); 2],
    dialect: Dialect,
) -> String {
    let mut text = format!("REFERENCES {} ({})", quote(table, dialect), quote(column, dialect));
    for (what, action) in actions {
        if let Some(action) = action {
            text.push_str(&format!(" ON {what} {action}"));
        }
    }
    text
}

fn named(name: Option<&str>, dialect: Dialect) -> String {
    name.map_or_else(String::new, |name| format!("CONSTRAINT {} ", quote(name, dialect)))
}

fn list(names: &[&str], dialect: Dialect) -> String {
    names.iter().map(|name| quote(name, dialect)).collect::<Vec<_>>().join(", ")
}
