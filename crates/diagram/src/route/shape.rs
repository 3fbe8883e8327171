//! The simplest line between two ports that runs through no node.

use super::field::Field;
use super::ports::{Ends, Port};
use super::{Link, Route, search};
use crate::geometry::{Point, Side};
use crate::measure::STUB;

/// How far a line keeps from nodes that it passes.
pub(super) const CLEARANCE: i32 = 6;

/// Draws one link, its lanes not yet kept apart.
pub(super) fn shape(field: &Field<'_>, link: &Link, ends: &Ends) -> Route {
    let (from, to) = (ends.from, ends.to);
    let simple = lanes(&from, &to);
    let clear = simple
        .iter()
        .map(|lane| with_lane(&from, &to, *lane))
        .find(|points| is_clear(field, link, points));
    let around = || {
        search::search(field, stub(&from), from.side, stub(&to), to.side)
            .map(|middle| through(&from, &to, middle))
    };
    let anyhow = || simple.first().map(|lane| with_lane(&from, &to, *lane));
    let points = clear.or_else(around).or_else(anyhow).unwrap_or_default();
    Route { points: simplified(points), from: Some(from.side), to: Some(to.side) }
}

/// The end of the straight piece at a node.
fn stub(port: &Port) -> Point {
    port.at.offset(port.side.outward() * STUB, 0)
}

/// Where an upright stroke may run, the best first.
fn lanes(from: &Port, to: &Port) -> Vec<i32> {
    let beside = |port: &Port| port.at.x + port.side.outward() * 2 * STUB;
    match (from.side, to.side) {
        (Side::Right, Side::Right) => vec![beside(from).max(beside(to))],
        (Side::Left, Side::Left) => vec![beside(from).min(beside(to))],
        (Side::Left, Side::Right) | (Side::Right, Side::Left) => {
            let middle = (from.at.x + to.at.x) / 2;
            let inside = |x: i32| {
                x.clamp(
                    from.at.x.min(to.at.x) + STUB,
                    (from.at.x.max(to.at.x) - STUB).max(from.at.x.min(to.at.x) + STUB),
                )
            };
            match (from.shared, to.shared) {
                // The branches of a bundle leave one trunk, next to their common end.
                (_, true) => vec![inside(beside(to)), inside(beside(from)), middle],
                (true, false) => vec![inside(beside(from)), inside(beside(to)), middle],
                (false, false) => vec![middle, inside(beside(from)), inside(beside(to))],
            }
        }
    }
}

fn with_lane(from: &Port, to: &Port, x: i32) -> Vec<Point> {
    if from.at.y == to.at.y && from.side != to.side {
        return vec![from.at, to.at];
    }
    vec![from.at, Point::new(x, from.at.y), Point::new(x, to.at.y), to.at]
}

/// Whether no stroke runs through a node; the first and last one start at a border.
fn is_clear(field: &Field<'_>, link: &Link, points: &[Point]) -> bool {
    let last = points.len().saturating_sub(2);
    points.windows(2).enumerate().all(|(stroke, pair)| {
        let [a, b] = pair else { return true };
        let own = match stroke {
            _ if last == 0 => return is_clear_straight(field, link, *a, *b),
            0 => Some(link.from.node),
            _ if stroke == last => Some(link.to.node),
            _ => None,
        };
        !field.is_blocked(*a, *b, CLEARANCE, own)
    })
}

/// A straight line touches both of its nodes: only the part between them is looked at.
fn is_clear_straight(field: &Field<'_>, link: &Link, a: Point, b: Point) -> bool {
    let step = (b.x - a.x).signum() * (CLEARANCE + 1);
    !field.is_blocked(a, b.offset(-step, 0), CLEARANCE, Some(link.from.node))
        && !field.is_blocked(a.offset(step, 0), b, CLEARANCE, Some(link.to.node))
}

fn through(from: &Port, to: &Port, middle: Vec<Point>) -> Vec<Point> {
    std::iter::once(from.at).chain(middle).chain(std::iter::once(to.at)).collect()
}

/// Without points that lie on a straight stroke.
fn simplified(points: Vec<Point>) -> Vec<Point> {
    let mut kept: Vec<Point> = Vec::with_capacity(points.len());
    for point in points {
        if kept.last() == Some(&point) {
            continue;
        }
        if let [.., a, b] = kept.as_slice()
            && ((a.x == b.x && b.x == point.x) || (a.y == b.y && b.y == point.y))
        {
            kept.pop();
        }
        kept.push(point);
    }
    kept
}
