//! A dictionary that keeps the order in which its names came, as Python's does.
//!
//! Nearly all that are needed (fields of a model, attributes of a class) are short: those are searched from the front, which costs
//! less than keeping an index. A model that a thousand others point at gets one.

use std::borrow::Cow;

use rustc_hash::FxHashMap;

/// The most that is searched without an index.
const SHORT: usize = 16;

/// Things by name, in order.
#[derive(Clone, Debug)]
pub(in crate::orm) struct Named<'a, T> {
    items: Vec<(Cow<'a, str>, T)>,
    /// Where in `items` a name is; empty while that is short.
    places: FxHashMap<Cow<'a, str>, usize>,
}

impl<T> Default for Named<'_, T> {
    fn default() -> Self {
        Self { items: Vec::new(), places: FxHashMap::default() }
    }
}

impl<'a, T: Copy> Named<'a, T> {
    /// An empty one with room.
    pub(in crate::orm) fn with_capacity(room: usize) -> Self {
        Self { items: Vec::with_capacity(room), places: FxHashMap::default() }
    }

    /// Makes room for so many more.
    pub(in crate::orm) fn reserve(&mut self, more: usize) {
        self.items.reserve_exact(more);
    }

    /// What has this name.
    pub(in crate::orm) fn get(&self, name: &str) -> Option<T> {
        self.items.get(self.place(name)?).map(|(_, item)| *item)
    }

    /// Whether something has this name.
    pub(in crate::orm) fn contains(&self, name: &str) -> bool {
        self.place(name).is_some()
    }

    /// Sets what has this name. A name that is there keeps its place.
    pub(in crate::orm) fn set(&mut self, name: Cow<'a, str>, item: T) {
        match self.place(&name).and_then(|at| self.items.get_mut(at)) {
            Some(known) => known.1 = item,
            None => {
                if !self.places.is_empty() {
                    self.places.insert(name.clone(), self.items.len());
                }
                self.items.push((name, item));
                if self.places.is_empty() && self.items.len() > SHORT {
                    self.index();
                }
            }
        }
    }

    /// Takes a name out; gives what had it.
    pub(in crate::orm) fn remove(&mut self, name: &str) -> Option<T> {
        let (_, item) = self.items.remove(self.place(name)?);
        if !self.places.is_empty() {
            self.index();
        }
        Some(item)
    }

    /// Sets all that another has.
    pub(in crate::orm) fn update(&mut self, other: &Self) {
        for (name, item) in &other.items {
            self.set(name.clone(), *item);
        }
    }

    /// All of them in order.
    pub(in crate::orm) fn iter(&self) -> impl Iterator<Item = (&Cow<'a, str>, T)> {
        self.items.iter().map(|(name, item)| (name, *item))
    }

    /// The names in order.
    pub(in crate::orm) fn names(&self) -> impl Iterator<Item = &Cow<'a, str>> {
        self.items.iter().map(|(name, _)| name)
    }

    /// Whether there are none.
    pub(in crate::orm) fn is_empty(&self) -> bool {
        self.items.is_empty()
    }

    fn place(&self, name: &str) -> Option<usize> {
        if self.places.is_empty() {
            self.items.iter().position(|(known, _)| known == name)
        } else {
            self.places.get(name).copied()
        }
    }

    fn index(&mut self) {
        let names = self.items.iter().enumerate();
        self.places = names.map(|(at, (name, _))| (name.clone(), at)).collect();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Short and long ones, as nobody sees which it is.
    #[test]
    fn names_keep_their_places() {
        for many in [3, SHORT, SHORT + 1, 3 * SHORT] {
            let name = |at: usize| Cow::Owned(format!("name {at}"));
            let mut named = Named::default();
            for at in 0..many {
                named.set(name(at), at);
            }
            named.set(name(1), 100);
            assert_eq!(named.get("name 1"), Some(100));
            assert_eq!(named.names().nth(1).map(|name| &**name), Some("name 1"));
            assert_eq!(named.remove("name 0"), Some(0));
            assert_eq!(named.remove("name 0"), None);
            assert!(!named.contains("name 0"));
            assert_eq!(named.get(&name(many - 1)), Some(many - 1));
            assert_eq!(named.iter().count(), many - 1);
            let mut other = Named::with_capacity(1);
            other.set(name(many), many);
            named.update(&other);
            assert_eq!(named.iter().last(), Some((&name(many), many)));
        }
    }
}
