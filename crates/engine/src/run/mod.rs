//! Runs checked queries: what GlueSQL's executor cannot do in one go is done in stages, each with a plan of its own.

mod alter;
mod combine;
mod conflict;
pub(crate) mod ddl;
pub(crate) mod dml;
mod prepare;
pub(crate) mod schema;
mod stage;
mod substitute;
pub(crate) mod view;
mod window;

use std::collections::HashMap;
use std::sync::Arc;

use gluesql_core::data::Value;
use gluesql_core::executor::Payload;
use gluesql_core::plan::{ExprPlan, LimitInputPlan, LimitPlan, QueryPlan, StatementPlan};

use crate::error::{ErrorKind, Result, SqlError};
use crate::ir::{
    AggregateFunction, Body, Expr, From, Kind, Order, OrderBy, Query, Recursive, Select, SourceKind,
};
use crate::plan::{Lower, ScanOrder};
use crate::reader::{LIMIT, Meter};
use crate::store::Database;
use substitute::Moved;

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
        let more: Vec<Expr> = order
            .iter()
            .filter_map(|key| match &key.by {
                OrderBy::Expr(expr) => Some(expr.clone()),
                OrderBy::Output(_) => None,
            })
            .collect();
        if more.is_empty() {
            count_without_reading(self.db, &mut select);
        }
        if stage::is_needed(&select) {
            return self.staged(query, select, order);
        }
        let most = query.limit.map(|limit| limit.saturating_add(query.offset));
        let wanted = self.scan_order(&select, &order);
        let simple = order.is_empty() && !select.distinct;
        let enough = if simple || wanted.is_some() { most } else { None };
        let (mut rows, in_order) = self.execute_in_order(&select, &more, enough, wanted)?;
        let width = query.columns.len();
        if select.distinct {
            combine::distinct(&mut rows);
        }
        if !in_order {
            let keep = most.and_then(|most| usize::try_from(most).ok());
            combine::sort_first(&mut rows, &sort_columns(&order, width), keep);
        }
        let mut rows = combine::cut(rows, query.offset, query.limit);
        if !more.is_empty() {
            rows.iter_mut().for_each(|row| row.truncate(width));
        }
        Ok(rows)
    }

    /// The order in which a scan could give the rows, so that they need no sorting: where the first key is a column of the only table that its row
    /// numbers or an index keep in order, and nothing is left for further keys to decide.
    fn scan_order(&self, select: &Select, order: &[Order]) -> Option<ScanOrder> {
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
        let def = &self.db.table(name)?.def;
        let plain = !select.grouped && !select.distinct && select.windows.is_empty();
        let full = def.columns.get(column).is_some_and(|column| column.not_null)
            || def.row_column() == Some(column);
        let unique = self.db.table(name)?.is_unique(&[column]);
        let settled = unique || (more.is_empty() && !first.descending);
        (plain && id == source.id && full && settled).then_some(ScanOrder {
            source: id,
            column,
            descending: first.descending,
        })
    }

    /// Runs a prepared select through GlueSQL.
    fn execute(&mut self, select: &Select, more: &[Expr], enough: Option<u64>) -> Result<Rows> {
        self.execute_in_order(select, more, enough, None).map(|(rows, _)| rows)
    }

    /// The same; if the rows are wanted in an order, says whether they are. Where they are not, they are all there.
    fn execute_in_order(
        &mut self,
        select: &Select,
        more: &[Expr],
        enough: Option<u64>,
        wanted: Option<ScanOrder>,
    ) -> Result<(Rows, bool)> {
        let mut lower = Lower::new(self.db);
        lower.wanted = wanted;
        let plan = lower.select(select, more)?;
        let in_order = lower.in_order;
        let enough = enough.filter(|_| wanted.is_none() || in_order);
        let mut reader = lower.reader(self.meter);
        let most = enough.unwrap_or(u64::MAX).min(self.meter.limits().rows as u64 + 1);
        let count = ExprPlan::Value(Value::I64(i64::try_from(most).unwrap_or(i64::MAX)));
        let plan = match plan {
            QueryPlan::Project(input) => {
                QueryPlan::Limit(LimitPlan { input: LimitInputPlan::Project(input), count })
            }
            other => other,
        };
        match gluesql_core::executor::execute(&mut reader, &StatementPlan::Query(plan)) {
            Ok(Payload::Select { rows, .. }) => {
                self.check_size(rows.len())?;
                Ok((rows, in_order))
            }
            Ok(_) => Err(SqlError::error("the query gave no rows")),
            Err(error) => Err(surface(&error)),
        }
    }

    fn check_size(&self, rows: usize) -> Result<()> {
        let most = self.meter.limits().rows;
        if rows > most {
            Err(SqlError::error(format!("this gives more than {most} rows"))
                .hint("add LIMIT or a condition"))
        } else {
            Ok(())
        }
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
                    rows.extend(self.execute(&select, &[], None)?);
                }
            }
        }
        Ok(rows)
    }

    /// Round after round, until a round gives nothing new.
    fn recursive(&mut self, recursive: &Recursive, enough: Option<u64>) -> Result<Rows> {
        let mut seen = std::collections::HashSet::new();
        let mut all = Vec::new();
        let mut fresh = self.rows(&recursive.first)?;
        loop {
            if !recursive.all {
                fresh.retain(|row| seen.insert(combine::keys(row)));
            }
            if fresh.is_empty() {
                return Ok(all);
            }
            all.extend(fresh.iter().cloned());
            self.check_size(all.len())?;
            self.meter.tick().map_err(SqlError::error)?;
            if enough.is_some_and(|enough| all.len() as u64 >= enough) {
                return Ok(all);
            }
            self.shared.insert(recursive.working, Arc::new(fresh));
            fresh = self.rows(&recursive.step)?;
        }
    }
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
fn sort_columns(order: &[Order], width: usize) -> Vec<combine::Key> {
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
