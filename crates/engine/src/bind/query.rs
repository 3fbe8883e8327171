//! Queries: SELECT, VALUES, set operations, WITH, ORDER BY, LIMIT.

use std::sync::Arc;

use gluesql_core::sqlparser::ast::{
    Cte as CteAst, Distinct, Expr as Ast, Fetch, GroupByExpr, Ident, Offset, OrderBy as OrderByAst,
    OrderByExpr, Query as QueryAst, Select as SelectAst, SelectItem, SetExpr, SetOperator,
    SetQuantifier, TableAlias, Values, WildcardAdditionalOptions, With,
};
use throughline_order::Gather as _;

use super::coerce::settled;
use super::expr::conjuncts;
use super::literal::count;
use super::subquery::{convert_output, meet};
use super::{Binder, Cte, Frame, Item, Place};
use crate::error::{Result, SqlError};
use crate::ir::{
    Body, Expr, Kind, Order, OrderBy, Output, Query, Recursive, Select, SetOp, SourceKind,
};
use crate::text::{fold, name, number, table_name, write};
use crate::types::Type;

/// The clauses that follow a query's body.
struct Tail<'a> {
    order: &'a [OrderByExpr],
    limit: Option<u64>,
    offset: u64,
}

impl<'a> Binder<'a> {
    pub(crate) fn query(&mut self, ast: &'a QueryAst) -> Result<Query> {
        let QueryAst {
            with,
            body,
            order_by,
            limit,
            limit_by,
            offset,
            fetch,
            locks,
            for_clause,
            settings,
            format_clause,
        } = ast;
        if !limit_by.is_empty()
            || for_clause.is_some()
            || settings.is_some()
            || format_clause.is_some()
        {
            return Err(SqlError::refused(
                "LIMIT BY, FOR XML/JSON, SETTINGS and FORMAT are not supported",
            ));
        }
        if !locks.is_empty() {
            return Err(SqlError::refused("FOR UPDATE and FOR SHARE are not supported")
                .hint("leave it out: nobody else uses this database"));
        }
        let known = self.ctes.len();
        if let Some(with) = with {
            self.with(with)?;
        }
        let order: &[OrderByExpr] = match order_by {
            None => &[],
            Some(OrderByAst { exprs, interpolate: None }) => exprs,
            Some(_) => return Err(SqlError::refused("INTERPOLATE is not supported")),
        };
        self.frames.push(Frame::new());
        let result = self
            .bounds(limit.as_ref(), offset.as_ref(), fetch.as_ref())
            .and_then(|(limit, offset)| self.body(body, &Tail { order, limit, offset }));
        let frame = self.frames.pop();
        self.ctes.truncate(known);
        let mut query = result?;
        query.outer = frame.map(|frame| frame.outer).unwrap_or_default();
        Ok(query)
    }

