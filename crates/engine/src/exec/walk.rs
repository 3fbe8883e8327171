//! Joins: one source after the other, each row put in its place before the next source is looked at.

use std::borrow::Cow;

use gluesql_core::data::Value;

use super::code::Code;
use super::state::{Res, RowRef, State};
use crate::plan::Stock;
use crate::reader::{Access, Test};
use crate::store::{Index, Table};
use crate::values::{Place, Places};

/// Whether to go on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Flow {
    On,
    Enough,
}

/// What becomes of what finds no row here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Unmatched {
    Dropped,
    /// It stays, with no row in this place.
    Kept,
}

/// One source of a join.
pub(super) struct Step {
    pub(super) place: usize,
    pub(super) unmatched: Unmatched,
    pub(super) stock: Stock,
    pub(super) reach: Reach,
    /// Conditions on single columns.
    pub(super) tests: Vec<Test>,
    /// Conditions that can be looked at once the row is in its place.
    pub(super) conditions: Vec<Code>,
}

/// How the rows of a source are found.
pub(super) enum Reach {
    Scan(Access),
    /// The row whose number is the key.
    Number(Code),
    /// Those that an index of one column finds.
    Index(usize, Code),
    /// The same, of which nobody sees more than their numbers: the index has those.
    Numbers(usize, Code),
    /// Those of a hash table, which is made when it is first needed.
    Hash {
        built: usize,
        access: Access,
        mine: Code,
        theirs: Code,
    },
}

/// Rows by a key: those of one key lie one after the other.
#[derive(Default)]
pub(super) struct Built<'p> {
    keys: Vec<Cow<'p, Value>>,
    /// Of keys.
    places: Places,
    /// Where the rows of each key begin, and where the last ones end.
    starts: Vec<usize>,
    rows: Vec<RowRef<'p>>,
}

/// The same, while rows come.
#[derive(Default)]
struct Growing<'p> {
    keys: Vec<Cow<'p, Value>>,
    places: Places,
    /// How many rows each key has.
    counts: Vec<usize>,
    /// Each with the place of its key.
    rows: Vec<(usize, RowRef<'p>)>,
}

impl<'p> Growing<'p> {
    fn add(&mut self, key: Cow<'p, Value>, row: RowRef<'p>) {
        let Self { keys, places, counts, rows } = self;
        let at = match places.place(&key, |known| keys.get(known).map(|known| &**known)) {
            Place::New(at) => {
                keys.push(key);
                counts.push(0);
                at
            }
            Place::Known(at) => at,
        };
        if let Some(count) = counts.get_mut(at) {
            *count += 1;
        }
        rows.push((at, row));
    }

    fn done(self) -> Built<'p> {
        let mut starts = Vec::with_capacity(self.counts.len() + 1);
        let mut next = 0;
        starts.push(next);
        for count in self.counts {
            next += count;
            starts.push(next);
        }
        let mut free = starts.clone();
        let mut rows = vec![RowRef { id: 0, cells: &[] }; self.rows.len()];
        for (key, row) in self.rows {
            let Some(at) = free.get_mut(key) else { continue };
            if let Some(place) = rows.get_mut(*at) {
                *place = row;
            }
            *at += 1;
        }
        Built { keys: self.keys, places: self.places, starts, rows }
    }
}

impl<'p> Built<'p> {
    /// The rows with a key; NULL has none.
    fn find(&self, key: &Value) -> &[RowRef<'p>] {
        if key.is_null() {
            return &[];
        }
        let found = self.places.find(key, |at| self.keys.get(at).map(|known| &**known));
        let range = found.and_then(|at| Some(*self.starts.get(at)?..*self.starts.get(at + 1)?));
        range.and_then(|range| self.rows.get(range)).unwrap_or_default()
    }
}

