//! The recorded SQL cases: each is right, or on the list of what is refused.

#![allow(
    missing_docs,
    unreachable_pub,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic
)]

mod common;

use std::collections::BTreeSet;

use common::verdict;
use serde_json::Value;
use throughline_engine::Session;

/// What the engine does not do.
const REFUSED: &[&str] = &["DDL / CREATE TRIGGER", "x / integer types alt INT/INT8/UINT"];

#[test]
fn recorded_cases_are_right_or_refused() {
    let path =
        concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/conformance/fixtures/sql/cases.json");
    let document: Value = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    let setup: Vec<&str> =
        document["setup"].as_array().unwrap().iter().map(|line| line.as_str().unwrap()).collect();
    let mut refused = BTreeSet::new();
    let mut wrong = Vec::new();
    for case in document["cases"].as_array().unwrap() {
        let title =
            format!("{} / {}", case["group"].as_str().unwrap(), case["title"].as_str().unwrap());
        let mut session = Session::new();
        for line in &setup {
            let outcomes = session.run(line);
            assert!(outcomes.iter().all(|outcome| outcome.result.is_ok()), "{line}: {outcomes:?}");
        }
        let statements: String = case["statements"]
            .as_array()
            .unwrap()
            .iter()
            .map(|line| format!("{};\n", line.as_str().unwrap()))
            .collect();
        match verdict(case, &session.run(&statements)) {
            common::Verdict::Right => {}
            common::Verdict::Refused => {
                refused.insert(title);
            }
            common::Verdict::Wrong(why) => wrong.push(format!("{title}: {why}")),
        }
    }
    assert!(wrong.is_empty(), "wrong:\n{}", wrong.join("\n"));
    let expected: BTreeSet<String> = REFUSED.iter().map(|title| (*title).to_owned()).collect();
    assert_eq!(refused, expected);
}
