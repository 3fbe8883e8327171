//! What is said of a table, as texts. Pure.

use throughline_core::tables::{Column, ForeignKey, Table};

/// What a column is the key of: `primary`, the column that it points at, or that it is unique.
pub(crate) fn keys(table: &Table, column: &Column) -> Vec<String> {
    let mut keys = Vec::new();
    if table.primary_key.contains(&column.name) {
        keys.push(if table.primary_key.len() > 1 {
            "primary, with others".into()
        } else {
            "primary".into()
        });
    } else if column.unique {
        keys.push("unique".into());
    }
    keys.extend(
        foreign_keys(table, column).map(|key| format!("{}.{}", key.ref_table, key.ref_column)),
    );
    keys
}

/// The foreign keys of a column.
pub(super) fn foreign_keys<'a>(
    table: &'a Table,
    column: &'a Column,
) -> impl Iterator<Item = &'a ForeignKey> {
    table.foreign_keys.iter().filter(move |key| key.column == column.name)
}

/// What happens on deletion: by whom, where the model and the database differ.
pub(super) fn on_delete(key: &ForeignKey, orm: &str) -> String {
    let database = key.on_delete.to_lowercase();
    match &key.model_on_delete {
        Some(model) if !model.replace('_', " ").eq_ignore_ascii_case(&key.on_delete) => {
            format!("{} by {orm}, {database} in SQL", model.replace('_', " ").to_lowercase())
        }
        Some(_) | None => database,
    }
}

/// Whether the column may be NULL.
pub(super) fn null(column: &Column) -> &'static str {
    if column.null { "yes" } else { "no" }
}

/// What a new row gets without being told.
pub(super) fn default(column: &Column) -> Option<String> {
    column.default.clone().or_else(|| column.auto.then(|| "numbered".into()))
}

/// The rules of a table that are about more than one column, each with its kind and an own name.
pub(crate) fn rules(table: &Table) -> Vec<(&'static str, String, Option<String>)> {
    let list = |columns: &[String]| format!("({})", columns.join(", "));
    let mut rules = Vec::new();
    if table.primary_key.len() > 1 {
        rules.push(("Primary key", list(&table.primary_key), None));
    }
    rules.extend(
        table.uniques.iter().map(|unique| ("Unique", list(&unique.columns), unique.name.clone())),
    );
    for index in &table.indexes {
        // A unique index is among the uniques already, where it has that name.
        if table.uniques.iter().any(|unique| unique.name.as_ref() == Some(&index.name)) {
            continue;
        }
        let columns: Vec<String> = index
            .columns
            .iter()
            .map(
                |(name, descending)| {
                    if *descending { format!("{name} desc") } else { name.clone() }
                },
            )
            .collect();
        let condition = index
            .condition
            .as_ref()
            .map(|condition| format!(" where {condition}"))
            .unwrap_or_default();
        rules.push((
            if index.unique { "Unique" } else { "Index" },
            format!("{}{condition}", list(&columns)),
            Some(index.name.clone()),
        ));
    }
    rules.extend(table.checks.iter().map(|check| {
        (
            "Check",
            check.condition.clone().unwrap_or_else(|| "not understood".into()),
            check.name.clone(),
        )
    }));
    rules
}

/// A statement with a line for each part of its outermost parentheses; one that fits on a line stays on it.
pub(super) fn laid_out(statement: &str) -> String {
    if statement.contains('\n') || !statement.starts_with("CREATE TABLE") {
        return statement.replacen(" ON ", "\n  ON ", 1);
    }
    let (mut out, mut depth, mut quote, mut fresh) =
        (String::with_capacity(statement.len() + 64), 0_usize, None, false);
    for character in statement.chars() {
        if fresh && character == ' ' {
            continue;
        }
        fresh = false;
        match quote {
            Some(open) if open == character => quote = None,
            Some(_) => {}
            None if matches!(character, '\'' | '"') => quote = Some(character),
            None if character == '(' => depth += 1,
            None if character == ')' => depth = depth.saturating_sub(1),
            None => {}
        }
        let breaks = quote.is_none() && depth == 1 && matches!(character, '(' | ',');
        if quote.is_none() && character == ')' && depth == 0 {
            out.push('\n');
        }
        out.push(character);
        if breaks {
            out.push_str("\n  ");
            fresh = true;
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(on_delete: &str, model: Option<&str>) -> ForeignKey {
        ForeignKey {
            name: None,
            column: "a_id".into(),
            ref_table: "a".into(),
            ref_column: "id".into(),
            on_delete: on_delete.into(),
            on_update: "NO ACTION".into(),
            model_on_delete: model.map(Into::into),
            deferred: false,
            native: None,
        }
    }

    #[test]
    fn the_model_is_named_where_it_does_the_work() {
        assert_eq!(
            on_delete(&key("NO ACTION", Some("SET_NULL")), "Django"),
            "set null by Django, no action in SQL"
        );
        assert_eq!(on_delete(&key("CASCADE", Some("CASCADE")), "Tortoise"), "cascade");
        assert_eq!(on_delete(&key("CASCADE", None), "Peewee"), "cascade");
    }

    #[test]
    fn each_column_gets_a_line() {
        let sql = r#"CREATE TABLE "a(b" ("id" integer, "n" decimal(4, 2) DEFAULT 'x, (', UNIQUE ("id", "n"))"#;
        let lines = [
            "CREATE TABLE \"a(b\" (",
            "  \"id\" integer,",
            "  \"n\" decimal(4, 2) DEFAULT 'x, (',",
            "  UNIQUE (\"id\", \"n\")",
            ")",
        ];
        assert_eq!(laid_out(sql), lines.join("\n"));
    }
}