impl Step {
    /// Gives each row that passes the tests to `each`, until it has enough.
    fn scan<'p>(
        &'p self,
        access: &'p Access,
        state: &State<'p>,
        each: &mut dyn FnMut(RowRef<'p>) -> Res<Flow>,
    ) -> Res<Flow> {
        let mut see = |id: i64, cells: &'p [Value]| {
            state.meter.check()?;
            if self.tests.iter().all(|test| test.passes(cells)) {
                each(RowRef { id, cells })
            } else {
                Ok(Flow::On)
            }
        };
        match &self.stock {
            Stock::Table(table) => scan_table(table, access, &mut see),
            Stock::Known(rows) => match access {
                Access::Ids(ids) => until(
                    ids.iter().filter_map(|id| Some((*id, rows.get(usize::try_from(*id).ok()?)?))),
                    |(id, row)| see(id, row),
                ),
                // Only tables are read in an order.
                Access::All | Access::Reversed | Access::Index(_) | Access::IndexReversed(_) => {
                    until((0..).zip(rows.iter()), |(id, row)| see(id, row))
                }
            },
        }
    }

    fn build<'p>(
        &'p self,
        access: &'p Access,
        mine: &'p Code,
        state: &State<'p>,
    ) -> Res<Built<'p>> {
        let mut growing = Growing::default();
        let before = state.row(self.place);
        self.scan(access, state, &mut |row| {
            state.put(self.place, Some(row));
            let key = mine.value(state)?;
            if !key.is_null() {
                growing.add(key, row);
            }
            Ok(Flow::On)
        })?;
        state.put(self.place, before);
        Ok(growing.done())
    }

    /// Gives each row that the step finds to `each`.
    fn reach<'p>(
        &'p self,
        state: &State<'p>,
        each: &mut dyn FnMut(RowRef<'p>) -> Res<Flow>,
    ) -> Res<Flow> {
        let passes = |cells: &[Value]| self.tests.iter().all(|test| test.passes(cells));
        match (&self.reach, &self.stock) {
            (Reach::Scan(access), _) => self.scan(access, state, each),
            (Reach::Number(key), Stock::Table(table)) => {
                state.meter.check()?;
                let key = key.value(state)?;
                let row = match &*key {
                    Value::I64(id) => table.rows.get(*id).map(|row| RowRef { id: *id, cells: row }),
                    _ => None,
                };
                match row.filter(|row| passes(row.cells)) {
                    Some(row) => each(row),
                    None => Ok(Flow::On),
                }
            }
            (Reach::Index(at, key), Stock::Table(table)) => {
                let Some(index) = table.indexes.get(*at) else { return Ok(Flow::On) };
                let key = key.value(state)?;
                until(index.find(std::iter::once(&*key)), |id| {
                    state.meter.check()?;
                    match table.rows.get(id).filter(|row| passes(row)) {
                        Some(row) => each(RowRef { id, cells: row }),
                        None => Ok(Flow::On),
                    }
                })
            }
            (Reach::Numbers(at, key), Stock::Table(table)) => {
                let Some(index) = table.indexes.get(*at) else { return Ok(Flow::On) };
                let key = key.value(state)?;
                until(index.find(std::iter::once(&*key)), |id| {
                    state.meter.check()?;
                    each(RowRef { id, cells: &[] })
                })
            }
            // Only tables have numbers and indexes.
            (Reach::Number(_) | Reach::Index(..) | Reach::Numbers(..), Stock::Known(_)) => {
                Ok(Flow::On)
            }
            (Reach::Hash { built, access, mine, theirs }, _) => {
                let key = theirs.value(state)?;
                let built = state.built(*built, || self.build(access, mine, state))?;
                let Some(built) = built else { return Ok(Flow::On) };
                until(built.find(&key), |row| {
                    state.meter.check()?;
                    each(*row)
                })
            }
        }
    }
}

fn scan_table<'p>(
    table: &'p Table,
    access: &'p Access,
    see: &mut dyn FnMut(i64, &'p [Value]) -> Res<Flow>,
) -> Res<Flow> {
    let of = |id: i64| table.rows.get(id).map(|row| (id, row));
    let index = |at: &usize| table.indexes.get(*at).into_iter().flat_map(Index::ids);
    match access {
        Access::All => until(table.rows.iter(), |(id, row)| see(id, row)),
        Access::Reversed => until(table.rows.iter().rev(), |(id, row)| see(id, row)),
        Access::Ids(ids) => until(ids.iter().filter_map(|id| of(*id)), |(id, row)| see(id, row)),
        Access::Index(at) => until(index(at).filter_map(of), |(id, row)| see(id, row)),
        Access::IndexReversed(at) => {
            until(index(at).rev().filter_map(of), |(id, row)| see(id, row))
        }
    }
}

fn until<T>(items: impl IntoIterator<Item = T>, mut each: impl FnMut(T) -> Res<Flow>) -> Res<Flow> {
    for item in items {
        if each(item)? == Flow::Enough {
            return Ok(Flow::Enough);
        }
    }
    Ok(Flow::On)
}

/// Goes through all combinations of rows that the steps allow.
pub(super) fn walk<'p>(
    steps: &'p [Step],
    state: &State<'p>,
    each: &mut dyn FnMut() -> Res<Flow>,
) -> Res<Flow> {
    let Some((step, rest)) = steps.split_first() else { return each() };
    let mut met = false;
    let flow = step.reach(state, &mut |row| {
        state.put(step.place, Some(row));
        for condition in &step.conditions {
            if !condition.holds(state)? {
                return Ok(Flow::On);
            }
        }
        met = true;
        walk(rest, state, each)
    })?;
    if flow == Flow::On && !met && step.unmatched == Unmatched::Kept {
        state.put(step.place, None);
        return walk(rest, state, each);
    }
    Ok(flow)
}
