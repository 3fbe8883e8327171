//! The rows of a table, by number: in leaves of neighbours whose cells lie in one piece, so that reading them in turn is quick, and on a persistent
//! map, so that a copy of all of them costs nothing.

use std::sync::Arc;

use gluesql_core::data::Value;
use imbl::OrdMap;

/// How many rows a leaf has at most. One that is shared is copied before a row of it changes.
const FULL: usize = 32;

/// Rows that follow one another.
#[derive(Clone, Debug, Default, PartialEq)]
struct Leaf {
    ids: Vec<i64>,
    /// Of all rows, one row after the other.
    cells: Vec<Value>,
}

/// All rows of a table.
#[derive(Clone, Debug)]
pub(crate) struct Rows {
    width: usize,
    /// By a number that is not larger than any of their own. The first has the smallest number there is.
    leaves: OrdMap<i64, Arc<Leaf>>,
    len: usize,
}

/// A row as it is now. It shares its leaf, so it is cheap to take and to keep.
#[derive(Clone)]
pub(crate) struct Shared {
    leaf: Arc<Leaf>,
    start: usize,
    width: usize,
}

impl Shared {
    pub(crate) fn cells(&self) -> &[Value] {
        self.leaf.cells.get(self.start..self.start + self.width).unwrap_or_default()
    }
}

impl Leaf {
    /// Where a number stands, or where it would.
    fn position(&self, id: i64) -> Result<usize, usize> {
        // Numbers mostly follow one another.
        let first = self.ids.first().copied().unwrap_or(id);
        let guess = id.checked_sub(first).and_then(|guess| usize::try_from(guess).ok());
        match guess {
            Some(guess) if self.ids.get(guess) == Some(&id) => Ok(guess),
            _ => self.ids.binary_search(&id),
        }
    }

    fn rows(&self, width: usize) -> impl DoubleEndedIterator<Item = (i64, &[Value])> {
        self.ids.iter().copied().zip(self.cells.chunks_exact(width.max(1)))
    }

    fn insert(&mut self, at: usize, id: i64, row: Vec<Value>) {
        let start = (at * row.len()).min(self.cells.len());
        if at == self.ids.len() {
            self.ids.push(id);
            self.cells.extend(row);
        } else {
            self.ids.insert(at, id);
            self.cells.splice(start..start, row);
        }
    }
}

impl Rows {
    /// None yet, of so many columns.
    pub(crate) fn new(width: usize) -> Self {
        Self { width, leaves: OrdMap::new(), len: 0 }
    }

    pub(crate) fn len(&self) -> usize {
        self.len
    }

    fn find(&self, id: i64) -> Option<(&Arc<Leaf>, usize)> {
        let (_, leaf) = self.leaves.get_prev(&id)?;
        Some((leaf, leaf.position(id).ok()? * self.width))
    }

    pub(crate) fn get(&self, id: i64) -> Option<&[Value]> {
        let (leaf, start) = self.find(id)?;
        leaf.cells.get(start..start + self.width)
    }

    /// The same, to be kept.
    pub(crate) fn shared(&self, id: i64) -> Option<Shared> {
        let (leaf, start) = self.find(id)?;
        Some(Shared { leaf: Arc::clone(leaf), start, width: self.width })
    }

    /// The same, of rows that mostly follow one another: the one before is a row of this table, too.
    pub(crate) fn next_shared(&self, id: i64, before: Option<&Shared>) -> Option<Shared> {
        let near = before.and_then(|Shared { leaf, .. }| {
            let start = leaf.position(id).ok()? * self.width;
            Some(Shared { leaf: Arc::clone(leaf), start, width: self.width })
        });
        near.or_else(|| self.shared(id))
    }

    pub(crate) fn contains(&self, id: i64) -> bool {
        self.find(id).is_some()
    }

    pub(crate) fn get_mut(&mut self, id: i64) -> Option<&mut [Value]> {
        let width = self.width;
        let (_, leaf) = self.leaves.get_prev_mut(&id)?;
        let start = leaf.position(id).ok()? * width;
        Arc::make_mut(leaf).cells.get_mut(start..start + width)
    }