    fn bounds(
        &mut self,
        limit: Option<&'a Ast>,
        offset: Option<&'a Offset>,
        fetch: Option<&'a Fetch>,
    ) -> Result<(Option<u64>, u64)> {
        let mut number = |ast: &'a Ast, clause: &str| -> Result<Option<u64>> {
            let expr = self.constant(ast)?;
            match count(&expr) {
                // As in SQLite, a negative LIMIT is none.
                Some(number) => Ok(u64::try_from(number).ok()),
                None => {
                    Err(SqlError::error(format!("{clause} takes a whole number")).at(expr.span))
                }
            }
        };
        let mut most = limit.map(|limit| number(limit, "LIMIT")).transpose()?.flatten();
        if let Some(Fetch { with_ties, percent, quantity }) = fetch {
            if *with_ties || *percent {
                return Err(SqlError::refused("FETCH … PERCENT and WITH TIES are not supported")
                    .hint("use LIMIT"));
            }
            most = match quantity {
                Some(quantity) => number(quantity, "FETCH")?,
                None => Some(1),
            };
        }
        let skip = offset
            .map(|offset| number(&offset.value, "OFFSET"))
            .transpose()?
            .flatten()
            .unwrap_or(0);
        Ok((most, skip))
    }

    fn body(&mut self, body: &'a SetExpr, tail: &Tail<'a>) -> Result<Query> {
        match body {
            SetExpr::Select(select) => self.select(select, tail),
            SetExpr::Query(query) => {
                if tail.order.is_empty() && tail.limit.is_none() && tail.offset == 0 {
                    return self.query(query);
                }
                Err(SqlError::refused(
                    "a query in parentheses with a second ORDER BY or LIMIT is not supported",
                )
                .hint("write SELECT * FROM (…) AS q ORDER BY …"))
            }
            SetExpr::Values(values) => self.values(values, tail),
            SetExpr::SetOperation { op, set_quantifier, left, right } => {
                self.set_operation(*op, *set_quantifier, left, right, tail)
            }
            SetExpr::Insert(_) | SetExpr::Update(_) => {
                Err(SqlError::refused("INSERT and UPDATE inside a query are not supported"))
            }
            SetExpr::Table(_) => {
                Err(SqlError::refused("TABLE t is not supported").hint("write SELECT * FROM t"))
            }
        }
    }

    fn branch(&mut self, body: &'a SetExpr) -> Result<Query> {
        self.frames.push(Frame::new());
        let query = self.body(body, &Tail { order: &[], limit: None, offset: 0 });
        let frame = self.frames.pop();
        let mut query = query?;
        query.outer = frame.map(|frame| frame.outer).unwrap_or_default();
        Ok(query)
    }

    fn set_operation(
        &mut self,
        op: SetOperator,
        quantifier: SetQuantifier,
        left: &'a SetExpr,
        right: &'a SetExpr,
        tail: &Tail<'a>,
    ) -> Result<Query> {
        let op = match op {
            SetOperator::Union => SetOp::Union,
            SetOperator::Intersect => SetOp::Intersect,
            SetOperator::Except => SetOp::Except,
        };
        let all = match quantifier {
            SetQuantifier::None | SetQuantifier::Distinct => false,
            SetQuantifier::All => true,
            SetQuantifier::ByName | SetQuantifier::AllByName | SetQuantifier::DistinctByName => {
                return Err(SqlError::refused("BY NAME is not supported"));
            }
        };
        let (mut left, mut right) = (self.branch(left)?, self.branch(right)?);
        let types = meet(&left, &right)?;
        convert_output(&mut left, &types);
        convert_output(&mut right, &types);
        let columns: Vec<Output> = left
            .columns
            .iter()
            .zip(&types)
            .map(|(column, ty)| Output { name: column.name.clone(), ty: *ty })
            .gather();
        let order = self.output_order(tail.order, &columns)?;
        let body = Body::Set { op, all, left: Box::new(left), right: Box::new(right) };
        Ok(Query {
            body,
            columns,
            order,
            limit: tail.limit,
            offset: tail.offset,
            outer: Vec::new(),
        })
    }

    fn values(&mut self, values: &'a Values, tail: &Tail<'a>) -> Result<Query> {
        let Values { explicit_row: _, rows } = values;
        let mut bound: Vec<Vec<Expr>> = Vec::new();
        for row in rows {
            bound.push(row.iter().map(|cell| self.expr(cell).map(settled)).collect::<Result<_>>()?);
        }
        let width = bound.first().map_or(0, Vec::len);
        if bound.iter().any(|row| row.len() != width) {
            return Err(SqlError::error("all rows of VALUES must have the same number of values"));
        }
        let mut columns = Vec::new();
        for at in 0..width {
            let cells: Vec<Expr> = bound
                .iter_mut()
                .filter_map(|row| row.get_mut(at))
                .map(|cell| std::mem::replace(cell, Expr::null()))
                .gather();
            let (cells, ty) = self.unify(cells)?;
            for (row, cell) in bound.iter_mut().zip(cells) {
                if let Some(place) = row.get_mut(at) {
                    *place = cell;
                }
            }
            columns.push(Output { name: format!("column{}", at + 1), ty });
        }
        let order = self.output_order(tail.order, &columns)?;
        Ok(Query {
            body: Body::Values(bound),
            columns,
            order,
            limit: tail.limit,
            offset: tail.offset,
            outer: Vec::new(),
        })
    }

    /// ORDER BY of a set operation or VALUES: names and numbers of result columns.
    fn output_order(&mut self, order: &'a [OrderByExpr], columns: &[Output]) -> Result<Vec<Order>> {
        let mut keys = Vec::new();
        for OrderByExpr { expr, asc, nulls_first, with_fill: _ } in order {
            let at = match expr {
                Ast::Identifier(ident) => {
                    let wanted = name(ident);
                    let found =
                        columns.iter().position(|column| fold(&column.name) == fold(&wanted.text));
                    found.ok_or_else(|| {
                        SqlError::error(format!("the result has no column {}", wanted.text))
                            .at(wanted.span)
                    })?
                }
                other => match ordinal(other, columns.len())? {
                    Some(at) => at,
                    None => {
                        return Err(SqlError::refused(
                            "here ORDER BY takes names or numbers of result columns",
                        )
                        .hint("write SELECT * FROM (…) AS q ORDER BY …"));
                    }
                },
            };
            let descending = *asc == Some(false);
            keys.push(Order {
                by: OrderBy::Output(at),
                descending,
                nulls_first: nulls_first.unwrap_or(!descending),
            });
        }
        Ok(keys)
    }

    fn with(&mut self, with: &'a With) -> Result<()> {
        let With { recursive, cte_tables } = with;
        for CteAst { alias, query, from, materialized: _ } in cte_tables {
            if from.is_some() {
                return Err(SqlError::refused(
                    "FROM after a common table expression is not supported",
                ));
            }
            let TableAlias { name: ident, columns: renamed } = alias;
            let called = name(ident);
            let id = self.shared;
            self.shared += 1;
            if *recursive && let Some(cte) = self.recursive(&called.text, id, renamed, query)? {
                self.ctes.push(cte);
                continue;
            }
            let query = self.query(query)?;
            if !query.outer.is_empty() {
                return Err(SqlError::refused("this WITH reads columns of the enclosing query")
                    .at(called.span));
            }
            let columns = named(&query, renamed, &called.text)?;
            self.ctes.push(Cte {
                name: called.text,
                columns,
                kind: SourceKind::Shared(id, Arc::new(query)),
            });
        }
        Ok(())
    }

    /// A recursive CTE: `first UNION [ALL] step`, where only the step names the CTE. None: it is not recursive.
    fn recursive(
        &mut self,
        called: &str,
        id: usize,
        renamed: &[Ident],
        ast: &'a QueryAst,
    ) -> Result<Option<Cte>> {
        let SetExpr::SetOperation { op: SetOperator::Union, set_quantifier, left, right } =
            &*ast.body
        else {
            return Ok(None);
        };
        if ast.with.is_some() {
            return Ok(None);
        }
        let first = self.branch(left)?;
        let columns = named(&first, renamed, called)?;
        let working = self.shared;
        self.shared += 1;
        self.ctes.push(Cte {
            name: called.to_owned(),
            columns: columns.clone(),
            kind: SourceKind::Working(working),
        });
        let step = self.branch(right);
        self.ctes.pop();
        let mut step = step?;
        let mut first = first;
        let types = meet(&first, &step)?;
        if types
            .iter()
            .zip(&first.columns)
            .any(|(ty, column)| *ty != column.ty && column.ty != Type::Null)
        {
            return Err(SqlError::refused("the recursive part has other types than the first")
                .hint("convert them with CAST"));
        }
        convert_output(&mut first, &types);
        convert_output(&mut step, &types);
        let outputs: Vec<Output> = columns
            .iter()
            .zip(&types)
            .map(|((name, _), ty)| Output { name: name.clone(), ty: *ty })
            .gather();
        let columns: Vec<(String, Type)> =
            outputs.iter().map(|output| (output.name.clone(), output.ty)).gather();
        let QueryAst { order_by, limit, offset, fetch, .. } = ast;
        let order: &[OrderByExpr] = order_by.as_ref().map_or(&[], |order| &order.exprs);
        if !order.is_empty() {
            return Err(SqlError::refused("ORDER BY inside a recursive WITH is not supported")
                .hint("put it on the query that reads it"));
        }
        let (limit, offset) = self.bounds(limit.as_ref(), offset.as_ref(), fetch.as_ref())?;
        let all = *set_quantifier == SetQuantifier::All;
        let body = Body::Recursive(Box::new(Recursive { first, step, working, all }));
        let query =
            Query { body, columns: outputs, order: Vec::new(), limit, offset, outer: Vec::new() };
        Ok(Some(Cte {
            name: called.to_owned(),
            columns,
            kind: SourceKind::Shared(id, Arc::new(query)),
        }))
    }

    fn select(&mut self, ast: &'a SelectAst, tail: &Tail<'a>) -> Result<Query> {
        let SelectAst {
            distinct,
            top,
            top_before_distinct: _,
            projection,
            into,
            from,
            lateral_views,
            prewhere,
            selection,
            group_by,
            cluster_by,
            distribute_by,
            sort_by,
            having,
            named_window,
            qualify,
            window_before_qualify: _,
            value_table_mode,
            connect_by,
        } = ast;
        let unsupported = [
            (top.is_some(), "TOP", "use LIMIT at the end"),
            (into.is_some(), "SELECT INTO", "use CREATE TABLE … AS SELECT"),
            (!lateral_views.is_empty(), "LATERAL VIEW", "use a join"),
            (prewhere.is_some(), "PREWHERE", "use WHERE"),
            (
                !cluster_by.is_empty() || !distribute_by.is_empty() || !sort_by.is_empty(),
                "CLUSTER BY and the like",
                "use ORDER BY",
            ),
            (!named_window.is_empty(), "WINDOW", "write the window in OVER (…)"),
            (qualify.is_some(), "QUALIFY", "filter a subquery in FROM"),
            (value_table_mode.is_some(), "SELECT AS VALUE", "name the columns"),
            (connect_by.is_some(), "CONNECT BY", "use WITH RECURSIVE"),
            (matches!(distinct, Some(Distinct::On(_))), "DISTINCT ON", "use GROUP BY"),
        ];
        if let Some((_, what, hint)) = unsupported.iter().find(|(found, ..)| *found) {
            return Err(SqlError::refused(format!("{what} is not supported")).hint(*hint));
        }
        let source = self.from(from)?;
        for item in projection {
            if let SelectItem::ExprWithAlias { expr, alias } = item {
                let alias = fold(&name(alias).text);
                self.frame()?.aliases.push((alias, expr));
            }
        }
        let filter = match selection {
            None => Vec::new(),
            Some(selection) => {
                self.frame()?.place = Place::Rows("WHERE");
                let filter = self.expr(selection)?;
                conjuncts(self.condition(filter)?)
            }
        };
        let group = self.group(group_by, projection)?;
        self.frame()?.place = Place::Output;
        let (columns, outputs) = self.projection(projection)?;
        let having = match having {
            None => None,
            Some(having) => {
                let having = self.expr(having)?;
                Some(self.condition(having)?)
            }
        };
        let distinct = distinct.is_some();
        let order = self.order(tail.order, &columns, &outputs, distinct)?;
        let frame = self.frame()?;
        let (aggregates, windows) =
            (std::mem::take(&mut frame.aggregates), std::mem::take(&mut frame.windows));
        let grouped = !group.is_empty() || !aggregates.is_empty() || has_group_by(group_by);
        if having.is_some() && !grouped {
            return Err(
                SqlError::refused("HAVING needs GROUP BY or an aggregate").hint("use WHERE")
            );
        }
        let select = Select {
            from: source,
            filter,
            group,
            aggregates,
            windows,
            grouped,
            having,
            projection: columns,
            distinct,
        };
        if grouped {
            self.check_grouping(&select, &order)?;
        }
        Ok(Query {
            body: Body::Select(Box::new(select)),
            columns: outputs,
            order,
            limit: tail.limit,
            offset: tail.offset,
            outer: Vec::new(),
        })
    }

    fn group(
        &mut self,
        group_by: &'a GroupByExpr,
        projection: &'a [SelectItem],
    ) -> Result<Vec<Expr>> {
        let exprs = match group_by {
            GroupByExpr::Expressions(exprs, modifiers) if modifiers.is_empty() => exprs,
            GroupByExpr::Expressions(..) => {
                return Err(SqlError::refused(
                    "GROUP BY … WITH ROLLUP and the like are not supported",
                )
                .hint("use UNION ALL"));
            }
            GroupByExpr::All(_) => {
                return Err(
                    SqlError::refused("GROUP BY ALL is not supported").hint("name the columns")
                );
            }
        };
        let mut group = Vec::new();
        for expr in exprs {
            self.frame()?.place = Place::Rows("GROUP BY");
            let target = match ordinal(expr, projection.len())? {
                None => expr,
                Some(at) => match projection.get(at) {
                    Some(
                        SelectItem::UnnamedExpr(expr) | SelectItem::ExprWithAlias { expr, .. },
                    ) => expr,
                    _ => {
                        return Err(SqlError::refused(
                            "GROUP BY with the number of a * is not supported",
                        )
                        .hint("name the column"));
                    }
                },
            };
            let bound = self.expr(target)?;
            // A constant puts all rows into one group, as if it were not there.
            group.push(settled(bound));
        }
        Ok(group)
    }

    pub(crate) fn projection(
        &mut self,
        items: &'a [SelectItem],
    ) -> Result<(Vec<Expr>, Vec<Output>)> {
        let mut columns = Vec::new();
        let mut outputs = Vec::new();
        for item in items {
            match item {
                SelectItem::UnnamedExpr(ast) => {
                    let expr = self.expr(ast)?;
                    outputs.push(Output { name: label(ast), ty: expr.ty });
                    columns.push(expr);
                }
                SelectItem::ExprWithAlias { expr, alias } => {
                    let expr = self.expr(expr)?;
                    outputs.push(Output { name: name(alias).text, ty: expr.ty });
                    columns.push(expr);
                }
                SelectItem::Wildcard(options) => {
                    plain(options)?;
                    self.wildcard(&mut columns, &mut outputs)?;
                }
                SelectItem::QualifiedWildcard(object, options) => {
                    plain(options)?;
                    let wanted = table_name(object)?;
                    let frame = self.frame()?;
                    let Some(item) =
                        frame.items.iter().find(|item| fold(&item.alias) == fold(&wanted.text))
                    else {
                        return Err(SqlError::error(format!(
                            "there is no table or alias {} here",
                            wanted.text
                        ))
                        .at(wanted.span));
                    };
                    for (at, (column, ty)) in item.columns.iter().enumerate() {
                        columns.push(Expr::new(Kind::Column(item.id, at), *ty));
                        outputs.push(Output { name: column.clone(), ty: *ty });
                    }
                }
            }
        }
        Ok((columns, outputs))
    }

    fn wildcard(&mut self, columns: &mut Vec<Expr>, outputs: &mut Vec<Output>) -> Result<()> {
        let frame = self.frame()?;
        if frame.items.is_empty() {
            return Err(SqlError::error("* needs a FROM"));
        }
        let mut shown: Vec<String> = Vec::new();
        for Item { id, columns: names, merged, .. } in &frame.items {
            for (at, (column, ty)) in names.iter().enumerate() {
                let key = fold(column);
                if !merged.contains(&at) {
                    columns.push(Expr::new(Kind::Column(*id, at), *ty));
                } else if let Some((_, expr)) =
                    frame.using.iter().find(|(known, _)| *known == key && !shown.contains(known))
                {
                    columns.push(expr.clone());
                    shown.push(key);
                } else {
                    continue;
                }
                outputs.push(Output { name: column.clone(), ty: *ty });
            }
        }
        Ok(())
    }

    fn order(
        &mut self,
        order: &'a [OrderByExpr],
        columns: &[Expr],
        outputs: &[Output],
        distinct: bool,
    ) -> Result<Vec<Order>> {
        let mut keys = Vec::new();
        for OrderByExpr { expr, asc, nulls_first, with_fill } in order {
            if with_fill.is_some() {
                return Err(SqlError::refused("WITH FILL is not supported"));
            }
            let aliased = match expr {
                Ast::Identifier(ident) => {
                    let wanted = fold(&name(ident).text);
                    let known = self.frame()?.aliases.iter().any(|(alias, _)| *alias == wanted);
                    if known {
                        outputs.iter().position(|output| fold(&output.name) == wanted)
                    } else {
                        None
                    }
                }
                _ => None,
            };
            let by =
                match aliased.map_or_else(|| ordinal(expr, columns.len()), |at| Ok(Some(at)))? {
                    Some(at) => OrderBy::Output(at),
                    None => {
                        let bound = self.expr(expr)?;
                        match columns.iter().position(|column| column.same(&bound)) {
                            Some(at) => OrderBy::Output(at),
                            None if distinct => {
                                return Err(SqlError::refused(
                                    "with DISTINCT, ORDER BY takes only what is in SELECT",
                                )
                                .hint("add it to SELECT")
                                .at(bound.span));
                            }
                            None => OrderBy::Expr(settled(bound)),
                        }
                    }
                };
            let descending = *asc == Some(false);
            keys.push(Order { by, descending, nulls_first: nulls_first.unwrap_or(!descending) });
        }
        Ok(keys)
    }
}

