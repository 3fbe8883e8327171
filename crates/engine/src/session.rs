//! One database and the scripts that run on it.

use std::collections::HashMap;
use std::sync::Arc;

use gluesql_core::sqlparser::ast::{ObjectType, Statement, TruncateTableTarget};

use crate::bind::Binder;
use crate::catalog::{TableDef, View};
use crate::error::{Result, SqlError};
use crate::outcome::{
    Answer, Cell, ColumnInfo, Dump, Executor, Limits, Outcome, Record, Span, TableChange,
    TableDump, TableInfo, ViewDump,
};
use crate::prepared::{Parsed, Prepared};
use crate::reader::Meter;
use crate::run::{Rows, Runner, ddl, dml, view};
use crate::store::{Database, Log, Table, check_deferred};
use crate::text::bulk::Literal;
use crate::text::{self, name, table_name};
use crate::types;

/// One database.
#[derive(Clone, Default)]
pub struct Session {
    db: Database,
    /// The states to go back to: of BEGIN, then of each SAVEPOINT with its name.
    saved: Vec<(Option<String>, Database)>,
    /// Statements that were parsed, by their text.
    pub(crate) prepared: HashMap<String, Prepared>,
    pub(crate) executor: Executor,
}

/// The state of a database at one moment. Cheap to take, to keep and to clone.
#[derive(Clone)]
pub struct Snapshot {
    db: Database,
}

/// What a statement that did not fail gave.
pub(crate) struct Success {
    pub(crate) answer: Answer,
    pub(crate) log: Log,
}

impl Session {
    /// An empty database.
    pub fn new() -> Self {
        Self::default()
    }

    /// An empty database whose selects run on this executor.
    pub fn with_executor(executor: Executor) -> Self {
        Self { executor, ..Self::default() }
    }

    /// Runs a script statement by statement and stops at the first error. One outcome per statement that was started.
    pub fn run(&mut self, sql: &str) -> Vec<Outcome> {
        let mut outcomes = Vec::new();
        self.run_with(sql, &Limits::default(), &mut |outcome| outcomes.push(outcome));
        outcomes
    }

    /// The same with limits, calling back after each statement.
    pub fn run_with(&mut self, sql: &str, limits: &Limits, each: &mut dyn FnMut(Outcome)) {
        let whole = Span { start: 0, end: sql.len() };
        let mut fail = |span: Span, error: SqlError| {
            each(Outcome { span, result: Err(error), changes: Vec::new() })
        };
        if sql.len() > limits.text {
            return fail(
                whole,
                SqlError::error(format!("the script is longer than {} bytes", limits.text)),
            );
        }
        if let Some(outcome) = self.run_shape(sql, limits) {
            return each(outcome);
        }
        let chunks = match text::split(sql) {
            Ok(chunks) => chunks,
            Err(error) => return fail(error.span.unwrap_or(whole), error),
        };
        for (at, chunk) in chunks.iter().enumerate() {
            if at >= limits.statements {
                let error = SqlError::error(format!(
                    "the script has more than {} statements",
                    limits.statements
                ))
                .at(Some(chunk.span));
                each(Outcome { span: chunk.span, result: Err(error), changes: Vec::new() });
                return;
            }
            let done = Parsed::of(chunk).and_then(|parsed| {
                self.atomically(&parsed, &Meter::new(*limits, Vec::new(), self.executor))
            });
            let outcome = match done {
                Ok((success, before)) => Outcome {
                    span: chunk.span,
                    changes: self.changes(&before, &success.log),
                    result: Ok(success.answer),
                },
                Err(error) => Outcome {
                    span: chunk.span,
                    result: Err(error.at(Some(chunk.span))),
                    changes: Vec::new(),
                },
            };
            let failed = outcome.result.is_err();
            each(outcome);
            if failed {
                return;
            }
        }
    }

