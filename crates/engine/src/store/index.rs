//! Ordered indexes.

use gluesql_core::data::{Key, Value};
use imbl::OrdSet;
use imbl::ordset::RangedIter;
use imbl::shared_ptr::DefaultSharedPtr;

use super::table::integer;
use crate::types::{self, Type};

/// The indexed values of a row.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum IndexKey {
    /// Of one column.
    One(Key),
    /// Of several.
    Many(Vec<Key>),
}

impl IndexKey {
    /// None where a value is NULL: NULL equals nothing.
    fn of<'a>(values: impl Iterator<Item = &'a Value>) -> Option<Self> {
        let mut keys = Vec::new();
        for value in values {
            match types::key(value) {
                Key::None => return None,
                key => keys.push(key),
            }
        }
        if keys.len() == 1 { keys.pop().map(IndexKey::One) } else { Some(IndexKey::Many(keys)) }
    }
}

/// Rows by the values of some of their columns. Rows with a NULL there are left out.
#[derive(Clone, Debug)]
pub(crate) struct Index {
    pub(crate) columns: Vec<usize>,
    /// Which uniqueness it keeps, if one.
    pub(crate) unique: Option<usize>,
    entries: Entries,
}

/// Values with the numbers of their rows.
#[derive(Clone, Debug)]
enum Entries {
    /// Of one column of whole numbers, as nearly all references are: a third of the size, and quicker to compare.
    Whole(OrdSet<(i64, i64)>),
    Any(OrdSet<(IndexKey, i64)>),
}

/// Numbers of rows with one key, in order.
pub(crate) enum Found<'a> {
    None,
    Whole(RangedIter<'a, (i64, i64), DefaultSharedPtr>),
    Any(RangedIter<'a, (IndexKey, i64), DefaultSharedPtr>),
}

impl Iterator for Found<'_> {
    type Item = i64;

    fn next(&mut self) -> Option<i64> {
        match self {
            Found::None => None,
            Found::Whole(entries) => entries.next().map(|(_, id)| *id),
            Found::Any(entries) => entries.next().map(|(_, id)| *id),
        }
    }
}

impl Index {
    /// `types`: those of the columns.
    pub(crate) fn new(columns: Vec<usize>, types: &[Type], unique: Option<usize>) -> Self {
        let entries = match types {
            [Type::Int] => Entries::Whole(OrdSet::new()),
            _ => Entries::Any(OrdSet::new()),
        };
        Self { columns, unique, entries }
    }

    fn values<'r>(&self, row: &'r [Value]) -> impl Iterator<Item = &'r Value> {
        self.columns.iter().map(|column| row.get(*column).unwrap_or(&Value::Null))
    }

    pub(crate) fn add(&mut self, row: &[Value], id: i64) {
        let key = match &self.entries {
            Entries::Whole(_) => None,
            Entries::Any(_) => IndexKey::of(self.values(row)),
        };
        let whole = integer(self.values(row).next());
        match (&mut self.entries, whole, key) {
            (Entries::Whole(entries), Some(number), _) => {
                entries.insert((number, id));
            }
            (Entries::Any(entries), _, Some(key)) => {
                entries.insert((key, id));
            }
            (Entries::Whole(_), None, _) | (Entries::Any(_), _, None) => {}
        }
    }

    pub(crate) fn remove(&mut self, row: &[Value], id: i64) {
        let key = match &self.entries {
            Entries::Whole(_) => None,
            Entries::Any(_) => IndexKey::of(self.values(row)),
        };
        let whole = integer(self.values(row).next());
        match (&mut self.entries, whole, key) {
            (Entries::Whole(entries), Some(number), _) => {
                entries.remove(&(number, id));
            }
            (Entries::Any(entries), _, Some(key)) => {
                entries.remove(&(key, id));
            }
            (Entries::Whole(_), None, _) | (Entries::Any(_), _, None) => {}
        }
    }

    /// All its rows, in the order of their values.
    pub(crate) fn ids(&self) -> Box<dyn DoubleEndedIterator<Item = i64> + '_> {
        match &self.entries {
            Entries::Whole(entries) => Box::new(entries.iter().map(|(_, id)| *id)),
            Entries::Any(entries) => Box::new(entries.iter().map(|(_, id)| *id)),
        }
    }

    /// The rows with these values in its columns, in the order of their numbers. None has NULL.
    pub(crate) fn find<'v>(&self, mut values: impl Iterator<Item = &'v Value>) -> Found<'_> {
        match &self.entries {
            Entries::Whole(entries) => match integer(values.next()) {
                Some(key) => Found::Whole(entries.range((key, i64::MIN)..=(key, i64::MAX))),
                None => Found::None,
            },
            Entries::Any(entries) => match IndexKey::of(values) {
                Some(key) => Found::Any(entries.range((key.clone(), i64::MIN)..=(key, i64::MAX))),
                None => Found::None,
            },
        }
    }

    /// The rows that have in its columns what a row has.
    pub(crate) fn like(&self, row: &[Value]) -> Found<'_> {
        self.find(self.values(row))
    }

    /// How many rows it holds.
    pub(crate) fn len(&self) -> usize {
        match &self.entries {
            Entries::Whole(entries) => entries.len(),
            Entries::Any(entries) => entries.len(),
        }
    }

    /// The values of its only column, where those are whole numbers, in order. Each comes as often as there are rows with it.
    pub(crate) fn numbers(&self) -> Option<impl Iterator<Item = i64>> {
        match &self.entries {
            Entries::Whole(entries) => Some(entries.iter().map(|(number, _)| *number)),
            Entries::Any(_) => None,
        }
    }

    /// About how many rows have one value, from a look at the first ones.
    pub(crate) fn rows_per_value(&self) -> usize {
        fn each<'k, K: PartialEq + 'k>(keys: impl Iterator<Item = &'k K>) -> usize {
            let (mut looked, mut values, mut last) = (0, 0_usize, None);
            for key in keys.take(256) {
                looked += 1;
                if last != Some(key) {
                    (values, last) = (values + 1, Some(key));
                }
            }
            looked / values.max(1)
        }
        match &self.entries {
            Entries::Whole(entries) => each(entries.iter().map(|(key, _)| key)),
            Entries::Any(entries) => each(entries.iter().map(|(key, _)| key)),
        }
    }
}
