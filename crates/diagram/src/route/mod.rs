//! Routes of relations: orthogonal, from row to row, around the nodes.
//!
//! 1. [`ports`]: the side of each end, and where on it.
//! 2. [`shape`]: the simplest line that runs through no node; [`search`]: a way around, where there is none.
//! 3. [`nudge`]: lines that would lie on each other get lanes of their own.

mod field;
mod memory;
mod nudge;
mod ports;
mod search;
mod shape;

use crate::ends::End;
use crate::geometry::{Point, Rect, Side};
pub use memory::Memory;

/// From more lines than this at one row on, those with the same end are drawn as one that branches.
pub const BUNDLE: usize = 5;

/// Where a relation meets a node.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Socket {
    /// The node's index.
    pub node: usize,
    /// The middle of the row, from the node's top: see [`crate::measure::row_port`].
    pub port: i32,
    /// What is drawn here.
    pub end: End,
}

/// A relation to be drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Link {
    /// Where it is declared.
    pub from: Socket,
    /// What it points at.
    pub to: Socket,
}

impl Link {
    /// Whether it ends at this node.
    pub const fn touches(&self, node: usize) -> bool {
        self.from.node == node || self.to.node == node
    }
}

/// How a relation runs.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Route {
    /// Its corners, ends included: strokes are level and upright in turn, the first and the last are level. Empty where a node is missing.
    pub points: Vec<Point>,
    /// The side of the first node that it leaves.
    pub from: Option<Side>,
    /// The side of the second node that it arrives at.
    pub to: Option<Side>,
}

/// The height of a label.
const LINE: i32 = 14;

impl Route {
    /// A point on the longest stroke, for the label of the line that is the `index`th (from 0) of `count` parallel ones: so that
    /// the labels of lines that run side by side do not lie over each other. `None` where labels of this width have no room.
    pub fn label_place(&self, index: i32, count: i32, width: i32) -> Option<Point> {
        let strokes = self
            .points
            .windows(2)
            .filter_map(|pair| if let [a, b] = pair { Some((*a, *b)) } else { None });
        let (a, b) = strokes.max_by_key(|(a, b)| (a.x - b.x).abs() + (a.y - b.y).abs())?;
        let (length, needed) =
            if a.y == b.y { ((a.x - b.x).abs(), width) } else { ((a.y - b.y).abs(), LINE) };
        if width > 0 && length < needed * (count + 1) {
            return None;
        }
        // From the left or from the top, whichever way the line was drawn.
        let (a, b) = if (a.x, a.y) <= (b.x, b.y) { (a, b) } else { (b, a) };
        let at = |from: i32, to: i32| from + (to - from) * (index + 1) / (count + 1).max(1);
        Some(Point::new(at(a.x, b.x), at(a.y, b.y)))
    }
}

/// Routes all links between nodes with these boxes.
pub fn route(boxes: &[Rect], links: &[Link]) -> Vec<Route> {
    route_again(&Memory::default(), boxes, links).0
}

/// Routes all links, looking for new ways only where something changed since `memory`; gives what to remember for the next time.
pub fn route_again(memory: &Memory, boxes: &[Rect], links: &[Link]) -> (Vec<Route>, Memory) {
    let field = field::Field::new(boxes);
    let usable = memory.usable(boxes);
    let mut next = Memory::of(boxes);
    let ends = ports::assign(boxes, links);
    let mut drawn: Vec<(Route, Option<usize>)> = Vec::with_capacity(links.len());
    for (link, ends) in links.iter().zip(ends) {
        let Some(ends) = ends else {
            drawn.push(Default::default());
            continue;
        };
        let route = usable.recall(&ends).unwrap_or_else(|| shape::shape(&field, link, &ends));
        next.keep(&ends, &route);
        drawn.push((route, ends.bundle));
    }
    (nudged(drawn, boxes), next)
}

/// Routes only the links with these indices, as when a node is dragged; the answer is in their order. The others still count
/// where lines share a row.
pub fn route_some(boxes: &[Rect], links: &[Link], some: &[usize]) -> Vec<Route> {
    let ends = ports::assign(boxes, links);
    let field = field::Field::new(boxes);
    let draw = |index: &usize| {
        let found = links.get(*index).zip(ends.get(*index).copied().flatten());
        found.map_or_else(Default::default, |(link, ends)| {
            (shape::shape(&field, link, &ends), ends.bundle)
        })
    };
    nudged(some.iter().map(draw).collect(), boxes)
}

fn nudged(mut drawn: Vec<(Route, Option<usize>)>, boxes: &[Rect]) -> Vec<Route> {
    nudge::nudge(&mut drawn, boxes, nudge::Axis::Upright);
    nudge::nudge(&mut drawn, boxes, nudge::Axis::Level);
    drawn.into_iter().map(|(route, _)| route).collect()
}

/// The links that have to be drawn anew when a node moves: its own, and those that share a row with them.
pub fn affected(links: &[Link], node: usize) -> Vec<usize> {
    let rows: Vec<(usize, i32)> = links
        .iter()
        .filter(|link| link.touches(node))
        .flat_map(|link| [link.from, link.to])
        .map(|end| (end.node, end.port))
        .collect();
    let shares =
        |link: &Link| [link.from, link.to].iter().any(|end| rows.contains(&(end.node, end.port)));
    let count = |end: &Socket| {
        links
            .iter()
            .filter(|link| {
                [link.from, link.to]
                    .iter()
                    .any(|other| (other.node, other.port) == (end.node, end.port))
            })
            .count()
    };
    let crowded = |link: &Link| count(&link.from).max(count(&link.to)) > BUNDLE;
    let is_affected = |link: &Link| link.touches(node) || (shares(link) && !crowded(link));
    links.iter().enumerate().filter(|(_, link)| is_affected(link)).map(|(index, _)| index).collect()
}
