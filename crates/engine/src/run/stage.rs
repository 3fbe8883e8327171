//! Selects that take two plans: one for the rows, one for what is made of them. Between them, window functions and GROUP_CONCAT are computed here.

use std::collections::HashMap;
use std::sync::Arc;

use gluesql_core::data::Value;

use super::{Rows, Runner, bare, combine, window};
use crate::error::Result;
use crate::ir::{
    Aggregate, AggregateFunction, Body, Expr, From, Kind, Order, OrderBy, Query, Select, Source,
    SourceKind,
};
use crate::leaves::{After, Columns};
use crate::types::{self, Type};

/// Whether GlueSQL alone cannot do it.
pub(super) fn is_needed(select: &Select) -> bool {
    !select.windows.is_empty()
        || select.aggregates.iter().any(|aggregate| aggregate.function == AggregateFunction::Concat)
}

impl Runner<'_> {
    /// Runs a prepared select in stages.
    pub(super) fn staged(
        &mut self,
        query: &Query,
        select: Select,
        order: Vec<Order>,
    ) -> Result<Rows> {
        let (mut select, mut order) = (select, order);
        if select.aggregates.iter().any(|aggregate| aggregate.function == AggregateFunction::Concat)
        {
            self.concat_stage(&mut select, &mut order)?;
        }
        if !select.windows.is_empty() {
            self.window_stage(&mut select, &mut order)?;
        }
        let staged = Query {
            body: Body::Select(Box::new(select)),
            columns: query.columns.clone(),
            order,
            limit: query.limit,
            offset: query.offset,
            outer: Vec::new(),
        };
        self.rows(&staged)
    }

    /// Rows as a source of the next stage.
    fn stage_source(&mut self, rows: Rows, types: Vec<Type>) -> Source {
        self.next += 1;
        Source { id: self.next - 1, kind: SourceKind::Rows(Arc::new(rows)), types }
    }

    /// The rows of a select's FROM and WHERE, with these columns.
    fn stage_rows(&mut self, select: &Select, columns: &[Expr]) -> Result<Rows> {
        let mut first = bare(columns.to_vec());
        first.from.clone_from(&select.from);
        first.filter.clone_from(&select.filter);
        self.execute(&first, &[], None)
    }

    /// Groups by ourselves, since there is a GROUP_CONCAT among the aggregates.
    fn concat_stage(&mut self, select: &mut Select, order: &mut [Order]) -> Result<()> {
        let mut columns = Columns::default();
        let keys: Vec<usize> = select.group.iter().map(|key| columns.place(key)).collect();
        // Columns that stand outside aggregates are the same in a whole group, so that any row has them.
        let mut others: Vec<Expr> = Vec::new();
        for expr in
            select.projection.iter().chain(&select.having).chain(order.iter().filter_map(|key| {
                if let OrderBy::Expr(expr) = &key.by { Some(expr) } else { None }
            }))
        {
            collect_columns(expr, &mut others);
        }
        others.iter().for_each(|column| {
            columns.place(column);
        });
        let arguments: Vec<Option<usize>> = select
            .aggregates
            .iter()
            .map(|aggregate| aggregate.argument.as_ref().map(|argument| columns.place(argument)))
            .collect();
        let orders: Vec<Vec<combine::Key>> = select
            .aggregates
            .iter()
            .map(|aggregate| {
                aggregate
                    .order
                    .iter()
                    .map(|(key, descending, nulls_first)| combine::Key {
                        column: columns.place(key),
                        descending: *descending,
                        nulls_first: *nulls_first,
                    })
                    .collect()
            })
            .collect();
        let rows = self.stage_rows(select, &columns.exprs)?;
        let mut groups: Vec<Rows> = Vec::new();
        let mut places: HashMap<Vec<gluesql_core::data::Key>, usize> = HashMap::new();
        if select.group.is_empty() {
            groups.push(Vec::new());
        }
        for row in rows {
            let key = keys.iter().filter_map(|at| row.get(*at)).map(types::key).collect();
            let at = if select.group.is_empty() {
                0
            } else {
                *places.entry(key).or_insert_with(|| {
                    groups.push(Vec::new());
                    groups.len() - 1
                })
            };
            if let Some(group) = groups.get_mut(at) {
                group.push(row);
            }
        }
        let width = columns.exprs.len();
        let mut made: Rows = Vec::with_capacity(groups.len());
        for mut group in groups {
            let mut row: Vec<Value> =
                group.first().cloned().unwrap_or_else(|| vec![Value::Null; width]);
            for ((aggregate, argument), by) in select.aggregates.iter().zip(&arguments).zip(&orders)
            {
                if !by.is_empty() {
                    combine::sort(&mut group, by);
                }
                row.push(window::fold(
                    aggregate,
                    group.iter().map(|row| {
                        argument
                            .map_or(&Value::Bool(true), |at| row.get(at).unwrap_or(&Value::Null))
                    }),
                )?);
            }
            made.push(row);
        }
        let types: Vec<Type> = columns
            .exprs
            .iter()
            .map(|expr| expr.ty)
            .chain(select.aggregates.iter().map(|aggregate| aggregate.ty))
            .collect();
        let source = self.stage_source(made, types);
        let replace = |expr: &mut Expr| columns.replace(expr, source.id, After::Aggregates);
        select.projection.iter_mut().for_each(replace);
        select.having.iter_mut().for_each(replace);
        for window in &mut select.windows {
            window
                .arguments
                .iter_mut()
                .chain(&mut window.partition)
                .chain(window.order.iter_mut().map(|(key, ..)| key))
                .for_each(replace);
        }
        order.iter_mut().for_each(|key| {
            if let OrderBy::Expr(expr) = &mut key.by {
                replace(expr)
            }
        });
        select.filter = select.having.take().into_iter().collect();
        select.from = Some(From::Source(source));
        (select.group, select.aggregates, select.grouped) = (Vec::new(), Vec::new(), false);
        Ok(())
    }

    /// Computes window functions over the rows, grouped ones if there are groups, and makes them columns.
    fn window_stage(&mut self, select: &mut Select, order: &mut [Order]) -> Result<()> {
        let mut columns = Columns::default();
        for expr in
            select.projection.iter().chain(order.iter().filter_map(|key| {
                if let OrderBy::Expr(expr) = &key.by { Some(expr) } else { None }
            }))
        {
            columns.collect(expr, select);
        }
        for window in &select.windows {
            window
                .arguments
                .iter()
                .chain(&window.partition)
                .chain(window.order.iter().map(|(key, ..)| key))
                .for_each(|expr| {
                    columns.place(expr);
                });
        }
        let mut first = select.clone();
        (first.projection, first.windows, first.distinct) =
            (columns.exprs.clone(), Vec::new(), false);
        let mut rows = self.execute(&first, &[], None)?;
        for window in &select.windows {
            let mut place = |expr: &Expr| columns.place(expr);
            let arguments: Vec<usize> = window.arguments.iter().map(&mut place).collect();
            let partition: Vec<usize> = window.partition.iter().map(&mut place).collect();
            let by: Vec<combine::Key> = window
                .order
                .iter()
                .map(|(key, descending, nulls_first)| combine::Key {
                    column: place(key),
                    descending: *descending,
                    nulls_first: *nulls_first,
                })
                .collect();
            let values = window::values(window, &rows, &arguments, &partition, &by)?;
            for (row, value) in rows.iter_mut().zip(values) {
                row.push(value);
            }
        }
        let types: Vec<Type> = columns
            .exprs
            .iter()
            .map(|expr| expr.ty)
            .chain(select.windows.iter().map(|window| window.ty))
            .collect();
        let source = self.stage_source(rows, types);
        let replace = |expr: &mut Expr| columns.replace(expr, source.id, After::Windows);
        select.projection.iter_mut().for_each(replace);
        order.iter_mut().for_each(|key| {
            if let OrderBy::Expr(expr) = &mut key.by {
                replace(expr)
            }
        });
        select.from = Some(From::Source(source));
        (select.filter, select.group, select.aggregates) = (Vec::new(), Vec::new(), Vec::new());
        (select.grouped, select.having, select.windows) = (false, None, Vec::new());
        Ok(())
    }
}

/// The columns that an expression names outside aggregates.
fn collect_columns(expr: &Expr, found: &mut Vec<Expr>) {
    if matches!(expr.kind, Kind::Column(..)) && !found.iter().any(|known| known.same(expr)) {
        found.push(expr.clone());
    }
    expr.children().into_iter().for_each(|child| collect_columns(child, found));
}

/// An aggregate without DISTINCT, for windows.
pub(super) fn plain(function: AggregateFunction, argument: bool, ty: Type) -> Aggregate {
    Aggregate {
        function,
        argument: argument.then(Expr::null),
        distinct: false,
        separator: ",".to_owned(),
        order: Vec::new(),
        ty,
    }
}
