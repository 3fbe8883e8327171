//! Lines that would lie on each other get lanes of their own, ordered so that they cross little.

use std::collections::BTreeMap;
use throughline_order::Arrange as _;

use super::Route;
use super::field::Field;
use super::shape::CLEARANCE;
use crate::geometry::{Point, Rect};
use crate::measure::{COLUMN_GAP, LANE_STEP, STUB};

/// The room of two rounded corners.
const CORNERS: i32 = 16;

/// Which strokes are moved.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Axis {
    /// Upright ones, to the left and right.
    Upright,
    /// Level ones that do not touch a node, up and down.
    Level,
}

/// Strokes that move together: one, or those of a bundle at the same place.
#[derive(Debug, Default)]
struct Stroke {
    /// (route, number of its first point)
    members: Vec<(usize, usize)>,
    x: i32,
    start: i32,
    end: i32,
    low: i32,
    high: i32,
    /// Where the lines go on to the left, and to the right.
    left: Vec<i32>,
    right: Vec<i32>,
}

impl Stroke {
    /// Whether the two would touch on one lane, or nearly: their corners need room as well.
    fn meets(&self, other: &Self) -> bool {
        self.start <= other.end + CORNERS && other.start <= self.end + CORNERS
    }

    fn crossed_by(&self, heights: &[i32]) -> usize {
        heights.iter().filter(|y| self.start < **y && **y < self.end).count()
    }

    /// Crossings, if this stands left of the other.
    fn crossings_before(&self, other: &Self) -> usize {
        self.crossed_by(&other.left) + other.crossed_by(&self.right)
    }
}

/// Moves the interior strokes of one axis apart. Each route comes with its bundle.
pub(super) fn nudge(routes: &mut [(Route, Option<usize>)], boxes: &[Rect], axis: Axis) {
    transpose(routes, axis);
    let boxes: Vec<Rect> = boxes
        .iter()
        .map(|rect| if axis == Axis::Level { rect.transposed() } else { *rect })
        .collect();
    let mut strokes = collect(routes, axis);
    let field = Field::new(&boxes);
    for stroke in &mut strokes {
        bound(stroke, &field);
    }
    strokes.arrange_by_key(|stroke| (stroke.x, stroke.start, stroke.end));
    for mut group in groups(strokes) {
        spread(&mut group);
        for stroke in &group {
            for (route, first) in &stroke.members {
                let Some((route, _)) = routes.get_mut(*route) else { continue };
                for point in route.points.iter_mut().skip(*first).take(2) {
                    point.x = stroke.x;
                }
            }
        }
    }
    transpose(routes, axis);
}

fn transpose(routes: &mut [(Route, Option<usize>)], axis: Axis) {
    if axis == Axis::Level {
        for point in routes.iter_mut().flat_map(|(route, _)| &mut route.points) {
            *point = point.transposed();
        }
    }
}

/// All strokes that may move.
fn collect(routes: &[(Route, Option<usize>)], axis: Axis) -> Vec<Stroke> {
    let mut strokes: Vec<Stroke> = Vec::new();
    let mut trunks: BTreeMap<(usize, i32), usize> = BTreeMap::new();
    for (number, (route, bundle)) in routes.iter().enumerate() {
        let strokes_of_route = route.points.len().saturating_sub(1);
        for (first, window) in route.points.windows(4).enumerate() {
            let [before, a, b, after] = window else { continue };
            if a.x != b.x || a.y == b.y {
                continue;
            }
            let touches_start = axis == Axis::Upright && first == 0;
            let touches_end = axis == Axis::Upright && first + 3 == strokes_of_route;
            let known = bundle.and_then(|bundle| trunks.get(&(bundle, a.x)).copied());
            let at = known.unwrap_or(strokes.len());
            if known.is_none() {
                strokes.push(Stroke {
                    x: a.x,
                    start: a.y.min(b.y),
                    end: a.y.max(b.y),
                    low: i32::MIN,
                    high: i32::MAX,
                    ..Stroke::default()
                });
                trunks.extend(bundle.map(|bundle| ((bundle, a.x), at)));
            }
            if let Some(stroke) = strokes.get_mut(at) {
                stroke.members.push((number, first + 1));
                stroke.start = stroke.start.min(a.y.min(b.y));
                stroke.end = stroke.end.max(a.y.max(b.y));
                attach(stroke, *before, touches_start);
                attach(stroke, *after, touches_end);
            }
        }
    }
    strokes
}

