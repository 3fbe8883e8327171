//! Selects that take two plans: one for the rows, one for what is made of them. Between them, window functions are computed here.

use std::sync::Arc;

use super::{Rows, Runner, combine, window};
use crate::error::Result;
use crate::ir::{
    Aggregate, AggregateFunction, Body, Expr, From, Order, OrderBy, Query, Select, Source,
    SourceKind,
};
use crate::leaves::{After, Columns};
use crate::types::Type;

impl Runner<'_> {
    /// Runs a prepared select in stages.
    pub(super) fn staged(
        &mut self,
        query: &Query,
        select: Select,
        order: Vec<Order>,
    ) -> Result<Rows> {
        let (mut select, mut order) = (select, order);
        self.window_stage(&mut select, &mut order)?;
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
        let mut rows = self.execute(&first)?;
        // The rows come out in the order in which the windows go through them, where that is one.
        let mut ways: Vec<Vec<combine::Key>> = Vec::new();
        for window in &select.windows {
            let parts = window.partition.iter().map(|part| (part, false, true));
            let order = window.order.iter().map(|(key, down, first)| (key, *down, *first));
            let way = parts.chain(order).map(|(expr, descending, nulls_first)| combine::Key {
                column: columns.place(expr),
                descending,
                nulls_first,
            });
            ways.push(way.collect());
        }
        ways.dedup();
        if let [way] = ways.as_slice() {
            rows.sort_by(|a, b| combine::compare_rows(a, b, way));
        }
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
