//! What GlueSQL's executor sees of a statement: numbered scans instead of tables.
//!
//! Every name that a plan gives the executor is the number of a [`Scan`]: some columns of some rows of a table, tested as they are read; or rows that
//! an earlier stage made. Two more kinds exist because the executor evaluates a primary key access with the row on its left: a *bind* keeps the key
//! for the scan that follows it (an index join, or a correlated subquery that looks its rows up), and a *call* computes one of our functions.

use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::sync::Arc;

use gluesql_core::ast::{ColumnDef, ColumnUniqueOption};
use gluesql_core::data::{CustomFunction as CustomFunctionData, Key, Schema, Value};
use gluesql_core::error::{Error, Result};
use gluesql_core::store::{
    AlterTable, CustomFunction, CustomFunctionMut, Index as GlueIndex, IndexMut, Metadata, RowIter,
    Store, StoreMut, Transaction,
};

use crate::error::SqlError;
use crate::functions::{Function, Pattern};
use crate::ir::{Comparison, Expr};
use crate::outcome::{Executor, Limits};
use crate::store::{Index, Table};
use crate::types::Type;
use crate::values::compare;

/// How a limit that was passed reaches the surface through GlueSQL's errors.
pub(crate) const LIMIT: &str = "limit: ";

/// After how many rows the clock is looked at.
const LOOK_EVERY: u64 = 4096;

/// One way to read rows.
pub(crate) struct Scan {
    pub(crate) schema: Schema,
    pub(crate) rows: Rows,
}

/// Where a scan's rows come from.
pub(crate) enum Rows {
    Table {
        table: Arc<Table>,
        columns: Vec<usize>,
        access: Access,
        tests: Vec<Test>,
    },
    Known {
        rows: Arc<Vec<Vec<Value>>>,
        columns: Vec<usize>,
        access: Access,
        tests: Vec<Test>,
    },
    Bind(usize),
    Argument,
    /// A function and how many arguments it takes here.
    Call(&'static Function, usize),
    /// Membership in a set.
    Probe(Arc<crate::ir::Set>),
}

/// Which rows of a table are looked at.
pub(crate) enum Access {
    All,
    /// From the last to the first.
    Reversed,
    /// In the order of an index that holds all rows.
    Index(usize),
    /// In the reverse of it.
    IndexReversed(usize),
    /// These, by number.
    Ids(Arc<Vec<i64>>),
    /// Those with the key that was bound last, by an index or by the row's number.
    Bound(usize, Lookup),
}

/// How bound keys find rows.
pub(crate) enum Lookup {
    RowNumber,
    Index(usize),
    /// By a hash table that was made for the statement.
    Hash(Arc<HashMap<Key, Vec<i64>>>),
}

/// A test on one column, done as the row is read.
#[derive(Clone, Debug)]
pub(crate) enum Test {
    Compare(usize, Comparison, Value),
    Null(usize, Nullness),
    In(usize, Arc<crate::ir::Set>),
    NotIn(usize, Arc<crate::ir::Set>),
    /// LIKE, and what it must give.
    Like(usize, Arc<Pattern>, bool),
}

/// NULL or not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Nullness {
    Null,
    NotNull,
}

impl Test {
    pub(crate) fn column(&self) -> usize {
        match self {
            Test::Compare(column, ..)
            | Test::Null(column, _)
            | Test::In(column, _)
            | Test::NotIn(column, _)
            | Test::Like(column, ..) => *column,
        }
    }

    /// Whether a row passes. The planner makes tests only for values of the column's type.
    pub(crate) fn passes(&self, row: &[Value]) -> bool {
        let value = row.get(self.column()).unwrap_or(&Value::Null);
        match self {
            Test::Compare(_, comparison, constant) => {
                compare(value, constant).is_some_and(|order| comparison.holds(order))
            }
            Test::Null(_, wanted) => value.is_null() == (*wanted == Nullness::Null),
            Test::In(_, set) => set.holds(value) == Some(true),
            Test::NotIn(_, set) => set.holds(value) == Some(false),
            Test::Like(_, pattern, wanted) => match value {
                Value::Str(text) => pattern.matches(text) == *wanted,
                _ => false,
            },
        }
    }
}

