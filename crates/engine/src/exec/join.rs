//! The order in which sources are joined, and how each finds its rows.

use super::code::Code;
use super::compile::Compiler;
use super::walk::{Reach, Step, Unmatched};
use crate::error::{Result, SqlError};
use crate::ir::{Comparison, Expr, From, Kind, SourceId};
use crate::outcome::Executor;
use crate::plan::{
    Candidate, Flat, ScanOrder, Stock, equal_columns, first_access, index_position, narrow_all,
    plain, reads, spread_constants, stock, take_tests,
};
use crate::store::{Index, Table};

/// A FROM with its WHERE.
pub(super) struct Joined {
    pub(super) steps: Vec<Step>,
    /// Conditions that are looked at when all rows are in their places.
    pub(super) rest: Vec<Expr>,
    /// About how many rows there will be.
    pub(super) estimate: usize,
    /// Whether they come in the order that was wanted.
    pub(super) in_order: bool,
}

/// `expression over the item = expression over what is placed`.
struct JoinKey {
    /// Which condition it is.
    at: usize,
    theirs: Expr,
    mine: Expr,
    /// How well it finds rows: by their number, by a unique index, by another, by a hash table.
    rank: usize,
}

/// Whether anybody looks at the rows of a source once they are joined.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum LookedAt {
    Yes,
    /// They are counted at most, for which their numbers do.
    No,
}

