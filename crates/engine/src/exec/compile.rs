//! From checked selects to plans. What has no plan is refused.

use std::collections::HashMap;
use std::sync::Arc;

use gluesql_core::data::Value;

use super::code::Code;
use super::groups::{Folding, Grouping};
use super::{Plan, Repeats, SortKey, Whole};
use crate::error::{Result, SqlError};
use crate::functions::{Function, Pattern};
use crate::ir::{
    Aggregate, AggregateFunction, Asked, Body, Comparison, Expr, From, Kind, Order, OrderBy, Query,
    Select, Set, Source, SourceId, SourceKind,
};
use crate::outcome::Executor;
use crate::run::scan_order;
use crate::store::Database;

/// Compiles the selects of one statement.
pub(super) struct Compiler<'d> {
    pub(super) db: &'d Database,
    /// Where the row of each source stands.
    pub(super) placed: HashMap<SourceId, usize>,
    /// How many places there are.
    pub(super) places: usize,
    pub(super) built: usize,
    groups: usize,
    /// The groupings of the selects around, the innermost last.
    grouping: Vec<usize>,
    /// About how often what is being compiled will run.
    pub(super) runs: usize,
    pub(super) executor: Executor,
}

impl<'d> Compiler<'d> {
    pub(super) fn new(db: &'d Database, executor: Executor) -> Self {
        let (placed, grouping) = (HashMap::new(), Vec::new());
        Self { db, placed, places: 0, built: 0, groups: 0, grouping, runs: 1, executor }
    }

    pub(super) fn places(&self) -> usize {
        self.places
    }

    pub(super) fn built(&self) -> usize {
        self.built
    }

    pub(super) fn groups(&self) -> usize {
        self.groups
    }

    /// The plan of a select that runs so many times.
    pub(super) fn plan(&mut self, whole: Whole<'_>, runs: usize) -> Result<Plan> {
        let outside = std::mem::replace(&mut self.runs, runs);
        let plan = self.select(whole);
        self.runs = outside;
        plan
    }

    fn select(&mut self, whole: Whole<'_>) -> Result<Plan> {
        let Whole { select, order, limit, offset } = whole;
        if !select.windows.is_empty() {
            return Err(SqlError::refused(
                "window functions in a subquery that reads the enclosing query are not supported",
            ));
        }
        let planned = self.executor != Executor::Unplanned;
        let wanted = if planned { scan_order(self.db, select, order) } else { None };
        let read = if planned { Some(self.read(select, order)) } else { None };
        let joined = self.joined(select.from.as_ref(), &select.filter, wanted, read.as_deref())?;
        self.runs = self.runs.saturating_mul(joined.estimate.max(1));
        let conditions = self.all(&joined.rest)?;
        let grouping = if select.grouped { Some(self.grouping(select)?) } else { None };
        self.grouping.extend(grouping.as_ref().map(|grouping| grouping.number));
        let projection = self.all(&select.projection)?;
        let having = select.having.as_ref().map(|having| self.code(having)).transpose()?;
        let order = if joined.in_order { Vec::new() } else { self.order(select, order)? };
        if grouping.is_some() {
            self.grouping.pop();
        }
        let grouping = grouping.map(|grouping| Grouping { having, ..grouping });
        Ok(Plan {
            steps: joined.steps,
            conditions,
            grouping,
            projection,
            repeats: if select.distinct { Repeats::Dropped } else { Repeats::Kept },
            order,
            offset,
            limit,
        })
    }

    fn grouping(&mut self, select: &Select) -> Result<Grouping> {
        let number = self.groups;
        self.groups += 1;
        let keys = self.all(self.deciding(select))?;
        let mut aggregates = Vec::new();
        for aggregate in &select.aggregates {
            let argument = match (self.counted(aggregate, select), &aggregate.argument) {
                (Some(id), _) => Some(Code::Number(*self.placed.get(&id).ok_or_else(lost)?)),
                (None, Some(argument)) => Some(self.code(argument)?),
                (None, None) => None,
            };
            let order = self.all(aggregate.order.iter().map(|(key, ..)| key))?;
            aggregates.push(Folding { aggregate: aggregate.clone(), argument, order });
        }
        Ok(Grouping { number, keys, aggregates, having: None })
    }

