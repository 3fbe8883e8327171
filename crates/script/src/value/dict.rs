//! Dictionaries and sets.

use indexmap::IndexMap;
use rustc_hash::FxBuildHasher;

use super::{Key, Value};

/// A dictionary, in the order in which its keys came.
#[derive(Clone, Default)]
pub struct Dict {
    entries: IndexMap<Key, (Value, Value), FxBuildHasher>,
}

impl Dict {
    /// The value of a key.
    pub fn get(&self, key: &Key) -> Option<&Value> {
        self.entries.get(key).map(|(_, value)| value)
    }

    /// The value of a key that is a string.
    pub fn named(&self, name: &str) -> Option<&Value> {
        self.get(&Key::Str(name.into()))
    }

    /// Binds a key. One that is there keeps its place and its own form.
    pub fn insert(&mut self, key: Key, written: Value, value: Value) {
        match self.entries.get_mut(&key) {
            Some(entry) => entry.1 = value,
            None => {
                self.entries.insert(key, (written, value));
            }
        }
    }

    /// Binds a key that is a string.
    pub fn set(&mut self, name: &str, value: Value) {
        self.insert(Key::Str(name.into()), Value::str(name), value);
    }

    /// Takes a key out.
    pub fn remove(&mut self, key: &Key) -> Option<Value> {
        self.entries.shift_remove(key).map(|(_, value)| value)
    }

    /// Takes the last key out.
    pub fn pop_last(&mut self) -> Option<(Value, Value)> {
        self.entries.pop().map(|(_, entry)| entry)
    }

    /// How many keys there are.
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// Keys with their values.
    pub fn items(&self) -> impl DoubleEndedIterator<Item = (&Value, &Value)> {
        self.entries.values().map(|(key, value)| (key, value))
    }

    /// The same, with what the keys are compared by.
    pub fn entries(&self) -> impl Iterator<Item = (&Key, &Value, &Value)> {
        self.entries.iter().map(|(key, (written, value))| (key, written, value))
    }

    /// The entry at a place.
    pub fn at(&self, place: usize) -> Option<(&Value, &Value)> {
        self.entries.get_index(place).map(|(_, (key, value))| (key, value))
    }
}

/// A set. Its order is that in which its items came; Python promises none.
#[derive(Clone, Default)]
pub struct Set {
    items: IndexMap<Key, Value, FxBuildHasher>,
    /// Whether it is a `frozenset`.
    pub frozen: bool,
}

impl Set {
    /// Adds an item.
    pub fn insert(&mut self, key: Key, value: Value) {
        self.items.entry(key).or_insert(value);
    }

    /// Takes an item out; whether it was there.
    pub fn remove(&mut self, key: &Key) -> bool {
        self.items.shift_remove(key).is_some()
    }

    /// Takes some item out.
    pub fn pop(&mut self) -> Option<Value> {
        self.items.pop().map(|(_, value)| value)
    }

    /// Whether an item is there.
    pub fn contains(&self, key: &Key) -> bool {
        self.items.contains_key(key)
    }

    /// How many items there are.
    pub fn len(&self) -> usize {
        self.items.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.items.is_empty()
    }

    /// The items.
    pub fn items(&self) -> impl Iterator<Item = &Value> {
        self.items.values()
    }

    /// The items with what they are compared by.
    pub fn entries(&self) -> impl Iterator<Item = (&Key, &Value)> {
        self.items.iter()
    }
}
