//! What holds for every layout and every route.
#![allow(clippy::indexing_slicing, clippy::unwrap_used, clippy::expect_used, missing_docs)]

use proptest::prelude::*;
use throughline_diagram::measure::{node_height, row_port};
use throughline_diagram::{
    Edge, End, Link, Mode, Node, Point, Rect, Route, Side, Socket, layout, route,
};

/// A schema: rows of each node, and (from, to, row).
#[derive(Clone, Debug)]
struct Schema {
    rows: Vec<i32>,
    keys: Vec<(usize, usize, i32)>,
}

fn schemas(most: usize) -> impl Strategy<Value = Schema> {
    prop::collection::vec(1..14, 1..most).prop_flat_map(|rows: Vec<i32>| {
        let nodes = rows.len();
        let keys = prop::collection::vec((0..nodes, 0..nodes, 0..14), 0..nodes * 2);
        (Just(rows), keys).prop_map(|(rows, keys)| Schema { rows, keys })
    })
}

impl Schema {
    fn nodes(&self) -> Vec<Node> {
        self.rows
            .iter()
            .map(|rows| Node { width: 224, height: node_height(*rows), fixed: None })
            .collect()
    }

    fn row(&self, node: usize, row: i32) -> i32 {
        row_port(row % self.rows[node])
    }

    fn edges(&self) -> Vec<Edge> {
        let edge = |(from, to, row): &(usize, usize, i32)| Edge {
            left: *to,
            right: *from,
            left_port: row_port(0),
            right_port: self.row(*from, *row),
        };
        self.keys.iter().map(edge).collect()
    }

    fn links(&self) -> Vec<Link> {
        let link = |(from, to, row): &(usize, usize, i32)| Link {
            from: Socket { node: *from, port: self.row(*from, *row), end: End::ZeroOrMany },
            to: Socket { node: *to, port: row_port(0), end: End::ExactlyOne },
        };
        self.keys.iter().map(link).collect()
    }
}

fn boxes(nodes: &[Node], places: &[Point]) -> Vec<Rect> {
    nodes
        .iter()
        .zip(places)
        .map(|(node, place)| Rect::new(place.x, place.y, node.width, node.height))
        .collect()
}

fn overlaps(boxes: &[Rect]) -> Vec<(usize, usize)> {
    let pairs = (0..boxes.len()).flat_map(|a| (a + 1..boxes.len()).map(move |b| (a, b)));
    pairs.filter(|(a, b)| boxes[*a].overlaps(boxes[*b])).collect()
}