impl Comparison {
    pub(crate) fn holds(self, order: std::cmp::Ordering) -> bool {
        match self {
            Comparison::Equal => order.is_eq(),
            Comparison::NotEqual => order.is_ne(),
            Comparison::Less => order.is_lt(),
            Comparison::LessOrEqual => order.is_le(),
            Comparison::Greater => order.is_gt(),
            Comparison::GreaterOrEqual => order.is_ge(),
        }
    }
}

/// What one execution of a statement is given: values for its parameters, and limits, at which it is stopped.
pub(crate) struct Meter {
    reads: Cell<u64>,
    /// At how many reads limit and clock are looked at next.
    pause: Cell<u64>,
    limits: Limits,
    deadline: i64,
    parameters: Vec<Expr>,
    executor: Executor,
}

impl Meter {
    pub(crate) fn new(limits: Limits, parameters: Vec<Expr>, executor: Executor) -> Self {
        let now = gluesql_core::chrono::Utc::now().timestamp_millis();
        let deadline = now.saturating_add(i64::try_from(limits.millis).unwrap_or(i64::MAX));
        Self { reads: Cell::new(0), pause: Cell::new(0), limits, deadline, parameters, executor }
    }

    /// The values that were given for the statement's parameters.
    pub(crate) fn parameters(&self) -> &[Expr] {
        &self.parameters
    }

    pub(crate) fn executor(&self) -> Executor {
        self.executor
    }

    pub(crate) fn limits(&self) -> &Limits {
        &self.limits
    }

    /// One more row is read.
    #[inline]
    pub(crate) fn check(&self) -> crate::error::Result<()> {
        let reads = self.reads.get() + 1;
        self.reads.set(reads);
        if reads <= self.pause.get() { Ok(()) } else { self.look(reads) }
    }

    #[cold]
    fn look(&self, reads: u64) -> crate::error::Result<()> {
        let stop = |message| Err(SqlError::error(message).hint("add a condition or LIMIT"));
        if reads > self.limits.reads {
            return stop(format!("this reads more than {} rows", self.limits.reads));
        }
        if gluesql_core::chrono::Utc::now().timestamp_millis() > self.deadline {
            return stop(format!("this takes longer than {} ms", self.limits.millis));
        }
        self.pause.set(reads.saturating_add(LOOK_EVERY).min(self.limits.reads));
        Ok(())
    }

    /// Bounds the rows of a result, final or not.
    pub(crate) fn check_size(&self, rows: usize) -> crate::error::Result<()> {
        let most = self.limits.rows;
        if rows > most {
            return Err(SqlError::error(format!("this gives more than {most} rows"))
                .hint("add LIMIT or a condition"));
        }
        Ok(())
    }

    /// Bounds what is kept at one time.
    pub(crate) fn check_bytes(&self, bytes: usize) -> crate::error::Result<()> {
        let most = self.limits.bytes;
        if bytes > most {
            return Err(SqlError::error(format!("this takes more than {} MB", most >> 20))
                .hint("take fewer rows, or shorter texts"));
        }
        Ok(())
    }

    fn read(&self) -> Result<()> {
        self.check().map_err(|error| Error::StorageMsg(format!("{LIMIT}{}", error.message)))
    }
}

/// The scans of one plan.
pub(crate) struct Reader<'a> {
    pub(crate) scans: Vec<Scan>,
    pub(crate) meter: &'a Meter,
    bound: RefCell<Vec<Key>>,
    arguments: RefCell<Vec<Value>>,
}

impl<'a> Reader<'a> {
    pub(crate) fn new(meter: &'a Meter) -> Self {
        Self {
            scans: Vec::new(),
            meter,
            bound: RefCell::new(Vec::new()),
            arguments: RefCell::new(Vec::new()),
        }
    }