fn has_group_by(group_by: &GroupByExpr) -> bool {
    matches!(group_by, GroupByExpr::Expressions(exprs, _) if !exprs.is_empty())
}

/// The number of a result column, if the expression is a whole number.
fn ordinal(ast: &Ast, columns: usize) -> Result<Option<usize>> {
    let Ast::Value(gluesql_core::sqlparser::ast::Value::Number(number, _)) = ast else {
        return Ok(None);
    };
    let number = number::written(number);
    let wanted = number.parse::<usize>().ok();
    match wanted.and_then(|wanted| wanted.checked_sub(1)).filter(|at| *at < columns) {
        Some(at) => Ok(Some(at)),
        None => {
            Err(SqlError::error(format!("there is no result column {number}: there are {columns}")))
        }
    }
}

/// The name of a result column that has no alias.
fn label(ast: &Ast) -> String {
    match ast {
        Ast::Identifier(ident) => name(ident).text,
        Ast::CompoundIdentifier(parts) => {
            parts.last().map(|ident| name(ident).text).unwrap_or_default()
        }
        other => write::expression(other),
    }
}

/// Looks at each option by itself: to compare all of them brings the comparison of whole statements, 74 kB.
fn plain(options: &WildcardAdditionalOptions) -> Result<()> {
    let WildcardAdditionalOptions {
        opt_ilike: None,
        opt_exclude: None,
        opt_except: None,
        opt_replace: None,
        opt_rename: None,
    } = options
    else {
        return Err(SqlError::refused("EXCEPT, REPLACE and the like after * are not supported")
            .hint("name the columns"));
    };
    Ok(())
}

/// A CTE's columns under the names that it is given.
fn named(query: &Query, renamed: &[Ident], called: &str) -> Result<Vec<(String, Type)>> {
    if !renamed.is_empty() && renamed.len() != query.columns.len() {
        return Err(SqlError::error(format!(
            "{called} has {} columns, and {} names are given",
            query.columns.len(),
            renamed.len()
        )));
    }
    let names = renamed
        .iter()
        .map(|ident| name(ident).text)
        .chain(query.columns.iter().skip(renamed.len()).map(|column| column.name.clone()));
    Ok(names.zip(&query.columns).map(|(name, column)| (name, column.ty)).gather())
}