fn assert_well_drawn(route: &Route, link: &Link, boxes: &[Rect]) {
    let (first, last) = (route.points[0], *route.points.last().unwrap());
    let on_border = |point: Point, side: Option<Side>, node: usize| {
        assert_eq!(point.x, side.unwrap().of(boxes[node]), "{route:?}");
        assert!(
            boxes[node].y <= point.y && point.y < boxes[node].bottom(),
            "{route:?} {:?}",
            boxes[node]
        );
    };
    on_border(first, route.from, link.from.node);
    on_border(last, route.to, link.to.node);
    for (number, pair) in route.points.windows(2).enumerate() {
        let level = pair[0].y == pair[1].y && pair[0].x != pair[1].x;
        let upright = pair[0].x == pair[1].x && pair[0].y != pair[1].y;
        assert!(if number % 2 == 0 { level } else { upright }, "stroke {number} of {route:?}");
    }
    assert_eq!(route.points.len() % 2, 0, "{route:?}");
    let leaves = (route.points[1].x - first.x).signum();
    assert_eq!(leaves, route.from.unwrap().outward(), "{route:?}");
    assert!(
        (route.points[1].x - first.x).abs() >= 24 || route.points.len() == 2,
        "a stub of {route:?}"
    );
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 192, failure_persistence: None, ..ProptestConfig::default() }) ]

    #[test]
    fn nodes_never_overlap(schema in schemas(40)) {
        let nodes = schema.nodes();
        let places = layout(&nodes, &schema.edges(), Mode::Columns);
        prop_assert_eq!(overlaps(&boxes(&nodes, &places)), []);
    }

    #[test]
    fn layout_is_deterministic(schema in schemas(20)) {
        let nodes = schema.nodes();
        prop_assert_eq!(layout(&nodes, &schema.edges(), Mode::Columns), layout(&nodes, &schema.edges(), Mode::Columns));
    }

    #[test]
    fn nodes_that_were_placed_stay_and_the_others_keep_off(schema in schemas(30), every in 1usize..4, dx in -900i32..900, dy in -900i32..900) {
        let mut nodes = schema.nodes();
        let free = layout(&nodes, &schema.edges(), Mode::Columns);
        for (index, node) in nodes.iter_mut().enumerate().filter(|(index, _)| index % every == 0) {
            node.fixed = Some(free[index].offset(dx, dy));
        }
        let places = layout(&nodes, &schema.edges(), Mode::Columns);
        prop_assert_eq!(overlaps(&boxes(&nodes, &places)), []);
        for (node, place) in nodes.iter().zip(&places) {
            prop_assert!(node.fixed.is_none_or(|fixed| fixed == *place));
        }
    }

    #[test]
    fn routes_are_orthogonal_and_end_on_their_nodes(schema in schemas(25)) {
        let nodes = schema.nodes();
        let boxes = boxes(&nodes, &layout(&nodes, &schema.edges(), Mode::Columns));
        let links = schema.links();
        for (route, link) in route(&boxes, &links).iter().zip(&links) {
            assert_well_drawn(route, link, &boxes);
        }
    }

    #[test]
    fn routes_are_whole_wherever_the_nodes_are(schema in schemas(12), seed in prop::collection::vec((-600i32..600, -600i32..600), 12)) {
        let places: Vec<Point> = seed.iter().map(|(x, y)| Point::new(*x, *y)).collect();
        let boxes = boxes(&schema.nodes(), &places);
        let links = schema.links();
        for (route, link) in route(&boxes, &links).iter().zip(&links) {
            let (first, last) = (route.points.first().unwrap(), route.points.last().unwrap());
            prop_assert_eq!(first.x, route.from.unwrap().of(boxes[link.from.node]));
            prop_assert_eq!(last.x, route.to.unwrap().of(boxes[link.to.node]));
            prop_assert!(route.points.windows(2).all(|pair| pair[0].x == pair[1].x || pair[0].y == pair[1].y));
        }
    }

    #[test]
    fn what_is_remembered_changes_no_line_that_nothing_came_near(schema in schemas(20), grown in 0usize..20) {
        let nodes = schema.nodes();
        let mut boxes = boxes(&nodes, &layout(&nodes, &schema.edges(), Mode::Columns));
        let links = schema.links();
        let (first, memory) = throughline_diagram::route::route_again(&Default::default(), &boxes, &links);
        prop_assert_eq!(&throughline_diagram::route::route_again(&memory, &boxes, &links).0, &first);
        let at = grown % boxes.len();
        boxes[at].height += 20;
        let (again, _) = throughline_diagram::route::route_again(&memory, &boxes, &links);
        for (route, link) in again.iter().zip(&links) {
            assert_well_drawn(route, link, &boxes);
        }
    }

    #[test]
    fn a_stack_is_one_column(schema in schemas(20)) {
        let nodes = schema.nodes();
        let places = layout(&nodes, &schema.edges(), Mode::Stack);
        prop_assert!(places.windows(2).all(|pair| pair[0].x == pair[1].x && pair[0].y < pair[1].y));
        prop_assert_eq!(overlaps(&boxes(&nodes, &places)), []);
    }
}

/// Routes that run through a node, of all.
fn through_nodes(schema: &Schema) -> usize {
    let nodes = schema.nodes();
    let boxes = boxes(&nodes, &layout(&nodes, &schema.edges(), Mode::Columns));
    let runs_through = |route: &Route| {
        route.points.windows(2).any(|pair| {
            let stroke = Rect::new(
                pair[0].x.min(pair[1].x),
                pair[0].y.min(pair[1].y),
                (pair[0].x - pair[1].x).abs().max(1),
                (pair[0].y - pair[1].y).abs().max(1),
            );
            boxes.iter().any(|rect| rect.inflate(-1).overlaps(stroke))
        })
    };
    route(&boxes, &schema.links()).iter().filter(|route| runs_through(route)).count()
}

#[test]
fn lines_run_around_nodes() {
    // Every model points at the two before it, and at the first: long edges over many columns.
    let keys =
        (2..14).flat_map(|node| [(node, node - 1, 1), (node, node - 2, 2), (node, 0, 3)]).collect();
    assert_eq!(through_nodes(&Schema { rows: vec![6; 14], keys }), 0);
}

#[test]
fn a_through_table_stands_between_its_ends() {
    let nodes = [Node { width: 224, height: 214, fixed: None }; 3];
    let edge = |left, right| Edge { left, right, left_port: 45, right_port: 45 };
    let places = layout(&nodes, &[edge(0, 2), edge(2, 1)], Mode::Columns);
    assert!(
        places[0].x + 224 + 96 <= places[2].x && places[2].x + 224 + 96 <= places[1].x,
        "{places:?}"
    );
}

