//! Comparing answers as the recorded cases' own comparison does.

#![allow(dead_code, unreachable_pub, missing_docs, clippy::unwrap_used, clippy::indexing_slicing)]

use serde_json::{Value, json};
use throughline_engine::{Answer, Cell, ErrorKind, Outcome};

pub enum Verdict {
    Right,
    Refused,
    Wrong(String),
}

/// A cell as the reference database would give it: booleans are numbers, whole floats are whole numbers, others have nine digits.
pub fn cell(cell: &Cell) -> Value {
    match cell {
        Cell::Null => Value::Null,
        Cell::Bool(truth) => json!(i64::from(*truth)),
        Cell::Int(number) => json!(number),
        Cell::Float(number) => float(*number),
        Cell::Decimal(text) => float(text.parse().unwrap()),
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

pub fn float(number: f64) -> Value {
    if number.fract() == 0.0 && number.abs() < 1e15 {
        json!(number as i64)
    } else if number.is_finite() {
        // Nine digits, and where those are zeros, a whole number: versions of SQLite add up in different ways.
        let text = format!("{number:.9}");
        match text.strip_suffix(".000000000").map(str::parse::<i64>) {
            Some(Ok(whole)) => json!(whole),
            _ => json!(text),
        }
    } else {
        json!(number.to_string())
    }
}

pub fn expected(value: &Value) -> Value {
    match value {
        Value::Bool(truth) => json!(i64::from(*truth)),
        Value::Number(number) if number.is_f64() => float(number.as_f64().unwrap()),
        other => other.clone(),
    }
}

pub fn table(mut rows: Vec<Vec<Value>>, ordered: bool) -> Vec<Vec<Value>> {
    if !ordered {
        rows.sort_by_key(|row| json!(row).to_string());
    }
    rows
}

pub fn verdict(case: &Value, outcomes: &[Outcome]) -> Verdict {
    let expect = &case["expect"];
    let last = outcomes.last();
    let error = last.and_then(|outcome| outcome.result.as_ref().err());
    match error {
        Some(error) if error.kind == ErrorKind::Refused => return Verdict::Refused,
        Some(error) if expect["error"] != json!(true) => {
            return Verdict::Wrong(format!("error: {error}"));
        }
        Some(_) => return Verdict::Right,
        None if expect["error"] == json!(true) => {
            return Verdict::Wrong("accepted, the reference rejects it".to_owned());
        }
        None => {}
    }
    let Some(rows) = expect["rows"].as_array() else { return Verdict::Right };
    let ours = match last.map(|outcome| &outcome.result) {
        Some(Ok(Answer::Rows { rows, .. })) => {
            rows.iter().map(|row| row.iter().map(cell).collect()).collect()
        }
        _ => Vec::new(),
    };
    let theirs =
        rows.iter().map(|row| row.as_array().unwrap().iter().map(expected).collect()).collect();
    let ordered = case["ordered"] == json!(true);
    let (ours, theirs) = (table(ours, ordered), table(theirs, ordered));
    if ours == theirs {
        Verdict::Right
    } else {
        Verdict::Wrong(format!("ours {ours:?}, theirs {theirs:?}"))
    }
}
