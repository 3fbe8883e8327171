//! The boxes of all nodes, found by place: a line looks only at those that it passes.

use std::collections::BTreeMap;
use throughline_order::Arrange as _;

use crate::geometry::{Point, Rect};

/// The side of a cell, about a node and its gap.
const CELL: i32 = 320;

/// Boxes in a grid of cells.
#[derive(Debug)]
pub(super) struct Field<'a> {
    boxes: &'a [Rect],
    /// By column, then row: the indices of boxes that reach into the cell.
    cells: BTreeMap<(i32, i32), Vec<usize>>,
}

impl<'a> Field<'a> {
    pub(super) fn new(boxes: &'a [Rect]) -> Self {
        let mut cells: BTreeMap<(i32, i32), Vec<usize>> = BTreeMap::new();
        for (index, rect) in boxes.iter().enumerate() {
            for cell in cells_of(*rect) {
                cells.entry(cell).or_default().push(index);
            }
        }
        Self { boxes, cells }
    }

    /// The box of a node.
    pub(super) fn node(&self, index: usize) -> Option<Rect> {
        self.boxes.get(index).copied()
    }

    /// The boxes near an area, each once, in order; perhaps some more.
    pub(super) fn near(&self, area: Rect) -> Vec<(usize, Rect)> {
        let mut found: Vec<usize> =
            cells_of(area).filter_map(|cell| self.cells.get(&cell)).flatten().copied().collect();
        found.arrange();
        found.dedup();
        found.into_iter().filter_map(|index| Some((index, self.node(index)?))).collect()
    }

    /// Whether a stroke runs through a node, but for those that `excused` names, or closer than `margin` to it.
    pub(super) fn is_blocked(
        &self,
        a: Point,
        b: Point,
        margin: i32,
        excused: Option<usize>,
    ) -> bool {
        let around = between(a, b).inflate(margin + 1);
        let blocks = |index: &usize| {
            let margin = if Some(*index) == excused { 0 } else { margin };
            self.node(*index).is_some_and(|rect| rect.inflate(margin).blocks(a, b))
        };
        cells_of(around).filter_map(|cell| self.cells.get(&cell)).flatten().any(blocks)
    }
}

/// The box between two points.
pub(super) fn between(a: Point, b: Point) -> Rect {
    Rect::new(a.x.min(b.x), a.y.min(b.y), (a.x - b.x).abs(), (a.y - b.y).abs())
}

fn cells_of(rect: Rect) -> impl Iterator<Item = (i32, i32)> {
    let columns = rect.x.div_euclid(CELL)..=rect.right().div_euclid(CELL);
    let rows = rect.y.div_euclid(CELL)..=rect.bottom().div_euclid(CELL);
    columns.flat_map(move |column| rows.clone().map(move |row| (column, row)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_grid_finds_what_a_look_at_all_boxes_finds() {
        let boxes: Vec<Rect> = (0..200)
            .map(|n| Rect::new((n * 97) % 3000 - 700, (n * 211) % 2500 - 900, 224, 60 + n))
            .collect();
        let field = Field::new(&boxes);
        for n in 0..400 {
            let (x, y) = ((n * 53) % 3200 - 800, (n * 131) % 2600 - 1000);
            let (a, b) = if n % 2 == 0 {
                (Point::new(x, y), Point::new(x + n * 3, y))
            } else {
                (Point::new(x, y), Point::new(x, y + n * 2))
            };
            let plain = boxes.iter().any(|rect| rect.inflate(6).blocks(a, b));
            assert_eq!(field.is_blocked(a, b, 6, None), plain, "{a:?} {b:?}");
        }
    }
}