    /// Adds a row, whose number is free.
    pub(crate) fn insert(&mut self, id: i64, row: Vec<Value>) {
        self.len += 1;
        let Some((_, leaf)) = self.leaves.get_prev_mut(&id) else {
            let leaf = Leaf { ids: vec![id], cells: row };
            self.leaves.insert(i64::MIN, Arc::new(leaf));
            return;
        };
        let (Ok(at) | Err(at)) = leaf.position(id);
        if leaf.ids.len() < FULL {
            return Arc::make_mut(leaf).insert(at, id, row);
        }
        if at == leaf.ids.len() {
            self.leaves.insert(id, Arc::new(Leaf { ids: vec![id], cells: row }));
            return;
        }
        let (half, leaf) = (FULL / 2, Arc::make_mut(leaf));
        let mut upper =
            Leaf { ids: leaf.ids.split_off(half), cells: leaf.cells.split_off(half * self.width) };
        if at <= half {
            leaf.insert(at, id, row)
        } else {
            upper.insert(at - half, id, row)
        }
        if let Some(first) = upper.ids.first() {
            self.leaves.insert(*first, Arc::new(upper));
        }
    }

    /// Takes a row away.
    pub(crate) fn remove(&mut self, id: i64) -> Option<Vec<Value>> {
        let width = self.width;
        let (key, leaf) = self.leaves.get_prev_mut(&id)?;
        let (key, at) = (*key, leaf.position(id).ok()?);
        let leaf = Arc::make_mut(leaf);
        leaf.ids.remove(at);
        let row = leaf.cells.drain(at * width..(at + 1) * width).collect();
        if leaf.ids.is_empty() && key != i64::MIN {
            self.leaves.remove(&key);
        }
        self.len -= 1;
        Some(row)
    }

    /// All rows in the order of their numbers.
    pub(crate) fn iter(&self) -> impl DoubleEndedIterator<Item = (i64, &[Value])> {
        self.leaves.iter().flat_map(|(_, leaf)| leaf.rows(self.width))
    }

    pub(crate) fn ids(&self) -> impl DoubleEndedIterator<Item = i64> {
        self.leaves.iter().flat_map(|(_, leaf)| leaf.ids.iter().copied())
    }

    /// The largest number.
    pub(crate) fn last(&self) -> Option<i64> {
        self.ids().next_back()
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use proptest::prelude::*;

    use super::*;

    fn row(value: i64) -> Vec<Value> {
        vec![Value::I64(value), Value::Str(value.to_string())]
    }

    fn content(rows: &Rows) -> Vec<(i64, Vec<Value>)> {
        rows.iter().map(|(id, row)| (id, row.to_vec())).collect()
    }

    proptest! {
        /// Any changes, against a map; and what was copied before them stays as it was.
        #[test]
        fn rows_are_a_map(
            spread in 1_i64..9,
            changes in prop::collection::vec((0..4_u8, 0..150_i64, any::<u16>()), 0..600),
            copied in 0..600_usize,
        ) {
            let (mut rows, mut map) = (Rows::new(2), BTreeMap::new());
            let mut kept = (rows.clone(), Vec::new());
            for (at, (kind, id, value)) in changes.into_iter().enumerate() {
                if at == copied {
                    kept = (rows.clone(), content(&rows));
                }
                let (id, value) = (id * spread - 40, i64::from(value));
                match kind {
                    0 => prop_assert_eq!(rows.remove(id), map.remove(&id)),
                    1 => {
                        let place = rows.get_mut(id).and_then(|row| row.get_mut(0));
                        let known = map.get_mut(&id).and_then(|row: &mut Vec<Value>| row.get_mut(0));
                        prop_assert_eq!(place.is_some(), known.is_some());
                        place.into_iter().chain(known).for_each(|cell| *cell = Value::I64(value));
                    }
                    _ if map.contains_key(&id) => {
                        prop_assert_eq!(rows.get(id), map.get(&id).map(Vec::as_slice));
                    }
                    _ => {
                        rows.insert(id, row(value));
                        map.insert(id, row(value));
                    }
                }
                prop_assert_eq!(rows.len(), map.len());
                prop_assert_eq!(rows.last(), map.keys().next_back().copied());
            }
            prop_assert_eq!(content(&kept.0), kept.1);
            for id in -50..1400 {
                prop_assert_eq!(rows.get(id), map.get(&id).map(Vec::as_slice));
                let shared = rows.shared(id).map(|row| row.cells().to_vec());
                prop_assert_eq!(shared.as_ref(), map.get(&id));
            }
            prop_assert_eq!(content(&rows), map.into_iter().collect::<Vec<_>>());
        }
    }
}
