//! The user's own rows as the SQL that a project keeps, and back. Pure.
//!
//! What is written here is read back here, so that rows can be carried to a changed schema by table and column. SQL of
//! another form is left to the engine as it is.

use throughline_worker::protocol::{Origin, Rows, TableDump, TableRows};

/// What is kept where the user deleted every row: an empty text means the sample rows.
const NO_ROWS: &str = "-- no rows\n";

/// The rows, and the tables that scripts made, as SQL.
pub(super) fn write(tables: &[TableDump]) -> String {
    let mut text = String::new();
    // The scripts' tables last, so that their statements cannot be taken for those of the next table.
    let of = |origin| tables.iter().filter(move |table| table.origin == origin);
    for table in of(Origin::Schema).chain(of(Origin::Script)) {
        if table.origin == Origin::Script {
            for statement in &table.ddl {
                text.push_str(statement);
                text.push_str(";\n");
            }
        }
        if table.rows.rows.is_empty() {
            continue;
        }
        let columns: Vec<String> = table.rows.columns.iter().map(|name| quoted(name)).collect();
        text.push_str(&format!(
            "INSERT INTO {} ({}) VALUES\n",
            quoted(&table.rows.table),
            columns.join(",")
        ));
        let rows: Vec<String> =
            table.rows.rows.iter().map(|cells| format!("({})", cells.join(","))).collect();
        text.push_str(&rows.join(",\n"));
        text.push_str(";\n");
    }
    if text.is_empty() { NO_ROWS.into() } else { text }
}

/// The rows in a text of [`write()`]; any other text is a script for the engine.
pub(super) fn read(text: &str, fill: Vec<TableRows>) -> Rows {
    match tables(text) {
        Some(tables) => Rows::Own { tables, fill },
        None => Rows::Script(text.into()),
    }
}

fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

fn tables(text: &str) -> Option<Vec<TableDump>> {
    let mut tables: Vec<TableDump> = Vec::new();
    let mut ddl: Vec<String> = Vec::new();
    for statement in split(text.strip_prefix(NO_ROWS).unwrap_or(text), ';') {
        let statement = statement.trim();
        if statement.starts_with("CREATE ") {
            ddl.push(statement.into());
        } else if !statement.is_empty() {
            let rows = insert(statement)?;
            let own = std::mem::take(&mut ddl);
            let origin = if own.is_empty() { Origin::Schema } else { Origin::Script };
            // Statements of empty tables stand before those of this one, and run with them.
            tables.push(TableDump { ddl: own, rows, origin });
        }
    }
    if !ddl.is_empty() {
        tables.push(TableDump {
            ddl,
            rows: TableRows { table: String::new(), columns: Vec::new(), rows: Vec::new() },
            origin: Origin::Script,
        });
    }
    Some(tables)
}

fn insert(statement: &str) -> Option<TableRows> {
    let rest = statement.strip_prefix("INSERT INTO ")?;
    let (head, values) = rest.split_once(" VALUES\n")?;
    let (table, columns) = head.split_once(" (")?;
    let rows = split(values, ',').into_iter().map(|row| {
        let cells = row.trim().strip_prefix('(')?.strip_suffix(')')?;
        Some(split(cells, ',').into_iter().map(|cell| cell.trim().to_owned()).collect())
    });
    Some(TableRows {
        table: name(table)?,
        columns: split(columns.strip_suffix(')')?, ',')
            .into_iter()
            .map(name)
            .collect::<Option<_>>()?,
        rows: rows.collect::<Option<_>>()?,
    })
}

fn name(quoted: &str) -> Option<String> {
    Some(quoted.trim().strip_prefix('"')?.strip_suffix('"')?.replace("\"\"", "\""))
}

/// The pieces between separators that stand outside of quotes and parentheses.
fn split(text: &str, separator: char) -> Vec<&str> {
    let (mut pieces, mut begin, mut depth, mut quote) = (Vec::new(), 0, 0_usize, None);
    for (at, character) in text.char_indices() {
        match quote {
            // A doubled quote closes and opens again.
            Some(open) if open == character => quote = None,
            Some(_) => {}
            None if character == '\'' || character == '"' => quote = Some(character),
            None if character == '(' => depth += 1,
            None if character == ')' => depth = depth.saturating_sub(1),
            None if character == separator && depth == 0 => {
                pieces.push(text.get(begin..at).unwrap_or_default());
                begin = at + separator.len_utf8();
            }
            None => {}
        }
    }
    pieces.push(text.get(begin..).unwrap_or_default());
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;

    fn dump(
        origin: Origin,
        ddl: &[&str],
        table: &str,
        columns: &[&str],
        rows: &[&[&str]],
    ) -> TableDump {
        let strings = |list: &[&str]| list.iter().map(|&text| text.to_owned()).collect::<Vec<_>>();
        let rows = TableRows {
            table: table.into(),
            columns: strings(columns),
            rows: rows.iter().map(|row| strings(row)).collect(),
        };
        TableDump { ddl: strings(ddl), rows, origin }
    }

    #[test]
    fn rows_come_back_as_they_were() {
        let tables = vec![
            dump(
                Origin::Schema,
                &[],
                "a\"b",
                &["id", "te,xt"],
                &[&["1", "'it''s; (x'"], &["2", "NULL"]],
            ),
            dump(
                Origin::Script,
                &["CREATE TABLE mine (x DECIMAL(4,2))"],
                "mine",
                &["x"],
                &[&["CAST('1' AS DECIMAL(4,2))"]],
            ),
        ];
        assert_eq!(read(&write(&tables), Vec::new()), Rows::Own { tables, fill: Vec::new() });
    }

    #[test]
    fn no_rows_is_not_the_sample() {
        let text = write(&[dump(Origin::Schema, &["CREATE TABLE a (x INT)"], "a", &["x"], &[])]);
        assert_eq!(text, NO_ROWS);
        assert_eq!(read(&text, Vec::new()), Rows::Own { tables: Vec::new(), fill: Vec::new() });
    }

    #[test]
    fn other_sql_is_left_to_the_engine() {
        let sql = "insert into a select 1";
        assert_eq!(read(sql, Vec::new()), Rows::Script(sql.into()));
    }
}
