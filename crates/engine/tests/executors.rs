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
