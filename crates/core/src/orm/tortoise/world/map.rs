//! A dictionary that keeps its order, as Python's does.

use rustc_hash::FxHashMap;

use super::{Id, Text};

/// Fields by name, in order of insertion.
#[derive(Clone, Debug, Default)]
pub(in crate::orm::tortoise) struct FieldsMap<'a> {
    entries: Vec<(Text<'a>, Id)>,
    places: FxHashMap<Text<'a>, usize>,
}

impl<'a> FieldsMap<'a> {
    /// The field of this name.
    pub(in crate::orm::tortoise) fn get(&self, name: &str) -> Option<Id> {
        let at = *self.places.get(name)?;
        self.entries.get(at).map(|(_, id)| *id)
    }

    /// Whether there is one.
    pub(in crate::orm::tortoise) fn contains(&self, name: &str) -> bool {
        self.places.contains_key(name)
    }

    /// Sets a name; one that is there keeps its place.
    pub(super) fn set(&mut self, name: Text<'a>, id: Id) {
        if let Some(at) = self.places.get(&name) {
            if let Some(entry) = self.entries.get_mut(*at) {
                entry.1 = id;
            }
            return;
        }
        self.places.insert(name.clone(), self.entries.len());
        self.entries.push((name, id));
    }

    /// All of them.
    pub(in crate::orm::tortoise) fn iter(&self) -> impl Iterator<Item = (&Text<'a>, Id)> {
        self.entries.iter().map(|(name, id)| (name, *id))
    }

    /// Whether there are none.
    pub(super) fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }
}
