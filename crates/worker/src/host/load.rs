//! Building a database: tables from a schema, rows from wherever they come. What does not fit is said, never fatal.

use std::collections::BTreeSet;

use throughline_engine::Session;

use crate::protocol::{Lost, Origin, Rows, Start, TableDump, TableRows};

/// Rows in one `INSERT`.
const ROWS_AT_ONCE: usize = 500;
/// Rows that are tried one by one, again and again as long as some more fit.
const TRIED_SINGLY: usize = 5_000;

/// A new database.
pub(super) struct Loaded {
    pub(super) session: Session,
    /// The tables that the schema made.
    pub(super) schema: BTreeSet<String>,
    pub(super) lost: Vec<Lost>,
}

impl Loaded {
    /// Builds a database.
    pub(super) fn new(start: Start, scripts: &[String]) -> Self {
        let mut loaded =
            Self { session: Session::new(), schema: BTreeSet::new(), lost: Vec::new() };
        match start {
            Start::Schema { ddl, rows } => {
                loaded.create(&ddl);
                loaded.schema =
                    loaded.session.tables().into_iter().map(|table| table.name).collect();
                match rows {
                    Rows::Sample(tables) => loaded.fill(&tables),
                    Rows::Own { tables, fill } => loaded.carry(tables, &fill),
                    Rows::Script(sql) => loaded.script(&sql),
                }
            }
            Start::Dump(tables) => {
                for table in &tables {
                    loaded.create(&table.ddl);
                    if table.origin == Origin::Schema {
                        loaded.schema.insert(table.rows.table.clone());
                    }
                }
                loaded.fill(&tables.into_iter().map(|table| table.rows).collect::<Vec<_>>());
            }
        }
        for script in scripts {
            // Its errors were reported when it ran first, and it stops at the same statement again.
            loaded.session.run(script);
        }
        loaded
    }

    fn create(&mut self, statements: &[String]) {
        for statement in statements {
            if let Err(why) = run(&mut self.session, statement) {
                self.lost.push(Lost {
                    table: None,
                    rows: 0,
                    why: format!("{why} In: {}", head(statement)),
                });
            }
        }
    }

    /// The rows of another schema's tables, as far as names of tables and columns are the same.
    fn carry(&mut self, tables: Vec<TableDump>, fill: &[TableRows]) {
        let mut carried = Vec::new();
        for TableDump { ddl, rows, origin } in tables {
            let there = self.session.tables().into_iter().find(|table| table.name == rows.table);
            match (there, origin) {
                (Some(there), Origin::Schema) => {
                    let columns: Vec<String> =
                        there.columns.into_iter().map(|column| column.name).collect();
                    let fill = fill.iter().find(|fill| fill.table == rows.table);
                    let gone: Vec<&str> = rows
                        .columns
                        .iter()
                        .filter(|name| !columns.contains(name))
                        .map(String::as_str)
                        .collect();
                    if !gone.is_empty() && !rows.rows.is_empty() {
                        let why =
                            format!("The values of {} are gone with the column.", gone.join(", "));
                        self.lost.push(Lost { table: Some(rows.table.clone()), rows: 0, why });
                    }
                    carried.push(refit(rows, &columns, fill));
                }
                (None, Origin::Schema) => self.lose(&rows, "The table is no longer there."),
                (Some(_), Origin::Script) => {
                    self.lose(&rows, "The models have a table of that name now.")
                }
                (None, Origin::Script) => {
                    self.create(&ddl);
                    carried.push(rows);
                }
            }
        }
        self.fill(&carried);
    }

    fn lose(&mut self, rows: &TableRows, why: &str) {
        if !rows.rows.is_empty() {
            self.lost.push(Lost {
                table: Some(rows.table.clone()),
                rows: count(rows.rows.len()),
                why: why.into(),
            });
        }
    }

