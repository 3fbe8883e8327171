//! The order of joins and their kinds.

use gluesql_core::plan::{
    ExprPlan, HashJoinPlan, InnerJoinInputPlan, InnerJoinPlan, JoinConditionInputPlan,
    JoinConditionPlan, LeftOuterJoinInputPlan, LeftOuterJoinPlan, NestedLoopJoinPlan,
    TableAccessPlan,
};

use super::access::{Candidate, equal_columns, test};
use super::expr::one_row;
use super::part::Part;
use super::{Flat, Lower, table};
use crate::error::{Result, SqlError};
use crate::ir::{Comparison, Expr, Kind, SourceId};
use crate::reader::{Access, Rows, Test};

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

    fn scan(&mut self, item: Candidate, access: Access) -> gluesql_core::plan::SourcePlan {
        let alias = format!("t{}", item.source.id);
        let scan = self.draft(&item.source, item.stock, access, item.tests);
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
            let access = Access::Bound(slot, Self::lookup(&item.stock, column));
            let right = self.scan(item, access);
            placed.push(id);
            return self.inner(
                Join::Loop(NestedLoopJoinPlan { input: input.nested(), right }),
                pool,
                placed,
                own,
            );
        }
        let Some(part) = part else {
            let access = self.first_access(&item);
            placed.push(id);
            return Ok(Part::Source(self.scan(item, access)));
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
                    let access = Access::Bound(slot, Self::lookup(&item.stock, column));
                    let right = self.scan(item, access);
                    Ok(Join::Loop(NestedLoopJoinPlan { input: input.nested(), right }))
                }
                _ => {
                    let access = item.access();
                    let right = self.scan(item, access);
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
                let access = item.access();
                let right = self.scan(item, access);
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

/// The sources that an expression reads.
pub(crate) fn reads(expr: &Expr) -> Vec<SourceId> {
    let mut ids = expr.sources();
    ids.sort_unstable();
    ids
}

fn conditioned(join: Join) -> JoinConditionInputPlan {
    match join {
        Join::Loop(join) => JoinConditionInputPlan::NestedLoop(join),
        Join::Hash(join) => JoinConditionInputPlan::Hash(join),
    }
}

/// Free of subqueries, which are best left for last.
fn plain(expr: &Expr) -> bool {
    expr.subquery().is_none() && expr.children().into_iter().all(plain)
}

pub(crate) fn take_tests(pool: &mut Vec<Expr>, item: &mut Candidate) {
    pool.retain(|expr| match test(expr, item.source.id) {
        Some(test) => {
            item.tests.push(test);
            false
        }
        None => true,
    });
}

/// `a.x = b.y AND a.x = 1` means `b.y = 1` too.
pub(crate) fn spread_constants(items: &mut [Candidate], pool: &[Expr]) {
    let joins: Vec<_> = pool.iter().filter_map(equal_columns).collect();
    for _ in 0..joins.len() {
        let mut found: Vec<(SourceId, Test)> = Vec::new();
        for (a, b) in &joins {
            for (from, to) in [(a, b), (b, a)] {
                let known = items
                    .iter()
                    .find(|item| item.source.id == from.0)
                    .into_iter()
                    .flat_map(|item| &item.tests);
                let constant = known.filter_map(|test| match test {
                    Test::Compare(column, Comparison::Equal, value) if *column == from.1 => {
                        Some(value.clone())
                    }
                    _ => None,
                });
                found.extend(
                    constant.map(|value| (to.0, Test::Compare(to.1, Comparison::Equal, value))),
                );
            }
        }
        let mut changed = false;
        for (id, test) in found {
            let Some(item) = items.iter_mut().find(|item| item.source.id == id) else { continue };
            let known = item.tests.iter().any(|own| matches!(own, Test::Compare(column, Comparison::Equal, _) if *column == test.column()));
            if !known {
                item.tests.push(test);
                changed = true;
            }
        }
        if !changed {
            return;
        }
    }
}

/// Narrows inner sources among themselves, then each outer-joined source by what it is joined with.
pub(crate) fn narrow_all(
    items: &mut [Candidate],
    lefts: &mut [(Candidate, Vec<Expr>)],
    pool: &[Expr],
) {
    let joins: Vec<_> = pool.iter().filter_map(equal_columns).collect();
    Lower::narrow(items, &joins);
    for at in 0..lefts.len() {
        let (before, rest) = lefts.split_at_mut(at);
        let Some((item, on)) = rest.first_mut() else { continue };
        let ids: Vec<SourceId> = items
            .iter()
            .chain(before.iter().map(|(item, _)| item))
            .map(|item| item.source.id)
            .collect();
        let own = item.source.id;
        // Only towards the outer-joined source: what it lacks must not take rows from the others.
        let joins: Vec<_> = on
            .iter()
            .filter_map(equal_columns)
            .filter_map(|(a, b)| {
                if b.0 == own && ids.contains(&a.0) {
                    Some((a, b))
                } else if a.0 == own && ids.contains(&b.0) {
                    Some((b, a))
                } else {
                    None
                }
            })
            .collect();
        let known: Vec<&Candidate> =
            items.iter().chain(before.iter().map(|(item, _)| item)).collect();
        item.narrow_by(&known, &joins);
    }
}
