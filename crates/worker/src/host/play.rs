//! Runs scripts of ORM calls: beside SQL, on the same tables.

use std::collections::HashMap;

use throughline_core::orm;
use throughline_play::{Console, Ended, Project, Ran, Statement, inlined, literal};

use super::results::Results;
use super::{Host, PROGRESS_EVERY, values};
use crate::protocol::{
    Card, Exception, Fault, FaultKind, Models, Names, Range, Repeated, Response, ScriptReport,
    SentSql, StepOutcome, Tell,
};

/// From so many statements of one shape on, a statement of a script is said to repeat itself.
const REPEATED: u32 = 3;

impl Host {
    /// Runs a script and says what each of its statements came to.
    pub(super) fn play(
        &mut self,
        id: u32,
        models: Models,
        source: &str,
        names: Names,
        tell: &mut dyn FnMut(Response),
    ) -> ScriptReport {
        let began = (self.clock)();
        let clock = self.clock;
        let mut report = ScriptReport::default();
        let Some(console) = self.console_for(models, names) else { return report };
        let mut told = began;
        let mut done = 0;
        let mut results = Results::of_run(id);
        let mut lists = 0;
        console.run(source, &mut |ran| {
            done += 1;
            note(ran, &mut report, &mut results, &mut lists);
            let now = clock();
            if now - told >= PROGRESS_EVERY {
                told = now;
                tell(Response { id, tell: Tell::Progress { done } });
            }
        });
        report.elapsed = clock() - began;
        report.changes = results.changes();
        report.tables = self.counts();
        self.played = results;
        report
    }

    /// The console of these models; `None` where their ORM's calls cannot be run.
    fn console_for(&mut self, models: Models, names: Names) -> Option<&mut Console> {
        let same = self.console.as_ref().is_some_and(|(of, _)| *of == models);
        if same {
            if let (Names::Forgotten, Some((_, console))) = (names, &mut self.console) {
                console.forget();
            }
        } else {
            let orm = orm::by_id(&models.orm)?;
            #[allow(clippy::cast_possible_truncation, reason = "milliseconds since 1970")]
            let now = chrono::DateTime::from_timestamp_millis((self.now)() as i64)?;
            let project = Project::new(orm, models.source.clone(), now.naive_utc())?;
            self.console = Some((models, Console::new(project, &self.session, self.clock)));
        }
        self.console.as_mut().map(|(_, console)| console)
    }
}

/// Adds one statement to the report, and its rows to the results.
fn note(ran: Ran, report: &mut ScriptReport, results: &mut Results, lists: &mut u32) {
    let changes = super::results::summed(&ran.changes);
    results.note_changes(ran.changes);
    report.changed |= ran.sent.iter().any(|sent| writes(&sent.sql)) || !changes.is_empty();
    let repeated = repeated(&ran.sent);
    let unlisted = ran.sent.len().saturating_sub(Card::MAX_SENT);
    let sent = ran.sent.iter().take(Card::MAX_SENT);
    let sent = sent.map(|statement| kept(statement, results, lists)).collect();
    if report.cards.len() == ScriptReport::MAX_CARDS {
        report.cards.pop();
        report.unlisted += 1;
    }
    report.cards.push(Card {
        range: range(ran.span),
        printed: ran.printed,
        value: ran.value,
        fault: ran.ended.map(exception),
        sent,
        unlisted: unlisted.try_into().unwrap_or(u32::MAX),
        millis: ran.millis,
        changes,
        repeated,
    });
}

/// A statement as the page shows it; its rows stay here.
fn kept(statement: &Statement, results: &mut Results, lists: &mut u32) -> SentSql {
    let list = *lists;
    *lists += 1;
    let outcome = match &statement.result {
        Ok(answer) => {
            results.note(list as usize, answer.clone());
            values::outcome(answer)
        }
        Err(message) => StepOutcome::Failed(Fault {
            kind: FaultKind::Error,
            message: message.clone(),
            hint: None,
            range: None,
        }),
    };
    SentSql {
        inlined: inlined(&statement.sql, &statement.params),
        params: statement.params.iter().map(literal).collect(),
        sql: statement.sql.clone(),
        outcome,
        list,
        millis: statement.millis,
    }
}

/// Whether a statement may change the database without changing a row.
fn writes(sql: &str) -> bool {
    let word = sql.trim_start().split_whitespace().next().unwrap_or_default();
    !["SELECT", "WITH", "("].iter().any(|reads| word.eq_ignore_ascii_case(reads))
}

/// The shape that was sent most often, where that is often.
fn repeated(sent: &[Statement]) -> Option<Repeated> {
    let mut counts: HashMap<&str, u32> = HashMap::new();
    for statement in sent.iter().filter(|sent| !writes(&sent.sql)) {
        *counts.entry(&statement.sql).or_default() += 1;
    }
    let most = counts.into_iter().max_by(|(a, x), (b, y)| x.cmp(y).then(b.cmp(a)));
    let (sql, count) = most.filter(|(_, count)| *count >= REPEATED)?;
    Some(Repeated { count, sql: sql.to_owned(), mend: None })
}

fn exception(ended: Ended) -> Exception {
    Exception {
        class: ended.class,
        message: ended.message,
        why: None,
        hint: None,
        range: ended.span.map(range),
    }
}

fn range(span: throughline_core::Span) -> Range {
    Range { start: span.start, end: span.end }
}
