//! Values as they are compared and looked up: numbers that are equal are one value, whole or not, and -0.0 is 0.0.

use std::borrow::Borrow;
use std::cmp::Ordering;
use std::hash::{Hash, Hasher};

use gluesql_core::data::Value;
use hashbrown::HashTable;
use hashbrown::hash_table::Entry;
use rustc_hash::FxHasher;

use crate::types;

/// How two values of one type, or two numbers, compare. None with NULL.
pub(crate) fn compare(left: &Value, right: &Value) -> Option<Ordering> {
    match (left, right) {
        (Value::I64(a), Value::I64(b)) => Some(a.cmp(b)),
        (Value::F64(a), Value::F64(b)) => a.partial_cmp(b),
        (Value::Str(a), Value::Str(b)) => Some(a.cmp(b)),
        (Value::Null, _) | (_, Value::Null) => None,
        (Value::Bool(a), Value::Bool(b)) => Some(a.cmp(b)),
        (Value::I64(a), Value::F64(b)) => mixed(*a, *b),
        (Value::F64(a), Value::I64(b)) => mixed(*b, *a).map(Ordering::reverse),
        (Value::Decimal(a), Value::Decimal(b)) => Some(a.cmp(b)),
        (Value::Date(a), Value::Date(b)) => Some(a.cmp(b)),
        (Value::Timestamp(a), Value::Timestamp(b)) => Some(a.cmp(b)),
        (Value::Time(a), Value::Time(b)) => Some(a.cmp(b)),
        (Value::Uuid(a), Value::Uuid(b)) => Some(a.cmp(b)),
        (Value::Bytea(a), Value::Bytea(b)) => Some(a.cmp(b)),
        (a, b) => Some(types::key(a).cmp(&types::key(b))),
    }
}

/// A whole number and another, compared without rounding either.
#[expect(clippy::cast_precision_loss, reason = "the bounds are powers of two")]
#[expect(clippy::cast_possible_truncation, reason = "what is within the bounds fits")]
fn mixed(whole: i64, number: f64) -> Option<Ordering> {
    const BOUND: f64 = -(i64::MIN as f64);
    if number >= BOUND {
        Some(Ordering::Less)
    } else if number < -BOUND {
        Some(Ordering::Greater)
    } else {
        let floor = number.floor();
        let rest = if number > floor { Ordering::Less } else { Ordering::Equal };
        (!number.is_nan()).then(|| whole.cmp(&(floor as i64)).then(rest))
    }
}

/// About how many bytes a row takes.
pub(crate) fn size(row: &[impl Borrow<Value>]) -> usize {
    let one = |value: &Value| match value {
        Value::Str(text) => size_of::<Value>() + text.len(),
        Value::Bytea(bytes) => size_of::<Value>() + bytes.len(),
        _ => size_of::<Value>(),
    };
    row.iter().map(|value| one(value.borrow())).sum()
}

/// Whether two values count as one in DISTINCT, GROUP BY and set operations, where NULL is like NULL.
pub(crate) fn same(left: &Value, right: &Value) -> bool {
    match compare(left, right) {
        Some(order) => order.is_eq(),
        None => left.is_null() && right.is_null(),
    }
}

#[expect(clippy::cast_possible_truncation, reason = "only of whole numbers that fit")]
#[expect(clippy::cast_precision_loss, reason = "the bounds are powers of two")]
fn feed(value: &Value, into: &mut FxHasher) {
    match value {
        Value::Null => into.write_u8(0),
        Value::Bool(truth) => into.write_u8(1 + u8::from(*truth)),
        Value::I64(number) => into.write_i64(*number),
        Value::F64(number) if number.fract() == 0.0 && number.abs() < -(i64::MIN as f64) => {
            into.write_i64(*number as i64);
        }
        Value::F64(number) => into.write_u64(number.to_bits()),
        Value::Str(text) => into.write(text.as_bytes()),
        Value::Decimal(number) => number.hash(into),
        Value::Uuid(number) => into.write_u128(*number),
        other => types::key(other).hash(into),
    }
}

