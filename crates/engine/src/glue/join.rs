//! The order of joins and their kinds.

use std::collections::HashMap;
use std::sync::Arc;

use gluesql_core::data::{Key, Value};
use gluesql_core::plan::{
    ExprPlan, HashJoinPlan, InnerJoinInputPlan, InnerJoinPlan, JoinConditionInputPlan,
    JoinConditionPlan, LeftOuterJoinInputPlan, LeftOuterJoinPlan, NestedLoopJoinPlan,
    TableAccessPlan,
};

use super::expr::one_row;
use super::part::Part;
use super::scans::{Lookup, Rows, Way};
use super::{Lower, table};
use crate::error::{Result, SqlError};
use crate::ir::{Comparison, Expr, Kind, SourceId};
use crate::plan::{
    Candidate, Flat, Stock, first_access, index_position, narrow_all, plain, reads,
    spread_constants, take_tests,
};
use crate::reader::Access;
use crate::types;

/// Whether the plan runs once, or once for every row of an enclosing query.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Runs {
    Once,
    Often,
}

/// How a join meets its conditions.
enum Join {
    Loop(NestedLoopJoinPlan),
    Hash(HashJoinPlan),
}

impl Lower<'_> {
    /// How the first source is read: in the order that is wanted, if it can be.
    fn first_access(&mut self, item: &Candidate) -> Access {
        match self.wanted.and_then(|wanted| first_access(wanted, item)) {
            Some(access) => {
                self.in_order = true;
                access
            }
            None => item.access(),
        }
    }

    /// How a bound key finds rows of a source by one column.
    fn lookup(stock: &Stock, column: usize) -> Lookup {
        match stock {
            Stock::Table(table) => match index_position(table, column) {
                _ if table.def.row_column() == Some(column) => Lookup::RowNumber,
                Some(at) => Lookup::Index(at),
                None => hashed(table.rows.iter(), column),
            },
            Stock::Known(rows) => hashed((0..).zip(rows.iter().map(Vec::as_slice)), column),
        }
    }

    fn candidate(&self, source: &crate::ir::Source) -> Result<Candidate> {
        let stock = self.stock(source).ok_or_else(|| {
            SqlError::refused("this subquery in FROM reads the enclosing query")
                .hint("move it into SELECT or WHERE")
        })?;
        Ok(Candidate { source: source.clone(), stock, tests: Vec::new(), ids: None })
    }

    /// The joined sources and the condition that is left over.
    pub(super) fn joined(
        &mut self,
        flat: &Flat,
        filter: &[Expr],
        runs: Runs,
    ) -> Result<(Part, Vec<Expr>)> {
        let mut items: Vec<Candidate> =
            flat.items.iter().map(|source| self.candidate(source)).collect::<Result<_>>()?;
        let mut lefts: Vec<(Candidate, Vec<Expr>)> = Vec::new();
        for (source, on) in &flat.lefts {
            lefts.push((self.candidate(source)?, on.clone()));
        }
        let mut pool: Vec<Expr> = flat.conditions.iter().chain(filter).cloned().collect();
        for item in &mut items {
            take_tests(&mut pool, item);
        }
        for (item, on) in &mut lefts {
            take_tests(on, item);
        }
        spread_constants(&mut items, &pool);
        if runs == Runs::Once {
            narrow_all(&mut items, &mut lefts, &pool);
        }
        let own: Vec<SourceId> = items.iter().map(|item| item.source.id).collect();
        let left_ids: Vec<SourceId> = lefts.iter().map(|(item, _)| item.source.id).collect();
        let mut placed: Vec<SourceId> = Vec::new();
        let mut part: Option<Part> = None;
        while !items.is_empty() {
            let next = self.next_item(&items, &pool, &placed, &own, &left_ids);
            let item = items.remove(next);
            part = Some(self.place(part, item, &mut pool, &mut placed, &own, &left_ids, runs)?);
        }
        let mut part = part.ok_or_else(|| SqlError::error("FROM is empty"))?;
        for (item, on) in lefts {
            part = self.place_left(part, item, on, &mut placed, runs)?;
        }
        Ok((part, pool))
    }

    fn next_item(
        &self,
        items: &[Candidate],
        pool: &[Expr],
        placed: &[SourceId],
        own: &[SourceId],
        lefts: &[SourceId],
    ) -> usize {
        let rank = |item: &Candidate| {
            let id = item.source.id;
            let bound = pool.iter().any(|expr| self.bound_key(expr, id, own, lefts).is_some());
            let connected = pool.iter().any(|expr| self.join_key(expr, id, placed).is_some());
            (!bound && !connected, item.estimate())
        };
        let best = items.iter().enumerate().min_by_key(|(_, item)| rank(item));
        best.map_or(0, |(at, _)| at)
    }

    /// `item.column = expression over the enclosing query`.
    fn bound_key(
        &self,
        expr: &Expr,
        id: SourceId,
        own: &[SourceId],
        lefts: &[SourceId],
    ) -> Option<(usize, Expr)> {
        let Kind::Compare(Comparison::Equal, left, right) = &expr.kind else { return None };
        for (column, other) in [(left, right), (right, left)] {
            let Kind::Column(source, at) = column.kind else { continue };
            let read = reads(other);
            if source == id
                && column.ty == other.ty
                && !read.is_empty()
                && !read.iter().any(|id| own.contains(id) || lefts.contains(id))
            {
                return Some((at, (**other).clone()));
            }
        }
        None
    }

    /// `expression over the item = expression over what is placed`: theirs, the item's.
    fn join_key(&self, expr: &Expr, id: SourceId, placed: &[SourceId]) -> Option<(Expr, Expr)> {
        let Kind::Compare(Comparison::Equal, left, right) = &expr.kind else { return None };
        if left.ty != right.ty {
            return None;
        }
        for (mine, other) in [(left, right), (right, left)] {
            let read = reads(other);
            if reads(mine) == [id]
                && !read.is_empty()
                && read.iter().all(|id| placed.contains(id))
                && plain(mine)
                && plain(other)
            {
                return Some(((**other).clone(), (**mine).clone()));
            }
        }
        None
    }

    /// A step that keeps the key of the row on the left for the scan that follows.
    fn bind(&mut self, part: Part, key: &Expr) -> Result<(Part, usize)> {
        let slot = self.binds;
        self.binds += 1;
        let expr = self.value(key)?;
        let scan = self.ready(Rows::Bind(slot), key.ty);
        let right = table(scan, format!("b{slot}"), TableAccessPlan::PrimaryKey { expr });
        let join = NestedLoopJoinPlan { input: part.nested(), right };
        Ok((
            Part::Inner(Box::new(InnerJoinPlan { input: InnerJoinInputPlan::NestedLoop(join) })),
            slot,
        ))
    }

    fn scan(&mut self, item: Candidate, way: Way) -> gluesql_core::plan::SourcePlan {
        let alias = format!("t{}", item.source.id);
        let scan = self.draft(&item.source, item.stock, way, item.tests);
        table(scan, alias, TableAccessPlan::FullScan)
    }

    #[expect(
        clippy::too_many_arguments,
        reason = "the state of the join order, used in this one place"
    )]
    fn place(
        &mut self,
        part: Option<Part>,
        item: Candidate,
        pool: &mut Vec<Expr>,
        placed: &mut Vec<SourceId>,
        own: &[SourceId],
        lefts: &[SourceId],
        runs: Runs,
    ) -> Result<Part> {
        let id = item.source.id;
        let bound = pool.iter().position(|expr| self.bound_key(expr, id, own, lefts).is_some());
        if let Some(at) = bound
            && let Some((column, key)) = self.bound_key(&pool.remove(at), id, own, lefts)
        {
            let (input, slot) = self.bind(part.unwrap_or_else(|| Part::Source(one_row())), &key)?;
            let way = Way::Bound(slot, Self::lookup(&item.stock, column));
            let right = self.scan(item, way);
            placed.push(id);
            return self.inner(
                Join::Loop(NestedLoopJoinPlan { input: input.nested(), right }),
                pool,
                placed,
                own,
            );
        }
        let Some(part) = part else {
            let way = Way::Access(self.first_access(&item));
            placed.push(id);
            return Ok(Part::Source(self.scan(item, way)));
        };
        let key = pool.iter().position(|expr| self.join_key(expr, id, placed).is_some());
        let key = key.and_then(|at| self.join_key(&pool.remove(at), id, placed));
        let join = self.join(part, item, key, runs)?;
        placed.push(id);
        self.inner(join, pool, placed, own)
    }

    /// Joins a source by a key: through a hash table, or row by row through an index where the plan runs often.
    fn join(
        &mut self,
        part: Part,
        item: Candidate,
        key: Option<(Expr, Expr)>,
        runs: Runs,
    ) -> Result<Join> {
        match key {
            Some((theirs, mine)) => match (runs, &mine.kind) {
                (Runs::Often, Kind::Column(_, column)) => {
                    let column = *column;
                    let (input, slot) = self.bind(part, &theirs)?;
                    let way = Way::Bound(slot, Self::lookup(&item.stock, column));
                    let right = self.scan(item, way);
                    Ok(Join::Loop(NestedLoopJoinPlan { input: input.nested(), right }))
                }
                _ => {
                    let way = Way::Access(item.access());
                    let right = self.scan(item, way);
                    let (input_key, right_key) = (self.value(&theirs)?, self.value(&mine)?);
                    Ok(Join::Hash(HashJoinPlan {
                        input: part.hashed(),
                        right,
                        input_key,
                        right_key,
                        right_filter: None,
                    }))
                }
            },
            None => {
                let way = Way::Access(item.access());
                let right = self.scan(item, way);
                Ok(Join::Loop(NestedLoopJoinPlan { input: part.nested(), right }))
            }
        }
    }

    /// An inner join with all conditions that can be met by now.
    fn inner(
        &mut self,
        join: Join,
        pool: &mut Vec<Expr>,
        placed: &[SourceId],
        own: &[SourceId],
    ) -> Result<Part> {
        let mut met = Vec::new();
        let mut rest = Vec::new();
        for expr in pool.drain(..) {
            let read = reads(&expr);
            let ready = read.iter().all(|id| placed.contains(id))
                && read.iter().any(|id| own.contains(id))
                && plain(&expr);
            if ready { met.push(expr) } else { rest.push(expr) }
        }
        *pool = rest;
        let input = match self.condition(&met)? {
            None => match join {
                Join::Loop(join) => InnerJoinInputPlan::NestedLoop(join),
                Join::Hash(join) => InnerJoinInputPlan::Hash(join),
            },
            Some(expr) => {
                InnerJoinInputPlan::Condition(JoinConditionPlan { input: conditioned(join), expr })
            }
        };
        Ok(Part::Inner(Box::new(InnerJoinPlan { input })))
    }

    fn place_left(
        &mut self,
        part: Part,
        item: Candidate,
        mut on: Vec<Expr>,
        placed: &mut Vec<SourceId>,
        runs: Runs,
    ) -> Result<Part> {
        let id = item.source.id;
        let key = on.iter().position(|expr| self.join_key(expr, id, placed).is_some());
        let key = key.and_then(|at| self.join_key(&on.remove(at), id, placed));
        let join = self.join(part, item, key, runs)?;
        placed.push(id);
        let input = match self.condition(&on)? {
            None => match join {
                Join::Loop(join) => LeftOuterJoinInputPlan::NestedLoop(join),
                Join::Hash(join) => LeftOuterJoinInputPlan::Hash(join),
            },
            Some(expr) => LeftOuterJoinInputPlan::Condition(JoinConditionPlan {
                input: conditioned(join),
                expr,
            }),
        };
        Ok(Part::Left(Box::new(LeftOuterJoinPlan { input })))
    }

    /// The conjunction of some conditions.
    pub(super) fn condition(&mut self, conditions: &[Expr]) -> Result<Option<ExprPlan>> {
        match conditions {
            [] => Ok(None),
            [only] => self.is_true(only).map(Some),
            many => self
                .is_true(&Expr::new(Kind::And(many.to_vec()), crate::types::Type::Bool))
                .map(Some),
        }
    }
}

fn conditioned(join: Join) -> JoinConditionInputPlan {
    match join {
        Join::Loop(join) => JoinConditionInputPlan::NestedLoop(join),
        Join::Hash(join) => JoinConditionInputPlan::Hash(join),
    }
}

fn hashed<'r>(rows: impl Iterator<Item = (i64, &'r [Value])>, column: usize) -> Lookup {
    let mut map: HashMap<Key, Vec<i64>> = HashMap::new();
    for (id, row) in rows {
        let value = row.get(column).unwrap_or(&Value::Null);
        if !value.is_null() {
            map.entry(types::key(value)).or_default().push(id);
        }
    }
    Lookup::Hash(Arc::new(map))
}
