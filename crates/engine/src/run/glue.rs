//! Selects on GlueSQL's executor: those that ours has no plan for, and all of them where the two are held against each other.

use gluesql_core::data::Value;
use gluesql_core::executor::Payload;
use gluesql_core::plan::{ExprPlan, LimitInputPlan, LimitPlan, QueryPlan, StatementPlan};

use super::{Rows, combine, scan_order, sort_columns, surface};
use crate::error::{Result, SqlError};
use crate::exec::Whole;
use crate::ir::{Expr, OrderBy};
use crate::plan::Lower;
use crate::reader::Meter;
use crate::store::Database;

/// The rows of a select, in order.
pub(super) fn rows(db: &Database, meter: &Meter, whole: Whole<'_>) -> Result<Rows> {
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
