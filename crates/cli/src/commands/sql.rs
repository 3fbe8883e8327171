//! `throughline sql FILE`

use std::path::PathBuf;
use std::process::ExitCode;

use lexopt::{Arg, Parser};
use serde_json::{Number, Value, json};
use throughline_engine::{Answer, Cell, Outcome, Session};

use super::{Failure, print, read};

/// Runs a script on an empty database and prints one entry per statement that was started. Code 1 where one failed.
pub(super) fn run(arguments: &mut Parser) -> Result<ExitCode, Failure> {
    let mut file: Option<PathBuf> = None;
    while let Some(argument) = arguments.next()? {
        match argument {
            Arg::Value(path) if file.is_none() => file = Some(path.into()),
            other => return Err(other.unexpected().into()),
        }
    }
    let file = file.ok_or_else(|| Failure::Usage("the SQL file is missing".into()))?;
    let script = read(&file)?;
    let outcomes = Session::new().run(&script);
    let failed = outcomes.iter().any(|outcome| outcome.result.is_err());
    let mut entries: Vec<Value> = outcomes.iter().map(entry).collect();
    if !failed && ends_in_nothing(&script, outcomes.last()) {
        entries.push(json!({ "affected": 0 }));
    }
    print(&Value::Array(entries));
    Ok(if failed { ExitCode::from(1) } else { ExitCode::SUCCESS })
}

/// Whether lines with nothing but a comment or a semicolon follow the last statement: an empty statement, which succeeds.
fn ends_in_nothing(script: &str, last: Option<&Outcome>) -> bool {
    let tail = script.get(last.map_or(0, |outcome| outcome.span.end)..).unwrap_or_default();
    // The rest of the last statement's own line is part of it.
    let tail = match last {
        None => tail,
        Some(_) => tail
            .split_once(';')
            .and_then(|(_, rest)| rest.split_once('\n'))
            .map_or("", |(_, rest)| rest),
    };
    !tail.trim().is_empty()
}

fn entry(outcome: &Outcome) -> Value {
    match &outcome.result {
        Ok(Answer::Rows { columns, rows }) => {
            let columns: Vec<&str> = columns.iter().map(|column| column.name.as_str()).collect();
            let rows: Vec<Vec<Value>> =
                rows.iter().map(|row| row.iter().map(cell).collect()).collect();
            json!({ "columns": columns, "rows": rows })
        }
        Ok(Answer::Affected(count)) => json!({ "affected": count }),
        Ok(Answer::Done) => json!({ "affected": 0 }),
        Err(error) => {
            let span = error.span.map(|span| [span.start, span.end]);
            json!({ "error": { "kind": error.kind, "message": error.message, "hint": error.hint, "span": span } })
        }
    }
}

/// Numbers and booleans as JSON's own, bytes as hexadecimal digits, the rest as text.
fn cell(cell: &Cell) -> Value {
    match cell {
        Cell::Null => Value::Null,
        Cell::Bool(truth) => json!(truth),
        Cell::Int(number) => json!(number),
        Cell::Float(number) => {
            Number::from_f64(*number).map_or_else(|| json!(number.to_string()), Value::Number)
        }
        Cell::Decimal(text) => text
            .parse::<f64>()
            .ok()
            .and_then(Number::from_f64)
            .map_or_else(|| json!(text), Value::Number),
        Cell::Bytes(bytes) => {
            json!(bytes.iter().map(|byte| format!("{byte:02x}")).collect::<String>())
        }
        Cell::Text(text)
        | Cell::Date(text)
        | Cell::Time(text)
        | Cell::Timestamp(text)
        | Cell::Uuid(text) => json!(text),
    }
}
