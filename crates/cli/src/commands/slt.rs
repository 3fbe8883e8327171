//! `throughline slt FILE...`

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::{Arc, Mutex, PoisonError};

use lexopt::{Arg, Parser, ValueExt};
use sqllogictest::{
    DB, DBOutput, DefaultColumnType, Normalizer, ParseError, QueryExpect, Record, RecordOutput,
    Runner, SortMode,
};
use throughline_engine::{Answer, Cell, ErrorKind, Session, SqlError};

use super::{Failure, say};

/// Most failures that are shown of one file.
const SHOWN: usize = 10;

/// Runs sqllogictest files, each on an empty database, and prints what passed, was refused and failed. Code 1 where something failed.
pub(super) fn run(arguments: &mut Parser) -> Result<ExitCode, Failure> {
    let mut files: Vec<PathBuf> = Vec::new();
    let mut engine = "sqlite".to_owned();
    while let Some(argument) = arguments.next()? {
        match argument {
            Arg::Value(path) => files.push(path.into()),
            Arg::Long("engine") => engine = arguments.value()?.string()?,
            other => return Err(other.unexpected().into()),
        }
    }
    if files.is_empty() {
        return Err(Failure::Usage("the sqllogictest files are missing".into()));
    }
    let mut all = Tally::default();
    for file in &files {
        let tally = run_file(file, &engine)?;
        say(format_args!("{:<60} {}", file.display(), tally.counts()));
        all.add(tally);
    }
    if files.len() > 1 {
        say(format_args!("{:<60} {}", format!("{} files", files.len()), all.counts()));
    }
    let mut reasons: Vec<(String, usize)> = all.reasons.into_iter().collect();
    reasons.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    for (reason, count) in reasons.iter().take(30) {
        say(format_args!("{count:>8} refused: {reason}"));
    }
    Ok(if all.failed > 0 { ExitCode::from(1) } else { ExitCode::SUCCESS })
}

/// How the records of a file, or of all, came out.
#[derive(Default)]
struct Tally {
    passed: usize,
    refused: usize,
    failed: usize,
    /// Files that are not in the format.
    unread: usize,
    /// How often each reason for a refusal was given.
    reasons: BTreeMap<String, usize>,
}

impl Tally {
    fn counts(&self) -> String {
        let unread = match self.unread {
            0 => String::new(),
            count => format!(" {count:>4} not understood"),
        };
        let Self { passed, refused, failed, .. } = self;
        format!("{passed:>8} passed {refused:>7} refused {failed:>5} failed{unread}")
    }

    fn refuse(&mut self, reason: String) {
        self.refused += 1;
        *self.reasons.entry(reason).or_default() += 1;
    }

    fn add(&mut self, other: Tally) {
        self.passed += other.passed;
        self.refused += other.refused;
        self.failed += other.failed;
        self.unread += other.unread;
        for (reason, count) in other.reasons {
            *self.reasons.entry(reason).or_default() += count;
        }
    }
}

/// The records of a file, those of the files that it includes in their places.
fn records(file: &Path, engine: &str) -> Result<Vec<Record<DefaultColumnType>>, Unread> {
    let script = plain_script(&super::read(file)?, engine);
    let mut found = Vec::new();
    for record in sqllogictest::parse_with_name(&script, file.display().to_string())? {
        match record {
            Record::Include { filename, .. } => {
                found.extend(records(&file.with_file_name(filename), engine)?);
            }
            other => found.push(other),
        }
    }
    Ok(found)
}

/// Why a file's records are not there.
enum Unread {
    File(Failure),
    Format(ParseError),
}

impl From<Failure> for Unread {
    fn from(failure: Failure) -> Self {
        Self::File(failure)
    }
}

impl From<ParseError> for Unread {
    fn from(error: ParseError) -> Self {
        Self::Format(error)
    }
}

