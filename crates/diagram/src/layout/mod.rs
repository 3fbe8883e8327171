//! Automatic layout: layers from left to right (Sugiyama, Tagawa, Toda 1981), components beside each other.
//!
//! 1. [`ranks`]: break cycles, give each node a layer, shorten edges.
//! 2. [`layered`]: cut long edges into pieces of one layer each.
//! 3. [`order`]: order the layers with few crossings.
//! 4. [`coordinates`]: heights, so that as many edges as possible are straight.
//! 5. [`pack`]: components beside each other; [`settle`]: nodes that the user placed stay there.

mod coordinates;
mod layered;
mod order;
mod pack;
mod ranks;
mod settle;

use crate::geometry::{Point, Rect};
use crate::table::Table;

/// A node to be placed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Node {
    /// Its width.
    pub width: i32,
    /// Its height.
    pub height: i32,
    /// Where it has to stand; `None`: anywhere.
    pub fixed: Option<Point>,
}

/// An edge between two nodes, by their indices. Edges to nodes that do not exist are left out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Edge {
    /// The node that should stand on the left.
    pub left: usize,
    /// The node that should stand on the right.
    pub right: usize,
    /// Where the edge meets the left node, from its top.
    pub left_port: i32,
    /// Where it meets the right node, from its top.
    pub right_port: i32,
}

/// What the room is like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// Layers from left to right.
    Columns,
    /// One below the other in the given order, for phones.
    Stack,
}

/// The distance from the edge of a phone, and between nodes in a stack.
const STACK_MARGIN: i32 = 16;
const STACK_GAP: i32 = 24;

/// Places all nodes: the corner of each. Nodes that are not fixed overlap no other. Deterministic.
pub fn layout(nodes: &[Node], edges: &[Edge], mode: Mode) -> Vec<Point> {
    if let Some(fixed) = nodes.iter().map(|node| node.fixed).collect::<Option<Vec<Point>>>() {
        return fixed;
    }
    let free = match mode {
        Mode::Columns => columns(nodes, edges),
        Mode::Stack => stack(nodes),
    };
    if nodes.iter().any(|node| node.fixed.is_some()) {
        settle::settle(nodes, edges, &free)
    } else {
        free
    }
}

fn stack(nodes: &[Node]) -> Vec<Point> {
    let mut y = STACK_MARGIN;
    nodes
        .iter()
        .map(|node| {
            let place = Point::new(STACK_MARGIN, y);
            y += node.height + STACK_GAP;
            place
        })
        .collect()
}

fn columns(nodes: &[Node], edges: &[Edge]) -> Vec<Point> {
    let edges: Vec<Edge> = edges
        .iter()
        .filter(|edge| edge.left != edge.right && edge.left.max(edge.right) < nodes.len())
        .copied()
        .collect();
    let ranks = ranks::ranks(nodes.len(), &edges);
    let mut places = Table::new(nodes.len());
    let mut parts = Vec::new();
    for members in components(nodes.len(), &edges) {
        let placed = layered::place(nodes, &edges, &ranks, &members);
        let extent = Rect::around(placed.iter().filter_map(|(node, place)| {
            nodes.get(*node).map(|size| Rect::new(place.x, place.y, size.width, size.height))
        }));
        parts.push((extent.unwrap_or_default(), placed));
    }
    for (part, shift) in
        parts.iter().zip(pack::pack(&parts.iter().map(|part| part.0).collect::<Vec<_>>()))
    {
        for (node, place) in &part.1 {
            places.set(*node, place.offset(shift.x, shift.y));
        }
    }
    places.into_vec()
}

/// The connected components, each with its nodes in order and its edges' indices.
fn components(nodes: usize, edges: &[Edge]) -> Vec<Component> {
    let mut parent: Table<usize> = (0..nodes).collect::<Vec<_>>().into();
    let root = |parent: &mut Table<usize>, mut node: usize| {
        while parent.at(node) != node {
            parent.set(node, parent.at(parent.at(node)));
            node = parent.at(node);
        }
        node
    };
    for edge in edges {
        let (a, b) = (root(&mut parent, edge.left), root(&mut parent, edge.right));
        parent.set(a.max(b), a.min(b));
    }
    let mut index: Table<Option<usize>> = Table::new(nodes);
    let mut found: Vec<Component> = Vec::new();
    for node in 0..nodes {
        let top = root(&mut parent, node);
        let at = index.at(top).unwrap_or_else(|| {
            found.push(Component::default());
            index.set(top, Some(found.len() - 1));
            found.len() - 1
        });
        if let Some(component) = found.get_mut(at) {
            component.nodes.push(node);
        }
    }
    for (number, edge) in edges.iter().enumerate() {
        let top = root(&mut parent, edge.left);
        if let Some(component) = index.at(top).and_then(|at| found.get_mut(at)) {
            component.edges.push(number);
        }
    }
    found
}

/// Nodes that hang together.
#[derive(Debug, Default)]
struct Component {
    nodes: Vec<usize>,
    edges: Vec<usize>,
}
