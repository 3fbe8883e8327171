//! What the page does first with any models: makes their tables in the engine, puts the sample rows in, runs the example queries.
//! All of that must work, for every example and every recorded case whose tables the real ORM can make.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "these are tests, which clippy knows by #[test] alone"
)]

use std::path::Path;

use serde_json::Value;
use throughline_core::tables::{Table, Tables};
use throughline_core::{analyze, examples, orm, sample, sql};
use throughline_engine::{Answer, Session};

/// Runs one statement, which must succeed.
fn run(session: &mut Session, context: &str, statement: &str) -> Answer {
    let outcomes = session.run(statement);
    assert_eq!(outcomes.len(), 1, "{context}\n{statement}");
    let outcome = outcomes.into_iter().next().unwrap();
    outcome.result.unwrap_or_else(|error| panic!("{context}: {error:?}\n{statement}"))
}

/// So many checks at once are met by trying values.
const CHECKS: usize = 4;

/// The tables that must have rows: all but those in a ring of keys that may not be NULL, and what needs them.
///
/// A known gap: a table with very many checks may stay empty (`406-ddl-constants`), as values are tried and not solved for.
fn fillable(tables: &Tables) -> Vec<&str> {
    let mut filled: Vec<&str> = Vec::new();
    loop {
        let ready = |table: &&Table| {
            !filled.contains(&table.name.as_str())
                && table.checks.len() <= CHECKS
                && table.foreign_keys.iter().all(|key| {
                    let column = table.columns.iter().find(|column| column.name == key.column);
                    column.is_some_and(|column| column.null)
                        || filled.contains(&key.ref_table.as_str())
                })
        };
        match tables.tables.iter().find(ready) {
            Some(table) => filled.push(&table.name),
            None => return filled,
        }
    }
}

/// Everything, and then `first`, the query that the project opens with.
///
/// Each query finds something.
fn check(name: &str, orm: &str, models: &str, first: Option<&str>) {
    let orm = orm::by_id(orm).unwrap();
    let analysis = analyze(orm, models);
    let mut session = Session::new();
    for statement in sql::ddl(&analysis.tables, sql::Dialect::Engine) {
        run(&mut session, name, &statement);
    }
    let tables = sample::rows(&analysis.tables);
    for table in fillable(&analysis.tables) {
        assert!(tables.iter().any(|rows| rows.table == table), "{name}: {table} has no rows");
    }
    for table in tables {
        let columns: Vec<String> =
            table.columns.iter().map(|column| format!("\"{column}\"")).collect();
        let rows: Vec<String> =
            table.rows.iter().map(|row| format!("({})", row.join(", "))).collect();
        let insert = format!(
            "INSERT INTO \"{}\" ({}) VALUES {}",
            table.table.replace('"', "\"\""),
            columns.join(", "),
            rows.join(", ")
        );
        run(&mut session, name, &insert);
    }
    let queries = sample::queries(&analysis.resolved, &analysis.tables);
    let all = queries
        .into_iter()
        .map(|query| (query.title, query.sql))
        .chain(first.map(|sql| ("the first query".into(), sql.to_owned())));
    for (title, sql) in all {
        match run(&mut session, &format!("{name}: {title}"), &sql) {
            Answer::Rows { rows, .. } => {
                assert!(!rows.is_empty(), "{name}: {title} finds nothing\n{sql}")
            }
            other => panic!("{name}: {title}: {other:?}"),
        }
    }
}

#[test]
fn examples_run() {
    for example in examples::ALL {
        check(example.id, example.orm, example.models, Some(example.sql));
    }
}

/// Runs all recorded cases of an ORM; there must be at least so many.
fn run_recorded(orm: &str, least: usize) {
    let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures").join(orm);
    let mut run = 0;
    for case in std::fs::read_dir(fixtures).unwrap() {
        let folder = case.unwrap().path();
        let (Ok(models), Ok(expected)) = (
            std::fs::read_to_string(folder.join("models.py")),
            std::fs::read_to_string(folder.join("expected.json")),
        ) else {
            continue;
        };
        let expected: Value = serde_json::from_str(&expected).unwrap();
        if expected.get("schema_status").is_some_and(|status| status == "created") {
            check(&folder.display().to_string(), orm, &models, None);
            run += 1;
        }
    }
    assert!(run >= least, "{run}");
}

#[test]
fn recorded_cases_of_django_run() {
    run_recorded("django", 20);
}

#[test]
fn recorded_cases_of_ormar_run() {
    run_recorded("ormar", 40);
}

#[test]
fn recorded_cases_of_tortoise_run() {
    run_recorded("tortoise", 60);
}

#[test]
fn recorded_cases_of_peewee_run() {
    run_recorded("peewee", 50);
}
