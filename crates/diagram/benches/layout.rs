//! `cargo bench -p throughline-diagram`: layout and routing of schemas as they are met, and how the time grows.
//!
//! Prints milliseconds, and the time for 1,000 tables over that for 100 (the goal is less than 20).

use std::time::Instant;

use throughline_diagram::measure::{node_height, row_port};
use throughline_diagram::{Edge, End, Link, Mode, Node, Rect, Socket, layout, route};

/// Numbers that look random and are the same on every machine (xorshift).
struct Dice(u64);

impl Dice {
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % limit.max(1) as u64) as usize
    }
}

/// Tables point at earlier ones, mostly near ones, and often at one of a few hubs.
fn schema(tables: usize) -> (Vec<Node>, Vec<(usize, usize, i32)>) {
    let mut dice = Dice(0x9e37_79b9_7f4a_7c15);
    let mut keys = Vec::new();
    let nodes = (0..tables)
        .map(|node| {
            let rows = 3 + dice.below(12) as i32;
            for row in 0..dice.below(4) {
                let to = match dice.below(10) {
                    0 | 1 => dice.below(tables.min(5)),
                    2..=7 => node.saturating_sub(1 + dice.below(12)),
                    _ => dice.below(node.max(1)),
                };
                keys.push((node, to, 1 + row as i32));
            }
            Node { width: 224, height: node_height(rows), fixed: None }
        })
        .collect();
    (nodes, keys)
}

fn main() {
    let mut times = Vec::new();
    for tables in [10, 100, 500, 1000] {
        let (nodes, keys) = schema(tables);
        let edges: Vec<Edge> = keys
            .iter()
            .map(|(from, to, row)| Edge {
                left: *to,
                right: *from,
                left_port: row_port(0),
                right_port: row_port(*row),
            })
            .collect();
        let links: Vec<Link> = keys
            .iter()
            .map(|(from, to, row)| Link {
                from: Socket { node: *from, port: row_port(*row), end: End::ZeroOrMany },
                to: Socket { node: *to, port: row_port(0), end: End::ExactlyOne },
            })
            .collect();
        let start = Instant::now();
        let places = layout(&nodes, &edges, Mode::Columns);
        let laid_out = start.elapsed().as_secs_f64() * 1e3;
        let boxes: Vec<Rect> = nodes
            .iter()
            .zip(&places)
            .map(|(node, place)| Rect::new(place.x, place.y, node.width, node.height))
            .collect();
        let start = Instant::now();
        let routes = route(&boxes, &links);
        let routed = start.elapsed().as_secs_f64() * 1e3;
        let whole = Rect::around(boxes.iter().copied()).unwrap_or_default();
        println!(
            "{tables:5} tables, {:5} relations: layout {laid_out:8.1} ms, routes {routed:8.1} ms, {} × {} px",
            routes.len(),
            whole.width,
            whole.height
        );
        times.push(laid_out);
    }
    if let [_, hundred, _, thousand] = times.as_slice() {
        println!("1,000 over 100 tables: {:.1}", thousand / hundred);
    }
}
