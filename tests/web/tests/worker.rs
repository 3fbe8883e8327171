//! Messages between page and worker survive what `postMessage` makes of them.
#![cfg(target_arch = "wasm32")]
#![allow(clippy::unwrap_used, reason = "these are tests, which clippy knows by #[test] alone")]

use throughline_worker::codec::{decode, encode};
use throughline_worker::protocol::{
    Ask, Column, Fault, FaultKind, List, Lost, Mark, Origin, Part, Range, Report, Request, Response, Row, Rows, Start, Step, StepOutcome, TableChanges,
    TableCount, TableDump, TableRows, Tell, Value,
};
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

wasm_bindgen_test_configure!(run_in_browser);

fn rows() -> TableRows {
    TableRows { table: "a b".into(), columns: vec!["id".into()], rows: vec![vec!["1".into()], vec!["'é \u{1f600} '''".into()]] }
}

#[wasm_bindgen_test]
fn requests_come_out_as_they_went_in() {
    let dump = TableDump { ddl: vec!["CREATE TABLE a (id INT)".into()], rows: rows(), origin: Origin::Script };
    let list = List { run: u32::MAX, part: Part::Changes("a".into()) };
    let load = |rows| Ask::Load { start: Start::Schema { ddl: vec!["x".into()], rows }, scripts: vec!["y".into()] };
    let asks = [
        load(Rows::Sample(vec![rows()])),
        load(Rows::Own { tables: vec![dump.clone()], fill: Vec::new() }),
        load(Rows::Script(String::new())),
        Ask::Load { start: Start::Dump(vec![dump]), scripts: Vec::new() },
        Ask::Run { sql: "SELECT '\0'".into() },
        Ask::Page { list: list.clone(), from: 0, count: u32::MAX },
        Ask::Csv { list: List { part: Part::Step(3), ..list } },
        Ask::Dump { max_rows: 1 },
        Ask::Ping,
    ];
    for (id, ask) in (0..).zip(asks) {
        let request = Request { id, ask };
        assert_eq!(decode::<Request>(encode(&request).unwrap()).unwrap(), request);
    }
}

#[wasm_bindgen_test]
fn responses_come_out_as_they_went_in() {
    let tables = vec![TableCount { table: "a".into(), rows: 3 }];
    let column = Column { name: "n".into(), numeric: true };
    let fault = Fault { kind: FaultKind::Refused, message: "no".into(), hint: None, range: Some(Range { start: 1, end: 2 }) };
    let outcomes = [StepOutcome::Rows { columns: vec![column.clone()], count: 2 }, StepOutcome::Affected(1), StepOutcome::Done, StepOutcome::Failed(fault)];
    let report = Report {
        steps: outcomes.into_iter().map(|outcome| Step { range: Range::default(), outcome }).collect(),
        unlisted: 1,
        elapsed: 0.5,
        changes: vec![TableChanges { table: "a".into(), columns: vec![column], added: 1, updated: 2, removed: 3 }],
        changed: true,
        tables: tables.clone(),
    };
    let cells = vec![Value::Null, Value::Number("9007199254740993".into()), Value::Text(String::new()), Value::Other("x'00'".into())];
    let marks = [Mark::Plain, Mark::Added, Mark::Removed, Mark::Updated(vec![None, Some(Value::Null)])];
    let tells = [
        Tell::Ready,
        Tell::Loaded { tables, lost: vec![Lost { table: None, rows: 0, why: "why".into() }] },
        Tell::Progress { done: 7 },
        Tell::Ran(report),
        Tell::Page { from: 200, rows: marks.map(|mark| Row { mark, cells: cells.clone() }).into() },
        Tell::Csv("a\r\n".into()),
        Tell::Dump(None),
        Tell::Pong,
        Tell::Gone("gone".into()),
        Tell::Panic("panic".into()),
    ];
    for tell in tells {
        let response = Response { id: 1, tell };
        assert_eq!(decode::<Response>(encode(&response).unwrap()).unwrap(), response);
    }
}

#[wasm_bindgen_test]
fn what_is_no_message_is_an_error() {
    assert!(decode::<Response>("nonsense".into()).is_err());
}
