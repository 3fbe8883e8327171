//! Runs checked queries: what an executor cannot do in one go is done in stages, each with a plan of its own.

mod alter;
pub(crate) mod combine;
mod conflict;
pub(crate) mod ddl;
pub(crate) mod dml;
mod prepare;
mod pushed;
pub(crate) mod schema;
mod stage;
mod substitute;
pub(crate) mod view;
mod window;

use std::collections::HashMap;
use std::sync::Arc;

use gluesql_core::data::Value;

use crate::error::Result;
use crate::exec::{self, Whole};
use crate::ir::{
    AggregateFunction, Body, Expr, From, Kind, Order, OrderBy, Query, Recursive, Select, SourceKind,
};
use crate::outcome::Executor;
use crate::plan::ScanOrder;
use crate::reader::Meter;
use crate::store::Database;
use crate::values::{Place, RowSet, size};
use substitute::Moved;

pub(crate) use combine::order;

/// Rows of a result.
pub(crate) type Rows = Vec<Vec<Value>>;

/// Runs queries of one statement on one state of the database.
pub(crate) struct Runner<'a> {
    pub(crate) db: &'a Database,
    pub(crate) meter: &'a Meter,
    /// Columns that moved while the FROM of the current select is prepared.
    moved: Moved,
    /// Rows of common table expressions, and of the working tables of recursive ones.
    shared: HashMap<usize, Arc<Rows>>,
    next: usize,
}

impl<'a> Runner<'a> {
    /// `sources`: how many numbers of sources are taken.
    pub(crate) fn new(db: &'a Database, meter: &'a Meter, sources: usize) -> Self {
        Self { db, meter, moved: Moved::new(), shared: HashMap::new(), next: sources }
    }

    /// The rows of a query that reads no enclosing one.
    pub(crate) fn rows(&mut self, query: &Query) -> Result<Rows> {
        let width = query.columns.len();
        let mut rows = match &query.body {
            Body::Select(select) => return self.select_rows(query, select),
            Body::Values(values) => self.values(values)?,
            Body::Set { op, all, left, right } => {
                let (left, right) = (self.rows(left)?, self.rows(right)?);
                combine::set(*op, *all, left, right)
            }
            Body::Recursive(recursive) => self.recursive(
                recursive,
                query.limit.map(|limit| limit.saturating_add(query.offset)),
            )?,
        };
        self.check_size(rows.len())?;
        combine::sort(&mut rows, &sort_columns(&query.order, width));
        Ok(combine::cut(rows, query.offset, query.limit))
    }

    fn select_rows(&mut self, query: &Query, select: &Select) -> Result<Rows> {
        let mut select = select.clone();
        let mut order = query.order.clone();
        self.prepare_select(&mut select, &mut order)?;
        if order.iter().all(|key| matches!(key.by, OrderBy::Output(_))) {
            count_without_reading(self.db, &mut select);
        }
        if !select.windows.is_empty() {
            return self.staged(query, select, order);
        }
        let (limit, offset) = (query.limit, query.offset);
        self.whole(Whole { select: &select, order: &order, limit, offset })
    }

    /// Runs a prepared select whose rows may come in any order.
    fn execute(&mut self, select: &Select) -> Result<Rows> {
        self.whole(Whole { select, order: &[], limit: None, offset: 0 })
    }

    /// Runs a prepared select.
    fn whole(&mut self, whole: Whole<'_>) -> Result<Rows> {
        match self.meter.executor() {
            Executor::Own | Executor::Unplanned => exec::run(self.db, self.meter, whole),
            #[cfg(feature = "second-opinion")]
            Executor::GlueSql => crate::glue::rows(self.db, self.meter, whole),
        }
    }

    fn check_size(&self, rows: usize) -> Result<()> {
        self.meter.check_size(rows)
    }

    fn values(&mut self, values: &[Vec<Expr>]) -> Result<Rows> {
        let mut rows = Vec::with_capacity(values.len());
        for row in values {
            let known: Option<Vec<Value>> =
                row.iter().map(|cell| cell.as_value().cloned()).collect();
            match known {
                Some(known) => rows.push(known),
                None => {
                    let mut select = bare(row.clone());
                    self.prepare_select(&mut select, &mut [])?;
                    rows.extend(self.execute(&select)?);
                }
            }
        }
        Ok(rows)
    }

