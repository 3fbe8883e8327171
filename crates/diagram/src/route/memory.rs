//! Lines as they were found before lanes were given, so that an edit looks for new ways only where it changed something.

use std::collections::{BTreeMap, BTreeSet};

use super::Route;
use super::ports::{Ends, Port};
use crate::geometry::{Point, Rect, Side};

/// A change this near to a line makes it look for its way again.
const REACH: i32 = 48;

type Corner = (i32, i32, i32, i32);
type End = (Point, Side, bool);

/// What is remembered of one drawing for the next one.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Memory {
    boxes: BTreeSet<Corner>,
    shapes: BTreeMap<(End, End), Route>,
}

/// A memory, and where it no longer holds.
pub(super) struct Usable<'a> {
    memory: &'a Memory,
    changed: Vec<Rect>,
}

impl Memory {
    pub(super) fn of(boxes: &[Rect]) -> Self {
        Self { boxes: boxes.iter().map(corners).collect(), shapes: BTreeMap::new() }
    }

    pub(super) fn keep(&mut self, ends: &Ends, route: &Route) {
        self.shapes.insert((end(&ends.from), end(&ends.to)), route.clone());
    }

    /// The memory for a drawing with these boxes.
    pub(super) fn usable(&self, boxes: &[Rect]) -> Usable<'_> {
        let now: BTreeSet<Corner> = boxes.iter().map(corners).collect();
        let changed = self.boxes.symmetric_difference(&now);
        let changed = changed.map(|(x, y, width, height)| Rect::new(*x, *y, *width, *height));
        Usable { memory: self, changed: changed.collect() }
    }
}

impl Usable<'_> {
    /// The line between these ends, if nothing near it has changed.
    pub(super) fn recall(&self, ends: &Ends) -> Option<Route> {
        let route = self.memory.shapes.get(&(end(&ends.from), end(&ends.to)))?;
        let around =
            Rect::around(route.points.iter().map(|point| Rect::new(point.x, point.y, 1, 1)))?;
        let around = around.inflate(REACH);
        let holds = self.changed.iter().all(|rect| !rect.overlaps(around));
        holds.then(|| route.clone())
    }
}

const fn corners(rect: &Rect) -> Corner {
    (rect.x, rect.y, rect.width, rect.height)
}

const fn end(port: &Port) -> End {
    (port.at, port.side, port.shared)
}
