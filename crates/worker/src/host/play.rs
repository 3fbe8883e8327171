//! Runs scripts of ORM calls: beside SQL, on the same tables.

use std::collections::HashMap;

use throughline_core::{Span, live};
use throughline_play::{Console, Ended, Project, Ran, Statement, assist, inlined, literal};

use super::results::Results;
use super::{Host, PROGRESS_EVERY, values};
use crate::protocol::{
    Card, Cost, Counterpart, Elsewhere, Exception, Expected, Fault, FaultKind, Mend, Models, Names,
    Offer, Offers, Range, Repeated, Response, ScriptReport, SentSql, StepOutcome, Tell, Walk,
};

/// From so many statements of one shape on, a statement of a script is said to repeat itself.
const REPEATED: u32 = 3;
/// Most statements of a script that are mended and run again, in a script that takes no longer than so many milliseconds.
const MENDED: usize = 4;
const REPLAYED: f64 = 1500.0;
/// Most shapes of SQL that are listed of a statement.
const SHAPES: usize = 6;

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
        let session = self.session.clone();
        let before = session.with(|session| session.snapshot());
        let Some(console) = self.console_for(models, names) else { return report };
        report.notes = console.project.notes().into_iter().map(str::to_owned).collect();
        let mut told = began;
        let mut done = 0;
        let mut results = Results::of_run(id);
        let mut lists = 0;
        let mut repeats: Vec<(usize, Cost)> = Vec::new();
        let mut raised: Option<Vec<String>> = None;
        console.run(source, &mut |ran| {
            done += 1;
            if repeats.len() < MENDED && repeated(&ran.sent).is_some() {
                repeats.push((report.cards.len(), cost(&ran)));
            }
            // The first is the one that ends a script; of a transcript only the first is explained.
            if let (None, Some(ended)) = (&raised, &ran.ended) {
                raised = Some(ended.lineage.clone());
            }
            note(ran, &mut report, &mut results, &mut lists);
            let now = clock();
            if now - told >= PROGRESS_EVERY {
                told = now;
                tell(Response { id, tell: Tell::Progress { done } });
            }
        });
        report.elapsed = clock() - began;
        let assist = console.assist();
        for card in &mut report.cards {
            let span = Span::new(card.range.start, card.range.end);
            card.walks = assist.walks(source, span).into_iter().map(walk).collect();
            if let Some(fault) = &mut card.fault
                && let Some(lineage) = raised.take()
                && let Some(why) = assist.why(&lineage, &fault.message)
            {
                (fault.why, fault.hint) = (Some(why.why), why.hint);
            }
        }
        // Only a whole script can be run again from its beginning.
        if names == Names::Forgotten && report.elapsed < REPLAYED {
            let after = session.with(|session| session.snapshot());
            for (at, before_it) in repeats {
                let Some(card) = report.cards.get_mut(at) else { continue };
                session.with(|session| session.restore(&before));
                let mend = mended(console, source, card, at, before_it);
                if let Some(repeated) = &mut card.repeated {
                    repeated.mend = mend;
                }
            }
            session.with(|session| session.restore(&after));
        }
        report.changes = results.changes();
        report.tables = self.counts();
        self.played = results;
        report
    }

    /// The names that may stand at a place.
    pub(super) fn offer(&mut self, models: Models, source: &str, at: u32) -> Offers {
        let Some(console) = self.console_for(models, Names::Kept) else {
            return Offers::default();
        };
        let offered = console.assist().offer(source, at);
        let name =
            |offer: assist::Offer| Offer { name: offer.name, what: offer.what, says: offer.says };
        Offers { from: offered.from, names: offered.names.into_iter().map(name).collect() }
    }

    /// What a name is.
    pub(super) fn explain(
        &mut self,
        models: Models,
        source: &str,
        at: u32,
    ) -> Option<(Range, String)> {
        let explained = self.console_for(models, Names::Kept)?.assist().explain(source, at)?;
        Some((range(explained.at), explained.text))
    }

    /// A statement in the other ORMs.
    pub(super) fn elsewhere(
        &mut self,
        models: Models,
        others: Vec<Counterpart>,
        source: &str,
        range: Range,
    ) -> Vec<Elsewhere> {
        let Some(console) = self.console_for(models, Names::Kept) else { return Vec::new() };
        let here = console.assist();
        let span = Span::new(range.start, range.end);
        let one = |Counterpart { title, models }: Counterpart| {
            let models = models.and_then(|models| live::Models::from_bytes(&models.known));
            let said = match models.and_then(|models| Console::assist_in(&models)) {
                Some(there) => here.same(&there, source, span),
                None => Err(format!("The models cannot be written for {title}.")),
            };
            let notes = said.as_ref().map(|same| same.notes.clone()).unwrap_or_default();
            Elsewhere {
                orm: title,
                said: said.map(|same| same.code),
                notes: notes.into_iter().map(str::to_owned).collect(),
            }
        };
        others.into_iter().map(one).collect()
    }

    /// The console of these models; `None` where their ORM's calls cannot be run.
    fn console_for(&mut self, models: Models, names: Names) -> Option<&mut Console> {
        let same = self.console.as_ref().is_some_and(|(of, _)| *of == models);
        if same {
            if let (Names::Forgotten, Some((_, console))) = (names, &mut self.console) {
                console.forget();
            }
        } else {
            let known = live::Models::from_bytes(&models.known)?;
            #[allow(clippy::cast_possible_truncation, reason = "milliseconds since 1970")]
            let now = chrono::DateTime::from_timestamp_millis((self.now)() as i64)?;
            let project = Project::new(known, models.source.clone(), now.naive_utc())?;
            self.console = Some((models, Console::new(project, &self.session, self.clock)));
        }
        self.console.as_mut().map(|(_, console)| console)
    }
}

