//! Sorting and collecting whose code is small.
//!
//! The standard library's sorts are written out anew for each type and each way to compare, 3 to 6 KB every time; a page
//! with seventy of them pays a tenth of its size for lists of a few items. Here one sort orders places in the list, and
//! only the comparison and the moves know the type.
//!
//! `collect` likewise is written out for each kind of iterator, and scripts have hundreds: here one loop for each type of
//! item asks an iterator behind a pointer. That is slower by a call for each item, and so not for loops over many rows.

use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};

/// Stable sorting of a slice.
pub trait Arrange<T> {
    /// Sorts by the items' own order.
    fn arrange(&mut self)
    where
        T: Ord;

    /// Sorts by a key of each item.
    fn arrange_by_key<K: Ord>(&mut self, key: impl FnMut(&T) -> K);

    /// Sorts by a comparison.
    fn arrange_by(&mut self, compare: impl FnMut(&T, &T) -> Ordering);
}

impl<T> Arrange<T> for [T] {
    fn arrange(&mut self)
    where
        T: Ord,
    {
        self.arrange_by(T::cmp);
    }

    fn arrange_by_key<K: Ord>(&mut self, mut key: impl FnMut(&T) -> K) {
        self.arrange_by(|one, other| key(one).cmp(&key(other)));
    }

    fn arrange_by(&mut self, mut compare: impl FnMut(&T, &T) -> Ordering) {
        if self.len() < 2 {
            return;
        }
        let mut sources = sources(self.len(), &mut |one, other| {
            match (self.get(one), self.get(other)) {
                (Some(one), Some(other)) => compare(one, other),
                // All places are within the slice.
                (_, _) => Ordering::Equal,
            }
        });
        follow(&mut sources, &mut |one, other| self.swap(one, other));
    }
}

/// For each place, the one from which its item is to come.
fn sources(len: usize, compare: &mut dyn FnMut(usize, usize) -> Ordering) -> Vec<usize> {
    let mut sources: Vec<usize> = (0..len).collect();
    sources.sort_by(|one, other| compare(*one, *other));
    sources
}

/// Moves each item to its place, along the rings in which they change places.
fn follow(sources: &mut [usize], swap: &mut dyn FnMut(usize, usize)) {
    for start in 0..sources.len() {
        let mut at = start;
        while let Some(source) = sources.get_mut(at) {
            let from = std::mem::replace(source, at);
            if from == start {
                break;
            }
            swap(at, from);
            at = from;
        }
    }
}

/// A set of the items. `collect` would sort them first, by code of its own.
pub fn set_of<T: Ord>(items: impl IntoIterator<Item = T>) -> BTreeSet<T> {
    let mut set = BTreeSet::new();
    items.into_iter().for_each(|item| {
        set.insert(item);
    });
    set
}

/// A map of the pairs; of those with one key the last. `collect` would sort them first, by code of its own.
pub fn map_of<K: Ord, V>(pairs: impl IntoIterator<Item = (K, V)>) -> BTreeMap<K, V> {
    let mut map = BTreeMap::new();
    pairs.into_iter().for_each(|(key, value)| {
        map.insert(key, value);
    });
    map
}

/// Items in a vector.
pub trait Gather: Iterator {
    /// All items that are left, as `collect` would give them.
    fn gather(self) -> Vec<Self::Item>;
}

impl<I: Iterator> Gather for I {
    fn gather(mut self) -> Vec<I::Item> {
        all_of(&mut self)
    }
}

/// An iterator behind a pointer. A `dyn Iterator` would bring code for a dozen methods.
trait Pull<T> {
    fn pull(&mut self) -> Option<T>;
}

impl<I: Iterator> Pull<I::Item> for I {
    fn pull(&mut self) -> Option<I::Item> {
        self.next()
    }
}

#[inline(never)]
fn all_of<T>(items: &mut dyn Pull<T>) -> Vec<T> {
    let mut all = Vec::new();
    while let Some(item) = items.pull() {
        all.push(item);
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A deterministic mess.
    fn mess(len: usize) -> Vec<(usize, usize)> {
        let mut state = 7_usize;
        (0..len)
            .map(|place| {
                state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_041);
                (state >> 33 & 15, place)
            })
            .collect()
    }

    #[test]
    fn it_sorts_as_the_standard_library_does() {
        for len in [0, 1, 2, 3, 17, 300] {
            let mut expected = mess(len);
            expected.sort_by_key(|(key, _)| *key);
            let mut arranged = mess(len);
            arranged.arrange_by_key(|(key, _)| *key);
            assert_eq!(arranged, expected);
            expected.sort_by(|one, other| other.cmp(one));
            arranged.arrange_by(|one, other| other.cmp(one));
            assert_eq!(arranged, expected);
            expected.sort();
            arranged.arrange();
            assert_eq!(arranged, expected);
        }
    }

    #[test]
    fn collections_hold_what_collect_would_give() {
        assert_eq!(set_of(mess(300)), mess(300).into_iter().collect());
        assert_eq!(map_of(mess(300)), mess(300).into_iter().collect());
    }
}
