//! Ordered indexes.

use gluesql_core::data::{Key, Value};
use im::OrdSet;

use crate::types;

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
    pub(crate) fn of<'a>(values: impl ExactSizeIterator<Item = &'a Value>) -> Option<Self> {
        let single = values.len() == 1;
        let mut keys = Vec::with_capacity(values.len());
        for value in values {
            match types::key(value) {
                Key::None => return None,
                key => keys.push(key),
            }
        }
        if single { keys.pop().map(IndexKey::One) } else { Some(IndexKey::Many(keys)) }
    }
}

/// Rows by the values of some of their columns. Rows with a NULL there are left out.
#[derive(Clone, Debug)]
pub(crate) struct Index {
    pub(crate) columns: Vec<usize>,
    /// Which uniqueness it keeps, if one.
    pub(crate) unique: Option<usize>,
    entries: OrdSet<(IndexKey, i64)>,
}

impl Index {
    pub(crate) fn new(columns: Vec<usize>, unique: Option<usize>) -> Self {
        Self { columns, unique, entries: OrdSet::new() }
    }

    pub(crate) fn key(&self, row: &[Value]) -> Option<IndexKey> {
        if let [column] = self.columns.as_slice() {
            let key = types::key(row.get(*column)?);
            return (key != Key::None).then_some(IndexKey::One(key));
        }
        IndexKey::of(
            self.columns
                .iter()
                .map(|column| row.get(*column).unwrap_or(&Value::Null))
                .collect::<Vec<_>>()
                .into_iter(),
        )
    }

    pub(crate) fn add(&mut self, row: &[Value], id: i64) {
        if let Some(key) = self.key(row) {
            self.entries.insert((key, id));
        }
    }

    pub(crate) fn remove(&mut self, row: &[Value], id: i64) {
        if let Some(key) = self.key(row) {
            self.entries.remove(&(key, id));
        }
    }

    /// All its rows, in the order of their values.
    pub(crate) fn ids(&self) -> impl DoubleEndedIterator<Item = i64> {
        self.entries.iter().map(|(_, id)| *id)
    }

    /// The rows with these values, in the order of their numbers.
    pub(crate) fn find(&self, key: &IndexKey) -> Vec<i64> {
        self.entries
            .range((key.clone(), i64::MIN)..=(key.clone(), i64::MAX))
            .map(|(_, id)| *id)
            .collect()
    }

    /// The rows with this value in the only column, in the order of their numbers. None has NULL.
    pub(crate) fn with_value(&self, value: &Value) -> impl Iterator<Item = i64> {
        let key = Some(types::key(value)).filter(|key| *key != Key::None).map(IndexKey::One);
        let range = key.map(|key| self.entries.range((key.clone(), i64::MIN)..=(key, i64::MAX)));
        range.into_iter().flatten().map(|(_, id)| *id)
    }

    /// About how many rows have one value, from a look at the first ones.
    pub(crate) fn rows_per_value(&self) -> usize {
        let mut values = 0;
        let mut last: Option<&IndexKey> = None;
        let mut looked = 0;
        for (key, _) in self.entries.iter().take(256) {
            looked += 1;
            if last != Some(key) {
                (values, last) = (values + 1, Some(key));
            }
        }
        looked / values.max(1)
    }

    pub(crate) fn first(&self, key: &IndexKey) -> Option<i64> {
        self.entries
            .range((key.clone(), i64::MIN)..=(key.clone(), i64::MAX))
            .next()
            .map(|(_, id)| *id)
    }
}
