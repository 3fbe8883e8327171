//! Heights within the layers.
//!
//! Each sweep gives every layer the places that make the sum of the jogs of its edges least, order and distances kept. That is
//! isotonic regression under absolute deviation, which pooling adjacent violators solves exactly with medians; and as a
//! median is one of the wishes, many edges become straight.

use super::layered::Layered;
use crate::measure::{LANE_STEP, NODE_GAP};
use crate::table::Table;
use throughline_order::Arrange as _;

const SWEEPS: usize = 10;
/// Pieces of long edges are pulled straight harder than edges between nodes.
const WEIGHTS: [i64; 3] = [1, 2, 8];

/// The top of each vertex.
pub(super) fn tops(graph: &Layered) -> Table<i32> {
    let mut tops = stacked(graph);
    let count = graph.layers.len();
    for sweep in 0..SWEEPS {
        for step in 0..count {
            let layer = if sweep % 2 == 0 { step } else { count - 1 - step };
            // The first sweeps look one way only; later ones weigh both sides.
            let looks = match sweep {
                0 | 2 => Looks::Before,
                1 | 3 => Looks::After,
                _ => Looks::Both,
            };
            if let Some(vertices) = graph.layers.get(layer) {
                align(graph, vertices, looks, &mut tops);
            }
        }
    }
    let highest = (0..graph.height.len())
        .filter(|vertex| graph.height.at(*vertex) > 0)
        .map(|vertex| tops.at(vertex))
        .min();
    for vertex in 0..tops.len() {
        tops.set(vertex, tops.at(vertex) - highest.unwrap_or_default());
    }
    tops
}

/// Which neighbours count.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Looks {
    Before,
    After,
    Both,
}

/// Each layer centred on the same line.
fn stacked(graph: &Layered) -> Table<i32> {
    let mut tops = Table::new(graph.height.len());
    for layer in &graph.layers {
        let offsets = offsets(graph, layer);
        let total = offsets.last().copied().unwrap_or_default()
            + layer.last().map_or(0, |vertex| graph.height.at(*vertex));
        for (vertex, offset) in layer.iter().zip(offsets) {
            tops.set(*vertex, offset - total / 2);
        }
    }
    tops
}

/// The least distance of each vertex's top from the first one's.
fn offsets(graph: &Layered, layer: &[usize]) -> Vec<i32> {
    let mut y = 0;
    let mut above: Option<usize> = None;
    layer
        .iter()
        .map(|vertex| {
            if let Some(above) = above {
                let real =
                    [above, *vertex].iter().filter(|vertex| graph.height.at(**vertex) > 0).count();
                let gap = match real {
                    0 => LANE_STEP,
                    1 => NODE_GAP / 2,
                    _ => NODE_GAP,
                };
                y += graph.height.at(above) + gap;
            }
            above = Some(*vertex);
            y
        })
        .collect()
}

/// Vertices that stand as close as they may, with their wishes in order: (wish, weight).
struct Block {
    count: usize,
    wishes: Vec<(i32, i64)>,
}

impl Block {
    /// The weighted lower median of the wishes.
    fn place(&self) -> i32 {
        let half: i64 = self.wishes.iter().map(|(_, weight)| weight).sum::<i64>() / 2;
        let mut sum = 0;
        let middle = self.wishes.iter().find(|(_, weight)| {
            sum += weight;
            sum > half || sum * 2 == half * 2 && half > 0
        });
        middle.or(self.wishes.last()).map_or(0, |(wish, _)| *wish)
    }
}

fn align(graph: &Layered, layer: &[usize], looks: Looks, tops: &mut Table<i32>) {
    let offsets = offsets(graph, layer);
    let mut blocks: Vec<Block> = Vec::new();
    for (vertex, offset) in layer.iter().zip(&offsets) {
        let mut block = Block { count: 1, wishes: wishes(graph, *vertex, looks, tops, *offset) };
        while let Some(above) = blocks.pop_if(|above| above.place() > block.place()) {
            block = Block {
                count: above.count + block.count,
                wishes: merged(above.wishes, block.wishes),
            };
        }
        blocks.push(block);
    }
    let places = blocks.iter().flat_map(|block| std::iter::repeat_n(block.place(), block.count));
    for ((vertex, offset), place) in layer.iter().zip(offsets).zip(places) {
        tops.set(*vertex, place + offset);
    }
}

/// Where the vertex's neighbours would have the first vertex of its layer stand.
fn wishes(
    graph: &Layered,
    vertex: usize,
    looks: Looks,
    tops: &Table<i32>,
    offset: i32,
) -> Vec<(i32, i64)> {
    let before = if looks == Looks::After { &[] } else { graph.before.list(vertex) };
    let after = if looks == Looks::Before { &[] } else { graph.after.list(vertex) };
    let mut wishes: Vec<(i32, i64)> = before
        .iter()
        .chain(after)
        .map(|arc| {
            let passing =
                [vertex, arc.to].iter().filter(|vertex| graph.height.at(**vertex) == 0).count();
            (
                tops.at(arc.to) + arc.there - arc.here - offset,
                WEIGHTS.get(passing).copied().unwrap_or(1),
            )
        })
        .collect();
    if wishes.is_empty() {
        wishes.push((tops.at(vertex) - offset, 1));
    }
    wishes.arrange();
    wishes
}

/// Two sorted lists as one.
fn merged(a: Vec<(i32, i64)>, b: Vec<(i32, i64)>) -> Vec<(i32, i64)> {
    let mut all = a;
    all.extend(b);
    // A merge sort in the standard library: linear on two runs.
    all.arrange();
    all
}