    /// Runs a statement as one of its shape, which is parsed once. Nothing is said, and nothing has changed, where that is not possible or fails.
    fn run_shape(&mut self, sql: &str, limits: &Limits) -> Option<Outcome> {
        let shape = text::shape::of(sql)?;
        let prepared = self.prepare(&shape.text).ok()?;
        let values = prepared.values(&shape.values).ok()?;
        let meter = Meter::new(*limits, values, self.executor);
        let (result, changes) = match self.atomically(&prepared.parsed, &meter) {
            Ok((success, before)) => (Ok(success.answer), self.changes(&before, &success.log)),
            // It would take as long again to fail anew; the place is one in another text.
            Err(error) if meter.is_far() => {
                (Err(SqlError { span: Some(shape.span), ..error }), Vec::new())
            }
            Err(_) => return None,
        };
        Some(Outcome { span: shape.span, result, changes })
    }

    /// Runs a statement; if it fails, nothing has changed. Gives the state before it, too.
    pub(crate) fn atomically(
        &mut self,
        parsed: &Parsed,
        meter: &Meter,
    ) -> Result<(Success, Database)> {
        let before = self.db.clone();
        let result = match (&parsed.statement, &parsed.kept) {
            (statement, Some(kept)) => view::create_view(&mut self.db, statement, kept)
                .map(|()| Success { answer: Answer::Done, log: Log::default() }),
            (statement, None) => self.statement(statement, &parsed.more, meter),
        };
        let result = result.and_then(|success| {
            if !success.log.entries.is_empty() {
                meter.check_bytes(self.db.bytes())?;
            }
            Ok(success)
        });
        match result {
            Ok(success) => Ok((success, before)),
            Err(error) => {
                self.db = before;
                Err(error.at(Some(parsed.span)))
            }
        }
    }

    fn statement(
        &mut self,
        statement: &Statement,
        more: &[Vec<Literal>],
        meter: &Meter,
    ) -> Result<Success> {
        self.db.deferring = !self.saved.is_empty();
        let db = &mut self.db;
        let quiet = |()| Success { answer: Answer::Done, log: Log::default() };
        match statement {
            Statement::Query(query) => {
                let (query, sources) = Binder::statement(db, meter.parameters(), query)?;
                let rows = Runner::new(db, meter, sources).rows(&query)?;
                let columns = query
                    .columns
                    .iter()
                    .map(|column| ColumnInfo {
                        name: column.name.clone(),
                        ty: column.ty.name().to_owned(),
                    })
                    .collect();
                let answer = Answer::Rows { columns, rows: into_cells(rows) };
                Ok(Success { answer, log: Log::default() })
            }
            Statement::Insert(insert) => dml::insert(db, meter, insert, more).map(changed),
            Statement::Update { table, assignments, from, selection, returning } => dml::update(
                db,
                meter,
                table,
                assignments,
                from.as_ref(),
                selection.as_ref(),
                returning.as_deref(),
            )
            .map(changed),
            Statement::Delete(delete) => dml::delete(db, meter, delete).map(changed),
            Statement::Truncate { table_names, partitions: None, on_cluster: None, .. } => {
                let [TruncateTableTarget { name: object }] = table_names.as_slice() else {
                    return Err(SqlError::refused("TRUNCATE takes one table"));
                };
                dml::truncate(db, meter, &table_name(object)?)
                    .map(|done| Success { answer: Answer::Done, log: done.log })
            }
            Statement::CreateTable(create) => ddl::create_table(db, meter, create)
                .map(|log| Success { answer: Answer::Done, log }),
            Statement::CreateIndex(create) => ddl::create_index(db, meter, create).map(quiet),
            Statement::Drop { object_type: ObjectType::View, if_exists, names, .. } => {
                view::drop_view(db, names, *if_exists).map(quiet)
            }
            Statement::AlterTable {
                name: object,
                if_exists,
                only: _,
                operations,
                location: None,
                on_cluster: None,
            } => ddl::alter(db, meter, object, *if_exists, operations).map(quiet),
            Statement::Drop {
                object_type: ObjectType::Table, if_exists, names, cascade, ..
            } => ddl::drop_table(db, meter, names, *if_exists, *cascade)
                .map(|log| Success { answer: Answer::Done, log }),
            Statement::Drop { object_type: ObjectType::Index, if_exists, names, .. } => {
                ddl::drop_index(db, names, *if_exists).map(quiet)
            }
            Statement::StartTransaction { .. } => self.begin().map(quiet),
            Statement::Commit { chain: false } => self.commit().map(quiet),
            Statement::Rollback { chain: false, savepoint: None } => self.rollback().map(quiet),
            Statement::Rollback { chain: false, savepoint: Some(ident) } => {
                self.rollback_to(&name(ident).text).map(quiet)
            }
            Statement::Savepoint { name: ident } => {
                self.savepoint(&name(ident).text);
                Ok(quiet(()))
            }
            Statement::ReleaseSavepoint { name: ident } => {
                self.release(&name(ident).text).map(quiet)
            }
            _ => Err(SqlError::refused("this form of the statement is not supported")),
        }
    }