/// A hash of some values; equal for values that are the same.
pub(crate) fn hash<'v>(values: impl IntoIterator<Item = &'v Value>) -> u64 {
    let mut hasher = FxHasher::default();
    values.into_iter().for_each(|value| feed(value, &mut hasher));
    hasher.finish()
}

/// Whether two rows are the same.
pub(crate) fn same_row(left: &[impl Borrow<Value>], right: &[impl Borrow<Value>]) -> bool {
    left.len() == right.len()
        && left.iter().zip(right).all(|(left, right)| same(left.borrow(), right.borrow()))
}

/// Where a key stands in a list, or is put.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    Known(usize),
    New(usize),
}

/// Finds where keys stand in a list. Whole numbers that are not much larger than the list is long, as ids mostly are, are looked up by themselves,
/// all others in a hash table.
#[derive(Debug, Default)]
pub(crate) struct Places {
    /// One more than the place, or 0.
    small: Vec<u32>,
    table: HashTable<usize>,
    count: usize,
}

/// The whole number that a value is, however it is written.
#[expect(clippy::cast_possible_truncation, reason = "only of whole numbers that fit")]
#[expect(clippy::cast_precision_loss, reason = "the bounds are powers of two")]
fn whole(value: &Value) -> Option<i64> {
    match value {
        Value::I64(number) => Some(*number),
        Value::F64(number) if number.fract() == 0.0 && number.abs() < -(i64::MIN as f64) => {
            Some(*number as i64)
        }
        _ => None,
    }
}

impl Places {
    fn small(&self, key: &Value) -> Option<usize> {
        let place = self.small.get(usize::try_from(whole(key)?).ok()?)?;
        usize::try_from(place.checked_sub(1)?).ok()
    }

    /// The place of a key. `at`: the key at a place.
    pub(crate) fn find<'k>(
        &self,
        key: &Value,
        at: impl Fn(usize) -> Option<&'k Value>,
    ) -> Option<usize> {
        self.small(key).or_else(|| {
            if self.table.is_empty() {
                return None;
            }
            let is = |place: &usize| at(*place).is_some_and(|known| same(known, key));
            self.table.find(hash([key]), is).copied()
        })
    }

    /// The place of a key, or the next one, where it is to be put.
    pub(crate) fn place<'k>(
        &mut self,
        key: &Value,
        at: impl Fn(usize) -> Option<&'k Value>,
    ) -> Place {
        if let Some(known) = self.find(key, &at) {
            return Place::Known(known);
        }
        let place = self.count;
        self.count += 1;
        let most = 1024 + 8 * place;
        let small = whole(key).and_then(|number| usize::try_from(number).ok());
        match (small.filter(|number| *number < most), u32::try_from(self.count)) {
            (Some(number), Ok(one_more)) => {
                if number >= self.small.len() {
                    self.small.resize((2 * number).clamp(64, most), 0);
                }
                if let Some(free) = self.small.get_mut(number) {
                    *free = one_more;
                }
            }
            _ => {
                self.table.insert_unique(hash([key]), place, |place| hash(at(*place)));
            }
        }
        Place::New(place)
    }
}

/// Different rows of one width, numbered in the order in which they came.
pub(crate) struct RowSet<V> {
    /// One row after the other.
    cells: Vec<V>,
    width: usize,
    count: usize,
    table: HashTable<usize>,
    /// Of rows of one cell.
    places: Places,
}

impl<V> Default for RowSet<V> {
    fn default() -> Self {
        let (cells, table, places) = (Vec::new(), HashTable::new(), Places::default());
        Self { cells, width: 0, count: 0, table, places }
    }
}

fn at<V>(cells: &[V], width: usize, place: usize) -> &[V] {
    let start = place * width;
    cells.get(start..start + width).unwrap_or_default()
}

impl<V: Borrow<Value>> RowSet<V> {
    pub(crate) fn len(&self) -> usize {
        self.count
    }

