//! Our own executor: selects whose subqueries have been run, as far as they stand alone, over rows that stay where they are.
//!
//! A select is compiled ([`compile`]) to steps that find rows ([`walk`]), expressions over places ([`code`]), groups ([`groups`]) and a sink that
//! sorts, drops repeats and cuts ([`sink`]). A subquery that reads the enclosing row is a plan within the plan: it shares the places, so it sees that row.

mod arithmetic;
mod code;
mod compile;
mod fold;
mod groups;
mod join;
mod sink;
mod state;
mod walk;

use crate::error::Result;
use crate::ir::{Order, Select};
use crate::reader::Meter;
use crate::run::Rows;
use crate::store::Database;

use code::Code;
use groups::Grouping;
use sink::Sink;
use state::{Res, State};
use walk::{Flow, Step, walk};

pub(crate) use fold::Fold;

/// A compiled select.
pub(super) struct Plan {
    steps: Vec<Step>,
    /// What is left of the conditions when all rows are in their places.
    conditions: Vec<Code>,
    grouping: Option<Grouping>,
    projection: Vec<Code>,
    repeats: Repeats,
    order: Vec<SortKey>,
    offset: u64,
    limit: Option<u64>,
}

/// Whether equal rows count as one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Repeats {
    Kept,
    Dropped,
}

struct SortKey {
    code: Code,
    descending: bool,
    nulls_first: bool,
}

/// A select with what stands around it.
#[derive(Clone, Copy)]
pub(crate) struct Whole<'q> {
    pub(crate) select: &'q Select,
    pub(crate) order: &'q [Order],
    pub(crate) limit: Option<u64>,
    pub(crate) offset: u64,
}

/// Runs a select.
///
/// # Errors
/// Where it has no plan, with the reason; and what its expressions and limits give.
pub(crate) fn run(db: &Database, meter: &Meter, whole: Whole<'_>) -> Result<Rows> {
    let mut compiler = compile::Compiler::new(db, meter.executor());
    let plan = compiler.plan(whole, 1)?;
    let state = State::new(compiler.places(), compiler.built(), compiler.groups(), meter);
    plan.rows(&state).map_err(|error| *error)
}

impl Plan {
    /// Its rows, in order.
    fn rows<'p>(&'p self, state: &State<'p>) -> Res<Rows> {
        let mut sink = Sink::new(self);
        if sink.wants_nothing() {
            return Ok(Rows::new());
        }
        match &self.grouping {
            None => {
                self.walk(state, &mut || sink.take(state))?;
            }
            Some(grouping) => {
                let mut groups = grouping.start(&self.steps);
                self.walk(state, &mut || groups.add(state).map(|()| Flow::On))?;
                groups.each(state, &mut || sink.take(state))?;
            }
        }
        sink.finish(state)
    }

    /// Whether it has rows.
    fn has_rows<'p>(&'p self, state: &State<'p>) -> Res<bool> {
        if self.grouping.is_some() || self.offset > 0 || self.limit == Some(0) {
            return self.rows(state).map(|rows| !rows.is_empty());
        }
        Ok(self.walk(state, &mut || Ok(Flow::Enough))? == Flow::Enough)
    }

    fn walk<'p>(&'p self, state: &State<'p>, each: &mut dyn FnMut() -> Res<Flow>) -> Res<Flow> {
        walk(&self.steps, state, &mut || {
            for condition in &self.conditions {
                if !condition.holds(state)? {
                    return Ok(Flow::On);
                }
            }
            each()
        })
    }
}