#[test]
fn lanes_and_ports_are_those_of_the_mock() {
    let boxes = [
        Rect::new(36, 118, 224, 214),
        Rect::new(368, 28, 224, 188),
        Rect::new(368, 282, 224, 136),
        Rect::new(700, 118, 224, 214),
    ];
    let (student, enrollment, through, course) = (0, 1, 2, 3);
    let key = |from, row, to| Link {
        from: Socket { node: from, port: row_port(row), end: End::ZeroOrMany },
        to: Socket { node: to, port: row_port(0), end: End::ExactlyOne },
    };
    let links = [
        key(enrollment, 1, student),
        key(enrollment, 2, course),
        key(through, 1, course),
        key(through, 2, student),
    ];
    let drawn: Vec<String> = route(&boxes, &links)
        .iter()
        .map(|route| throughline_diagram::path::data(&route.points))
        .collect();
    assert_eq!(
        drawn,
        [
            "M368 99.5L316.5 99.5Q308.5 99.5 308.5 107.5L308.5 148.5Q308.5 156.5 300.5 156.5L260 156.5",
            "M592 125.5L632.5 125.5Q640.5 125.5 640.5 133.5L640.5 148.5Q640.5 156.5 648.5 156.5L700 156.5",
            "M592 353.5L644.5 353.5Q652.5 353.5 652.5 345.5L652.5 178.5Q652.5 170.5 660.5 170.5L700 170.5",
            "M368 379.5L328.5 379.5Q320.5 379.5 320.5 371.5L320.5 178.5Q320.5 170.5 312.5 170.5L260 170.5",
        ]
    );
}

#[test]
fn a_relation_to_itself_loops_on_the_right() {
    let boxes = [Rect::new(12, 20, 144, 110)];
    let end = |row, end| Socket { node: 0, port: row_port(row), end };
    let drawn =
        route(&boxes, &[Link { from: end(2, End::ZeroOrMany), to: end(0, End::ZeroOrOne) }]);
    assert_eq!(
        drawn[0].points,
        [Point::new(156, 117), Point::new(204, 117), Point::new(204, 65), Point::new(156, 65)]
    );
}

#[test]
fn an_end_moves_rather_than_making_a_short_jog() {
    let boxes = [Rect::new(0, 0, 224, 136), Rect::new(400, 7, 224, 136)];
    let socket = |node| Socket { node, port: row_port(0), end: End::ExactlyOne };
    let drawn = route(&boxes, &[Link { from: socket(0), to: socket(1) }]);
    assert_eq!(drawn[0].points, [Point::new(224, 45), Point::new(400, 45)]);
}

#[test]
fn many_lines_at_one_row_share_a_trunk() {
    let mut boxes = vec![Rect::new(0, 1000, 224, 136)];
    boxes.extend((0..20).map(|row| Rect::new(420, row * 120, 224, 84)));
    let links: Vec<Link> = (1..=20)
        .map(|node| Link {
            from: Socket { node, port: row_port(1), end: End::ZeroOrMany },
            to: Socket { node: 0, port: row_port(0), end: End::ExactlyOne },
        })
        .collect();
    let drawn = route(&boxes, &links);
    let ports: std::collections::BTreeSet<Point> =
        drawn.iter().map(|route| *route.points.last().unwrap()).collect();
    assert_eq!(ports.len(), 1, "{ports:?}");
    let trunks: std::collections::BTreeSet<i32> = drawn
        .iter()
        .filter(|route| route.points.len() == 4)
        .map(|route| route.points[1].x)
        .collect();
    assert_eq!(trunks.len(), 1, "{trunks:?}");
}

#[test]
fn labels_of_lines_side_by_side_stand_apart() {
    let upright = |x: i32, down: bool| {
        let (top, bottom) = (Point::new(x, 0), Point::new(x, 90));
        Route {
            points: if down { vec![top, bottom] } else { vec![bottom, top] },
            ..Route::default()
        }
    };
    let places: Vec<i32> = [upright(0, true), upright(8, false)]
        .iter()
        .zip(0..)
        .filter_map(|(route, index)| Some(route.label_place(index, 2, 40)?.y))
        .collect();
    assert_eq!(places, [30, 60]);
    let level = Route { points: vec![Point::new(0, 0), Point::new(90, 0)], ..Route::default() };
    assert_eq!(level.label_place(0, 2, 40), None, "there is no room for two");
    assert_eq!(level.label_place(0, 1, 40), Some(Point::new(45, 0)));
}