/// Notes that the line goes on to `to`, which is on a node's border or another corner.
fn attach(stroke: &mut Stroke, to: Point, is_port: bool) {
    let room = if is_port { STUB } else { LANE_STEP };
    if to.x < stroke.x {
        stroke.left.push(to.y);
        stroke.low = stroke.low.max(to.x + room);
    } else {
        stroke.right.push(to.y);
        stroke.high = stroke.high.min(to.x - room);
    }
}

/// Keeps the stroke between the nodes that it runs between.
fn bound(stroke: &mut Stroke, field: &Field<'_>) {
    let reach = 2 * COLUMN_GAP;
    let around = Rect::new(stroke.x - reach, stroke.start, 2 * reach, stroke.end - stroke.start);
    for (_, rect) in field.near(around.inflate(CLEARANCE)) {
        if rect.y - CLEARANCE >= stroke.end || rect.bottom() + CLEARANCE <= stroke.start {
            continue;
        }
        if rect.right() <= stroke.x {
            stroke.low = stroke.low.max(rect.right() + CLEARANCE);
        } else if rect.x >= stroke.x {
            stroke.high = stroke.high.min(rect.x - CLEARANCE);
        }
    }
}

/// Strokes that are in each other's way, directly or through others.
fn groups(strokes: Vec<Stroke>) -> Vec<Vec<Stroke>> {
    let mut groups: Vec<Vec<Stroke>> = Vec::new();
    for stroke in strokes {
        let near = |other: &Stroke| stroke.x - other.x < LANE_STEP && stroke.meets(other);
        let mut joined: Vec<Stroke> = Vec::new();
        let mut at = 0;
        while at < groups.len() {
            if groups.get(at).is_some_and(|group| group.iter().any(near)) {
                joined.extend(groups.remove(at));
            } else {
                at += 1;
            }
        }
        joined.push(stroke);
        groups.push(joined);
    }
    groups
}

/// Gives each stroke of a group its lane, the whole centred where the strokes were.
fn spread(group: &mut [Stroke]) {
    if group.len() < 2 {
        if let [stroke] = group {
            stroke.x = stroke.x.max(stroke.low).min(stroke.high.max(stroke.low));
        }
        return;
    }
    let (least, most) = (
        group.iter().map(|stroke| stroke.x).min().unwrap_or_default(),
        group.iter().map(|stroke| stroke.x).max().unwrap_or_default(),
    );
    sort(group);
    let mut lanes: Vec<i32> = Vec::with_capacity(group.len());
    for (number, stroke) in group.iter().enumerate() {
        let before = group
            .iter()
            .zip(&lanes)
            .take(number)
            .filter(|(other, _)| other.meets(stroke))
            .map(|(_, lane)| lane + 1);
        lanes.push(before.max().unwrap_or_default());
    }
    let last = lanes.iter().copied().max().unwrap_or_default().max(1);
    let low = group.iter().map(|stroke| stroke.low).max().unwrap_or(i32::MIN);
    let high = group.iter().map(|stroke| stroke.high).min().unwrap_or(i32::MAX);
    let room = high.saturating_sub(low);
    let step = if room > 0 { (room / last).clamp(4, LANE_STEP) } else { LANE_STEP };
    let width = step * last;
    let start = ((least + most - width) / 2).min(high.saturating_sub(width)).max(low);
    for (stroke, lane) in group.iter_mut().zip(lanes) {
        stroke.x = (start + lane * step).min(stroke.high).max(stroke.low);
    }
}

/// Exchanges neighbours as long as that removes crossings.
fn sort(group: &mut [Stroke]) {
    for _ in 0..group.len().min(40) {
        let mut changed = false;
        for at in 1..group.len() {
            let Some([a, b]) = group.get_mut(at - 1..=at) else { continue };
            if b.crossings_before(a) < a.crossings_before(b) {
                std::mem::swap(a, b);
                changed = true;
            }
        }
        if !changed {
            break;
        }
    }
}