impl Compiler<'_> {
    fn candidate(&self, source: &crate::ir::Source) -> Result<Candidate> {
        let stock = stock(self.db, source).ok_or_else(|| {
            SqlError::refused("this subquery in FROM reads the enclosing query")
                .hint("move it into SELECT or WHERE")
        })?;
        Ok(Candidate { source: source.clone(), stock, tests: Vec::new(), ids: None })
    }

    pub(super) fn joined(
        &mut self,
        from: Option<&From>,
        filter: &[Expr],
        wanted: Option<ScanOrder>,
        read: Option<&[SourceId]>,
    ) -> Result<Joined> {
        let mut flat = match from {
            Some(from) => Flat::of(from)?,
            None => Flat::default(),
        };
        let planned = self.executor != Executor::Unplanned;
        if planned {
            flat.promote(filter);
        }
        // A subquery may stand in a statement twice, and then its sources have places already. They are not there yet.
        for source in flat.items.iter().chain(flat.lefts.iter().map(|(source, _)| source)) {
            self.placed.remove(&source.id);
        }
        let mut items: Vec<Candidate> =
            flat.items.iter().map(|source| self.candidate(source)).collect::<Result<_>>()?;
        let mut lefts: Vec<(Candidate, Vec<Expr>)> = flat
            .lefts
            .iter()
            .map(|(source, on)| Ok((self.candidate(source)?, on.clone())))
            .collect::<Result<_>>()?;
        let mut pool: Vec<Expr> = flat.conditions.iter().chain(filter).cloned().collect();
        if planned {
            for item in &mut items {
                take_tests(&mut pool, item);
            }
            for (item, on) in &mut lefts {
                take_tests(on, item);
            }
            spread_constants(&mut items, &pool);
            narrow_all(&mut items, &mut lefts, &pool);
        }
        let mut joined =
            Joined { steps: Vec::new(), rest: Vec::new(), estimate: 1, in_order: false };
        while let Some(at) = self.next_item(&items, &pool) {
            let item = items.remove(at);
            let key = self.join_key(&pool, &item);
            if let Some(key) = &key {
                pool.remove(key.at);
            }
            if let (None, true, Some(wanted)) = (&key, joined.steps.is_empty(), wanted)
                && items.is_empty()
                && let Some(access) = first_access(wanted, &item)
            {
                joined.in_order = true;
                let step = self.step(item, Reach::Scan(access), Unmatched::Dropped);
                joined.steps.push(step);
            } else {
                let looked_at = looked_at(read, item.source.id, &pool, &lefts);
                self.add(&mut joined, item, key, Unmatched::Dropped, looked_at)?;
            }
            // Conditions are met as early as they can be; those with subqueries last.
            let (met, rest): (Vec<Expr>, Vec<Expr>) = pool.drain(..).partition(|expr| {
                plain(expr) && reads(expr).iter().all(|id| self.placed.contains_key(id))
            });
            pool = rest;
            let conditions = self.all(&met)?;
            if let Some(step) = joined.steps.last_mut() {
                step.conditions = conditions;
            }
        }
        let mut lefts = lefts.into_iter();
        while let Some((item, mut on)) = lefts.next() {
            let key = self.join_key(&on, &item);
            if let Some(key) = &key {
                on.remove(key.at);
            }
            let looked_at =
                looked_at(read, item.source.id, on.iter().chain(&pool), lefts.as_slice());
            self.add(&mut joined, item, key, Unmatched::Kept, looked_at)?;
            let conditions = self.all(&on)?;
            if let Some(step) = joined.steps.last_mut() {
                step.conditions = conditions;
            }
        }
        joined.rest = pool;
        Ok(joined)
    }

    /// The source to be joined next: one that has a key, and the smallest of those.
    fn next_item(&self, items: &[Candidate], pool: &[Expr]) -> Option<usize> {
        if self.executor == Executor::Unplanned {
            return (!items.is_empty()).then_some(0);
        }
        if self.placed.is_empty()
            && let Some(at) = most_detailed(items, pool)
        {
            return Some(at);
        }
        let rank = |item: &Candidate| (self.join_key(pool, item).is_none(), item.estimate());
        let best = items.iter().enumerate().min_by_key(|(_, item)| rank(item));
        best.map(|(at, _)| at)
    }

    fn join_key(&self, pool: &[Expr], item: &Candidate) -> Option<JoinKey> {
        if self.executor == Executor::Unplanned {
            return None;
        }
        let id = item.source.id;
        let keys = pool.iter().enumerate().filter_map(|(at, expr)| {
            let Kind::Compare(Comparison::Equal, left, right) = &expr.kind else { return None };
            let sides = [(left, right), (right, left)];
            let (mine, theirs) =
                sides.into_iter().find(|(mine, theirs)| self.is_key(id, mine, theirs))?;
            let (theirs, mine) = ((**theirs).clone(), (**mine).clone());
            let rank = rank(item, &mine);
            Some(JoinKey { at, theirs, mine, rank })
        });
        keys.min_by_key(|key| key.rank)
    }

    fn is_key(&self, id: SourceId, mine: &Expr, theirs: &Expr) -> bool {
        let read = reads(theirs);
        mine.ty == theirs.ty
            && reads(mine) == [id]
            && !read.is_empty()
            && read.iter().all(|id| self.placed.contains_key(id))
            && plain(mine)
            && plain(theirs)
    }

    fn step(&mut self, item: Candidate, reach: Reach, unmatched: Unmatched) -> Step {
        let place = self.place(item.source.id);
        let (stock, tests) = (item.stock, item.tests);
        Step { place, unmatched, stock, reach, tests, conditions: Vec::new() }
    }

    fn place(&mut self, id: SourceId) -> usize {
        *self.placed.entry(id).or_insert_with(|| {
            self.places += 1;
            self.places - 1
        })
    }

    fn add(
        &mut self,
        joined: &mut Joined,
        item: Candidate,
        key: Option<JoinKey>,
        unmatched: Unmatched,
        looked_at: LookedAt,
    ) -> Result<()> {
        let size = item.estimate();
        let Some(JoinKey { theirs, mine, rank, .. }) = key else {
            joined.estimate = joined.estimate.saturating_mul(size.max(1));
            let access = item.access();
            let step = self.step(item, Reach::Scan(access), unmatched);
            joined.steps.push(step);
            return Ok(());
        };
        let theirs: Code = self.code(&theirs)?;
        let asked = self.runs.saturating_mul(joined.estimate);
        let reach = match (&mine.kind, &item.stock, rank) {
            (Kind::Column(_, column), Stock::Table(table), INDEX)
                if looked_at == LookedAt::No
                    && item.tests.is_empty()
                    && let Some(at) = index_position(table, *column) =>
            {
                Reach::Numbers(at, theirs)
            }
            (_, _, NUMBER) if asked <= size.saturating_mul(2) => Reach::Number(theirs),
            (Kind::Column(_, column), Stock::Table(table), UNIQUE | INDEX)
                if is_few(table, *column, asked, size)
                    && let Some(at) = index_position(table, *column) =>
            {
                Reach::Index(at, theirs)
            }
            _ => {
                let built = self.built;
                self.built += 1;
                self.place(item.source.id);
                Reach::Hash { built, access: item.access(), mine: self.code(&mine)?, theirs }
            }
        };
        // Through a key that is not unique, as many rows come as there are, at most.
        joined.estimate = match rank {
            NUMBER | UNIQUE => joined.estimate,
            _ if self.runs > 1 && joined.steps.is_empty() => size / self.runs.clamp(1, 16) + 1,
            _ => joined.estimate.max(size),
        };
        let step = self.step(item, reach, unmatched);
        joined.steps.push(step);
        Ok(())
    }
}

