//! SELECT in GlueSQL's terms.

use gluesql_core::data::Value;
use gluesql_core::plan::{
    AggregationPlan, DistinctInputPlan, DistinctPlan, ExprPlan, HavingPlan, LimitInputPlan,
    LimitPlan, OffsetInputPlan, OffsetPlan, OrderByExprPlan, ProjectInputPlan, ProjectPlan,
    ProjectionPlan, QueryPlan, SelectItemPlan, SelectOrderByPlan,
};

use super::Lower;
use super::expr::one_row;
use super::groups::OverGroups;
use super::join::Runs;
use super::part::{Filtered, Part};
use crate::error::{Result, SqlError};
use crate::ir::{Body, Expr, Order, OrderBy, Query, Select};
use crate::plan::Flat;

impl Lower<'_> {
    /// A select that runs once. Ordering, DISTINCT and LIMIT are the runner's; `more` are the keys that it sorts by.
    pub(crate) fn select(&mut self, select: &Select, more: &[Expr]) -> Result<QueryPlan> {
        self.project(select, more, Runs::Once).map(QueryPlan::Project)
    }

    pub(super) fn project(
        &mut self,
        select: &Select,
        more: &[Expr],
        runs: Runs,
    ) -> Result<ProjectPlan> {
        match self.over_groups(select, more, runs)? {
            Some(OverGroups { groups, select, keys }) => self.project_over(groups, &select, &keys),
            None => self.project_rows(select, more, runs),
        }
    }

    fn project_rows(&mut self, select: &Select, more: &[Expr], runs: Runs) -> Result<ProjectPlan> {
        let (part, rest) = match &select.from {
            Some(from) => self.joined(&Flat::of(from)?, &select.filter, runs)?,
            None => (Part::Source(one_row()), select.filter.clone()),
        };
        let filter = self.condition(&rest)?;
        let filtered = Filtered::new(part, filter);
        let input =
            if select.grouped { self.aggregation(select, filtered)? } else { filtered.project() };
        let projection = self.items(select.projection.iter().chain(more))?;
        Ok(ProjectPlan { input, projection })
    }

    /// The second step of a select whose groups are made.
    fn project_over(
        &mut self,
        groups: Part,
        select: &Select,
        more: &[Expr],
    ) -> Result<ProjectPlan> {
        let filter = self.condition(&select.filter)?;
        let input = Filtered::new(groups, filter).project();
        let projection = self.items(select.projection.iter().chain(more))?;
        Ok(ProjectPlan { input, projection })
    }

    fn items<'e>(&mut self, exprs: impl Iterator<Item = &'e Expr>) -> Result<ProjectionPlan> {
        let item = |(at, expr)| {
            Ok(SelectItemPlan::Expr { expr: self.value(expr)?, label: format!("o{at}") })
        };
        exprs.enumerate().map(item).collect::<Result<_>>().map(ProjectionPlan::SelectItems)
    }

    fn aggregation(&mut self, select: &Select, filtered: Filtered) -> Result<ProjectInputPlan> {
        let group_by: Vec<ExprPlan> =
            select.group.iter().map(|key| self.value(key)).collect::<Result<_>>()?;
        let aggregate_slots = select
            .aggregates
            .iter()
            .enumerate()
            .map(|(at, aggregate)| self.aggregate(aggregate, at))
            .collect::<Result<_>>()?;
        let input = AggregationPlan { input: filtered.aggregation(), group_by, aggregate_slots };
        Ok(match &select.having {
            None => ProjectInputPlan::Aggregation(input),
            Some(having) => {
                ProjectInputPlan::Having(HavingPlan { input, expr: self.is_true(having)? })
            }
        })
    }

    /// A subquery that reads the enclosing query, and so runs for each of its rows.
    pub(super) fn subquery(&mut self, query: &Query) -> Result<QueryPlan> {
        let Body::Select(select) = &query.body else {
            return Err(SqlError::refused(
                "set operations in a subquery that reads the enclosing query are not supported",
            )
            .hint("write the parts as separate conditions"));
        };
        if !select.windows.is_empty() {
            return Err(SqlError::refused(
                "window functions in a subquery that reads the enclosing query are not supported",
            ));
        }
        let mut keys: Vec<Expr> = query
            .order
            .iter()
            .filter_map(|order| match &order.by {
                OrderBy::Expr(expr) => Some(expr.clone()),
                OrderBy::Output(at) => select.projection.get(*at).cloned(),
            })
            .collect();
        let project = match self.over_groups(select, &keys, Runs::Often)? {
            Some(over) => {
                keys = over.keys;
                self.project_over(over.groups, &over.select, &[])?
            }
            None => self.project_rows(select, &[], Runs::Often)?,
        };
        let input = if query.order.is_empty() {
            DistinctInputPlan::Project(project)
        } else {
            let exprs = self.sort_keys(&query.order, &keys)?;
            DistinctInputPlan::SelectOrderBy(SelectOrderByPlan { exprs, input: project })
        };
        let input = match (select.distinct, input) {
            (true, input) => OffsetInputPlan::Distinct(DistinctPlan { input }),
            (false, DistinctInputPlan::Project(project)) => OffsetInputPlan::Project(project),
            (false, DistinctInputPlan::SelectOrderBy(order)) => {
                OffsetInputPlan::SelectOrderBy(order)
            }
        };
        let number =
            |count: u64| ExprPlan::Value(Value::I64(i64::try_from(count).unwrap_or(i64::MAX)));
        let input = if query.offset > 0 {
            LimitInputPlan::Offset(OffsetPlan { input, count: number(query.offset) })
        } else {
            match input {
                OffsetInputPlan::Distinct(plan) => LimitInputPlan::Distinct(plan),
                OffsetInputPlan::Project(plan) => LimitInputPlan::Project(plan),
                OffsetInputPlan::SelectOrderBy(plan) => LimitInputPlan::SelectOrderBy(plan),
                OffsetInputPlan::Values(plan) => LimitInputPlan::Values(plan),
                OffsetInputPlan::ValuesOrderBy(plan) => LimitInputPlan::ValuesOrderBy(plan),
            }
        };
        Ok(match (query.limit, input) {
            (Some(limit), input) => QueryPlan::Limit(LimitPlan { input, count: number(limit) }),
            (None, LimitInputPlan::Project(plan)) => QueryPlan::Project(plan),
            (None, LimitInputPlan::Distinct(plan)) => QueryPlan::Distinct(plan),
            (None, LimitInputPlan::SelectOrderBy(plan)) => QueryPlan::SelectOrderBy(plan),
            (None, LimitInputPlan::Offset(plan)) => QueryPlan::Offset(plan),
            (None, LimitInputPlan::Values(plan)) => QueryPlan::Values(plan),
            (None, LimitInputPlan::ValuesOrderBy(plan)) => QueryPlan::ValuesOrderBy(plan),
        })
    }

    /// Two keys for each: whether it is NULL, then its value. GlueSQL alone would put NULLs last.
    fn sort_keys(&mut self, order: &[Order], by: &[Expr]) -> Result<Vec<OrderByExprPlan>> {
        let mut keys = Vec::new();
        for (order, expr) in order.iter().zip(by) {
            let expr = self.value(expr)?;
            keys.push(OrderByExprPlan {
                expr: ExprPlan::IsNull(Box::new(expr.clone())),
                asc: Some(!order.nulls_first),
            });
            keys.push(OrderByExprPlan { expr, asc: Some(!order.descending) });
        }
        Ok(keys)
    }
}
