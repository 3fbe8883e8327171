//! Random queries over small random tables, by three executors: the engine's own with its planner and without, and GlueSQL's. Where two have an
//! answer, it is the same.

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

use common::{cell, table};
use generate::{Choices, DDL, Ty};
use proptest::prelude::*;
use proptest::test_runner::{Config, RngSeed, TestRunner};
use serde_json::Value;
use throughline_engine::{Answer, Executor, Session};

/// The rows of a query on one executor; None where it has none to give.
fn rows(executor: Executor, setup: &[String], query: &str) -> Option<Vec<Vec<Value>>> {
    let mut session = Session::with_executor(executor);
    for line in DDL.iter().copied().chain(setup.iter().map(String::as_str)) {
        assert!(session.run(line).iter().all(|outcome| outcome.result.is_ok()), "{line}");
    }
    match session.run(query).pop().unwrap().result {
        Ok(Answer::Rows { rows, .. }) => {
            let rows = rows.iter().map(|row| row.iter().map(cell).collect()).collect();
            Some(table(rows, query.contains(" ORDER BY ")))
        }
        Ok(_) | Err(_) => None,
    }
}

#[test]
fn executors_agree() {
    let asked = std::env::var("PROPTEST_CASES").ok().and_then(|cases| cases.parse().ok());
    let rng_seed = asked.map_or(RngSeed::Fixed(7), |_: u32| RngSeed::Random);
    let cases = asked.unwrap_or(300);
    let config = Config {
        cases,
        rng_seed,
        max_shrink_iters: 4000,
        failure_persistence: None,
        ..Config::default()
    };
    let (unplanned, glue) = (Cell::new(0), Cell::new(0));
    let mut runner = TestRunner::new(config);
    let outcome = runner.run(&prop::collection::vec(any::<u32>(), 0..160), |numbers| {
        let mut choices = Choices::new(&numbers);
        let types: Vec<Ty> = (0..=choices.below(3))
            .map(|at| [Ty::Int, Ty::Text, Ty::Real][(at + choices.below(3)) % 3])
            .collect();
        let query = choices.query(&[], &types, 2);
        let setup = choices.rows();
        let Some(own) = rows(Executor::Own, &setup, &query) else { return Ok(()) };
        for (executor, compared) in [(Executor::Unplanned, &unplanned), (Executor::GlueSql, &glue)]
        {
            if let Some(theirs) = rows(executor, &setup, &query) {
                prop_assert_eq!(&own, &theirs, "{:?}: {}; {}", executor, setup.join("; "), query);
                compared.set(compared.get() + 1);
            }
        }
        Ok(())
    });
    println!("of {cases}: {} without the planner, {} on GlueSQL", unplanned.get(), glue.get());
    if let Err(error) = outcome {
        panic!("{error}");
    }
    assert!(unplanned.get() * 2 > cases && glue.get() * 2 > cases, "too little is compared");
}

/// Rows that nobody looks at are counted through an index alone; whoever looks must still see them.
#[test]
fn rows_that_are_only_counted_are_counted_right() {
    let setup = [
        "INSERT INTO author VALUES (1, 'a', 3, 0.5, TRUE), (2, 'b', NULL, 1.5, FALSE), (3, NULL, 4, NULL, TRUE)",
        "INSERT INTO post VALUES (7, 'x', 1, 1.0), (8, 'y', 1, NULL), (9, 'z', 2, 2.0), (10, 'w', NULL, 3.0)",
        "INSERT INTO tag VALUES (1, 't')",
        "INSERT INTO post_tag VALUES (7, 1, 5), (9, 1, NULL)",
    ]
    .map(str::to_owned);
    for query in [
        "SELECT a.id, COUNT(p.id), COUNT(*), COUNT(DISTINCT p.id) FROM author a LEFT JOIN post p ON p.author_id = a.id GROUP BY a.id",
        "SELECT a.id, COUNT(p.id) FROM author a LEFT JOIN post p ON p.author_id = a.id AND p.rating > 1 GROUP BY a.id",
        "SELECT a.id, COUNT(p.id) FROM author a LEFT JOIN post p ON p.author_id = a.id WHERE p.rating IS NULL GROUP BY a.id",
        "SELECT a.id, COUNT(p.id), MAX(p.rating) FROM author a LEFT JOIN post p ON p.author_id = a.id GROUP BY a.id",
        "SELECT a.id, COUNT(p.id) FROM author a LEFT JOIN post p ON p.author_id = a.id LEFT JOIN post_tag t ON t.post_id = p.id GROUP BY a.id",
        "SELECT a.id, COUNT(p.id) FROM author a LEFT JOIN post p ON p.author_id = a.id GROUP BY a.id HAVING COUNT(p.id) > 0 ORDER BY COUNT(p.id)",
        "SELECT a.id, COUNT(p.id) FROM author a JOIN post p ON p.author_id = a.id AND p.id = a.age + 4 GROUP BY a.id",
        "SELECT a.id, p.author_id FROM author a LEFT JOIN post p ON p.author_id = a.id",
        "SELECT a.id, (SELECT COUNT(p.id) FROM post p WHERE p.author_id = a.id) FROM author a",
        "SELECT a.id FROM author a JOIN post p ON p.author_id = a.id",
        "SELECT COUNT(p.id) FROM author a LEFT JOIN post p ON p.author_id = a.id WHERE (SELECT COUNT(*) FROM post_tag t WHERE t.post_id = p.id) > 0",
        "SELECT a.id, GROUP_CONCAT('x' ORDER BY p.title) FROM author a LEFT JOIN post p ON p.author_id = a.id GROUP BY a.id",
    ] {
        let own = rows(Executor::Own, &setup, query);
        assert!(own.is_some(), "{query}");
        assert_eq!(own, rows(Executor::Unplanned, &setup, query), "{query}");
    }
}
