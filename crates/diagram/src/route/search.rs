//! A way around nodes: the shortest with few corners, on the lines along their borders (A*).

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use throughline_order::Arrange as _;

use super::field::{Field, between};
use super::shape::CLEARANCE;
use crate::geometry::{Point, Rect, Side};
use crate::table::Table;

/// How far outside of its ends a line looks for a way.
const WINDOW: i32 = 280;
/// What a corner costs, in pixels of length.
const CORNER: i32 = 60;
/// A search that takes longer is given up.
const STEPS: usize = 3_000;
/// Lines along nodes keep this distance.
const BESIDE: i32 = 16;

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Heading {
    Left,
    Right,
    Up,
    Down,
}

impl Heading {
    const fn back(self) -> Self {
        match self {
            Self::Left => Self::Right,
            Self::Right => Self::Left,
            Self::Up => Self::Down,
            Self::Down => Self::Up,
        }
    }

    const fn leaving(side: Side) -> Self {
        match side {
            Side::Left => Self::Left,
            Side::Right => Self::Right,
        }
    }
}

/// A crossing of two lines (by their numbers), and how it was reached.
type State = (usize, usize, Heading);

/// The corners from `start`, which a line leaves to `from`, to `goal`, from where it goes on to a node's `to` side.
pub(super) fn search(
    field: &Field<'_>,
    start: Point,
    from: Side,
    goal: Point,
    to: Side,
) -> Option<Vec<Point>> {
    let window = between(start, goal).inflate(WINDOW);
    let near: Vec<Rect> = field.near(window).into_iter().map(|(_, rect)| rect).collect();
    let xs = lines(
        &[start.x, goal.x],
        near.iter().flat_map(|rect| [rect.x - BESIDE, rect.right() + BESIDE]),
        (window.x, window.right()),
    );
    let ys = lines(
        &[start.y, goal.y],
        near.iter().flat_map(|rect| [rect.y - BESIDE, rect.bottom() + BESIDE]),
        (window.y, window.bottom()),
    );
    let at = |state: &State| Some(Point::new(*xs.get(state.0)?, *ys.get(state.1)?));
    let first: State = (
        xs.binary_search(&start.x).ok()?,
        ys.binary_search(&start.y).ok()?,
        Heading::leaving(from),
    );
    let unwanted = Heading::leaving(to);
    let number = |state: &State| (state.0 * ys.len() + state.1) * 4 + state.2 as usize;
    // The cost of the best way to each state, counted from 1, and the state that it came from.
    let mut best: Table<(i32, Option<State>)> = Table::new(xs.len() * ys.len() * 4);
    best.set(number(&first), (1, None));
    let mut open = BinaryHeap::from([Reverse((0, first))]);
    for _ in 0..STEPS {
        let Reverse((_, state)) = open.pop()?;
        let here = at(&state)?;
        if here == goal && state.2 != unwanted {
            return Some(walk_back(state, |state| best.at(number(state)).1, at));
        }
        let (so_far, _) = best.at(number(&state));
        for next in neighbours(state) {
            let Some(there) = at(&next) else { continue };
            let corner = if next.2 == state.2 { 0 } else { CORNER };
            let total = so_far + corner + (here.x - there.x).abs() + (here.y - there.y).abs();
            let (known, _) = best.at(number(&next));
            if (known == 0 || total < known) && !field.is_blocked(here, there, CLEARANCE, None) {
                best.set(number(&next), (total, Some(state)));
                let ahead = (there.x - goal.x).abs() + (there.y - goal.y).abs();
                open.push(Reverse((total + ahead, next)));
            }
        }
    }
    None
}

fn lines(ends: &[i32], along: impl Iterator<Item = i32>, (low, high): (i32, i32)) -> Vec<i32> {
    let mut all: Vec<i32> =
        ends.iter().copied().chain(along.filter(|line| (low..=high).contains(line))).collect();
    all.arrange();
    all.dedup();
    all
}

fn neighbours((x, y, heading): State) -> impl Iterator<Item = State> {
    let all = [
        x.checked_sub(1).map(|x| (x, y, Heading::Left)),
        Some((x + 1, y, Heading::Right)),
        y.checked_sub(1).map(|y| (x, y, Heading::Up)),
        Some((x, y + 1, Heading::Down)),
    ];
    all.into_iter().flatten().filter(move |next| next.2 != heading.back())
}

fn walk_back(
    last: State,
    before: impl Fn(&State) -> Option<State>,
    at: impl Fn(&State) -> Option<Point>,
) -> Vec<Point> {
    let mut points = Vec::new();
    let mut here = Some(last);
    while let Some(state) = here {
        points.extend(at(&state));
        here = before(&state);
    }
    points.reverse();
    points
}
