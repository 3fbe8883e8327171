//! GROUP BY: a hash table of groups, each with a row that stands for it and its aggregates.

use std::borrow::Cow;

use gluesql_core::data::Value;

use super::code::Code;
use super::fold::Fold;
use super::state::{Res, RowRef, State};
use super::walk::{Flow, Step};
use crate::ir::Aggregate;
use crate::values::{Place, RowSet};

/// How rows are grouped.
pub(super) struct Grouping {
    /// Its number among all groupings of the statement.
    pub(super) number: usize,
    pub(super) keys: Vec<Code>,
    pub(super) aggregates: Vec<Folding>,
    pub(super) having: Option<Code>,
}

/// An aggregate whose expressions are compiled.
pub(super) struct Folding {
    pub(super) aggregate: Aggregate,
    pub(super) argument: Option<Code>,
    pub(super) order: Vec<Code>,
}

/// Groups while they grow.
pub(super) struct Groups<'p> {
    grouping: &'p Grouping,
    steps: &'p [Step],
    keys: RowSet<Cow<'p, Value>>,
    key: Vec<Cow<'p, Value>>,
    count: usize,
    /// The first row of each group, one after the other. What is the same in a whole group is read from it.
    rows: Vec<Option<RowRef<'p>>>,
    /// The aggregates of each group, one after the other.
    folds: Vec<Fold>,
}

impl Grouping {
    pub(super) fn start<'p>(&'p self, steps: &'p [Step]) -> Groups<'p> {
        let (keys, key) = (RowSet::default(), Vec::with_capacity(self.keys.len()));
        Groups { grouping: self, steps, keys, key, count: 0, rows: Vec::new(), folds: Vec::new() }
    }
}

impl<'p> Groups<'p> {
    /// Begins a group.
    fn begin(&mut self, state: Option<&State<'p>>) {
        self.count += 1;
        let steps = self.steps.iter();
        self.rows.extend(steps.map(|step| state.and_then(|state| state.row(step.place))));
        self.folds.extend(self.grouping.aggregates.iter().map(|_| Fold::default()));
    }

    /// Adds the rows that are in their places.
    pub(super) fn add(&mut self, state: &State<'p>) -> Res<()> {
        let at = if self.grouping.keys.is_empty() {
            if self.count == 0 {
                self.begin(Some(state));
            }
            0
        } else {
            self.key.clear();
            for key in &self.grouping.keys {
                self.key.push(key.value(state)?);
            }
            match self.keys.place(&mut self.key) {
                Place::Known(at) => at,
                Place::New(at) => {
                    state.check_size(at)?;
                    self.begin(Some(state));
                    at
                }
            }
        };
        let width = self.grouping.aggregates.len();
        let folds = self.folds.get_mut(at * width..).unwrap_or_default();
        for (folding, fold) in self.grouping.aggregates.iter().zip(folds) {
            let keys = || {
                let keys = folding.order.iter();
                keys.map(|key| key.value(state).map(Cow::into_owned)).collect()
            };
            match &folding.argument {
                None => fold.push(&folding.aggregate, &Value::Bool(true), keys)?,
                Some(argument) => fold.push(&folding.aggregate, &*argument.value(state)?, keys)?,
            }
        }
        Ok(())
    }

    /// Puts one group after the other in place.
    pub(super) fn each(
        mut self,
        state: &State<'p>,
        each: &mut dyn FnMut() -> Res<Flow>,
    ) -> Res<()> {
        if self.count == 0 && self.grouping.keys.is_empty() {
            self.begin(None);
        }
        let (mut rows, mut folds) = (self.rows.iter(), self.folds.iter());
        for _ in 0..self.count {
            state.meter.check()?;
            for (step, row) in self.steps.iter().zip(rows.by_ref().take(self.steps.len())) {
                state.put(step.place, *row);
            }
            let folds = folds.by_ref().take(self.grouping.aggregates.len());
            let folded = self.grouping.aggregates.iter().zip(folds);
            let values = folded.map(|(folding, fold)| fold.value(&folding.aggregate));
            state.set_aggregates(self.grouping.number, values.collect::<Res<_>>()?);
            let holds = match &self.grouping.having {
                None => true,
                Some(having) => having.holds(state)?,
            };
            if holds && each()? == Flow::Enough {
                return Ok(());
            }
        }
        Ok(())
    }
}
