//! Tables as an entity-relationship diagram of Mermaid.
//!
//! Source: <https://mermaid.js.org/syntax/entityRelationshipDiagram.html>.

use std::collections::HashSet;

use crate::tables::{Column, ForeignKey, Table, Tables};

/// The source of an `erDiagram`. Names that Mermaid does not take as they are stand in quotes, or with `_` for what it does not allow.
pub fn mermaid(tables: &Tables) -> String {
    let mut out = String::from("erDiagram\n");
    for table in &tables.tables {
        out.push_str(&format!("    {} {{\n", entity(&table.name)));
        for column in &table.columns {
            let keys = keys(table, column);
            let keys =
                if keys.is_empty() { String::new() } else { format!(" {}", keys.join(", ")) };
            let note = if column.null { " \"NULL\"" } else { "" };
            out.push_str(&format!(
                "        {} {}{keys}{note}\n",
                word(&column.ty.to_string()),
                word(&column.name)
            ));
        }
        out.push_str("    }\n");
    }
    let known: HashSet<&str> = tables.tables.iter().map(|table| table.name.as_str()).collect();
    for table in &tables.tables {
        for key in table.foreign_keys.iter().filter(|key| known.contains(key.ref_table.as_str())) {
            out.push_str(&format!(
                "    {} {} {} : \"{}\"\n",
                entity(&key.ref_table),
                ends(table, key),
                entity(&table.name),
                key.column.replace('"', "'")
            ));
        }
    }
    out
}

fn column<'a>(table: &'a Table, name: &str) -> Option<&'a Column> {
    table.columns.iter().find(|column| column.name == name)
}

/// From the referenced table's end to the referencing one's.
fn ends(table: &Table, key: &ForeignKey) -> &'static str {
    let column = column(table, &key.column);
    let null = column.is_some_and(|column| column.null);
    let alone = table.primary_key.as_slice() == std::slice::from_ref(&key.column);
    let unique = alone || column.is_some_and(|column| column.unique);
    match (null, unique) {
        (true, true) => "|o--o|",
        (true, false) => "|o--o{",
        (false, true) => "||--o|",
        (false, false) => "||--o{",
    }
}

fn keys(table: &Table, column: &Column) -> Vec<&'static str> {
    let primary = table.primary_key.contains(&column.name);
    let foreign = table.foreign_keys.iter().any(|key| key.column == column.name);
    let unique = column.unique && !primary;
    [(primary, "PK"), (foreign, "FK"), (unique, "UK")]
        .into_iter()
        .filter_map(|(is, word)| is.then_some(word))
        .collect()
}

/// A table: any characters may stand in quotes.
fn entity(name: &str) -> String {
    let plain = name.chars().all(|letter| letter.is_ascii_alphanumeric() || letter == '_')
        && name.starts_with(|first: char| first.is_ascii_alphabetic() || first == '_');
    if plain { name.to_owned() } else { format!("\"{}\"", name.replace('"', "'")) }
}

/// A type or column: letters, digits, `_`, `-`, brackets, and no digit first.
fn word(text: &str) -> String {
    let mut out: String = text
        .chars()
        .map(|letter| {
            let allowed =
                letter.is_alphanumeric() || matches!(letter, '_' | '-' | '(' | ')' | '[' | ']');
            if allowed { letter } else { '_' }
        })
        .collect();
    if !out.starts_with(|first: char| first.is_alphabetic() || first == '_') {
        out.insert(0, '_');
    }
    out
}

#[cfg(test)]
mod tests {
    use crate::orm;

    #[test]
    fn keys_and_ends_are_drawn() {
        let source = "from django.db import models\n\nclass Author(models.Model):\n    name = models.CharField(max_length=10, unique=True)\n\nclass Book(models.Model):\n    author = models.ForeignKey(Author, models.CASCADE, null=True)\n    price = models.DecimalField(max_digits=6, decimal_places=2)\n";
        let django = orm::by_id("django").expect("Django is there");
        let drawn = super::mermaid(&crate::analyze(django, source).tables);
        assert_eq!(
            drawn,
            "erDiagram\n    app_author {\n        bigint id PK\n        varchar(10) name UK\n    }\n    app_book {\n        bigint id PK\n        bigint author_id FK \"NULL\"\n        decimal(6_2) price\n    }\n    app_author |o--o{ app_book : \"author_id\"\n"
        );
    }
}
