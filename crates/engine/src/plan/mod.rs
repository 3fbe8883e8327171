//! The planner: from a checked query to GlueSQL's plan over numbered scans.

mod access;
mod expr;
mod flatten;
mod groups;
mod join;
mod part;
mod select;

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use gluesql_core::data::Value;
use gluesql_core::plan::{ExprPlan, SourcePlan, TableAccessPlan, TableAliasPlan, TableSourcePlan};

use crate::ir::{Source, SourceId, SourceKind};
use crate::reader::{Access, Meter, Reader, Rows, Scan, Test, key_schema, schema};
use crate::store::{Database, Table};
use crate::types::Type;

pub(crate) use access::{Candidate, equal_columns, first_access, index_position};
pub(crate) use flatten::Flat;
pub(crate) use join::{narrow_all, reads, spread_constants, take_tests};

/// The rows of one source.
#[derive(Clone)]
pub(crate) enum Stock {
    Table(Arc<Table>),
    Known(Arc<Vec<Vec<Value>>>),
}

/// A scan that is not final yet: which columns it must give is known at the end.
struct Draft {
    stock: Stock,
    types: Vec<Type>,
    columns: BTreeSet<usize>,
    access: Access,
    tests: Vec<Test>,
}

enum Slot {
    Draft(Draft),
    Ready(Scan),
}

/// Builds the plan of one query.
pub(crate) struct Lower<'a> {
    pub(crate) db: &'a Database,
    slots: Vec<Slot>,
    placed: HashMap<SourceId, usize>,
    binds: usize,
    /// How many sources of its own there are.
    own: usize,
    /// The order in which the rows would best come.
    pub(crate) wanted: Option<ScanOrder>,
    /// Whether they will.
    pub(crate) in_order: bool,
}

/// By which column of a source a scan is to be ordered.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ScanOrder {
    pub(crate) source: SourceId,
    pub(crate) column: usize,
    pub(crate) descending: bool,
}

impl<'a> Lower<'a> {
    pub(crate) fn new(db: &'a Database) -> Self {
        Self {
            db,
            slots: Vec::new(),
            placed: HashMap::new(),
            binds: 0,
            own: 0,
            wanted: None,
            in_order: false,
        }
    }

    /// The scans, all drafts made final.
    pub(crate) fn reader<'m>(self, meter: &'m Meter) -> Reader<'m> {
        let mut reader = Reader::new(meter);
        reader.scans = self
            .slots
            .into_iter()
            .map(|slot| match slot {
                Slot::Ready(scan) => scan,
                Slot::Draft(Draft { stock, types, columns, access, tests }) => {
                    let ty = |at: &usize| types.get(*at).copied().unwrap_or(Type::Int);
                    let schema = schema(columns.iter().map(|at| (*at, ty(at))));
                    let columns = columns.into_iter().collect();
                    let rows = match stock {
                        Stock::Table(table) => Rows::Table { table, columns, access, tests },
                        Stock::Known(rows) => Rows::Known { rows, columns, access, tests },
                    };
                    Scan { schema, rows }
                }
            })
            .collect();
        reader
    }

    fn ready(&mut self, rows: Rows, ty: Type) -> usize {
        self.slots.push(Slot::Ready(Scan { schema: key_schema(ty), rows }));
        self.slots.len() - 1
    }

    fn draft(&mut self, source: &Source, stock: Stock, access: Access, tests: Vec<Test>) -> usize {
        let draft =
            Draft { stock, types: source.types.clone(), columns: BTreeSet::new(), access, tests };
        self.slots.push(Slot::Draft(draft));
        let at = self.slots.len() - 1;
        self.placed.insert(source.id, at);
        at
    }

    fn stock(&self, source: &Source) -> Option<Stock> {
        stock(self.db, source)
    }

    /// A reference to a column, which is noted as needed.
    fn column(&mut self, id: SourceId, column: usize) -> ExprPlan {
        if let Some(Slot::Draft(draft)) =
            self.placed.get(&id).and_then(|at| self.slots.get_mut(*at))
        {
            draft.columns.insert(column);
        }
        ExprPlan::CompoundIdentifier { alias: format!("t{id}"), ident: format!("c{column}") }
    }
}

/// The rows behind a source. Queries have been run by now.
pub(crate) fn stock(db: &Database, source: &Source) -> Option<Stock> {
    match &source.kind {
        SourceKind::Table(name) => db.table(name).map(|table| Stock::Table(Arc::clone(table))),
        SourceKind::Rows(rows) => Some(Stock::Known(Arc::clone(rows))),
        SourceKind::Query(_)
        | SourceKind::Shared(..)
        | SourceKind::Working(_)
        | SourceKind::Series(_) => None,
    }
}

/// A scan as a source in a plan.
fn table(scan: usize, alias: String, access: TableAccessPlan) -> SourcePlan {
    SourcePlan::Table(TableSourcePlan {
        name: scan.to_string(),
        alias: Some(TableAliasPlan { name: alias, columns: Vec::new() }),
        access,
    })
}

impl Stock {
    pub(crate) fn len(&self) -> usize {
        match self {
            Stock::Table(table) => table.rows.len(),
            Stock::Known(rows) => rows.len(),
        }
    }
}
