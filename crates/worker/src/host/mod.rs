//! The worker's side of the protocol, without the worker: requests in, responses out.

mod load;
mod play;
mod results;
mod values;

use std::collections::BTreeSet;

use throughline_engine::{Answer, Dump, Limits, Outcome, Session, ViewDump};
use throughline_play::{Console, Shared};

use crate::protocol::{
    Ask, List, Models, Origin, Part, Report, Request, Response, Step, StepOutcome, TableCount,
    TableDump, TableRows, Tell,
};
use load::Loaded;
use results::Results;

/// Milliseconds between two reports of progress.
const PROGRESS_EVERY: f64 = 100.0;

/// One database, and what the last scripts left.
pub struct Host {
    session: Shared,
    /// Names of the tables that the schema made.
    schema: BTreeSet<String>,
    results: Results,
    /// The rows that the last script of ORM calls left.
    played: Results,
    /// The models that ORM calls run on, and the names that they have given.
    console: Option<(Models, Console)>,
    clock: fn() -> f64,
    /// Milliseconds since 1970.
    now: fn() -> f64,
}

impl Host {
    /// An empty database. `clock` gives milliseconds since any fixed moment, `now` since 1970.
    pub fn new(clock: fn() -> f64, now: fn() -> f64) -> Self {
        Self {
            session: Shared::new(Session::new()),
            schema: BTreeSet::new(),
            results: Results::default(),
            played: Results::default(),
            console: None,
            clock,
            now,
        }
    }

    /// Answers a request. `tell` is called once for the answer, and before that for each sign of progress.
    pub fn handle(&mut self, request: Request, tell: &mut dyn FnMut(Response)) {
        let id = request.id;
        let answer = match request.ask {
            Ask::Load { start, scripts, orm: _ } => {
                let loaded = Loaded::new(start, &scripts);
                self.session = Shared::new(loaded.session);
                self.console = None;
                self.schema = loaded.schema;
                Tell::Loaded { tables: self.counts(), lost: loaded.lost }
            }
            Ask::Run { sql } => Tell::Ran(self.run(id, &sql, tell)),
            Ask::Play { models, source, names } => {
                Tell::Played(self.play(id, models, &source, names, tell))
            }
            Ask::Offer { models, source, at } => Tell::Offered(self.offer(models, &source, at)),
            Ask::Explain { models, source, at } => {
                Tell::Explained(self.explain(models, &source, at))
            }
            Ask::Elsewhere { models, others, source, range } => {
                Tell::Elsewhere(self.elsewhere(models, others, &source, range))
            }
            Ask::Page { list, from, count } => self.kept(&list).page(&list, from, count),
            Ask::Csv { list } => self.kept(&list).csv(&list),
            Ask::Dump { max_rows } => {
                let tables = self.session.with(|session| session.tables());
                let rows: usize = tables.iter().map(|table| table.rows).sum();
                Tell::Dump((rows <= max_rows as usize).then(|| self.dump()))
            }
            Ask::Ping => Tell::Pong,
        };
        tell(Response { id, tell: answer });
    }

    fn run(&mut self, id: u32, sql: &str, tell: &mut dyn FnMut(Response)) -> Report {
        let began = (self.clock)();
        let mut told = began;
        let mut report = Report::default();
        let mut results = Results::of_run(id);
        let clock = self.clock;
        let mut done = 0;
        let mut each = |outcome: Outcome| {
            done += 1;
            note(outcome, &mut report, &mut results);
            let now = clock();
            if now - told >= PROGRESS_EVERY {
                told = now;
                tell(Response { id, tell: Tell::Progress { done } });
            }
        };
        self.session.with(|session| session.run_with(sql, &Limits::default(), &mut each));
        report.elapsed = (self.clock)() - began;
        report.changes = results.changes();
        report.tables = self.counts();
        report.first_rows = report.first_list().map(|part| results.first(part)).unwrap_or_default();
        // A script that gave no rows at all leaves those on screen in place.
        if results.any() {
            self.results = results;
        }
        report
    }

    /// The rows that a list is about.
    fn kept(&self, list: &List) -> &Results {
        match &list.part {
            Part::Sent(_) => &self.played,
            Part::Changes(_) if self.played.is_of(list.run) => &self.played,
            Part::Step(_) | Part::Changes(_) => &self.results,
        }
    }

    fn counts(&self) -> Vec<TableCount> {
        let tables = self.session.with(|session| session.tables());
        tables
            .into_iter()
            .map(|table| TableCount {
                table: table.name,
                rows: table.rows.try_into().unwrap_or(u32::MAX),
            })
            .collect()
    }

    fn dump(&self) -> Vec<TableDump> {
        let Dump { tables, views } = self.session.with(|session| session.dump());
        let of = |table: throughline_engine::TableDump| TableDump {
            origin: if self.schema.contains(&table.name) { Origin::Schema } else { Origin::Script },
            ddl: table.ddl,
            rows: TableRows { table: table.name, columns: table.columns, rows: table.rows },
        };
        // A view is made by a script, and has no rows of its own.
        let view = |view: ViewDump| TableDump {
            origin: Origin::Script,
            ddl: vec![view.ddl],
            rows: TableRows { table: view.name, columns: Vec::new(), rows: Vec::new() },
        };
        tables.into_iter().map(of).chain(views.into_iter().map(view)).collect()
    }
}

/// Adds one statement to the report, and its rows to the results.
fn note(outcome: Outcome, report: &mut Report, results: &mut Results) {
    let step = match &outcome.result {
        Ok(answer) => values::outcome(answer),
        Err(error) => StepOutcome::Failed(values::fault(error)),
    };
    // What gives neither rows nor a number may have changed a table or ended a transaction.
    report.changed |= !outcome.changes.is_empty() || matches!(outcome.result, Ok(Answer::Done));
    if report.steps.len() == Report::MAX_STEPS {
        report.steps.pop();
        report.unlisted += 1;
    }
    let index = report.steps.len();
    report.steps.push(Step { range: values::range(outcome.span), outcome: step });
    if let Ok(answer) = outcome.result {
        results.note(index, answer);
    }
    results.note_changes(outcome.changes);
}

#[cfg(test)]
mod tests;