/// Runs one file on an empty database.
fn run_file(file: &Path, engine: &str) -> Result<Tally, Failure> {
    let records = match records(file, engine) {
        Ok(records) => records,
        Err(Unread::File(failure)) => return Err(failure),
        Err(Unread::Format(error)) => {
            say(format_args!("{error}\n"));
            return Ok(Tally { unread: 1, ..Tally::default() });
        }
    };
    let state = Arc::new(Mutex::new(State::default()));
    let mut runner = Runner::new(|| {
        let connection = Connection { state: Arc::clone(&state), engine: engine.to_owned() };
        async move { Ok(connection) }
    });
    let mut tally = Tally::default();
    let mut spoilt = Spoilt::default();
    for record in records {
        let (sql, types) = match &record {
            Record::Statement { sql, .. } => (sql.clone(), Vec::new()),
            Record::Query {
                sql,
                expected: QueryExpect::Results { types, results, sort_mode, .. },
                ..
            } => {
                // Files that hash long results do not all say so.
                let hashed = is_hash(results);
                runner.with_hash_threshold(usize::from(hashed));
                lock(&state).hashed = hashed;
                let open = is_unordered(sql, *sort_mode) && !hashed;
                runner.with_validator(if open { equal_in_any_order } else { equal });
                (sql.clone(), types.clone())
            }
            Record::Query { sql, .. } => (sql.clone(), Vec::new()),
            // Settings concern the runner alone.
            Record::Control(_) => {
                let _ = runner.run(record);
                continue;
            }
            // A system command is never run.
            _ => continue,
        };
        lock(&state).expect(types);
        let outcome = runner.run(record);
        if matches!(outcome, Ok(RecordOutput::Nothing)) {
            continue;
        }
        let error = lock(&state).error.take();
        match (outcome, error) {
            (Err(_), Some(error)) if error.kind == ErrorKind::Refused => {
                spoilt.refused(&sql);
                tally.refuse(error.message);
            }
            (outcome, _) if spoilt.touches(&sql, outcome.is_ok()) => {
                tally.refuse("it needs a statement that was refused".to_owned());
            }
            (Ok(_), _) => tally.passed += 1,
            (Err(failure), _) => {
                tally.failed += 1;
                if tally.failed <= SHOWN {
                    say(format_args!("{failure}\n"));
                }
            }
        }
    }
    Ok(tally)
}

/// A script without what SQLite's own files have and the parser does not take: remarks behind conditions, and conditions of a `halt`.
fn plain_script(script: &str, engine: &str) -> String {
    let mut lines: Vec<&str> = Vec::new();
    // Conditions that wait for what they are about, and whether they hold.
    let (mut waiting, mut holds) = (Vec::new(), true);
    for line in script.lines() {
        let condition = line.split('#').next().unwrap_or_default().trim_end();
        match condition.split_whitespace().collect::<Vec<_>>().as_slice() {
            ["onlyif", label] => {
                waiting.push(condition);
                holds &= *label == engine;
            }
            ["skipif", label] => {
                waiting.push(condition);
                holds &= *label != engine;
            }
            ["halt"] if holds => break,
            ["halt"] => (waiting, holds) = (Vec::new(), true),
            _ => {
                lines.append(&mut waiting);
                lines.push(line);
                holds = true;
            }
        }
    }
    lines.join("\n")
}

/// `30 values hashing to 3c13dee48d9356ae19af2515e05e6b54`
fn is_hash(results: &[String]) -> bool {
    matches!(results, [only] if only.contains(" values hashing to "))
}

/// Tables that are not what the file takes them for, as a statement about them was refused.
#[derive(Default)]
struct Spoilt {
    tables: BTreeSet<String>,
}

impl Spoilt {
    fn refused(&mut self, sql: &str) {
        self.tables.extend(changed_table(&words(sql)));
    }

    /// Whether a statement concerns a spoilt table. What it changes is spoilt, too; a table that it makes or drops starts anew.
    fn touches(&mut self, sql: &str, succeeded: bool) -> bool {
        let words = words(sql);
        let changed = changed_table(&words);
        let anew = succeeded
            && matches!(words.first().map(String::as_str), Some("create" | "drop"))
            && words.get(1).is_some_and(|word| word == "table");
        if anew && let Some(table) = &changed {
            self.tables.remove(table);
        }
        let touches = words.iter().any(|word| self.tables.contains(word));
        if touches {
            self.tables.extend(changed);
        }
        touches
    }
}

