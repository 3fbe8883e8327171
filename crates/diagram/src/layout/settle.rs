//! Nodes that the user placed stay where they are; the others stand around them as in the free layout, moved out of the way.

use super::{Edge, Node};
use crate::geometry::{Point, Rect};
use crate::measure::{COLUMN_GAP, NODE_GAP};
use throughline_order::Arrange as _;

/// Half of the least distance between nodes here.
const CLEARANCE: i32 = NODE_GAP / 2;

/// Places the nodes that are not fixed.
pub(super) fn settle(nodes: &[Node], edges: &[Edge], free: &[Point]) -> Vec<Point> {
    let mut taken: Vec<(usize, Rect)> = Vec::new();
    for (index, node) in nodes.iter().enumerate() {
        if let Some(place) = node.fixed {
            taken.push((index, Rect::new(place.x, place.y, node.width, node.height)));
        }
    }
    let moved = |index: usize| Some(difference(nodes.get(index)?.fixed?, *free.get(index)?));
    let everywhere = middle((0..nodes.len()).filter_map(moved).collect()).unwrap_or_default();
    let mut places = Vec::with_capacity(nodes.len());
    for (index, (node, place)) in nodes.iter().zip(free).enumerate() {
        if let Some(fixed) = node.fixed {
            places.push(fixed);
            continue;
        }
        let near = edges.iter().filter_map(|edge| match index {
            _ if edge.left == index => moved(edge.right),
            _ if edge.right == index => moved(edge.left),
            _ => None,
        });
        let shift = middle(near.collect()).unwrap_or(everywhere);
        let wish = Rect::new(place.x + shift.x, place.y + shift.y, node.width, node.height);
        let found = free_room(wish, &taken);
        taken.push((index, found));
        places.push(found.origin());
    }
    places
}

const fn difference(a: Point, b: Point) -> Point {
    Point::new(a.x - b.x, a.y - b.y)
}

/// The median, by each coordinate.
fn middle(shifts: Vec<Point>) -> Option<Point> {
    let (mut xs, mut ys): (Vec<i32>, Vec<i32>) =
        shifts.into_iter().map(|shift| (shift.x, shift.y)).unzip();
    xs.arrange();
    ys.arrange();
    Some(Point::new(*xs.get(xs.len() / 2)?, *ys.get(ys.len() / 2)?))
}

/// The nearest place in this column or one of its neighbours that overlaps nothing.
fn free_room(wish: Rect, taken: &[(usize, Rect)]) -> Rect {
    let is_free = |rect: Rect| {
        taken.iter().all(|(_, other)| !other.inflate(CLEARANCE).overlaps(rect.inflate(CLEARANCE)))
    };
    if is_free(wish) {
        return wish;
    }
    let pitch = wish.width + COLUMN_GAP;
    let below = taken.iter().map(|(_, rect)| rect.bottom() + NODE_GAP);
    let above = taken.iter().map(|(_, rect)| rect.y - NODE_GAP - wish.height);
    let ys: Vec<i32> = std::iter::once(wish.y).chain(below).chain(above).collect();
    let mut candidates: Vec<(i64, Rect)> = Vec::with_capacity(ys.len() * 5);
    for column in [0, 1, -1, 2, -2] {
        candidates.extend(ys.iter().map(|y| {
            let rect = Rect { x: wish.x + column * pitch, y: *y, ..wish };
            let away = i64::from((rect.x - wish.x).abs()) + i64::from((rect.y - wish.y).abs());
            (away, rect)
        }));
    }
    candidates.arrange_by_key(|(away, _)| *away);
    // Below everything there is always room: one of the candidates is the place under the lowest node.
    candidates.into_iter().map(|(_, rect)| rect).find(|rect| is_free(*rect)).unwrap_or(wish)
}