/// What loads ahead what a statement asked for row by row: run, and kept only where it shows the same with fewer statements.
fn mended(console: &Console, source: &str, card: &Card, at: usize, before: Cost) -> Option<Mend> {
    let mend = console.assist().mend(source, Span::new(card.range.start, card.range.end))?;
    let all = console.run_apart(&mend.script);
    let ran = all.get(at)?;
    let after = cost(ran);
    let value = |value: &Option<String>| value.clone().unwrap_or_default();
    let same = ran.ended.is_none()
        && alike(&ran.printed, &card.printed)
        && alike(&value(&ran.value), &value(&card.value));
    if !same || after.count >= before.count {
        return None;
    }
    let differs = |ran: &&Ran| {
        let text = mend.script.get(ran.span.start as usize..ran.span.end as usize);
        text.is_some_and(|text| !source.contains(text))
    };
    let changed = all.iter().find(differs).unwrap_or(ran).span;
    let changed = mend.script.get(changed.start as usize..changed.end as usize).unwrap_or_default();
    let first = changed.lines().next().unwrap_or_default().to_owned();
    Some(Mend { call: mend.call, source: first, script: mend.script, why: mend.why, before, after })
}

/// Whether two texts show the same, maybe in another order: where none is asked for, a join may give the rows in another one.
fn alike(one: &str, other: &str) -> bool {
    let pieces = |text: &str| {
        let words = text.split(|letter: char| !letter.is_alphanumeric());
        let mut words: Vec<String> = words.map(str::to_owned).collect();
        words.sort_unstable();
        words
    };
    one == other || pieces(one) == pieces(other)
}

/// What a statement cost.
fn cost(ran: &Ran) -> Cost {
    let mut shapes: Vec<(String, u32)> = Vec::new();
    for statement in &ran.sent {
        if let Some((_, count)) = shapes.iter_mut().find(|(sql, _)| *sql == statement.sql) {
            *count += 1;
        } else if shapes.len() < SHAPES {
            shapes.push((statement.sql.clone(), 1));
        }
    }
    Cost { shapes, count: ran.sent.len().try_into().unwrap_or(u32::MAX), millis: ran.millis }
}

fn walk(walk: assist::Walk) -> Walk {
    let edges = walk.edges.into_iter().map(|edge| (edge.model, edge.field)).collect();
    Walk { words: walk.words, edges }
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
        expected: ran.expected.map(|(text, agrees)| Expected { text, agrees }),
        printed: ran.printed,
        value: ran.value,
        fault: ran.ended.map(exception),
        sent,
        unlisted: unlisted.try_into().unwrap_or(u32::MAX),
        millis: ran.millis,
        changes,
        repeated,
        walks: Vec::new(),
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
    let word = sql.split_whitespace().next().unwrap_or_default();
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

fn range(span: Span) -> Range {
    Range { start: span.start, end: span.end }
}
