//! What becomes of the rows of a select: projected, freed of repeats, sorted, cut.

use std::borrow::{Borrow, Cow};
use std::cmp::Ordering;

use gluesql_core::data::Value;

use super::state::{Res, RowRef, State};
use super::walk::Flow;
use super::{Plan, Repeats};
use crate::run::{Rows, order};
use crate::values::{Place, RowSet, size};

/// Collects the rows of one run.
pub(super) struct Sink<'p> {
    plan: &'p Plan,
    /// How many rows are of use.
    most: usize,
    /// Rows as they come, where they need no sorting.
    rows: Rows,
    /// Different rows.
    set: RowSet<Cow<'p, Value>>,
    /// What is sorted.
    entries: Vec<Entry<'p>>,
    /// The keys of a row that so many are before that no later one matters that is not before it, too.
    bound: Option<Vec<Cow<'p, Value>>>,
    /// The keys, or the cells, of the row that is being looked at.
    buffer: Vec<Cow<'p, Value>>,
    taken: usize,
    /// About how many bytes its rows take.
    bytes: usize,
}

struct Entry<'p> {
    keys: Vec<Cow<'p, Value>>,
    /// The how-manieth row it is, so that rows that are equal stay in their order.
    number: usize,
    row: Held<'p>,
}

/// A row that waits for its turn.
enum Held<'p> {
    /// What is in the places of the select: projected only if the row is kept.
    Places(Vec<Option<RowRef<'p>>>),
    Cells(Vec<Cow<'p, Value>>),
    /// One of the set.
    Set(usize),
}

impl<'p> Sink<'p> {
    pub(super) fn new(plan: &'p Plan) -> Self {
        let most = plan.limit.map_or(u64::MAX, |limit| limit.saturating_add(plan.offset));
        Self {
            plan,
            most: usize::try_from(most).unwrap_or(usize::MAX),
            rows: Vec::new(),
            set: RowSet::default(),
            entries: Vec::new(),
            bound: None,
            buffer: Vec::new(),
            taken: 0,
            bytes: 0,
        }
    }

    /// Whether no row is of use.
    pub(super) fn wants_nothing(&self) -> bool {
        self.plan.limit == Some(0)
    }

    /// One more row is kept.
    fn keep(&mut self, row: &[impl Borrow<Value>], state: &State<'p>) -> Res<()> {
        self.bytes += size(row);
        state.meter.check_bytes(self.bytes).map_err(Box::new)
    }

    fn projected(&self, state: &State<'p>) -> Res<Vec<Cow<'p, Value>>> {
        self.plan.projection.iter().map(|code| code.value(state)).collect()
    }

    fn owned(&self, state: &State<'p>) -> Res<Vec<Value>> {
        self.plan.projection.iter().map(|code| code.value(state).map(Cow::into_owned)).collect()
    }

    /// Takes the row that is in its place.
    pub(super) fn take(&mut self, state: &State<'p>) -> Res<Flow> {
        self.taken += 1;
        let sorted = !self.plan.order.is_empty();
        let row = match self.plan.repeats {
            Repeats::Dropped => {
                self.buffer.clear();
                for code in &self.plan.projection {
                    self.buffer.push(code.value(state)?);
                }
                let bytes = size(&self.buffer);
                match self.set.place(&mut self.buffer) {
                    Place::Known(_) => return Ok(Flow::On),
                    Place::New(at) => {
                        self.bytes += bytes;
                        state.meter.check_bytes(self.bytes)?;
                        Held::Set(at)
                    }
                }
            }
            Repeats::Kept if !sorted => {
                let row = self.owned(state)?;
                self.keep(&row, state)?;
                self.rows.push(row);
                return self.enough(self.rows.len(), state);
            }
            Repeats::Kept => {
                self.buffer.clear();
                for key in &self.plan.order {
                    self.buffer.push(key.code.value(state)?);
                }
                let late = |bound: &Vec<_>| self.compare_keys(&self.buffer, bound).is_ge();
                if self.bound.as_ref().is_some_and(late) {
                    return Ok(Flow::On);
                }
                if self.plan.grouping.is_some() {
                    Held::Cells(self.projected(state)?)
                } else {
                    let places = self.plan.steps.iter().map(|step| state.row(step.place));
                    Held::Places(places.collect())
                }
            }
        };
        if !sorted {
            return self.enough(self.set.len(), state);
        }
        let keys = match row {
            Held::Cells(_) | Held::Places(_) => std::mem::take(&mut self.buffer),
            Held::Set(_) => {
                self.plan.order.iter().map(|key| key.code.value(state)).collect::<Res<_>>()?
            }
        };
        self.entries.push(Entry { keys, number: self.taken, row });
        state.check_size(self.entries.len())?;
        if self.entries.len() / 2 > self.most.max(64) {
            self.keep_first();
        }
        Ok(Flow::On)
    }

    fn enough(&self, count: usize, state: &State<'p>) -> Res<Flow> {
        state.check_size(count)?;
        Ok(if count >= self.most { Flow::Enough } else { Flow::On })
    }

    fn compare(&self, left: &Entry<'p>, right: &Entry<'p>) -> Ordering {
        self.compare_keys(&left.keys, &right.keys).then(left.number.cmp(&right.number))
    }

    fn compare_keys(&self, left: &[Cow<'p, Value>], right: &[Cow<'p, Value>]) -> Ordering {
        let keys = self.plan.order.iter().zip(left.iter().zip(right));
        keys.map(|(key, (left, right))| order(left, right, key.descending, key.nulls_first))
            .find(|order| order.is_ne())
            .unwrap_or(Ordering::Equal)
    }

    /// Drops what cannot be among the first rows any more.
    fn keep_first(&mut self) {
        let mut entries = std::mem::take(&mut self.entries);
        if self.most < entries.len() {
            entries.select_nth_unstable_by(self.most, |left, right| self.compare(left, right));
            entries.truncate(self.most);
            let last = entries.iter().max_by(|left, right| self.compare(left, right));
            self.bound = last.map(|last| last.keys.clone());
        }
        self.entries = entries;
    }

    /// The rows, in order.
    pub(super) fn finish(mut self, state: &State<'p>) -> Res<Rows> {
        let skip = usize::try_from(self.plan.offset).unwrap_or(usize::MAX);
        let own = |row: Vec<Cow<'p, Value>>| row.into_iter().map(Cow::into_owned).collect();
        if self.plan.order.is_empty() {
            let mut rows = self.rows;
            rows.extend(self.set.into_rows().map(own));
            rows.drain(..skip.min(rows.len()));
            return Ok(rows);
        }
        self.keep_first();
        let mut entries = std::mem::take(&mut self.entries);
        entries.sort_unstable_by(|left, right| self.compare(left, right));
        let mut rows = Rows::with_capacity(entries.len().saturating_sub(skip));
        let mut set: Vec<Option<Vec<Cow<'p, Value>>>> =
            std::mem::take(&mut self.set).into_rows().map(Some).collect();
        for entry in entries.into_iter().skip(skip) {
            rows.push(match entry.row {
                Held::Cells(cells) => own(cells),
                Held::Set(at) => {
                    set.get_mut(at).and_then(Option::take).map(own).unwrap_or_default()
                }
                Held::Places(places) => {
                    for (step, row) in self.plan.steps.iter().zip(places) {
                        state.put(step.place, row);
                    }
                    let row = self.owned(state)?;
                    self.keep(&row, state)?;
                    row
                }
            });
        }
        Ok(rows)
    }
}