    /// Whether a transaction, or a savepoint outside one, is open.
    pub fn in_transaction(&self) -> bool {
        !self.saved.is_empty()
    }

    /// BEGIN.
    ///
    /// # Errors
    /// A transaction is open already.
    pub fn begin(&mut self) -> Result<()> {
        if !self.saved.is_empty() {
            return Err(SqlError::error("a transaction is open already")
                .hint("use SAVEPOINT for a transaction within one"));
        }
        self.saved.push((None, self.db.clone()));
        Ok(())
    }

    /// COMMIT.
    ///
    /// # Errors
    /// No transaction is open, or a deferred reference dangles; then the transaction stays open.
    pub fn commit(&mut self) -> Result<()> {
        if self.saved.is_empty() {
            return Err(SqlError::error("there is no open transaction").hint("write BEGIN first"));
        }
        check_deferred(&self.db)?;
        self.saved.clear();
        Ok(())
    }

    /// ROLLBACK.
    ///
    /// # Errors
    /// No transaction is open.
    pub fn rollback(&mut self) -> Result<()> {
        if self.saved.is_empty() {
            return Err(SqlError::error("there is no open transaction").hint("write BEGIN first"));
        }
        self.db = self.saved.swap_remove(0).1;
        self.saved.clear();
        Ok(())
    }

    /// SAVEPOINT.
    pub fn savepoint(&mut self, name: &str) {
        self.saved.push((Some(name.to_owned()), self.db.clone()));
    }

    /// ROLLBACK TO. The savepoint stays.
    ///
    /// # Errors
    /// There is no such savepoint.
    pub fn rollback_to(&mut self, savepoint: &str) -> Result<()> {
        let at = self.place_of(savepoint)?;
        self.saved.truncate(at + 1);
        if let Some((_, db)) = self.saved.last() {
            self.db = db.clone();
        }
        Ok(())
    }

    /// RELEASE.
    ///
    /// # Errors
    /// There is no such savepoint, or it is the outermost and a deferred reference dangles.
    pub fn release(&mut self, wanted: &str) -> Result<()> {
        let at = self.place_of(wanted)?;
        if at == 0 {
            check_deferred(&self.db)?;
        }
        self.saved.truncate(at);
        Ok(())
    }

    fn place_of(&self, wanted: &str) -> Result<usize> {
        let same = |known: &Option<String>| {
            known.as_ref().is_some_and(|known| text::fold(known) == text::fold(wanted))
        };
        self.saved
            .iter()
            .rposition(|(known, _)| same(known))
            .ok_or_else(|| SqlError::error(format!("there is no savepoint {wanted}")))
    }

