//! The order within the layers: sweeps by barycentre, each followed by exchanges of neighbours; the best order seen is kept.

use super::layered::{Arc, Layered};
use crate::table::Table;
use throughline_order::Arrange as _;

/// Sweeps without improvement before it ends.
const PATIENCE: usize = 6;
/// Exchanges are tried so often in a layer.
const EXCHANGES: usize = 8;

/// Orders all layers.
pub(super) fn order(graph: &mut Layered) {
    let mut best: Option<(usize, Vec<Vec<usize>>)> = None;
    let vertices: usize = graph.layers.iter().map(Vec::len).sum();
    for start in [Start::Forward, Start::Backward] {
        graph.layers = initial(graph, start);
        let found = improve(graph, if vertices > 2_000 { 12 } else { 32 });
        if best.as_ref().is_none_or(|best| found.0 < best.0) {
            best = Some(found);
        }
    }
    graph.layers = best.map(|best| best.1).unwrap_or_default();
}

/// From which end the first order is searched.
#[derive(Clone, Copy)]
enum Start {
    Forward,
    Backward,
}

/// Depth first from the first vertex (or the last), so that what hangs together stands together.
fn initial(graph: &Layered, start: Start) -> Vec<Vec<usize>> {
    let mut layer_of = Table::new(graph.height.len());
    for (layer, vertices) in graph.layers.iter().enumerate() {
        for vertex in vertices {
            layer_of.set(*vertex, layer);
        }
    }
    let mut layers: Table<Vec<usize>> = Table::new(graph.layers.len());
    let mut seen: Table<bool> = Table::new(graph.height.len());
    let mut roots: Vec<usize> = (0..graph.height.len()).collect();
    if matches!(start, Start::Backward) {
        roots.reverse();
    }
    for root in roots {
        let mut stack = vec![root];
        while let Some(vertex) = stack.pop() {
            if seen.at(vertex) {
                continue;
            }
            seen.set(vertex, true);
            layers.add(layer_of.at(vertex), vertex);
            stack.extend(graph.arcs(vertex).map(|arc| arc.to).filter(|to| !seen.at(*to)));
        }
    }
    layers.into_vec()
}

fn improve(graph: &mut Layered, sweeps: usize) -> (usize, Vec<Vec<usize>>) {
    let mut position = Table::new(graph.height.len());
    for layer in &graph.layers {
        number(layer, &mut position);
    }
    let mut best = (crossings(graph, &position), graph.layers.clone());
    let mut without = 0;
    for sweep in 0..sweeps {
        let towards_right = sweep % 2 == 0;
        let count = graph.layers.len();
        for step in 1..count {
            let layer = if towards_right { step } else { count - 1 - step };
            let Some(mut vertices) = graph.layers.get_mut(layer).map(std::mem::take) else {
                continue;
            };
            let arcs = if towards_right { &graph.before } else { &graph.after };
            sort(&mut vertices, arcs, &position, sweep % 4 < 2);
            exchange(&mut vertices, graph, &position);
            number(&vertices, &mut position);
            if let Some(slot) = graph.layers.get_mut(layer) {
                *slot = vertices;
            }
        }
        let count = crossings(graph, &position);
        if count < best.0 {
            best = (count, graph.layers.clone());
            without = 0;
        } else {
            without += 1;
        }
        if best.0 == 0 || without > PATIENCE {
            break;
        }
    }
    best
}

fn number(layer: &[usize], position: &mut Table<i64>) {
    for (at, vertex) in (0..).zip(layer) {
        position.set(*vertex, at);
    }
}

/// Where an arc arrives, in the order of the layer that it arrives in.
fn arrival(arc: &Arc, position: &Table<i64>) -> i64 {
    position.at(arc.to) * 100_000 + i64::from(arc.there.clamp(0, 99_999))
}

/// Sorts by the mean of the neighbours in the layer that is done. What has none keeps its place.
fn sort(vertices: &mut [usize], arcs: &Table<Vec<Arc>>, position: &Table<i64>, ties_first: bool) {
    let mean = |vertex: usize| {
        let list = arcs.list(vertex);
        let sum: i64 = list.iter().map(|arc| arrival(arc, position)).sum();
        i64::try_from(list.len()).ok().filter(|count| *count > 0).map(|count| sum / count)
    };
    let mut sortable: Vec<(i64, usize)> =
        vertices.iter().filter_map(|vertex| mean(*vertex).map(|mean| (mean, *vertex))).collect();
    if !ties_first {
        sortable.reverse();
    }
    sortable.arrange_by_key(|(mean, _)| *mean);
    let mut sorted = sortable.into_iter().map(|(_, vertex)| vertex);
    for slot in vertices.iter_mut().filter(|vertex| !arcs.list(**vertex).is_empty()) {
        if let Some(vertex) = sorted.next() {
            *slot = vertex;
        }
    }
}

/// Exchanges neighbours as long as that removes crossings, on both sides of the layer.
fn exchange(vertices: &mut [usize], graph: &Layered, position: &Table<i64>) {
    let arrivals = |arcs: &[Arc]| {
        let mut list: Vec<i64> = arcs.iter().map(|arc| arrival(arc, position)).collect();
        list.arrange();
        list
    };
    let mut keyed: Vec<(usize, [Vec<i64>; 2])> = vertices
        .iter()
        .map(|vertex| {
            (*vertex, [arrivals(graph.before.list(*vertex)), arrivals(graph.after.list(*vertex))])
        })
        .collect();
    for _ in 0..EXCHANGES {
        let mut changed = false;
        for at in 1..keyed.len() {
            let Some([a, b]) = keyed.get_mut(at - 1..=at) else { continue };
            let now: usize = a.1.iter().zip(&b.1).map(|(a, b)| inversions(a, b)).sum();
            let then: usize = a.1.iter().zip(&b.1).map(|(a, b)| inversions(b, a)).sum();
            if then < now {
                std::mem::swap(a, b);
                changed = true;
            }
        }
        if !changed {
            break;
        }
    }
    for (slot, (vertex, _)) in vertices.iter_mut().zip(keyed) {
        *slot = vertex;
    }
}

/// How many pairs of `above` and `below` cross; both are sorted.
fn inversions(above: &[i64], below: &[i64]) -> usize {
    above.iter().map(|arrival| below.partition_point(|other| other < arrival)).sum()
}

/// Crossings in the whole graph (Barth, Jünger, Mutzel 2002: a tree of counts).
fn crossings(graph: &Layered, position: &Table<i64>) -> usize {
    graph
        .layers
        .iter()
        .map(|layer| {
            let mut arrivals: Vec<i64> = Vec::new();
            for vertex in layer {
                let mut arcs: Vec<(i32, i64)> = graph
                    .after
                    .list(*vertex)
                    .iter()
                    .map(|arc| (arc.here, arrival(arc, position)))
                    .collect();
                arcs.arrange();
                arrivals.extend(arcs.into_iter().map(|(_, arrival)| arrival));
            }
            let mut ranks = arrivals.clone();
            ranks.arrange();
            ranks.dedup();
            let mut tree: Table<usize> = Table::new(ranks.len() + 1);
            let mut sum = 0;
            for (seen, arrival) in arrivals.iter().enumerate() {
                let rank = ranks.partition_point(|other| other < arrival) + 1;
                let mut at = rank;
                let mut not_above = 0;
                while at > 0 {
                    not_above += tree.at(at);
                    at &= at - 1;
                }
                sum += seen - not_above;
                at = rank;
                while at <= ranks.len() {
                    tree.set(at, tree.at(at) + 1);
                    at += at & at.wrapping_neg();
                }
            }
            sum
        })
        .sum()
}
