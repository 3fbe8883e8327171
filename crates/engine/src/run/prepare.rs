//! Before a select is planned: subqueries that read nothing outside are run and become values, sets and rows; what the executor cannot join becomes rows too.

use std::collections::HashSet;
use std::sync::Arc;

use gluesql_core::data::Value;

use super::pushed::push_down;
use super::{Rows, Runner, bare, substitute};
use crate::error::{Result, SqlError};
use crate::ir::{
    Asked, Body, Comparison, Expr, From, JoinKind, Kind, Order, OrderBy, Query, Select, Set,
    Source, SourceId, SourceKind,
};
use crate::outcome::Executor;
use crate::store::{Database, Table};
use crate::types::Type;
use crate::values::Values;

impl Runner<'_> {
    pub(super) fn prepare_select(
        &mut self,
        select: &mut Select,
        order: &mut [Order],
    ) -> Result<()> {
        if self.meter.executor() != Executor::Unplanned {
            push_down(select);
        }
        let enclosing = std::mem::take(&mut self.moved);
        let prepared = select.from.as_mut().map_or(Ok(()), |from| self.prepare_from(from));
        let moved = std::mem::replace(&mut self.moved, enclosing);
        prepared?;
        substitute::select(select, order, &moved);
        for expr in select.parts_mut() {
            self.prepare_expr(expr)?;
        }
        for key in order {
            if let OrderBy::Expr(expr) = &mut key.by {
                self.prepare_expr(expr)?;
            }
        }
        Ok(())
    }

    pub(super) fn prepare_expr(&mut self, expr: &mut Expr) -> Result<()> {
        for child in expr.children_mut() {
            self.prepare_expr(child)?;
        }
        let span = expr.span;
        let kind = std::mem::replace(&mut expr.kind, Kind::Value(Value::Null));
        expr.kind = match kind {
            Kind::Scalar(query) if query.outer.is_empty() => {
                let mut rows = self.rows(&query)?;
                if rows.len() > 1 {
                    return Err(SqlError::refused(format!(
                        "this subquery is used as a value and gives {} rows",
                        rows.len()
                    ))
                    .hint("add LIMIT 1 and an ORDER BY, or an aggregate")
                    .at(span));
                }
                Kind::Value(rows.pop().and_then(|mut row| row.pop()).unwrap_or(Value::Null))
            }
            Kind::Exists(query) if query.outer.is_empty() => {
                Kind::Value(Value::Bool(!self.rows(&limited(&query))?.is_empty()))
            }
            Kind::InQuery(left, query) if query.outer.is_empty() => {
                Kind::InSet(left, Arc::new(self.members(&query, Asked::In)?))
            }
            Kind::Exists(query) => match separated(&query) {
                Some((outer, inner)) => {
                    Kind::InSet(Box::new(outer), Arc::new(self.members(&inner, Asked::Exists)?))
                }
                None => Kind::Exists(self.prepared(query)?),
            },
            Kind::InQuery(left, query) => match membership(&left, &query) {
                Some(mut rewritten) => {
                    self.prepare_expr(&mut rewritten)?;
                    rewritten.kind
                }
                None => Kind::InQuery(left, self.prepared(query)?),
            },
            Kind::Scalar(query) => Kind::Scalar(self.prepared(query)?),
            other => other,
        };
        Ok(())
    }

    /// The values of a subquery that stands alone. Where it is a whole column with an index, the index has them.
    fn members(&mut self, query: &Query, asked: Asked) -> Result<Set> {
        let Some((table, column)) =
            whole_column(self.db, query).filter(|_| self.meter.executor() != Executor::Unplanned)
        else {
            return Ok(set(&self.rows(query)?, asked));
        };
        let (mut values, mut last) = (Values::default(), None);
        let add = |number: i64| {
            self.meter.check()?;
            if last.replace(number) != Some(number) {
                values.insert(&Value::I64(number));
            }
            Ok(())
        };
        let index = table.index_on(&[column]);
        let held = match index.and_then(|index| Some((index.numbers()?, index.len()))) {
            Some((mut numbers, held)) => numbers.try_for_each(add).map(|()| held)?,
            None if table.def.row_column() == Some(column) => {
                table.rows.ids().try_for_each(add).map(|()| table.rows.len())?
            }
            None => return Ok(set(&self.rows(query)?, asked)),
        };
        Ok(Set { values, has_null: asked == Asked::In && held < table.rows.len(), asked })
    }

    /// A subquery that stays one: what it holds that stands alone is run.
    fn prepared(&mut self, mut query: Box<Query>) -> Result<Box<Query>> {
        let Query { body, order, .. } = &mut *query;
        if let Body::Select(select) = body {
            self.prepare_select(select, order)?;
        }
        Ok(query)
    }

    fn prepare_from(&mut self, from: &mut From) -> Result<()> {
        match from {
            From::Source(source) => self.prepare_source(source),
            From::Join { kind, left, right, on } => {
                self.prepare_from(left)?;
                self.prepare_from(right)?;
                for expr in on.iter_mut() {
                    substitute::expr(expr, &self.moved);
                    self.prepare_expr(expr)?;
                }
                match kind {
                    JoinKind::Inner => {}
                    JoinKind::Left => {
                        if !matches!(**right, From::Source(_)) {
                            **right = From::Source(self.materialise(right)?);
                        }
                    }
                    JoinKind::Full => {
                        let source = self.full(left, right, on)?;
                        *from = From::Source(source);
                    }
                }
                Ok(())
            }
        }
    }

    fn prepare_source(&mut self, source: &mut Source) -> Result<()> {
        let rows = match &source.kind {
            SourceKind::Table(_) | SourceKind::Rows(_) => return Ok(()),
            SourceKind::Query(query) if query.outer.is_empty() => Arc::new(self.rows(query)?),
            SourceKind::Query(_) => {
                return Err(SqlError::refused(
                    "a subquery in FROM cannot read the enclosing query",
                )
                .hint("move it into SELECT or WHERE"));
            }
            SourceKind::Shared(id, query) => match self.shared.get(id) {
                Some(rows) => Arc::clone(rows),
                None => {
                    let rows = Arc::new(self.rows(query)?);
                    self.shared.insert(*id, Arc::clone(&rows));
                    rows
                }
            },
            SourceKind::Working(id) => self.shared.get(id).cloned().unwrap_or_default(),
            SourceKind::Series(size) => {
                let mut select = bare(vec![(**size).clone()]);
                self.prepare_select(&mut select, &mut [])?;
                let size = match self.execute(&select)?.pop().and_then(|mut row| row.pop()) {
                    Some(Value::I64(size)) => size,
                    _ => 0,
                };
                if size < 0 {
                    return Err(SqlError::error("SERIES takes a number that is not negative"));
                }
                self.check_size(usize::try_from(size).unwrap_or(usize::MAX))?;
                Arc::new((1..=size).map(|number| vec![Value::I64(number)]).collect())
            }
        };
        source.kind = SourceKind::Rows(rows);
        Ok(())
    }

    fn new_source(&mut self) -> SourceId {
        self.next += 1;
        self.next - 1
    }

    /// Runs a join and keeps its rows: all columns of all its sources.
    fn materialise(&mut self, from: &From) -> Result<Source> {
        let (columns, types) = all_columns(from);
        let mut select = bare(columns.clone());
        select.from = Some(from.clone());
        let rows = self.execute(&select)?;
        Ok(self.moved_source(&columns, types, rows))
    }

    /// A new source with these rows, to which the columns have moved.
    fn moved_source(&mut self, columns: &[Expr], types: Vec<Type>, rows: Rows) -> Source {
        let id = self.new_source();
        for (at, column) in columns.iter().enumerate() {
            if let Kind::Column(source, column) = column.kind {
                self.moved.insert(substitute::place(&self.moved, (source, column)), (id, at));
            }
        }
        Source { id, kind: SourceKind::Rows(Arc::new(rows)), types }
    }

    /// FULL JOIN: the left join, and the rows of the right that found no partner.
    fn full(&mut self, left: &From, right: &From, on: &[Expr]) -> Result<Source> {
        let (left, right) = (self.materialise(left)?, self.materialise(right)?);
        let mut on = on.to_vec();
        on.iter_mut().for_each(|expr| substitute::expr(expr, &self.moved));
        let column =
            |source: &Source, at: usize, ty: Type| Expr::new(Kind::Column(source.id, at), ty);
        let columns: Vec<Expr> = [&left, &right]
            .into_iter()
            .flat_map(|source| {
                source.types.iter().enumerate().map(move |(at, ty)| column(source, at, *ty))
            })
            .collect();
        let types: Vec<Type> = columns.iter().map(|column| column.ty).collect();
        let mut select = bare(columns.clone());
        // One past the last column is the row's number.
        select.projection.push(column(&right, right.types.len(), Type::Int));
        let theirs = match &right.kind {
            SourceKind::Rows(rows) => Arc::clone(rows),
            _ => Arc::default(),
        };
        let width = left.types.len();
        select.from = Some(From::Join {
            kind: JoinKind::Left,
            left: Box::new(From::Source(left)),
            right: Box::new(From::Source(right)),
            on,
        });
        let mut rows = self.execute(&select)?;
        let mut met = HashSet::new();
        for row in &mut rows {
            if let Some(Value::I64(id)) = row.pop() {
                met.insert(id);
            }
        }
        for (id, row) in (0_i64..).zip(theirs.iter()) {
            if !met.contains(&id) {
                rows.push(
                    std::iter::repeat_n(Value::Null, width).chain(row.iter().cloned()).collect(),
                );
            }
        }
        Ok(self.moved_source(&columns, types, rows))
    }
}

