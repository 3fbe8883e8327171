//! A vector whose rows are always there: reading past the end gives the default, writing past it does nothing.
//! Graph algorithms are all indices; this keeps them short without a way to panic.

#[derive(Clone, Debug)]
pub(crate) struct Table<T>(Vec<T>);

impl<T: Clone + Default> Table<T> {
    pub(crate) fn new(rows: usize) -> Self {
        Self(vec![T::default(); rows])
    }

    pub(crate) fn set(&mut self, row: usize, value: T) {
        if let Some(slot) = self.0.get_mut(row) {
            *slot = value;
        }
    }

    pub(crate) fn push(&mut self, value: T) -> usize {
        self.0.push(value);
        self.0.len() - 1
    }

    pub(crate) fn len(&self) -> usize {
        self.0.len()
    }

    pub(crate) fn into_vec(self) -> Vec<T> {
        self.0
    }
}

impl<T: Copy + Default> Table<T> {
    pub(crate) fn at(&self, row: usize) -> T {
        self.0.get(row).copied().unwrap_or_default()
    }
}

impl<T> Table<Vec<T>> {
    /// Adds to a row's list.
    pub(crate) fn add(&mut self, row: usize, value: T) {
        if let Some(list) = self.0.get_mut(row) {
            list.push(value);
        }
    }

    /// A row's list.
    pub(crate) fn list(&self, row: usize) -> &[T] {
        self.0.get(row).map_or(&[], Vec::as_slice)
    }
}

impl<T> From<Vec<T>> for Table<T> {
    fn from(rows: Vec<T>) -> Self {
        Self(rows)
    }
}
