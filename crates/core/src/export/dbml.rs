//! Tables as DBML, the language of dbdiagram.io.
//!
//! Source: <https://dbml.dbdiagram.io/docs>.

use std::collections::HashSet;

use crate::tables::{Column, ForeignKey, Table, Tables};

/// The source of a DBML file. Checks and partial indexes have no place in it; they stand as notes.
pub fn dbml(tables: &Tables) -> String {
    let mut parts: Vec<String> = tables.tables.iter().map(table).collect();
    let known: HashSet<&str> = tables.tables.iter().map(|table| table.name.as_str()).collect();
    let references: Vec<String> = tables
        .tables
        .iter()
        .flat_map(|table| table.foreign_keys.iter().map(move |key| (table, key)))
        .filter(|(_, key)| known.contains(key.ref_table.as_str()))
        .map(|(table, key)| reference(table, key))
        .collect();
    if !references.is_empty() {
        parts.push(references.join("\n"));
    }
    parts.join("\n\n") + "\n"
}

fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('\\', "\\\\").replace('"', "\\\""))
}

fn text(text: &str) -> String {
    format!("'{}'", text.replace('\\', "\\\\").replace('\'', "\\'").replace('\n', " "))
}

fn table(table: &Table) -> String {
    let mut lines: Vec<String> =
        table.columns.iter().map(|column| format!("  {}", column_line(table, column))).collect();
    let indexes = indexes(table);
    if !indexes.is_empty() {
        lines.push(format!("\n  indexes {{\n{}\n  }}", indexes.join("\n")));
    }
    let notes: Vec<String> = table
        .checks
        .iter()
        .map(|check| {
            let condition = check.condition.as_deref().unwrap_or("…");
            format!("CHECK ({condition})")
        })
        .collect();
    if !notes.is_empty() {
        lines.push(format!("\n  Note: {}", text(&notes.join("; "))));
    }
    format!("Table {} {{\n{}\n}}", quoted(&table.name), lines.join("\n"))
}

fn column_line(table: &Table, column: &Column) -> String {
    let mut settings: Vec<String> = Vec::new();
    if table.primary_key.as_slice() == std::slice::from_ref(&column.name) {
        settings.push("pk".into());
    } else if column.unique {
        settings.push("unique".into());
    }
    if column.auto {
        settings.push("increment".into());
    }
    settings.push(if column.null { "null" } else { "not null" }.into());
    if let Some(default) = &column.default {
        settings.push(format!("default: {}", value(default)));
    }
    if let Some(generated) =
        column.generated.as_ref().and_then(|generated| generated.expression.as_ref())
    {
        settings.push(format!("note: {}", text(&format!("computed: {generated}"))));
    }
    let ty = column.ty.to_string();
    let plain = ty
        .chars()
        .all(|letter| letter.is_ascii_alphanumeric() || matches!(letter, '_' | '(' | ')' | ','));
    let ty = if plain { ty } else { quoted(&ty) };
    format!("{} {ty} [{}]", quoted(&column.name), settings.join(", "))
}

/// Numbers, strings and truth values as they are, all else as an expression.
fn value(sql: &str) -> String {
    let number = sql.parse::<f64>().is_ok();
    let string = sql.len() > 1 && sql.starts_with('\'') && sql.ends_with('\'');
    let word = matches!(sql.to_ascii_lowercase().as_str(), "true" | "false" | "null");
    if string {
        text(&sql.trim_matches('\'').replace("''", "'"))
    } else if number || word {
        sql.to_ascii_lowercase()
    } else {
        format!("`{}`", sql.replace('`', "'"))
    }
}

fn indexes(table: &Table) -> Vec<String> {
    let columns = |columns: &mut dyn Iterator<Item = &String>| -> String {
        columns.map(|column| quoted(column)).collect::<Vec<_>>().join(", ")
    };
    let mut lines = Vec::new();
    if table.primary_key.len() > 1 {
        lines.push(format!("    ({}) [pk]", columns(&mut table.primary_key.iter())));
    }
    for unique in table.uniques.iter().filter(|unique| unique.constraint) {
        let name =
            unique.name.as_ref().map(|name| format!(", name: {}", text(name))).unwrap_or_default();
        lines.push(format!("    ({}) [unique{name}]", columns(&mut unique.columns.iter())));
    }
    for index in &table.indexes {
        let plain = columns(&mut index.columns.iter().map(|(column, _)| column));
        let parts = if index.expressions.is_empty() {
            plain
        } else {
            let parts = index.expressions.iter().map(|sql| format!("`{}`", sql.replace('`', "'")));
            parts.collect::<Vec<_>>().join(", ")
        };
        if parts.is_empty() {
            continue;
        }
        let unique = if index.unique { "unique, " } else { "" };
        let note = if index.partial {
            let condition = index.condition.as_deref().unwrap_or("…");
            format!(", note: {}", text(&format!("WHERE {condition}")))
        } else {
            String::new()
        };
        lines.push(format!("    ({parts}) [{unique}name: {}{note}]", text(&index.name)));
    }
    lines
}

fn reference(table: &Table, key: &ForeignKey) -> String {
    let alone = table.primary_key.as_slice() == std::slice::from_ref(&key.column);
    let unique =
        alone || table.columns.iter().any(|column| column.name == key.column && column.unique);
    let sign = if unique { "-" } else { ">" };
    let mut settings: Vec<String> = Vec::new();
    for (event, action) in [("delete", &key.on_delete), ("update", &key.on_update)] {
        if action != "NO ACTION" {
            settings.push(format!("{event}: {}", action.to_ascii_lowercase()));
        }
    }
    let settings =
        if settings.is_empty() { String::new() } else { format!(" [{}]", settings.join(", ")) };
    format!(
        "Ref: {}.{} {sign} {}.{}{settings}",
        quoted(&table.name),
        quoted(&key.column),
        quoted(&key.ref_table),
        quoted(&key.ref_column)
    )
}

#[cfg(test)]
mod tests {
    use crate::orm;

    #[test]
    fn tables_keys_and_defaults_are_written() {
        let source = "from django.db import models\n\nclass Author(models.Model):\n    name = models.CharField(max_length=10, unique=True, db_default=\"it's\")\n\nclass Book(models.Model):\n    author = models.OneToOneField(Author, models.CASCADE, null=True)\n    year = models.IntegerField(db_index=True)\n";
        let django = orm::by_id("django").expect("Django is there");
        let written = super::dbml(&crate::analyze(django, source).tables);
        for line in [
            "Table \"app_author\" {",
            "  \"id\" bigint [pk, increment, not null]",
            "  \"name\" varchar(10) [unique, not null, default: 'it\\'s']",
            "  \"author_id\" bigint [unique, null]",
            "Ref: \"app_book\".\"author_id\" - \"app_author\".\"id\"",
        ] {
            assert!(written.lines().any(|other| other == line), "{line} is not in\n{written}");
        }
        assert!(written.contains("(\"year\") [name: 'app_book_year_"), "{written}");
    }
}