/// All columns of all sources of a join.
fn all_columns(from: &From) -> (Vec<Expr>, Vec<Type>) {
    match from {
        From::Source(source) => {
            // The last column of a table is the row's number, which nobody asks for here.
            let count = if matches!(source.kind, SourceKind::Table(_)) {
                source.types.len().saturating_sub(1)
            } else {
                source.types.len()
            };
            let columns = source
                .types
                .iter()
                .take(count)
                .enumerate()
                .map(|(at, ty)| Expr::new(Kind::Column(source.id, at), *ty))
                .collect();
            (columns, source.types.iter().take(count).copied().collect())
        }
        From::Join { left, right, .. } => {
            let ((mut columns, mut types), (more, their)) = (all_columns(left), all_columns(right));
            columns.extend(more);
            types.extend(their);
            (columns, types)
        }
    }
}

/// The table and the column, if a query is `SELECT column FROM table`, DISTINCT or not.
fn whole_column<'d>(db: &'d Database, query: &Query) -> Option<(&'d Table, usize)> {
    let select =
        simple(query).filter(|select| select.filter.is_empty() && query.limit.is_none())?;
    let Some(From::Source(source)) = &select.from else { return None };
    let (SourceKind::Table(name), [projected]) = (&source.kind, select.projection.as_slice())
    else {
        return None;
    };
    match projected.kind {
        Kind::Column(id, column) if id == source.id => Some((db.table(name)?, column)),
        _ => None,
    }
}