    /// The table whose rows an aggregate counts by their numbers: for that, nothing of them is read.
    fn counted(&self, aggregate: &Aggregate, select: &Select) -> Option<SourceId> {
        let Some(Kind::Column(id, column)) = aggregate.argument.as_ref().map(|expr| &expr.kind)
        else {
            return None;
        };
        let mut tables = Vec::new();
        select.from.iter().for_each(|from| tables_of(from, &mut tables));
        let (_, name) = tables.iter().find(|(source, _)| source == id)?;
        let counts = aggregate.function == AggregateFunction::Count
            && self.db.table(name)?.def.row_column() == Some(*column);
        counts.then_some(*id)
    }

    /// The sources whose rows are looked at once they are joined, and not only counted.
    fn read(&self, select: &Select, order: &[Order]) -> Vec<SourceId> {
        let keys = order.iter().filter_map(|key| match &key.by {
            OrderBy::Expr(expr) => Some(expr),
            OrderBy::Output(_) => None,
        });
        let aggregated = select.aggregates.iter().flat_map(|aggregate| {
            let argument =
                aggregate.argument.as_ref().filter(|_| self.counted(aggregate, select).is_none());
            argument.into_iter().chain(aggregate.order.iter().map(|(key, ..)| key))
        });
        let exprs = select.projection.iter().chain(&select.group).chain(&select.having);
        exprs.chain(keys).chain(aggregated).flat_map(Expr::sources).collect()
    }

