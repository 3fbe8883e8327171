//! The rows that the grid has seen. The others stay in the worker. Pure.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::sync::Arc;

use throughline_worker::protocol::{Chunk, List, Row};

const CHUNK: u32 = Chunk::ROWS;

/// Pieces that are kept; far ones go first.
const KEPT: usize = 40;

/// Pieces of one list of rows.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Pages {
    list: Option<List>,
    chunks: BTreeMap<u32, Arc<Vec<Row>>>,
    asked: BTreeSet<u32>,
    gone: Option<String>,
}

impl Pages {
    /// The row at this index, once it is there.
    pub fn row(&self, list: &List, at: u32) -> Option<&Row> {
        if self.list.as_ref() != Some(list) {
            return None;
        }
        self.chunks.get(&(at / CHUNK))?.get((at % CHUNK) as usize)
    }

    /// Why the rows cannot be had any more.
    pub fn gone(&self) -> Option<&str> {
        self.gone.as_deref()
    }

    /// A list's first rows came unasked.
    pub(super) fn begin(&mut self, list: List, rows: Vec<Row>) {
        *self = Self { list: Some(list), ..Self::default() };
        self.chunks.insert(0, Arc::new(rows));
    }

    /// Notes that these rows are wanted; gives the first rows of the pieces that must be asked for.
    pub(super) fn want(&mut self, list: &List, rows: Range<u32>) -> Vec<u32> {
        if self.list.as_ref() != Some(list) {
            *self = Self { list: Some(list.clone()), ..Self::default() };
        }
        let wanted = rows.start / CHUNK..rows.end.div_ceil(CHUNK);
        let missing: Vec<u32> = wanted
            .filter(|chunk| !self.chunks.contains_key(chunk) && self.asked.insert(*chunk))
            .collect();
        missing.into_iter().map(|chunk| chunk * CHUNK).collect()
    }

    /// Rows have come.
    pub(super) fn put(&mut self, list: &List, from: u32, rows: Vec<Row>) {
        if self.list.as_ref() != Some(list) {
            return;
        }
        let chunk = from / CHUNK;
        self.asked.remove(&chunk);
        self.chunks.insert(chunk, Arc::new(rows));
        while self.chunks.len() > KEPT {
            let far = |end: Option<&u32>| end.map_or(0, |other| other.abs_diff(chunk));
            let first = far(self.chunks.keys().next()) > far(self.chunks.keys().next_back());
            let _ = if first { self.chunks.pop_first() } else { self.chunks.pop_last() };
        }
    }

    /// Rows will not come, as the worker no longer has them.
    pub(super) fn lose(&mut self, list: &List, why: String) {
        if self.list.as_ref() == Some(list) {
            self.asked.clear();
            self.gone = Some(why);
        }
    }
}

#[cfg(test)]
mod tests {
    use throughline_worker::protocol::{Mark, Part};

    use super::*;

    fn list(run: u32) -> List {
        List { run, part: Part::Step(0) }
    }

    fn rows(count: usize) -> Vec<Row> {
        vec![Row { mark: Mark::Plain, cells: Vec::new() }; count]
    }

    #[test]
    fn each_piece_is_asked_for_once() {
        let mut pages = Pages::default();
        assert_eq!(pages.want(&list(1), CHUNK - 1..CHUNK + 1), [0, CHUNK]);
        assert!(pages.want(&list(1), 0..CHUNK).is_empty());
        pages.put(&list(1), 0, rows(CHUNK as usize));
        assert!(pages.row(&list(1), CHUNK - 1).is_some() && pages.row(&list(1), CHUNK).is_none());
        assert_eq!(pages.want(&list(2), 0..1), [0]);
        assert!(pages.row(&list(1), 0).is_none());
    }

    #[test]
    fn what_came_unasked_is_not_asked_for() {
        let mut pages = Pages::default();
        pages.begin(list(1), rows(CHUNK as usize));
        assert_eq!(pages.want(&list(1), 0..CHUNK + 1), [CHUNK]);
        assert!(pages.row(&list(1), 0).is_some());
        pages.begin(list(2), rows(1));
        assert!(pages.row(&list(1), 0).is_none() && pages.want(&list(2), 0..1).is_empty());
    }

    #[test]
    fn far_pieces_go() {
        let mut pages = Pages::default();
        pages.want(&list(1), 0..1);
        for chunk in 0..100 {
            pages.put(&list(1), chunk * CHUNK, rows(1));
        }
        assert!(pages.row(&list(1), 0).is_none() && pages.row(&list(1), 99 * CHUNK).is_some());
        assert_eq!(pages.chunks.len(), KEPT);
    }
}