    /// Finds a row, or takes it out of the buffer that holds it.
    pub(crate) fn place(&mut self, row: &mut Vec<V>) -> Place {
        self.width = row.len();
        let Self { cells, width, count, table, places } = self;
        let place = if let [only] = row.as_slice() {
            places.place(only.borrow(), |place| cells.get(place).map(Borrow::borrow))
        } else {
            let known = |place: usize| at(cells, *width, place);
            let hash = hash(row.iter().map(Borrow::borrow));
            let again = |place: &usize| self::hash(known(*place).iter().map(Borrow::borrow));
            match table.entry(hash, |place| same_row(known(*place), row), again) {
                Entry::Occupied(found) => Place::Known(*found.get()),
                Entry::Vacant(free) => {
                    free.insert(*count);
                    Place::New(*count)
                }
            }
        };
        if let Place::New(_) = place {
            *count += 1;
            cells.append(row);
        }
        place
    }

    pub(crate) fn find(&self, row: &[impl Borrow<Value>]) -> Option<usize> {
        if let [only] = row {
            let cell = |place: usize| self.cells.get(place).map(Borrow::borrow);
            return self.places.find(only.borrow(), cell);
        }
        let hash = hash(row.iter().map(Borrow::borrow));
        let is = |place: &usize| same_row(at(&self.cells, self.width, *place), row);
        self.table.find(hash, is).copied()
    }

    pub(crate) fn into_rows(self) -> impl Iterator<Item = Vec<V>> {
        let mut cells = self.cells.into_iter();
        (0..self.count).map(move |_| cells.by_ref().take(self.width).collect())
    }
}

/// Different values. NULL may be among them.
#[derive(Debug, Default)]
pub(crate) struct Values {
    values: Vec<Value>,
    places: Places,
}

impl Values {
    pub(crate) fn len(&self) -> usize {
        self.values.len()
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.values.is_empty()
    }

    pub(crate) fn as_slice(&self) -> &[Value] {
        &self.values
    }

    pub(crate) fn contains(&self, value: &Value) -> bool {
        self.places.find(value, |at| self.values.get(at)).is_some()
    }

    /// Adds a value; says whether it is new.
    pub(crate) fn insert(&mut self, value: &Value) -> bool {
        let Self { values, places } = self;
        let is_new = matches!(places.place(value, |at| values.get(at)), Place::New(_));
        if is_new {
            values.push(value.clone());
        }
        is_new
    }
}

impl<'v> FromIterator<&'v Value> for Values {
    fn from_iter<I: IntoIterator<Item = &'v Value>>(values: I) -> Self {
        let mut set = Self::default();
        values.into_iter().for_each(|value| {
            set.insert(value);
        });
        set
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A number that was too large for the list at first is found after the list has grown past it.
    #[test]
    fn numbers_are_found_wherever_they_were_put() {
        let numbers = [5000, -3, 5000, 7, i64::MAX, i64::MIN].into_iter().chain(0..6000);
        let (mut values, mut known) = (Values::default(), std::collections::HashSet::new());
        for number in numbers {
            assert_eq!(values.contains(&Value::I64(number)), known.contains(&number));
            assert_eq!(values.insert(&Value::I64(number)), known.insert(number), "{number}");
            assert!(values.contains(&Value::I64(number)));
        }
        assert_eq!(values.len(), known.len());
        assert!(values.contains(&Value::F64(5000.0)) && !values.contains(&Value::F64(0.5)));
        assert!(!values.contains(&Value::I64(6000)));
    }

    #[test]
    fn equal_numbers_are_one_value_and_neighbours_are_not() {
        let mut values = Values::default();
        assert!(values.insert(&Value::I64(1)));
        assert!(!values.insert(&Value::F64(1.0)));
        assert!(values.insert(&Value::F64(-0.0)));
        assert!(values.contains(&Value::I64(0)));
        assert!(values.insert(&Value::Null));
        assert!(!values.insert(&Value::Null));
        let big = 9_007_199_254_740_993;
        assert_eq!(
            compare(&Value::I64(big), &Value::F64(9_007_199_254_740_992.0)),
            Some(Ordering::Greater)
        );
        assert_eq!(compare(&Value::I64(1), &Value::F64(1.5)), Some(Ordering::Less));
        assert_eq!(compare(&Value::I64(-1), &Value::F64(-1.5)), Some(Ordering::Greater));
        assert_eq!(
            compare(&Value::I64(i64::MAX), &Value::F64(f64::INFINITY)),
            Some(Ordering::Less)
        );
    }
}