    /// The keys that decide which group a row is in: where a table's unique columns are among them, its others add nothing.
    fn deciding<'s>(&self, select: &'s Select) -> Vec<&'s Expr> {
        let mut tables = Vec::new();
        if self.executor != Executor::Unplanned {
            select.from.iter().for_each(|from| tables_of(from, &mut tables));
        }
        let columns = |id: SourceId| {
            let own = select.group.iter().filter_map(move |key| match key.kind {
                Kind::Column(source, column) if source == id => Some(column),
                _ => None,
            });
            own.collect::<Vec<_>>()
        };
        let deciding: Vec<(SourceId, &[usize])> = tables
            .into_iter()
            .filter_map(|(id, name)| {
                let (def, grouped) = (&self.db.table(name)?.def, columns(id));
                Some((id, def.identifying(&grouped)?))
            })
            .collect();
        let decides = |key: &&Expr| match key.kind {
            Kind::Column(id, column) => deciding
                .iter()
                .find(|(source, _)| *source == id)
                .is_none_or(|(_, unique)| unique.contains(&column)),
            _ => true,
        };
        select.group.iter().filter(decides).collect()
    }

    fn order(&mut self, select: &Select, order: &[Order]) -> Result<Vec<SortKey>> {
        let mut keys = Vec::with_capacity(order.len());
        for Order { by, descending, nulls_first } in order {
            let expr = match by {
                OrderBy::Expr(expr) => expr,
                OrderBy::Output(at) => select.projection.get(*at).ok_or_else(lost)?,
            };
            let (code, descending, nulls_first) = (self.code(expr)?, *descending, *nulls_first);
            keys.push(SortKey { code, descending, nulls_first });
        }
        Ok(keys)
    }

    pub(super) fn all<'e>(
        &mut self,
        exprs: impl IntoIterator<Item = &'e Expr>,
    ) -> Result<Vec<Code>> {
        exprs.into_iter().map(|expr| self.code(expr)).collect()
    }

    fn boxed(&mut self, expr: &Expr) -> Result<Box<Code>> {
        self.code(expr).map(Box::new)
    }

    fn pair(&mut self, left: &Expr, right: &Expr) -> Result<Box<(Code, Code)>> {
        Ok(Box::new((self.code(left)?, self.code(right)?)))
    }

    fn subquery(&mut self, query: &Query) -> Result<Box<Plan>> {
        let Body::Select(select) = &query.body else {
            return Err(SqlError::refused(
                "set operations in a subquery that reads the enclosing query are not supported",
            )
            .hint("write the parts as separate conditions"));
        };
        let (limit, offset) = (query.limit, query.offset);
        let whole = Whole { select, order: &query.order, limit, offset };
        self.plan(whole, self.runs).map(Box::new)
    }

    pub(super) fn code(&mut self, expr: &Expr) -> Result<Code> {
        Ok(match &expr.kind {
            Kind::Column(id, column) => Code::Cell(*self.placed.get(id).ok_or_else(lost)?, *column),
            Kind::Value(value) => Code::Value(value.clone()),
            Kind::Compare(comparison, left, right) => {
                Code::Compare(*comparison, self.pair(left, right)?)
            }
            Kind::And(parts) => Code::And(self.all(parts)?),
            Kind::Or(parts) => Code::Or(self.all(parts)?),
            Kind::Not(inner) => Code::Not(self.boxed(inner)?),
            Kind::IsNull(inner) => Code::IsNull(self.boxed(inner)?),
            Kind::Arithmetic(operator, left, right) => {
                Code::Arithmetic(*operator, self.pair(left, right)?)
            }
            Kind::Negate(inner) => Code::Negate(self.boxed(inner)?),
            Kind::Case(branches, otherwise) => {
                let pairs = branches
                    .iter()
                    .map(|(when, then)| Ok((self.code(when)?, self.code(then)?)))
                    .collect::<Result<_>>()?;
                let otherwise =
                    otherwise.as_ref().map(|otherwise| self.boxed(otherwise)).transpose()?;
                Code::Case(pairs, otherwise)
            }
            Kind::Coalesce(parts) => Code::Coalesce(self.all(parts)?),
            Kind::Convert(inner) => Code::Convert(self.boxed(inner)?, expr.ty),
            Kind::In(inner, list) => match list.iter().map(Expr::as_value).collect::<Option<_>>() {
                Some(values) => {
                    let set = Set { values, has_null: false, asked: Asked::In };
                    Code::InSet(self.boxed(inner)?, Arc::new(set))
                }
                None => {
                    let equals =
                        |item| Ok(Code::Compare(Comparison::Equal, self.pair(inner, item)?));
                    Code::Or(list.iter().map(equals).collect::<Result<_>>()?)
                }
            },
            Kind::InSet(inner, set) => Code::InSet(self.boxed(inner)?, Arc::clone(set)),
            Kind::Call(function, arguments) => match pattern(function, arguments) {
                Some((text, pattern)) => Code::Like(self.boxed(text)?, pattern),
                None => Code::Call(function, self.all(arguments)?),
            },
            Kind::Aggregate(at) => Code::Aggregate(*self.grouping.last().ok_or_else(lost)?, *at),
            Kind::Scalar(query) => Code::Scalar(self.subquery(query)?, expr.span),
            Kind::Exists(query) => Code::Exists(self.subquery(query)?),
            Kind::InQuery(inner, query) => Code::InRows(self.boxed(inner)?, self.subquery(query)?),
            Kind::Window(_) => {
                return Err(SqlError::refused("a window function cannot stand here").at(expr.span));
            }
        })
    }
}

/// The checker gives places to all that a select names.
fn lost() -> SqlError {
    SqlError::error("a part of this query is in no place; please report it")
}

/// The tables of a FROM, with their names.
fn tables_of<'f>(from: &'f From, into: &mut Vec<(SourceId, &'f str)>) {
    match from {
        From::Source(Source { id, kind: SourceKind::Table(name), .. }) => into.push((*id, name)),
        From::Source(_) => {}
        From::Join { left, right, .. } => {
            tables_of(left, into);
            tables_of(right, into);
        }
    }
}

/// LIKE with a pattern that is known.
fn pattern<'e>(function: &Function, arguments: &'e [Expr]) -> Option<(&'e Expr, Pattern)> {
    let text = |expr: &'e Expr| match expr.as_value() {
        Some(Value::Str(text)) => Some(text.as_str()),
        _ => None,
    };
    match (function.name, arguments) {
        ("like", [first, pattern]) => Some((first, Pattern::like(text(pattern)?, None))),
        ("like", [first, pattern, escape]) => {
            let mut chars = text(escape)?.chars();
            match (chars.next(), chars.next()) {
                (Some(escape), None) => Some((first, Pattern::like(text(pattern)?, Some(escape)))),
                _ => None,
            }
        }
        _ => None,
    }
}