/// The values of a subquery.
fn set(rows: &Rows, asked: Asked) -> Set {
    let values =
        rows.iter().filter_map(|row| row.first()).filter(|value| !value.is_null()).collect();
    let has_null =
        asked == Asked::In && rows.iter().any(|row| row.first().is_none_or(Value::is_null));
    Set { values, has_null, asked }
}

/// For EXISTS one row is enough.
fn limited(query: &Query) -> Query {
    let mut query = query.clone();
    query.limit = Some(query.limit.unwrap_or(1).min(1));
    query.order.clear();
    query
}

/// A select without grouping and bounds, whose rows can be tested one by one.
fn simple(query: &Query) -> Option<&Select> {
    match &query.body {
        Body::Select(select)
            if !select.grouped
                && select.windows.is_empty()
                && query.offset == 0
                && query.limit != Some(0) =>
        {
            Some(select)
        }
        _ => None,
    }
}

/// `EXISTS (… WHERE inner = outer AND rest)`, where only that one condition reads the enclosing query, is `outer IN (SELECT inner … WHERE rest)`.
fn separated(query: &Query) -> Option<(Expr, Query)> {
    let select = simple(query)?;
    let reads_outside = |expr: &Expr| expr.sources().iter().any(|id| query.outer.contains(id));
    let from = select.from.as_ref()?;
    if conditions(from).iter().any(|expr| reads_outside(expr)) || reads_from_outside(from, query) {
        return None;
    }
    let (outside, rest): (Vec<&Expr>, Vec<&Expr>) =
        select.filter.iter().partition(|expr| reads_outside(expr));
    let [only] = outside.as_slice() else { return None };
    let Kind::Compare(Comparison::Equal, left, right) = &only.kind else { return None };
    let whole = |expr: &Expr| {
        expr.sources().iter().all(|id| query.outer.contains(id)) && !expr.sources().is_empty()
    };
    let (outer, inner) = if whole(left) && !reads_outside(right) {
        (left, right)
    } else if whole(right) && !reads_outside(left) {
        (right, left)
    } else {
        return None;
    };
    if outer.ty != inner.ty || inner.sources().is_empty() || has_subquery(outer) {
        return None;
    }
    let mut select = select.clone();
    select.filter = rest.into_iter().cloned().collect();
    select.projection = vec![(**inner).clone()];
    select.distinct = true;
    let columns = vec![crate::ir::Output { name: "key".to_owned(), ty: inner.ty }];
    let inner = Query {
        body: Body::Select(Box::new(select)),
        columns,
        order: Vec::new(),
        limit: None,
        offset: 0,
        outer: Vec::new(),
    };
    Some(((**outer).clone(), inner))
}

