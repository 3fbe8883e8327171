//! What GlueSQL's executor sees of a statement: numbered scans instead of tables.
//!
//! Every name that a plan gives the executor is the number of a [`Scan`]: some columns of some rows of a table, tested as they are read; or rows that
//! an earlier stage made. Two more kinds exist because the executor evaluates a primary key access with the row on its left: a *bind* keeps the key
//! for the scan that follows it (an index join, or a correlated subquery that looks its rows up), and a *call* computes one of our functions.

use std::cell::RefCell;
use std::collections::HashMap;
use std::sync::Arc;

use gluesql_core::ast::{ColumnDef, ColumnUniqueOption};
use gluesql_core::data::{CustomFunction as CustomFunctionData, Key, Schema, Value};
use gluesql_core::error::{Error, Result};
use gluesql_core::store::{
    AlterTable, CustomFunction, CustomFunctionMut, Index as GlueIndex, IndexMut, Metadata, RowIter,
    Store, StoreMut, Transaction,
};

use crate::functions::Function;
use crate::reader::{Access, Meter, Test};
use crate::store::{Index, Table};
use crate::types::Type;

/// How a limit that was passed reaches the surface through GlueSQL's errors.
pub(super) const LIMIT: &str = "limit: ";

/// One way to read rows.
pub(super) struct Scan {
    pub(super) schema: Schema,
    pub(super) rows: Rows,
}

/// Where a scan's rows come from.
pub(super) enum Rows {
    Table {
        table: Arc<Table>,
        columns: Vec<usize>,
        access: Way,
        tests: Vec<Test>,
    },
    Known {
        rows: Arc<Vec<Vec<Value>>>,
        columns: Vec<usize>,
        access: Way,
        tests: Vec<Test>,
    },
    Bind(usize),
    Argument,
    /// A function and how many arguments it takes here.
    Call(&'static Function, usize),
    /// Membership in a set.
    Probe(Arc<crate::ir::Set>),
}

/// Which rows a scan gives.
pub(super) enum Way {
    Access(Access),
    /// Those with the key that was bound last, by an index or by the row's number.
    Bound(usize, Lookup),
}

/// How bound keys find rows.
pub(super) enum Lookup {
    RowNumber,
    Index(usize),
    /// By a hash table that was made for the statement.
    Hash(Arc<HashMap<Key, Vec<i64>>>),
}

/// One more row is read.
fn read(meter: &Meter) -> Result<()> {
    meter.check().map_err(|error| Error::StorageMsg(format!("{LIMIT}{}", error.message)))
}

/// The scans of one plan.
pub(super) struct Reader<'a> {
    pub(super) scans: Vec<Scan>,
    pub(super) meter: &'a Meter,
    bound: RefCell<Vec<Key>>,
    arguments: RefCell<Vec<Value>>,
}

impl<'a> Reader<'a> {
    pub(super) fn new(meter: &'a Meter) -> Self {
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
pub(super) fn schema(columns: impl Iterator<Item = (usize, Type)>) -> Schema {
    let columns = columns.map(|(at, ty)| column(&format!("c{at}"), ty, None)).collect();
    named(columns)
}

/// The schema of a bind, an argument or a call: one column that counts as a primary key.
pub(super) fn key_schema(ty: Type) -> Schema {
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
        read(self.meter)?;
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
                let read = move |(id, row): (i64, &'s [Value])| match read(self.meter) {
                    Err(error) => Some(Err(error)),
                    Ok(()) => tests
                        .iter()
                        .all(|test| test.passes(row))
                        .then(|| Ok((Key::I64(id), pick(row, id, columns)))),
                };
                let of = move |id: i64| table.rows.get(id).map(|row| (id, row));
                Ok(match access {
                    Way::Access(Access::All) => Box::new(table.rows.iter().filter_map(read)),
                    Way::Access(Access::Reversed) => {
                        Box::new(table.rows.iter().rev().filter_map(read))
                    }
                    Way::Access(Access::Index(at)) => {
                        let ids = table.indexes.get(*at).into_iter().flat_map(Index::ids);
                        Box::new(ids.filter_map(of).filter_map(read))
                    }
                    Way::Access(Access::IndexReversed(at)) => {
                        let ids =
                            table.indexes.get(*at).into_iter().flat_map(|index| index.ids().rev());
                        Box::new(ids.filter_map(of).filter_map(read))
                    }
                    Way::Access(Access::Ids(ids)) => {
                        Box::new(ids.iter().copied().filter_map(of).filter_map(read))
                    }
                    Way::Bound(slot, lookup) => Box::new(
                        self.looked_up(*slot, lookup, Some(table))
                            .into_iter()
                            .filter_map(of)
                            .filter_map(read),
                    ),
                })
            }
            Rows::Known { rows, columns, access, tests } => {
                let read = move |(id, row): (i64, &'s [Value])| match read(self.meter) {
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
                    Way::Access(Access::All)
                    | Way::Access(Access::Reversed)
                    | Way::Access(Access::Index(_))
                    | Way::Access(Access::IndexReversed(_)) => {
                        Box::new(all.filter_map(of).filter_map(read))
                    }
                    Way::Access(Access::Ids(ids)) => {
                        Box::new(ids.iter().copied().filter_map(of).filter_map(read))
                    }
                    Way::Bound(slot, lookup) => Box::new(
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
