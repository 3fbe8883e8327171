//! Which layer each node is in.

use super::Edge;
use crate::table::Table;

/// How often the nodes are moved towards their neighbours.
const ROUNDS: usize = 12;

/// A layer for every node, such that most edges lead to a higher one. An edge that closes a cycle leads to a lower one.
pub(super) fn ranks(nodes: usize, edges: &[Edge]) -> Table<i32> {
    let order = acyclic_order(nodes, edges);
    let mut position = Table::new(nodes);
    for (at, node) in order.iter().enumerate() {
        position.set(*node, at);
    }
    let mut before: Table<Vec<usize>> = Table::new(nodes);
    let mut after: Table<Vec<usize>> = Table::new(nodes);
    for edge in edges {
        let forward = position.at(edge.left) < position.at(edge.right);
        let (first, second) =
            if forward { (edge.left, edge.right) } else { (edge.right, edge.left) };
        after.add(first, second);
        before.add(second, first);
    }
    let mut rank: Table<i32> = Table::new(nodes);
    for node in &order {
        rank.set(
            *node,
            before.list(*node).iter().map(|other| rank.at(*other) + 1).max().unwrap_or_default(),
        );
    }
    for round in 0..ROUNDS {
        let changed = if round % 2 == 0 {
            shorten(order.iter().rev(), &before, &after, &mut rank)
        } else {
            shorten(order.iter(), &before, &after, &mut rank)
        };
        if !changed {
            break;
        }
    }
    rank
}

/// Moves each node to the end of its free range that makes its edges shorter in sum.
fn shorten<'a>(
    order: impl Iterator<Item = &'a usize>,
    before: &Table<Vec<usize>>,
    after: &Table<Vec<usize>>,
    rank: &mut Table<i32>,
) -> bool {
    let mut changed = false;
    for node in order {
        let low = before.list(*node).iter().map(|other| rank.at(*other) + 1).max();
        let high = after.list(*node).iter().map(|other| rank.at(*other) - 1).min();
        let pull = after.list(*node).len().cmp(&before.list(*node).len());
        let to = match pull {
            std::cmp::Ordering::Less => low,
            std::cmp::Ordering::Greater => high,
            std::cmp::Ordering::Equal => None,
        };
        if let Some(to) = to.filter(|to| *to != rank.at(*node)) {
            rank.set(*node, to);
            changed = true;
        }
    }
    changed
}

/// An order in which most edges lead forward (Eades, Lin, Smyth 1993): sources first, sinks last, and where there are only
/// cycles left, the node with the most edges out over those in.
fn acyclic_order(nodes: usize, edges: &[Edge]) -> Vec<usize> {
    let mut out: Table<Vec<usize>> = Table::new(nodes);
    let mut into: Table<Vec<usize>> = Table::new(nodes);
    for edge in edges {
        out.add(edge.left, edge.right);
        into.add(edge.right, edge.left);
    }
    let mut gone: Table<bool> = Table::new(nodes);
    let mut ins: Table<i32> =
        (0..nodes).map(|node| degree(into.list(node))).collect::<Vec<_>>().into();
    let mut outs: Table<i32> =
        (0..nodes).map(|node| degree(out.list(node))).collect::<Vec<_>>().into();
    let mut ready: std::collections::VecDeque<usize> =
        (0..nodes).filter(|node| ins.at(*node) == 0).collect();
    let mut order = Vec::with_capacity(nodes);
    while order.len() < nodes {
        let next = ready.pop_front().or_else(|| {
            let left = (0..nodes).filter(|node| !gone.at(*node));
            left.max_by_key(|node| (outs.at(*node) - ins.at(*node), std::cmp::Reverse(*node)))
        });
        let Some(node) = next else { break };
        if gone.at(node) {
            continue;
        }
        gone.set(node, true);
        order.push(node);
        for other in out.list(node) {
            ins.set(*other, ins.at(*other) - 1);
            if ins.at(*other) == 0 && !gone.at(*other) {
                ready.push_back(*other);
            }
        }
        for other in into.list(node) {
            outs.set(*other, outs.at(*other) - 1);
        }
    }
    order
}

fn degree(list: &[usize]) -> i32 {
    i32::try_from(list.len()).unwrap_or(i32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ranks_of(nodes: usize, pairs: &[(usize, usize)]) -> Vec<i32> {
        let edges: Vec<Edge> = pairs
            .iter()
            .map(|(left, right)| Edge { left: *left, right: *right, ..Edge::default() })
            .collect();
        ranks(nodes, &edges).into_vec()
    }

    #[test]
    fn a_chain_goes_from_left_to_right() {
        assert_eq!(ranks_of(3, &[(0, 1), (1, 2)]), [0, 1, 2]);
    }

    #[test]
    fn a_source_moves_next_to_what_it_leads_to() {
        assert_eq!(ranks_of(4, &[(0, 1), (1, 2), (3, 2)]), [0, 1, 2, 1]);
    }

    #[test]
    fn a_cycle_is_broken_at_one_edge() {
        assert_eq!(ranks_of(3, &[(0, 1), (1, 2), (2, 0)]), [0, 1, 2]);
    }
}