    /// Inserts rows: all in one transaction, as keys may be checked at its end; where that fails, those that fit.
    fn fill(&mut self, tables: &[TableRows]) {
        let before = self.session.snapshot();
        let chunks = || {
            tables.iter().flat_map(|table| {
                table.rows.chunks(ROWS_AT_ONCE).map(move |rows| insert(table, rows))
            })
        };
        let statements = std::iter::once("BEGIN".to_owned())
            .chain(chunks())
            .chain(std::iter::once("COMMIT".to_owned()));
        if statements.into_iter().all(|statement| run(&mut self.session, &statement).is_ok()) {
            return;
        }
        self.session.restore(&before);
        let mut left: Vec<(&TableRows, &Vec<String>, String)> = Vec::new();
        for table in tables {
            for rows in table.rows.chunks(ROWS_AT_ONCE) {
                if let Err(why) = run(&mut self.session, &insert(table, rows)) {
                    left.extend(rows.iter().map(|row| (table, row, why.clone())));
                }
            }
        }
        // One by one; a row that points at another may fit only after that one.
        while (1..=TRIED_SINGLY).contains(&left.len()) {
            let tried = left.len();
            left.retain_mut(|(table, row, why)| {
                match run(&mut self.session, &insert(table, std::slice::from_ref(*row))) {
                    Ok(()) => false,
                    Err(error) => {
                        *why = error;
                        true
                    }
                }
            });
            if left.len() == tried {
                break;
            }
        }
        for (table, _, why) in left {
            match self
                .lost
                .iter_mut()
                .find(|lost| lost.rows > 0 && lost.table.as_ref() == Some(&table.table))
            {
                Some(lost) => lost.rows += 1,
                None => self.lost.push(Lost { table: Some(table.table.clone()), rows: 1, why }),
            }
        }
    }

    /// Runs the user's own rows: in one transaction, or where that fails, statement by statement.
    fn script(&mut self, sql: &str) {
        let before = self.session.snapshot();
        let whole = format!("BEGIN;\n{sql}\n;COMMIT");
        if run(&mut self.session, &whole).is_ok() {
            return;
        }
        self.session.restore(&before);
        let mut rest = sql;
        while !rest.trim().is_empty() {
            let outcomes = self.session.run(rest);
            let Some((statement, error)) =
                outcomes.last().and_then(|last| Some((last.span, last.result.as_ref().err()?)))
            else {
                break;
            };
            let text = rest.get(statement.start..statement.end).unwrap_or(rest);
            self.lost.push(Lost {
                table: None,
                rows: 0,
                why: format!("{} In: {}", error.message, head(text)),
            });
            let next =
                rest.get(statement.end..).unwrap_or_default().trim_start().trim_start_matches(';');
            if next.len() >= rest.len() {
                break;
            }
            rest = next;
        }
    }
}

/// Rows with the columns that are still there, and values for new ones that must have one.
fn refit(rows: TableRows, columns: &[String], sample: Option<&TableRows>) -> TableRows {
    let kept: Vec<usize> = (0..rows.columns.len())
        .filter(|at| rows.columns.get(*at).is_some_and(|name| columns.contains(name)))
        .collect();
    let new = sample.map(|sample| {
        let fresh = |at: &usize| {
            sample
                .columns
                .get(*at)
                .is_some_and(|name| columns.contains(name) && !rows.columns.contains(name))
        };
        (sample, (0..sample.columns.len()).filter(fresh).collect::<Vec<_>>())
    });
    let pick = |cells: &[String], at: &[usize]| {
        at.iter().filter_map(|at| cells.get(*at).cloned()).collect::<Vec<_>>()
    };
    let (mut names, mut filled) = (pick(&rows.columns, &kept), Vec::with_capacity(rows.rows.len()));
    if let Some((sample, fresh)) = &new {
        names.extend(pick(&sample.columns, fresh));
    }
    for (at, row) in rows.rows.iter().enumerate() {
        let mut cells = pick(row, &kept);
        if let Some((sample, fresh)) = &new {
            let source = at.checked_rem(sample.rows.len()).and_then(|at| sample.rows.get(at));
            cells.extend(source.map(|source| pick(source, fresh)).unwrap_or_default());
        }
        filled.push(cells);
    }
    TableRows { table: rows.table, columns: names, rows: filled }
}

/// Runs all statements of a text; the first one's error, where there is one.
fn run(session: &mut Session, sql: &str) -> Result<(), String> {
    session
        .run(sql)
        .into_iter()
        .find_map(|outcome| outcome.result.err())
        .map_or(Ok(()), |error| Err(error.message))
}

fn insert(table: &TableRows, rows: &[Vec<String>]) -> String {
    let columns: Vec<String> = table.columns.iter().map(|name| quoted(name)).collect();
    let rows: Vec<String> = rows.iter().map(|cells| format!("({})", cells.join(", "))).collect();
    format!(
        "INSERT INTO {} ({}) VALUES {}",
        quoted(&table.table),
        columns.join(", "),
        rows.join(", ")
    )
}

fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

/// The beginning of a statement, for messages.
fn head(statement: &str) -> String {
    let line = statement.split_whitespace().collect::<Vec<_>>().join(" ");
    match line.char_indices().nth(60) {
        Some((at, _)) => format!("{}…", line.get(..at).unwrap_or_default()),
        None => line,
    }
}

fn count(rows: usize) -> u32 {
    rows.try_into().unwrap_or(u32::MAX)
}