    /// Round after round, until a round gives nothing new.
    fn recursive(&mut self, recursive: &Recursive, enough: Option<u64>) -> Result<Rows> {
        let mut seen = RowSet::default();
        let (mut all, mut bytes) = (Vec::new(), 0);
        let mut fresh = self.rows(&recursive.first)?;
        loop {
            if !recursive.all {
                fresh.retain(|row| matches!(seen.place(&mut row.clone()), Place::New(_)));
            }
            if fresh.is_empty() {
                return Ok(all);
            }
            bytes += fresh.iter().map(|row| size(row)).sum::<usize>();
            self.meter.check_bytes(bytes)?;
            all.extend(fresh.iter().cloned());
            self.check_size(all.len())?;
            self.meter.check()?;
            if enough.is_some_and(|enough| all.len() as u64 >= enough) {
                return Ok(all);
            }
            self.shared.insert(recursive.working, Arc::new(fresh));
            fresh = self.rows(&recursive.step)?;
        }
    }
}

/// The order in which a scan could give the rows, so that they need no sorting: where the first key is a column of the only table that its row
/// numbers or an index keep in order, and nothing is left for further keys to decide.
pub(crate) fn scan_order(db: &Database, select: &Select, order: &[Order]) -> Option<ScanOrder> {
    let (Some(From::Source(source)), Some((first, more))) = (&select.from, order.split_first())
    else {
        return None;
    };
    let SourceKind::Table(name) = &source.kind else { return None };
    let expr = match &first.by {
        OrderBy::Expr(expr) => expr,
        OrderBy::Output(at) => select.projection.get(*at)?,
    };
    let Kind::Column(id, column) = expr.kind else { return None };
    let def = &db.table(name)?.def;
    let plain = !select.grouped && !select.distinct && select.windows.is_empty();
    let full = def.columns.get(column).is_some_and(|column| column.not_null)
        || def.row_column() == Some(column);
    let unique = db.table(name)?.is_unique(&[column]);
    let settled = unique || (more.is_empty() && !first.descending);
    (plain && id == source.id && full && settled).then_some(ScanOrder {
        source: id,
        column,
        descending: first.descending,
    })
}

/// `SELECT COUNT(*) FROM t` is known without reading the table.
fn count_without_reading(db: &Database, select: &mut Select) {
    let Some(From::Source(source)) = &select.from else { return };
    let only_counts = select.aggregates.iter().all(|aggregate| {
        aggregate.function == AggregateFunction::Count && aggregate.argument.is_none()
    });
    if !only_counts
        || select.aggregates.is_empty()
        || !select.group.is_empty()
        || !select.filter.is_empty()
        || !select.windows.is_empty()
    {
        return;
    }
    let count = match &source.kind {
        SourceKind::Table(name) => db.table(name).map_or(0, |table| table.rows.len()),
        SourceKind::Rows(rows) => rows.len(),
        SourceKind::Query(_)
        | SourceKind::Shared(..)
        | SourceKind::Working(_)
        | SourceKind::Series(_) => return,
    };
    let count = Value::I64(i64::try_from(count).unwrap_or(i64::MAX));
    for expr in select.projection.iter_mut().chain(&mut select.having) {
        put_count(expr, &count);
    }
    select.filter.extend(select.having.take());
    (select.from, select.aggregates, select.grouped) = (None, Vec::new(), false);
}

fn put_count(expr: &mut Expr, count: &Value) {
    if let Kind::Aggregate(_) = expr.kind {
        expr.kind = Kind::Value(count.clone());
    }
    expr.children_mut().into_iter().for_each(|child| put_count(child, count));
}

/// A select that reads no table.
pub(crate) fn bare(projection: Vec<Expr>) -> Select {
    Select {
        from: None,
        filter: Vec::new(),
        group: Vec::new(),
        aggregates: Vec::new(),
        windows: Vec::new(),
        grouped: false,
        having: None,
        projection,
        distinct: false,
    }
}

/// Where the sort keys stand in the rows: result columns, or the columns after them.
pub(crate) fn sort_columns(order: &[Order], width: usize) -> Vec<combine::Key> {
    let mut more = width;
    order
        .iter()
        .map(|key| {
            let column = match &key.by {
                OrderBy::Output(at) => *at,
                OrderBy::Expr(_) => {
                    more += 1;
                    more - 1
                }
            };
            combine::Key { column, descending: key.descending, nulls_first: key.nulls_first }
        })
        .collect()
}