/// Names and keywords in lower case, without quotes.
fn words(sql: &str) -> Vec<String> {
    sql.split(|c: char| !(c.is_alphanumeric() || c == '_'))
        .filter(|word| !word.is_empty())
        .map(str::to_lowercase)
        .collect()
}

/// The table that a statement makes or changes, none for a query.
fn changed_table(words: &[String]) -> Option<String> {
    let first = words.first()?.as_str();
    if !matches!(
        first,
        "create" | "drop" | "alter" | "insert" | "replace" | "update" | "delete" | "truncate"
    ) {
        return None;
    }
    const BETWEEN: [&str; 20] = [
        "temp",
        "temporary",
        "table",
        "view",
        "unique",
        "index",
        "trigger",
        "if",
        "not",
        "exists",
        "or",
        "into",
        "from",
        "ignore",
        "replace",
        "rollback",
        "abort",
        "fail",
        "only",
        "create",
    ];
    // An index is about the table after ON.
    let start = words
        .iter()
        .position(|word| word == "on")
        .filter(|_| words.iter().take(3).any(|word| word == "index"));
    words
        .iter()
        .skip(start.map_or(1, |at| at + 1))
        .find(|word| !BETWEEN.contains(&word.as_str()))
        .cloned()
}

/// What the connections of a file share.
#[derive(Default)]
struct State {
    session: Session,
    /// The types that the record asks for, which say how values are written.
    types: Vec<DefaultColumnType>,
    /// Whether the result will be hashed, so that there must be one way only to write it.
    hashed: bool,
    /// Why the last statement did not run.
    error: Option<SqlError>,
}

impl State {
    fn expect(&mut self, types: Vec<DefaultColumnType>) {
        (self.types, self.error) = (types, None);
    }
}

fn lock(state: &Mutex<State>) -> std::sync::MutexGuard<'_, State> {
    state.lock().unwrap_or_else(PoisonError::into_inner)
}

/// What the runner takes for a connection.
struct Connection {
    state: Arc<Mutex<State>>,
    engine: String,
}

impl DB for Connection {
    type Error = SqlError;
    type ColumnType = DefaultColumnType;

    fn run(&mut self, sql: &str) -> Result<DBOutput<DefaultColumnType>, SqlError> {
        let mut state = lock(&self.state);
        let mut answer = Answer::Done;
        for outcome in state.session.run(sql) {
            match outcome.result {
                Ok(given) => answer = given,
                Err(error) => {
                    state.error = Some(error.clone());
                    return Err(error);
                }
            }
        }
        Ok(match answer {
            Answer::Done => DBOutput::StatementComplete(0),
            Answer::Affected(count) => DBOutput::StatementComplete(count),
            Answer::Rows { columns, rows } => {
                let wanted =
                    |at: usize| state.types.get(at).cloned().unwrap_or(DefaultColumnType::Any);
                let types = (0..columns.len()).map(wanted).collect();
                let line = |row: Vec<Cell>| {
                    let cell = |(at, cell)| {
                        let sqlite = text(cell, &wanted(at));
                        let natural = text(cell, &DefaultColumnType::Any);
                        if state.hashed || sqlite == natural {
                            sqlite
                        } else {
                            format!("{sqlite}{OR}{natural}")
                        }
                    };
                    row.iter().enumerate().map(cell).collect()
                };
                DBOutput::Rows { types, rows: rows.into_iter().map(line).collect() }
            }
        })
    }

    fn engine_name(&self) -> &str {
        &self.engine
    }
}