    pub(crate) fn changes(&self, before: &Database, log: &Log) -> Vec<TableChange> {
        let mut changes: Vec<TableChange> = Vec::new();
        // Where the changes of a table are, and the table before and after; no place where it is gone, made and dropped by one statement.
        // Entries of a table mostly share its name.
        let mut places: Vec<Changed<'_>> = Vec::new();
        for entry in &log.entries {
            let is = |known: &Changed<'_>| {
                Arc::ptr_eq(known.name, &entry.table) || *known.name == entry.table
            };
            let at = places.iter().position(is).unwrap_or_else(|| {
                let (old, new) = (before.table(&entry.table), self.db.table(&entry.table));
                let table = old.or(new);
                changes.extend(table.map(|table| unchanged(&table.def)));
                let place = table.and(changes.len().checked_sub(1));
                places.push(Changed { name: &entry.table, place, old, new });
                places.len() - 1
            });
            let Some(Changed { place: Some(at), old, new, .. }) = places.get(at) else { continue };
            let Some(change) = changes.get_mut(*at) else { continue };
            let last = change.updated.last();
            let near = last.map(|(Record(old), _)| old);
            let old = entry.before.and_then(|id| old.as_ref()?.rows.next_shared(id, near));
            let near = last.map(|(_, new)| new).or(change.inserted.last()).map(|Record(new)| new);
            let new = entry.after.and_then(|id| new.as_ref()?.rows.next_shared(id, near));
            let (old, new) = (old.map(Record), new.map(Record));
            match (old, new) {
                (None, Some(row)) => change.inserted.push(row),
                (Some(old), Some(new)) if !entry.again || old != new => {
                    change.updated.push((old, new));
                }
                (Some(row), None) => change.deleted.push(row),
                (Some(_), Some(_)) | (None, None) => {}
            }
        }
        changes.retain(|change| {
            !(change.inserted.is_empty() && change.updated.is_empty() && change.deleted.is_empty())
        });
        changes
    }

    /// The state as it is now.
    pub fn snapshot(&self) -> Snapshot {
        Snapshot { db: self.db.clone() }
    }

    /// Back to a state. Ends an open transaction.
    pub fn restore(&mut self, snapshot: &Snapshot) {
        self.db = snapshot.db.clone();
        self.saved.clear();
    }

    /// DDL and rows, for links and for rebuilding elsewhere.
    pub fn dump(&self) -> Dump {
        let mut left = self.db.tables();
        let mut tables = Vec::with_capacity(left.len());
        while !left.is_empty() {
            let waits = |def: &TableDef| {
                def.foreign_keys.iter().any(|key| {
                    text::fold(&key.table) != text::fold(&def.name)
                        && left
                            .iter()
                            .any(|other| text::fold(&other.def.name) == text::fold(&key.table))
                })
            };
            let at = left.iter().position(|table| !waits(&table.def)).unwrap_or(0);
            let table = left.remove(at);
            tables.push(TableDump {
                name: table.def.name.clone(),
                ddl: table.def.ddl(),
                columns: table.def.columns.iter().map(|column| column.name.clone()).collect(),
                rows: table
                    .rows
                    .iter()
                    .map(|(_, row)| row.iter().map(types::literal).collect())
                    .collect(),
            });
        }
        let views = self.db.views();
        let view = |view: &&Arc<View>| ViewDump { name: view.name.clone(), ddl: view.ddl.clone() };
        Dump { tables, views: views.iter().map(view).collect() }
    }

    /// The tables, in the order in which they were made.
    pub fn tables(&self) -> Vec<TableInfo> {
        let columns = |def: &TableDef| {
            def.columns
                .iter()
                .map(|column| ColumnInfo { name: column.name.clone(), ty: column.declared.clone() })
                .collect()
        };
        self.db
            .tables()
            .into_iter()
            .map(|table| TableInfo {
                name: table.def.name.clone(),
                columns: columns(&table.def),
                rows: table.rows.len(),
            })
            .collect()
    }
}

fn into_cells(rows: Rows) -> Vec<Vec<Cell>> {
    rows.into_iter().map(|row| row.into_iter().map(types::into_cell).collect()).collect()
}

/// A table that a statement has changed.
struct Changed<'a> {
    name: &'a Arc<str>,
    /// Where its changes are.
    place: Option<usize>,
    old: Option<&'a Arc<Table>>,
    new: Option<&'a Arc<Table>>,
}

/// No change of a table's rows yet.
fn unchanged(def: &TableDef) -> TableChange {
    TableChange {
        table: def.name.clone(),
        columns: def.columns.iter().map(|column| column.name.clone()).collect(),
        inserted: Vec::new(),
        updated: Vec::new(),
        deleted: Vec::new(),
    }
}

fn changed(done: dml::Done) -> Success {
    let answer = match done.returned {
        None => Answer::Affected(done.affected),
        Some((outputs, rows)) => Answer::Rows {
            columns: outputs
                .into_iter()
                .map(|output| ColumnInfo { name: output.name, ty: output.ty.name().to_owned() })
                .collect(),
            rows: into_cells(rows),
        },
    };
    Success { answer, log: done.log }
}
