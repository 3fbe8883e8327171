//! What the core makes of models, the engine can hold: tables, sample rows, example queries.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "these are tests, which clippy knows by #[test] alone"
)]

use throughline_core::sql::{self, Dialect};
use throughline_core::{analyze, examples, live, orm, sample};
use throughline_worker::host::Host;
use throughline_worker::protocol::{
    Ask, Models, Names, Request, Rows, ScriptReport, Start, TableRows, Tell,
};

fn ask(host: &mut Host, ask: Ask) -> Tell {
    let mut answer = None;
    host.handle(Request { id: 1, ask }, &mut |response| answer = Some(response.tell));
    answer.unwrap()
}

fn sample_rows(tables: &throughline_core::Tables) -> Vec<TableRows> {
    sample::rows(tables)
        .into_iter()
        .map(|rows| TableRows { table: rows.table, columns: rows.columns, rows: rows.rows })
        .collect()
}

#[test]
fn examples_load_whole_and_their_queries_run() {
    assert!(!examples::ALL.is_empty());
    for example in examples::ALL {
        let project = example.project();
        let analysis = analyze(orm::by_id(&project.orm).unwrap(), &project.models);
        let mut host = Host::new(|| 0.0, || 0.0);
        let rows = sample_rows(&analysis.tables);
        let expected: Vec<(String, usize)> =
            rows.iter().map(|table| (table.table.clone(), table.rows.len())).collect();
        let ddl = sql::ddl(&analysis.tables, Dialect::Engine);
        let Tell::Loaded { tables, lost } = ask(
            &mut host,
            Ask::Load {
                start: Start::Schema { ddl, rows: Rows::Sample(rows) },
                scripts: Vec::new(),
                orm: String::new(),
            },
        ) else {
            panic!()
        };
        assert_eq!(lost, [], "{}", example.title);
        for (name, count) in expected {
            let there =
                tables.iter().find(|table| table.table == name).map(|table| table.rows as usize);
            assert_eq!(there, Some(count), "{}: {name}", example.title);
        }
        let queries = sample::queries(&analysis.resolved, &analysis.tables)
            .into_iter()
            .map(|query| query.sql);
        for sql in queries.chain(std::iter::once(project.sql.clone()).filter(|sql| !sql.is_empty()))
        {
            let Tell::Ran(report) = ask(&mut host, Ask::Run { sql: sql.clone() }) else { panic!() };
            assert_eq!(report.fault(), None, "{}: {sql}", example.title);
            assert!(!report.changed, "{}: {sql}", example.title);
        }
    }
}

#[test]
fn a_dump_brings_the_same_database_back() {
    for example in examples::ALL {
        let project = example.project();
        let analysis = analyze(orm::by_id(&project.orm).unwrap(), &project.models);
        let mut first = Host::new(|| 0.0, || 0.0);
        let ddl = sql::ddl(&analysis.tables, Dialect::Engine);
        ask(
            &mut first,
            Ask::Load {
                start: Start::Schema { ddl, rows: Rows::Sample(sample_rows(&analysis.tables)) },
                scripts: Vec::new(),
                orm: String::new(),
            },
        );
        let before = ask(&mut first, Ask::Dump { max_rows: u32::MAX });
        let Tell::Dump(Some(dump)) = before.clone() else { panic!() };
        let mut second = Host::new(|| 0.0, || 0.0);
        let Tell::Loaded { lost, .. } = ask(
            &mut second,
            Ask::Load { start: Start::Dump(dump), scripts: Vec::new(), orm: String::new() },
        ) else {
            panic!()
        };
        assert_eq!(lost, [], "{}", example.title);
        assert_eq!(ask(&mut second, Ask::Dump { max_rows: u32::MAX }), before, "{}", example.title);
    }
}

/// Statements of lessons that are meant to fail, each the last of its script.
const MEANT: &[&str] = &["ProtectedError"];

#[test]
fn lessons_run_to_their_ends() {
    for example in examples::ALL {
        let project = example.project();
        let orm = orm::by_id(&project.orm).unwrap();
        let analysis = analyze(orm, &project.models);
        let mut host = Host::new(|| 0.0, || 0.0);
        let ddl = sql::ddl(&analysis.tables, Dialect::Engine);
        let rows = Rows::Sample(sample_rows(&analysis.tables));
        ask(
            &mut host,
            Ask::Load {
                start: Start::Schema { ddl, rows },
                scripts: Vec::new(),
                orm: String::new(),
            },
        );
        let models = Models {
            known: live::Models::of(&analysis).to_bytes(),
            source: project.models.clone(),
        };
        let source = project.script.clone();
        // Whoever reads it runs it more than once.
        for round in 0..2 {
            let play = Ask::Play {
                models: models.clone(),
                source: source.clone(),
                names: Names::Forgotten,
            };
            let Tell::Played(report) = ask(&mut host, play) else { panic!() };
            check(example.id, round, &source, &report);
        }
    }
}

fn check(id: &str, round: u32, source: &str, report: &ScriptReport) {
    assert!(report.cards.len() >= 3, "{id}: {} cards", report.cards.len());
    if let Some(card) = report.failed() {
        let text = &source[card.range.start as usize..card.range.end as usize];
        let fault = card.fault.as_ref().unwrap();
        let class = fault.class.as_deref().unwrap_or_default();
        let is_last = source[card.range.end as usize..].trim().is_empty();
        assert!(is_last && MEANT.contains(&class), "{id}, run {round}: {text}\n{fault:?}");
        assert!(fault.why.is_some(), "{id}: {fault:?}");
    }
    // A lesson that speaks of the note has it, and what mends it.
    let repeated: Vec<_> = report.cards.iter().filter_map(|card| card.repeated.as_ref()).collect();
    assert_eq!(source.contains("see the note"), !repeated.is_empty(), "{id}");
    for repeated in repeated {
        let saves = repeated.mend.as_ref().is_some_and(|mend| mend.after.count < mend.before.count);
        assert!(saves, "{id}: no mend of {}", repeated.sql);
    }
}