    fn scan(&self, name: &str) -> Result<&Scan> {
        let found = name.parse::<usize>().ok().and_then(|at| self.scans.get(at));
        found.ok_or_else(|| Error::StorageMsg(format!("no scan {name}")))
    }

    fn key(&self, slot: usize) -> Key {
        self.bound.borrow().get(slot).cloned().unwrap_or(Key::None)
    }

    fn looked_up(&self, slot: usize, lookup: &Lookup, table: Option<&Table>) -> Vec<i64> {
        let key = self.key(slot);
        match (lookup, table, key) {
            (_, _, Key::None) => Vec::new(),
            (Lookup::RowNumber, Some(table), Key::I64(id)) => {
                table.rows.contains(id).then_some(id).into_iter().collect()
            }
            (Lookup::RowNumber, _, _) => Vec::new(),
            (Lookup::Index(at), Some(table), key) => table
                .indexes
                .get(*at)
                .map(|index| index.find(std::iter::once(&key.into())).collect())
                .unwrap_or_default(),
            (Lookup::Index(_), None, _) => Vec::new(),
            (Lookup::Hash(map), _, key) => map.get(&key).cloned().unwrap_or_default(),
        }
    }
}

/// The columns of a scan as the executor wants them: `c0`, `c1`, …
pub(crate) fn schema(columns: impl Iterator<Item = (usize, Type)>) -> Schema {
    let columns = columns.map(|(at, ty)| column(&format!("c{at}"), ty, None)).collect();
    named(columns)
}

/// The schema of a bind, an argument or a call: one column that counts as a primary key.
pub(crate) fn key_schema(ty: Type) -> Schema {
    named(vec![column("v", ty, Some(ColumnUniqueOption { is_primary: true }))])
}

fn column(name: &str, ty: Type, unique: Option<ColumnUniqueOption>) -> ColumnDef {
    ColumnDef {
        name: name.to_owned(),
        data_type: ty.data_type(),
        nullable: true,
        default: None,
        unique,
        comment: None,
    }
}

fn named(columns: Vec<ColumnDef>) -> Schema {
    Schema {
        table_name: String::new(),
        column_defs: Some(columns),
        indexes: Vec::new(),
        engine: None,
        foreign_keys: Vec::new(),
        comment: None,
    }
}

fn pick(row: &[Value], id: i64, columns: &[usize]) -> Vec<Value> {
    // One past the last column is the row's number.
    let cell = |column: &usize| {
        if *column == row.len() {
            Value::I64(id)
        } else {
            row.get(*column).cloned().unwrap_or(Value::Null)
        }
    };
    columns.iter().map(cell).collect()
}