/// A value as the format writes it, which SQLite's own runner laid down: `I` and `R` convert, NULL and the empty text have names.
fn text(cell: &Cell, ty: &DefaultColumnType) -> String {
    match (ty, cell) {
        (_, Cell::Null) => "NULL".to_owned(),
        (DefaultColumnType::Integer, Cell::Bool(truth)) => i64::from(*truth).to_string(),
        #[expect(clippy::cast_possible_truncation, reason = "as SQLite's runner does it")]
        (DefaultColumnType::Integer, Cell::Float(number)) => (*number as i64).to_string(),
        (DefaultColumnType::Integer, Cell::Decimal(number)) => {
            number.split('.').next().unwrap_or_default().to_owned()
        }
        (DefaultColumnType::Integer, Cell::Text(text)) => leading_integer(text).to_string(),
        (DefaultColumnType::FloatingPoint, Cell::Float(number)) => fixed(*number),
        #[expect(clippy::cast_precision_loss, reason = "as SQLite's runner does it")]
        (DefaultColumnType::FloatingPoint, Cell::Int(number)) => fixed(*number as f64),
        (DefaultColumnType::FloatingPoint, Cell::Decimal(number)) => {
            number.parse().map_or_else(|_| number.clone(), fixed)
        }
        (_, Cell::Bool(truth)) => truth.to_string(),
        (_, Cell::Int(number)) => number.to_string(),
        (_, Cell::Float(number)) => number.to_string(),
        (_, Cell::Bytes(bytes)) => String::from_utf8_lossy(bytes).into_owned(),
        (_, Cell::Text(text)) if text.is_empty() => "(empty)".to_owned(),
        (
            _,
            Cell::Decimal(text)
            | Cell::Text(text)
            | Cell::Date(text)
            | Cell::Time(text)
            | Cell::Timestamp(text)
            | Cell::Uuid(text),
        ) => text.clone(),
    }
}

/// A number as SQLite's `%.3f` has it: with sixteen digits that say something.
fn fixed(number: f64) -> String {
    if number.abs() < 1e16 || !number.is_finite() {
        return format!("{number:.3}");
    }
    let text = format!("{number:.15e}");
    let (digits, power) = text.split_once('e').unwrap_or((&text, "0"));
    let zeros = power.parse::<usize>().unwrap_or_default().saturating_sub(15);
    format!("{}{}.000", digits.replace('.', ""), "0".repeat(zeros))
}

/// The whole number that a text begins with, else 0.
fn leading_integer(text: &str) -> i64 {
    let text = text.trim_start();
    let sign = usize::from(text.starts_with(['-', '+']));
    let digits = text.chars().skip(sign).take_while(char::is_ascii_digit).count();
    text.get(..sign + digits).and_then(|text| text.parse().ok()).unwrap_or(0)
}

/// Between the two ways of writing a value.
const OR: char = '\u{1}';

/// Files differ in how they write values, and in whether a line holds a row or a value: each way will do.
fn equal(normalizer: Normalizer, actual: &[Vec<String>], expected: &[String]) -> bool {
    ways(normalizer, actual)
        .any(|lines| lines.iter().eq(expected.iter().map(normalizer).collect::<Vec<_>>().iter()))
}

/// The same where the order of rows is open.
fn equal_in_any_order(normalizer: Normalizer, actual: &[Vec<String>], expected: &[String]) -> bool {
    let mut expected: Vec<String> = expected.iter().map(normalizer).collect();
    expected.sort_unstable();
    ways(normalizer, actual).any(|mut lines| {
        lines.sort_unstable();
        lines == expected
    })
}

/// The lines of a result in each way that a file may write them.
fn ways(normalizer: Normalizer, actual: &[Vec<String>]) -> impl Iterator<Item = Vec<String>> {
    let written = move |natural: Way| {
        let cell = move |cell: &String| {
            let (sqlite, plain) = cell.split_once(OR).unwrap_or((cell, cell));
            normalizer(&if natural == Way::Natural { plain } else { sqlite }.to_owned())
        };
        let rows = actual.iter().map(|row| row.iter().map(cell).collect::<Vec<_>>().join(" "));
        let values = actual.iter().flatten().map(cell);
        [rows.collect(), values.collect()]
    };
    [Way::Sqlite, Way::Natural]
        .into_iter()
        .flat_map(written)
        .collect::<Vec<Vec<String>>>()
        .into_iter()
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Way {
    /// As the column's type in the file says.
    Sqlite,
    /// As the value is.
    Natural,
}

/// Whether the order of a result's rows is open: it is sorted afterwards, or nothing asks for an order.
fn is_unordered(sql: &str, sort_mode: Option<SortMode>) -> bool {
    match sort_mode {
        Some(SortMode::RowSort | SortMode::ValueSort) => true,
        Some(SortMode::NoSort) | None => !words(sql).windows(2).any(|pair| pair == ["order", "by"]),
    }
}
