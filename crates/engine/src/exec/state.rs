//! What one run holds: the rows that are in their places, hash tables, groups.

use std::cell::{Cell, OnceCell, RefCell};

use gluesql_core::data::Value;

use super::walk::Built;
use crate::error::SqlError;
use crate::reader::Meter;

/// Errors are rare and large, so that they go around in a box here.
pub(super) type Res<T> = Result<T, Box<SqlError>>;

/// A row where it is.
#[derive(Clone, Copy)]
pub(super) struct RowRef<'p> {
    pub(super) id: i64,
    pub(super) cells: &'p [Value],
}

/// The state of one run of a plan.
pub(super) struct State<'p> {
    /// The row at each place; none where an outer join found none.
    rows: Vec<Cell<Option<RowRef<'p>>>>,
    built: Vec<OnceCell<Built<'p>>>,
    groups: Vec<RefCell<Vec<Value>>>,
    pub(super) meter: &'p Meter,
}

impl<'p> State<'p> {
    pub(super) fn new(places: usize, built: usize, groups: usize, meter: &'p Meter) -> Self {
        Self {
            rows: (0..places).map(|_| Cell::new(None)).collect(),
            built: (0..built).map(|_| OnceCell::new()).collect(),
            groups: (0..groups).map(|_| RefCell::default()).collect(),
            meter,
        }
    }

    pub(super) fn row(&self, place: usize) -> Option<RowRef<'p>> {
        self.rows.get(place).and_then(Cell::get)
    }

    pub(super) fn put(&self, place: usize, row: Option<RowRef<'p>>) {
        if let Some(known) = self.rows.get(place) {
            known.set(row);
        }
    }

    /// The hash table with a number, made when it is first asked for.
    pub(super) fn built(
        &self,
        at: usize,
        build: impl FnOnce() -> Res<Built<'p>>,
    ) -> Res<Option<&Built<'p>>> {
        let Some(place) = self.built.get(at) else { return Ok(None) };
        if let Some(known) = place.get() {
            return Ok(Some(known));
        }
        let made = build()?;
        Ok(Some(place.get_or_init(|| made)))
    }

    pub(super) fn aggregate(&self, groups: usize, at: usize) -> Value {
        let values = self.groups.get(groups).map(RefCell::borrow);
        values.and_then(|values| values.get(at).cloned()).unwrap_or(Value::Null)
    }

    /// The aggregates of the group whose turn it is.
    pub(super) fn set_aggregates(&self, groups: usize, values: Vec<Value>) {
        if let Some(place) = self.groups.get(groups) {
            place.replace(values);
        }
    }

    /// Bounds what is kept at one time.
    pub(super) fn check_size(&self, rows: usize) -> Res<()> {
        self.meter.check_size(rows).map_err(Box::new)
    }
}