impl Store for Reader<'_> {
    fn fetch_schema(&self, name: &str) -> Result<Option<Schema>> {
        self.scan(name).map(|scan| Some(scan.schema.clone()))
    }

    fn fetch_all_schemas(&self) -> Result<Vec<Schema>> {
        Ok(Vec::new())
    }

    fn fetch_data(&self, name: &str, key: &Key) -> Result<Option<Vec<Value>>> {
        self.meter.read()?;
        match &self.scan(name)?.rows {
            Rows::Bind(slot) => {
                let mut bound = self.bound.borrow_mut();
                if bound.len() <= *slot {
                    bound.resize(slot + 1, Key::None);
                }
                if let Some(place) = bound.get_mut(*slot) {
                    place.clone_from(key);
                }
                Ok(Some(Vec::new()))
            }
            Rows::Argument => {
                self.arguments.borrow_mut().push(key.clone().into());
                Ok(Some(Vec::new()))
            }
            Rows::Call(function, count) => {
                let last: Value = key.clone().into();
                let before = count.saturating_sub(1);
                let mut stack = self.arguments.borrow_mut();
                let at = stack.len().saturating_sub(before);
                let mut arguments = stack.split_off(at);
                drop(stack);
                arguments.push(last);
                let value = function.call(&arguments).map_err(|message| {
                    Error::StorageMsg(format!("{}: {message}", function.name))
                })?;
                Ok(Some(vec![value]))
            }
            Rows::Probe(set) => {
                Ok(Some(vec![set.holds(&key.clone().into()).map_or(Value::Null, Value::Bool)]))
            }
            Rows::Table { .. } | Rows::Known { .. } => Ok(None),
        }
    }

    fn scan_data<'s>(&'s self, name: &str) -> Result<RowIter<'s>> {
        match &self.scan(name)?.rows {
            Rows::Table { table, columns, access, tests } => {
                let read = move |(id, row): (i64, &'s [Value])| match self.meter.read() {
                    Err(error) => Some(Err(error)),
                    Ok(()) => tests
                        .iter()
                        .all(|test| test.passes(row))
                        .then(|| Ok((Key::I64(id), pick(row, id, columns)))),
                };
                let of = move |id: i64| table.rows.get(id).map(|row| (id, row));
                Ok(match access {
                    Access::All => Box::new(table.rows.iter().filter_map(read)),
                    Access::Reversed => Box::new(table.rows.iter().rev().filter_map(read)),
                    Access::Index(at) => {
                        let ids = table.indexes.get(*at).into_iter().flat_map(Index::ids);
                        Box::new(ids.filter_map(of).filter_map(read))
                    }
                    Access::IndexReversed(at) => {
                        let ids =
                            table.indexes.get(*at).into_iter().flat_map(|index| index.ids().rev());
                        Box::new(ids.filter_map(of).filter_map(read))
                    }
                    Access::Ids(ids) => {
                        Box::new(ids.iter().copied().filter_map(of).filter_map(read))
                    }
                    Access::Bound(slot, lookup) => Box::new(
                        self.looked_up(*slot, lookup, Some(table))
                            .into_iter()
                            .filter_map(of)
                            .filter_map(read),
                    ),
                })
            }
            Rows::Known { rows, columns, access, tests } => {
                let read = move |(id, row): (i64, &'s [Value])| match self.meter.read() {
                    Err(error) => Some(Err(error)),
                    Ok(()) => tests
                        .iter()
                        .all(|test| test.passes(row))
                        .then(|| Ok((Key::I64(id), pick(row, id, columns)))),
                };
                let of = move |id: i64| {
                    usize::try_from(id)
                        .ok()
                        .and_then(|at| rows.get(at))
                        .map(|row| (id, row.as_slice()))
                };
                let all = 0..i64::try_from(rows.len()).unwrap_or(i64::MAX);
                Ok(match access {
                    // Only tables are read in an order.
                    Access::All
                    | Access::Reversed
                    | Access::Index(_)
                    | Access::IndexReversed(_) => Box::new(all.filter_map(of).filter_map(read)),
                    Access::Ids(ids) => {
                        Box::new(ids.iter().copied().filter_map(of).filter_map(read))
                    }
                    Access::Bound(slot, lookup) => Box::new(
                        self.looked_up(*slot, lookup, None)
                            .into_iter()
                            .filter_map(of)
                            .filter_map(read),
                    ),
                })
            }
            Rows::Bind(_) | Rows::Argument | Rows::Call(..) | Rows::Probe(_) => {
                Ok(Box::new(std::iter::empty()))
            }
        }
    }
}

impl CustomFunction for Reader<'_> {
    fn fetch_function<'s>(&'s self, _: &str) -> Result<Option<&'s CustomFunctionData>> {
        Ok(None)
    }
}

impl StoreMut for Reader<'_> {}
impl GlueIndex for Reader<'_> {}
impl IndexMut for Reader<'_> {}
impl Metadata for Reader<'_> {}
impl AlterTable for Reader<'_> {}
impl CustomFunctionMut for Reader<'_> {}
impl Transaction for Reader<'_> {}
