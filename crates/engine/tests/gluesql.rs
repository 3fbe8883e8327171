//! GlueSQL's own conformance suite for storages, statement by statement: the same answer, or none, or a difference that is listed with its reason.
//!
//! The suite takes storages behind GlueSQL's own front end, which this engine does not use: what the front end gets wrong is the reason for the
//! checker. That the storage is one as GlueSQL means it is shown in `src/store/suite.rs`, where the whole suite passes. Here the checker is in front
//! of it, and the suite's fixtures are run as scripts. `gluesql/verdicts.txt` has for each of them how many statements give what GlueSQL gives, how
//! many are left out (refused, or after something that was refused), and the lines of those that differ. Nothing else may be found.

#![allow(missing_docs, clippy::unwrap_used, clippy::indexing_slicing, clippy::panic)]

use std::fmt::Write;

use gluesql_test_suite::fixture;
use throughline_engine::{Answer, Cell, ErrorKind, Session};

/// A statement of a fixture and what is expected of it.
struct Step {
    line: usize,
    sql: String,
    kind: String,
    table: Vec<Vec<String>>,
}

fn steps(source: &str) -> Vec<Step> {
    let mut steps: Vec<Step> = Vec::new();
    let mut sql = String::new();
    for (at, line) in source.lines().enumerate() {
        if let Some(kind) = line.trim().strip_prefix("-- @expect:") {
            let (line, kind) = (at + 1, kind.trim().to_owned());
            steps.push(Step { line, sql: std::mem::take(&mut sql), kind, table: Vec::new() });
        } else if let Some(row) = line.trim().strip_prefix("-- |") {
            if let Some(step) = steps.last_mut() {
                step.table.push(split_row(row.trim_end().trim_end_matches('|')));
            }
        } else if !line.trim_start().starts_with("--") {
            sql.push_str(line);
            sql.push('\n');
        }
    }
    steps
}

/// Cells, which may be JSON strings with bars in them.
fn split_row(row: &str) -> Vec<String> {
    let (mut cells, mut quoted, mut escaped) = (vec![String::new()], false, false);
    for ch in row.chars() {
        match ch {
            '|' if !quoted => {
                cells.push(String::new());
                continue;
            }
            '"' if !escaped => quoted = !quoted,
            _ => {}
        }
        escaped = ch == '\\' && !escaped;
        cells.last_mut().unwrap().push(ch);
    }
    cells.iter().map(|cell| cell.trim().to_owned()).collect()
}

/// A value of ours as the fixtures write it, numbers aside.
fn text(cell: &Cell) -> String {
    match cell {
        Cell::Null => "NULL".to_owned(),
        Cell::Bool(truth) => truth.to_string().to_uppercase(),
        Cell::Int(number) => number.to_string(),
        Cell::Float(number) => number.to_string(),
        Cell::Bytes(bytes) => format!("{bytes:?}"),
        Cell::Text(text)
        | Cell::Decimal(text)
        | Cell::Date(text)
        | Cell::Time(text)
        | Cell::Timestamp(text)
        | Cell::Uuid(text) => text.clone(),
    }
}

fn same(ours: &str, theirs: &str) -> bool {
    let theirs = match serde_json::from_str::<serde_json::Value>(theirs) {
        Ok(serde_json::Value::String(text)) => text,
        _ => theirs.to_owned(),
    };
    if ours.eq_ignore_ascii_case(&theirs) {
        return true;
    }
    match (ours.parse::<f64>(), theirs.parse::<f64>()) {
        (Ok(a), Ok(b)) => (a - b).abs() <= 1e-9 * a.abs().max(b.abs()).max(1.0),
        _ => false,
    }
}

fn same_rows(ours: &[Vec<Cell>], step: &Step) -> bool {
    let theirs = step.table.get(2..).unwrap_or_default();
    let mut left: Vec<Vec<String>> =
        ours.iter().map(|row| row.iter().map(text).collect()).collect();
    let like = |a: &Vec<String>, b: &Vec<String>| {
        a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same(a, b))
    };
    if step.sql.to_uppercase().contains("ORDER BY") {
        return left.len() == theirs.len() && left.iter().zip(theirs).all(|(a, b)| like(a, b));
    }
    left.len() == theirs.len()
        && theirs.iter().all(|theirs| match left.iter().position(|ours| like(ours, theirs)) {
            Some(at) => {
                left.swap_remove(at);
                true
            }
            None => false,
        })
}

/// How a fixture comes out: as GlueSQL has it, left out, and the lines of what differs.
fn verdict(path: &str) -> (usize, usize, Vec<(usize, String)>) {
    let mut session = Session::new();
    let (mut agreed, mut left_out, mut different) = (0, 0, Vec::new());
    // Once something that changes the database comes out differently, what follows may, too.
    let mut incomplete = false;
    for step in steps(fixture::source(path)) {
        let outcomes = session.run(&step.sql);
        let wants_error = step.kind.starts_with("error");
        let last =
            outcomes.into_iter().map(|outcome| outcome.result).reduce(|all, next| all.and(next));
        let found = match last {
            Some(Ok(_)) | None if wants_error => {
                Some("GlueSQL refuses it".to_owned()).filter(|_| !incomplete)
            }
            Some(Err(_)) if wants_error => {
                agreed += 1;
                continue;
            }
            Some(Err(error)) if error.kind == ErrorKind::Refused || incomplete => None,
            Some(Err(error)) if error.message.contains("is not supported") => None,
            Some(Err(error)) => Some(error.message),
            Some(Ok(Answer::Rows { rows, .. })) => {
                let fits = match step.kind.strip_prefix("count ") {
                    Some(count) => rows.len().to_string() == count,
                    None => {
                        step.kind == "types" || step.table.is_empty() || same_rows(&rows, &step)
                    }
                };
                if fits {
                    agreed += 1;
                    continue;
                }
                Some("other rows".to_owned()).filter(|_| !incomplete)
            }
            Some(Ok(Answer::Affected(_) | Answer::Done)) | None => {
                agreed += 1;
                continue;
            }
        };
        incomplete |= !step.sql.trim_start().to_uppercase().starts_with("SELECT");
        match found {
            Some(what) => different.push((step.line, what)),
            None => left_out += 1,
        }
    }
    (agreed, left_out, different)
}

#[test]
fn the_suite_comes_out_as_it_is_listed() {
    let listed = include_str!("gluesql/verdicts.txt");
    let mut found = String::new();
    for line in listed.lines() {
        if let Some((path, _)) = line.split_once(": ").filter(|_| !line.starts_with([' ', '#'])) {
            let (agreed, left_out, different) = verdict(path);
            writeln!(found, "{path}: {agreed} same, {left_out} left out").unwrap();
            for (at, what) in different {
                // The reason is the reader's; that there is one is checked.
                let listed = listed.lines().skip_while(|line| !line.starts_with(path)).skip(1);
                let mut listed = listed.take_while(|line| line.starts_with(' '));
                let reason = listed.find(|line| line.trim().starts_with(&format!("{at} ")));
                let reason =
                    reason.map_or_else(|| format!("  {at} NOT LISTED: {what}"), str::to_owned);
                writeln!(found, "{reason}").unwrap();
            }
        } else if line.starts_with('#') {
            writeln!(found, "{line}").unwrap();
        }
    }
    if found != listed {
        std::fs::write(std::env::temp_dir().join("verdicts.txt"), &found).unwrap();
        for (found, listed) in found.lines().zip(listed.lines()).filter(|(a, b)| a != b).take(5) {
            println!("listed {listed}\nfound  {found}");
        }
        panic!("the suite comes out differently; what was found is in the temporary folder");
    }
}
