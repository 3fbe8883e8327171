//! A dictionary that keeps the order in which its keys came, as Python's does.

use rustc_hash::FxHashMap;

use super::Text;

/// Fields by name, in order.
#[derive(Clone, Debug, Default)]
pub(in crate::orm::ormar) struct Fields<'a> {
    items: Vec<(Text<'a>, usize)>,
    places: FxHashMap<Text<'a>, usize>,
}

impl<'a> Fields<'a> {
    /// The field of this name.
    pub(in crate::orm::ormar) fn get(&self, name: &str) -> Option<usize> {
        self.places.get(name).and_then(|at| self.items.get(*at)).map(|(_, field)| *field)
    }

    /// Sets a field. One that is there keeps its place.
    pub(super) fn set(&mut self, name: Text<'a>, field: usize) {
        match self.places.get(&name).and_then(|at| self.items.get_mut(*at)) {
            Some(item) => item.1 = field,
            None => {
                self.places.insert(name.clone(), self.items.len());
                self.items.push((name, field));
            }
        }
    }

    /// Sets all fields of another.
    pub(super) fn update(&mut self, other: &Self) {
        for (name, field) in &other.items {
            self.set(name.clone(), *field);
        }
    }

    /// All of them in order.
    pub(in crate::orm::ormar) fn iter(&self) -> impl Iterator<Item = (&Text<'a>, usize)> {
        self.items.iter().map(|(name, field)| (name, *field))
    }

    /// Whether there are none.
    pub(super) fn is_empty(&self) -> bool {
        self.items.is_empty()
    }
}
