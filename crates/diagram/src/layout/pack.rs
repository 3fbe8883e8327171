//! Components beside each other, on shelves.

use crate::geometry::{Point, Rect};
use crate::measure::{COLUMN_GAP, NODE_GAP};
use throughline_order::Arrange as _;

/// Between shelves.
const SHELF_GAP: i32 = NODE_GAP * 2;

/// How far each part has to move. The largest come first; the whole is about as wide as a screen.
pub(super) fn pack(parts: &[Rect]) -> Vec<Point> {
    let area: i64 = parts
        .iter()
        .map(|part| i64::from(part.width + COLUMN_GAP) * i64::from(part.height + SHELF_GAP))
        .sum();
    // The precision of a float is plenty for a target.
    let wide = ((area as f64) * 1.8).sqrt() as i32;
    let target = parts.iter().map(|part| part.width).max().unwrap_or_default().max(wide);
    let mut order: Vec<(usize, &Rect)> = parts.iter().enumerate().collect();
    order.arrange_by_key(|(index, part)| (std::cmp::Reverse(size_class(part)), *index));
    let mut shifts: Vec<(usize, Point)> = Vec::with_capacity(parts.len());
    let (mut x, mut y, mut shelf) = (0, 0, 0);
    for (index, part) in order {
        if x > 0 && x + part.width > target {
            (x, y, shelf) = (0, y + shelf + SHELF_GAP, 0);
        }
        shifts.push((index, Point::new(x - part.x, y - part.y)));
        x += part.width + COLUMN_GAP;
        shelf = shelf.max(part.height);
    }
    shifts.arrange_by_key(|(index, _)| *index);
    shifts.into_iter().map(|(_, shift)| shift).collect()
}

/// Parts of about the same height share a shelf in the order in which they are declared.
fn size_class(part: &Rect) -> i32 {
    (part.height / 160).min(12) + part.width / 700
}