fn has_subquery(expr: &Expr) -> bool {
    expr.subquery().is_some() || expr.children().into_iter().any(has_subquery)
}

fn conditions(from: &From) -> Vec<&Expr> {
    match from {
        From::Source(_) => Vec::new(),
        From::Join { left, right, on, .. } => {
            conditions(left).into_iter().chain(conditions(right)).chain(on).collect()
        }
    }
}

fn reads_from_outside(from: &From, query: &Query) -> bool {
    match from {
        From::Source(source) => {
            matches!(&source.kind, SourceKind::Query(inner) if inner.outer.iter().any(|id| query.outer.contains(id)))
        }
        From::Join { left, right, .. } => {
            reads_from_outside(left, query) || reads_from_outside(right, query)
        }
    }
}

/// `x IN (SELECT e …)` with a subquery that reads the enclosing query: true if a row has e = x, NULL if for one it is not known, else false.
fn membership(left: &Expr, query: &Query) -> Option<Expr> {
    let select = simple(query)?;
    let value = select.projection.first()?.clone();
    let equal = Expr::new(
        Kind::Compare(Comparison::Equal, Box::new(value), Box::new(left.clone())),
        Type::Bool,
    );
    let exists = |condition: Expr| {
        let mut query = query.clone();
        if let Body::Select(select) = &mut query.body {
            select.filter.push(condition);
            select.distinct = false;
        }
        query.order.clear();
        for id in left.sources() {
            if !query.outer.contains(&id) {
                query.outer.push(id);
            }
        }
        Expr::new(Kind::Exists(Box::new(query)), Type::Bool)
    };
    let unknown = Expr::new(Kind::IsNull(Box::new(equal.clone())), Type::Bool);
    let null = Expr { ty: Type::Bool, ..Expr::null() };
    let branches = vec![(exists(equal), Expr::truth(true)), (exists(unknown), null)];
    Some(Expr::new(Kind::Case(branches, Some(Box::new(Expr::truth(false)))), Type::Bool))
}