/// `read`: the sources that what comes after the join reads. The others may be read by what is left to be joined.
fn looked_at<'e>(
    read: Option<&[SourceId]>,
    id: SourceId,
    conditions: impl IntoIterator<Item = &'e Expr>,
    lefts: &'e [(Candidate, Vec<Expr>)],
) -> LookedAt {
    let joins = lefts.iter().flat_map(|(_, on)| on);
    let mut more = conditions.into_iter().chain(joins);
    let unread = read.is_some_and(|read| !read.contains(&id));
    if unread && !more.any(|expr| expr.sources().contains(&id)) {
        LookedAt::No
    } else {
        LookedAt::Yes
    }
}

/// Where nothing narrows the sources, the one from which a unique key leads to each other: its rows are read once and in order, and each finds one
/// row elsewhere.
fn most_detailed(items: &[Candidate], pool: &[Expr]) -> Option<usize> {
    let narrowed =
        |item: &Candidate| item.ids.as_ref().is_some_and(|ids| ids.len() < item.stock.len());
    if items.len() < 2 || items.iter().any(narrowed) {
        return None;
    }
    let joins: Vec<_> = pool.iter().filter_map(equal_columns).collect();
    let leads = |known: &[SourceId], item: &Candidate| {
        joins.iter().any(|(a, b)| {
            [(a, b), (b, a)].into_iter().any(|(from, to)| {
                known.contains(&from.0) && to.0 == item.source.id && is_unique(item, to.1)
            })
        })
    };
    items.iter().position(|start| {
        let mut known = vec![start.source.id];
        while let Some(next) =
            items.iter().find(|item| !known.contains(&item.source.id) && leads(&known, item))
        {
            known.push(next.source.id);
        }
        known.len() == items.len()
    })
}

fn is_unique(item: &Candidate, column: usize) -> bool {
    match &item.stock {
        Stock::Table(table) => table.is_unique(&[column]),
        Stock::Known(_) => false,
    }
}

const NUMBER: usize = 0;
const UNIQUE: usize = 1;
const INDEX: usize = 2;
const HASH: usize = 3;

/// Whether an index is to find less than half of the rows; for more it is quicker to read all.
fn is_few(table: &Table, column: usize, asked: usize, size: usize) -> bool {
    let index = index_position(table, column).and_then(|at| table.indexes.get(at));
    let each = index.map_or(1, Index::rows_per_value);
    asked <= 1 || each.saturating_mul(asked) <= size / 2
}

/// How well a key finds rows of a source. Where the rows that can matter are known, a hash table of those is best.
fn rank(item: &Candidate, mine: &Expr) -> usize {
    let (Kind::Column(_, column), Stock::Table(table), None) = (&mine.kind, &item.stock, &item.ids)
    else {
        return HASH;
    };
    if table.def.row_column() == Some(*column) {
        NUMBER
    } else if index_position(table, *column).is_none() {
        HASH
    } else if table.is_unique(&[*column]) {
        UNIQUE
    } else {
        INDEX
    }
}
