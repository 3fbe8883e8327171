//! Selects on GlueSQL's executor, as a second opinion on ours: from a checked select to GlueSQL's plan over numbered scans.
//!
//! Ours has a plan for every select that is not refused, so this is compiled for tests only, which hold the two against each other.

mod expr;
mod groups;
mod join;
mod part;
mod scans;
mod select;

use std::collections::{BTreeSet, HashMap};

use gluesql_core::data::Value;
use gluesql_core::executor::Payload;
use gluesql_core::plan::{
    ExprPlan, LimitInputPlan, LimitPlan, QueryPlan, SourcePlan, StatementPlan, TableAccessPlan,
    TableAliasPlan, TableSourcePlan,
};

use crate::error::{ErrorKind, Result, SqlError};
use crate::exec::Whole;
use crate::ir::{Expr, OrderBy, Source, SourceId};
use crate::plan::{ScanOrder, Stock, stock};
use crate::reader::{Meter, Test};
use crate::run::{Rows as Found, combine, scan_order, sort_columns};
use crate::store::Database;
use crate::types::Type;
use scans::{LIMIT, Reader, Rows, Scan, Way, key_schema, schema};

/// The rows of a select, in order.
pub(crate) fn rows(db: &Database, meter: &Meter, whole: Whole<'_>) -> Result<Found> {
    let Whole { select, order, limit, offset } = whole;
    let more: Vec<Expr> = order
        .iter()
        .filter_map(|key| match &key.by {
            OrderBy::Expr(expr) => Some(expr.clone()),
            OrderBy::Output(_) => None,
        })
        .collect();
    let mut lower = Lower::new(db);
    lower.wanted = scan_order(db, select, order);
    let plan = lower.select(select, &more)?;
    let in_order = order.is_empty() || lower.in_order;
    let most = limit.map(|limit| limit.saturating_add(offset));
    let enough = most.filter(|_| in_order && !select.distinct).unwrap_or(u64::MAX);
    let enough = enough.min(meter.limits().rows as u64 + 1);
    let count = ExprPlan::Value(Value::I64(i64::try_from(enough).unwrap_or(i64::MAX)));
    let plan = match plan {
        QueryPlan::Project(input) => {
            QueryPlan::Limit(LimitPlan { input: LimitInputPlan::Project(input), count })
        }
        other => other,
    };
    let mut reader = lower.reader(meter);
    let payload = gluesql_core::executor::execute(&mut reader, &StatementPlan::Query(plan))
        .map_err(|error| surface(&error))?;
    let Payload::Select { mut rows, .. } = payload else {
        return Err(SqlError::error("the query gave no rows"));
    };
    meter.check_size(rows.len())?;
    if select.distinct {
        combine::distinct(&mut rows);
    }
    let width = select.projection.len();
    if !in_order {
        combine::sort(&mut rows, &sort_columns(order, width));
    }
    let mut rows = combine::cut(rows, offset, limit);
    rows.iter_mut().for_each(|row| row.truncate(width));
    Ok(rows)
}

/// A scan that is not final yet: which columns it must give is known at the end.
struct Draft {
    stock: Stock,
    types: Vec<Type>,
    columns: BTreeSet<usize>,
    access: Way,
    tests: Vec<Test>,
}

enum Slot {
    Draft(Draft),
    Ready(Scan),
}

/// Builds the plan of one query.
struct Lower<'a> {
    db: &'a Database,
    slots: Vec<Slot>,
    placed: HashMap<SourceId, usize>,
    binds: usize,
    /// How many sources of its own there are.
    own: usize,
    /// The order in which the rows would best come.
    wanted: Option<ScanOrder>,
    /// Whether they will.
    in_order: bool,
}

impl<'a> Lower<'a> {
    fn new(db: &'a Database) -> Self {
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
    fn reader<'m>(self, meter: &'m Meter) -> Reader<'m> {
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

    fn draft(&mut self, source: &Source, stock: Stock, access: Way, tests: Vec<Test>) -> usize {
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

/// A scan as a source in a plan.
fn table(scan: usize, alias: String, access: TableAccessPlan) -> SourcePlan {
    SourcePlan::Table(TableSourcePlan {
        name: scan.to_string(),
        alias: Some(TableAliasPlan { name: alias, columns: Vec::new() }),
        access,
    })
}

/// An error of GlueSQL's executor. SQLite has no errors of types at run time, so these are refusals.
fn surface(error: &gluesql_core::error::Error) -> SqlError {
    use gluesql_core::error::Error;
    let text = match error {
        Error::StorageMsg(text) => text.clone(),
        other => other.to_string(),
    };
    if let Some(limit) = text.strip_prefix(LIMIT) {
        return SqlError::error(limit.to_owned()).hint("add a condition or LIMIT");
    }
    let overflow = text.to_lowercase().contains("overflow");
    let message =
        if overflow { "a number is too large here (integer overflow)".to_owned() } else { text };
    let hint = if overflow { Some("use CAST(… AS REAL)".to_owned()) } else { None };
    SqlError { kind: ErrorKind::Refused, message, hint, span: None, violation: None }
}
