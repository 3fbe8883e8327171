//! Random queries over small random tables, against SQLite: the same rows, or a refusal.
//!
//! `PROPTEST_CASES=100000 cargo test -p throughline-engine --release --test differential` runs as many as one has time for.

#![allow(
    missing_docs,
    unreachable_pub,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic
)]

mod common;
#[path = "common/generate.rs"]
mod generate;

use std::cell::Cell;

use common::{cell, float, table};
use generate::{Choices, DDL, Ty};
use proptest::prelude::*;
use proptest::test_runner::{Config, RngSeed, TestRunner};
use rusqlite::Connection;
use rusqlite::types::ValueRef;
use serde_json::{Value, json};
use throughline_engine::{Answer, ErrorKind, Session};

fn reference(setup: &[String], query: &str) -> Result<Vec<Vec<Value>>, String> {
    let connection = Connection::open_in_memory().unwrap();
    for line in DDL.iter().copied().chain(setup.iter().map(String::as_str)) {
        connection.execute(line, ()).unwrap();
    }
    let mut statement = connection.prepare(query).map_err(|error| error.to_string())?;
    let width = statement.column_count();
    let mut rows = statement.query(()).map_err(|error| error.to_string())?;
    let mut found = Vec::new();
    while let Some(row) = rows.next().map_err(|error| error.to_string())? {
        found.push(
            (0..width)
                .map(|at| match row.get_ref(at).unwrap() {
                    ValueRef::Null => Value::Null,
                    ValueRef::Integer(number) => json!(number),
                    ValueRef::Real(number) => float(number),
                    ValueRef::Text(text) => json!(String::from_utf8_lossy(text)),
                    ValueRef::Blob(bytes) => json!(bytes),
                })
                .collect(),
        );
    }
    Ok(found)
}

/// Whether SQLite counts other rows than it gives.
fn contradicts_itself(setup: &[String], query: &str, rows: usize) -> bool {
    let counted = reference(setup, &format!("SELECT COUNT(*) FROM ({query})"));
    counted.is_ok_and(|counted| counted != [[json!(rows)]])
}

#[test]
fn random_queries_agree_with_sqlite() {
    // The same cases in every run of the suite; others where a number of them is asked for.
    let asked = std::env::var("PROPTEST_CASES").ok().and_then(|cases| cases.parse().ok());
    let rng_seed = asked.map_or(RngSeed::Fixed(20), |_: u32| RngSeed::Random);
    let cases = asked.unwrap_or(300);
    let (compared, refused, rejected) = (Cell::new(0), Cell::new(0), Cell::new(0));
    let contradicted = Cell::new(0);
    let reasons = std::cell::RefCell::new(std::collections::BTreeMap::<String, usize>::new());
    let config = Config {
        cases,
        rng_seed,
        max_shrink_iters: 4000,
        failure_persistence: None,
        ..Config::default()
    };
    let mut runner = TestRunner::new(config);
    let outcome = runner.run(&prop::collection::vec(any::<u32>(), 0..160), |numbers| {
        let mut choices = Choices::new(&numbers);
        let types: Vec<Ty> = (0..=choices.below(3))
            .map(|at| [Ty::Int, Ty::Text, Ty::Real][(at + choices.below(3)) % 3])
            .collect();
        let query = if choices.below(8) == 7 {
            choices.first_rows()
        } else {
            choices.query(&[], &types, 2)
        };
        let ordered = query.contains(" ORDER BY ");
        let setup = choices.rows();
        let theirs = reference(&setup, &query);
        let mut session = Session::new();
        for line in DDL.iter().copied().chain(setup.iter().map(String::as_str)) {
            let outcomes = session.run(line);
            prop_assert!(
                outcomes.iter().all(|outcome| outcome.result.is_ok()),
                "{line}: {outcomes:?}"
            );
        }
        let script = || {
            format!(
                "{};\n{query};",
                DDL.iter()
                    .copied()
                    .chain(setup.iter().map(String::as_str))
                    .collect::<Vec<_>>()
                    .join(";\n")
            )
        };
        let outcomes = session.run(&query);
        match (&outcomes[0].result, theirs) {
            (Ok(Answer::Rows { rows, .. }), Ok(theirs)) => {
                let ours =
                    table(rows.iter().map(|row| row.iter().map(cell).collect()).collect(), ordered);
                let theirs = table(theirs, ordered);
                // Now and then SQLite counts fewer or more rows of a query than it gives: then there is nothing to be held against.
                if ours != theirs && contradicts_itself(&setup, &query, theirs.len()) {
                    contradicted.set(contradicted.get() + 1);
                    return Ok(());
                }
                prop_assert_eq!(&ours, &theirs, "{}", script());
                compared.set(compared.get() + 1);
            }
            (Err(error), _) if error.kind == ErrorKind::Refused => {
                let internal = ["not found", "evaluate", "slot"];
                prop_assert!(
                    !internal.iter().any(|word| error.message.contains(word)),
                    "{error}\n{}",
                    script()
                );
                *reasons.borrow_mut().entry(error.message.clone()).or_default() += 1;
                refused.set(refused.get() + 1);
            }
            // A limit of SQLite's own, with joins to the right.
            (Ok(_), Err(message)) if message.contains("references tables to its right") => {}
            (Err(_), Err(_)) => rejected.set(rejected.get() + 1),
            (ours, theirs) => {
                prop_assert!(false, "ours {:?}\ntheirs {:?}\n{}", ours, theirs, script())
            }
        }
        Ok(())
    });
    let mut reasons: Vec<_> = reasons.into_inner().into_iter().collect();
    reasons.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    println!(
        "{} compared, {} refused, {} rejected by both, {} where SQLite contradicts itself; {reasons:?}",
        compared.get(),
        refused.get(),
        rejected.get(),
        contradicted.get()
    );
    if let Err(error) = outcome {
        panic!("{error}");
    }
    assert!(compared.get() * 2 > cases, "too little is compared: {reasons:?}");
}
