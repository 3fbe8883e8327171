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
    groups: Vec<Group<'p>>,
}

struct Group<'p> {
    /// Its first row. What is the same in the whole group is read from it.
    row: Vec<Option<RowRef<'p>>>,
    folds: Vec<Fold>,
}

impl Grouping {
    pub(super) fn start<'p>(&'p self, steps: &'p [Step]) -> Groups<'p> {
        let (keys, key) = (RowSet::default(), Vec::with_capacity(self.keys.len()));
        Groups { grouping: self, steps, keys, key, groups: Vec::new() }
    }
}

impl<'p> Groups<'p> {
    fn group(&self, row: Vec<Option<RowRef<'p>>>) -> Group<'p> {
        let folds = self.grouping.aggregates.iter().map(|_| Fold::default()).collect();
        Group { row, folds }
    }

    fn here(&self, state: &State<'p>) -> Vec<Option<RowRef<'p>>> {
        self.steps.iter().map(|step| state.row(step.place)).collect()
    }

    /// Adds the rows that are in their places.
    pub(super) fn add(&mut self, state: &State<'p>) -> Res<()> {
        let at = if self.grouping.keys.is_empty() {
            if self.groups.is_empty() {
                let group = self.group(self.here(state));
                self.groups.push(group);
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
                    let group = self.group(self.here(state));
                    self.groups.push(group);
                    at
                }
            }
        };
        let Some(group) = self.groups.get_mut(at) else { return Ok(()) };
        for (folding, fold) in self.grouping.aggregates.iter().zip(&mut group.folds) {
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
        if self.groups.is_empty() && self.grouping.keys.is_empty() {
            let group = self.group(vec![None; self.steps.len()]);
            self.groups.push(group);
        }
        for group in self.groups {
            state.meter.check()?;
            for (step, row) in self.steps.iter().zip(group.row) {
                state.put(step.place, row);
            }
            let folded = self.grouping.aggregates.iter().zip(&group.folds);
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
