//! One component as a graph whose edges lead from each layer to the next, and its places.

use std::collections::BTreeMap;
use throughline_order::Arrange as _;

use super::{Component, Edge, Node, coordinates, order};
use crate::geometry::Point;
use crate::measure::{COLUMN_GAP, LANE_STEP, STUB};
use crate::table::Table;

/// The widest gap that is left for lanes; more of them stand closer.
const MAX_GAP: i32 = 360;
/// Lines at one port that are drawn as one from this number on: see [`crate::route`].
const BUNDLE: usize = crate::route::BUNDLE;

/// A piece of an edge, seen from one of its ends.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Arc {
    /// The other vertex.
    pub(super) to: usize,
    /// Where it leaves, from this vertex's top.
    pub(super) here: i32,
    /// Where it arrives, from the other vertex's top.
    pub(super) there: i32,
}

/// Vertices are the component's nodes, then a vertex without height for each layer that an edge passes.
#[derive(Debug)]
pub(super) struct Layered {
    /// Vertices from top to bottom, layer by layer.
    pub(super) layers: Vec<Vec<usize>>,
    /// Arcs to the layer before.
    pub(super) before: Table<Vec<Arc>>,
    /// Arcs to the layer after.
    pub(super) after: Table<Vec<Arc>>,
    /// Heights; 0 where an edge passes.
    pub(super) height: Table<i32>,
}

impl Layered {
    /// The arcs of a vertex, both ways.
    pub(super) fn arcs(&self, vertex: usize) -> impl Iterator<Item = &Arc> {
        self.before.list(vertex).iter().chain(self.after.list(vertex))
    }
}

/// Places a component by itself.
pub(super) fn place(
    nodes: &[Node],
    edges: &[Edge],
    ranks: &Table<i32>,
    component: &Component,
) -> Vec<(usize, Point)> {
    let (mut graph, vertex_layer) = build(nodes, edges, ranks, component);
    order::order(&mut graph);
    let tops = coordinates::tops(&graph);
    let lefts = lefts(nodes, component, &graph, &vertex_layer, &tops);
    let place = |(vertex, node): (usize, &usize)| {
        (*node, Point::new(lefts.at(vertex_layer.at(vertex)), tops.at(vertex)))
    };
    component.nodes.iter().enumerate().map(place).collect()
}

fn build(
    nodes: &[Node],
    edges: &[Edge],
    ranks: &Table<i32>,
    component: &Component,
) -> (Layered, Table<usize>) {
    let count = component.nodes.len();
    let lowest = component.nodes.iter().map(|node| ranks.at(*node)).min().unwrap_or_default();
    let layer_of = |node: usize| usize::try_from(ranks.at(node) - lowest).unwrap_or_default();
    let vertex_of: BTreeMap<usize, usize> =
        component.nodes.iter().enumerate().map(|(vertex, node)| (*node, vertex)).collect();
    let mut graph = Layered {
        layers: Vec::new(),
        before: Table::new(count),
        after: Table::new(count),
        height: Table::new(count),
    };
    let mut vertex_layer: Table<usize> = Table::new(count);
    for (vertex, node) in component.nodes.iter().enumerate() {
        graph.height.set(vertex, nodes.get(*node).map_or(0, |node| node.height));
        vertex_layer.set(vertex, layer_of(*node));
    }
    for edge in component.edges.iter().filter_map(|edge| edges.get(*edge)) {
        let (Some(a), Some(b)) = (vertex_of.get(&edge.left), vertex_of.get(&edge.right)) else {
            continue;
        };
        let forward = layer_of(edge.left) < layer_of(edge.right);
        let (from, to) = if forward {
            ((*a, edge.left_port), (*b, edge.right_port))
        } else {
            ((*b, edge.right_port), (*a, edge.left_port))
        };
        let (mut here, end) = (from, vertex_layer.at(to.0));
        for layer in vertex_layer.at(from.0) + 1..=end {
            let next =
                if layer == end { to } else { (pass(&mut graph, &mut vertex_layer, layer), 0) };
            graph.after.add(here.0, Arc { to: next.0, here: here.1, there: next.1 });
            graph.before.add(next.0, Arc { to: here.0, here: next.1, there: here.1 });
            here = next;
        }
    }
    let mut layers: Table<Vec<usize>> = Table::new(
        (0..vertex_layer.len()).map(|vertex| vertex_layer.at(vertex) + 1).max().unwrap_or_default(),
    );
    for vertex in 0..vertex_layer.len() {
        layers.add(vertex_layer.at(vertex), vertex);
    }
    graph.layers = layers.into_vec();
    (graph, vertex_layer)
}

/// A new vertex where an edge passes a layer.
fn pass(graph: &mut Layered, vertex_layer: &mut Table<usize>, layer: usize) -> usize {
    graph.before.push(Vec::new());
    graph.after.push(Vec::new());
    graph.height.push(0);
    vertex_layer.push(layer)
}

/// The left edge of each layer: as far from the one before as its lanes need.
fn lefts(
    nodes: &[Node],
    component: &Component,
    graph: &Layered,
    vertex_layer: &Table<usize>,
    tops: &Table<i32>,
) -> Table<i32> {
    let mut widths: Table<i32> = Table::new(graph.layers.len());
    for (vertex, node) in component.nodes.iter().enumerate() {
        let layer = vertex_layer.at(vertex);
        widths.set(layer, widths.at(layer).max(nodes.get(*node).map_or(0, |node| node.width)));
    }
    let mut lefts = Table::new(graph.layers.len());
    let mut x = 0;
    for (layer, vertices) in graph.layers.iter().enumerate() {
        lefts.set(layer, x);
        x += widths.at(layer) + gap(lanes(graph, vertices, tops));
    }
    lefts
}

fn gap(lanes: i32) -> i32 {
    (2 * STUB + LANE_STEP * (lanes + 1)).clamp(COLUMN_GAP, MAX_GAP)
}

/// How many lanes run side by side right of a layer.
fn lanes(graph: &Layered, layer: &[usize], tops: &Table<i32>) -> i32 {
    let mut turns: Vec<(i32, i32)> = Vec::new();
    for vertex in layer {
        let mut by_port: BTreeMap<i32, Vec<(i32, i32)>> = BTreeMap::new();
        for arc in graph.after.list(*vertex) {
            let (from, to) = (tops.at(*vertex) + arc.here, tops.at(arc.to) + arc.there);
            if from != to {
                by_port.entry(arc.here).or_default().push((from.min(to), from.max(to)));
            }
        }
        for spans in by_port.into_values() {
            let together = spans.iter().copied().reduce(|a, b| (a.0.min(b.0), a.1.max(b.1)));
            let spans = if spans.len() > BUNDLE { together.into_iter().collect() } else { spans };
            turns.extend(spans.into_iter().flat_map(|(start, end)| [(start, 1), (end, -1)]));
        }
    }
    turns.arrange();
    let (mut now, mut most) = (0, 0);
    for (_, change) in turns {
        now += change;
        most = most.max(now);
    }
    most
}
