//! Tables and views by name: few, and often shared as they are.

use std::sync::Arc;

use crate::text::fold;

/// Things by their folded names. Cloning is cheap and shares everything; a change copies the list, not the things.
pub(super) struct Named<T> {
    items: Arc<Vec<(Arc<str>, Arc<T>)>>,
}

// Neither needs the things themselves to be so.
impl<T> Clone for Named<T> {
    fn clone(&self) -> Self {
        Self { items: Arc::clone(&self.items) }
    }
}

impl<T> Default for Named<T> {
    fn default() -> Self {
        Self { items: Arc::default() }
    }
}

impl<T> Named<T> {
    fn place(&self, name: &str) -> Result<usize, usize> {
        self.items.binary_search_by(|(known, _)| (**known).cmp(name))
    }

    /// Most names are as they are kept, and folding costs more than looking.
    fn find(&self, name: &str) -> Option<usize> {
        self.place(name).or_else(|_| self.place(&fold(name))).ok()
    }

    pub(super) fn get(&self, name: &str) -> Option<&Arc<T>> {
        self.items.get(self.find(name)?).map(|(_, item)| item)
    }

    pub(super) fn get_mut(&mut self, name: &str) -> Option<&mut Arc<T>> {
        let at = self.find(name)?;
        Arc::make_mut(&mut self.items).get_mut(at).map(|(_, item)| item)
    }

    pub(super) fn insert(&mut self, name: &str, item: Arc<T>) {
        let name = fold(name);
        let place = self.place(&name);
        let items = Arc::make_mut(&mut self.items);
        match place {
            Ok(at) => {
                if let Some((_, known)) = items.get_mut(at) {
                    *known = item;
                }
            }
            Err(at) => items.insert(at, (Arc::from(name), item)),
        }
    }

    pub(super) fn remove(&mut self, name: &str) -> Option<Arc<T>> {
        let at = self.find(name)?;
        Some(Arc::make_mut(&mut self.items).remove(at).1)
    }

    /// By name.
    pub(super) fn values(&self) -> impl Iterator<Item = &Arc<T>> {
        self.items.iter().map(|(_, item)| item)
    }
}
