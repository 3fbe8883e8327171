//! Where the nodes stand. Pure.
//!
//! A node that the user moved stands where it was put. Every other one stands where it was laid out when it came, so that
//! typing does not make the diagram jump; when most of them are new, all are laid out afresh.

use std::collections::BTreeMap;
use throughline_order::Arrange as _;

use throughline_diagram::measure::NODE_GAP;
use throughline_diagram::{Mode, Node, Point, Rect, layout};

use super::scene::Scene;
use crate::state::Layout;

/// The places of one scene.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Places {
    /// By the scene's index.
    pub(crate) boxes: Vec<Rect>,
    /// Where the layout put each model, moved by the user or not.
    automatic: BTreeMap<String, Point>,
    /// The models in the scene's order, to know a renamed one again.
    models: Vec<String>,
    /// Counts the layouts from nothing: the view is fitted after each.
    pub(crate) fresh: u32,
    mode: Option<Mode>,
    arranged: u32,
}

/// Places a scene. `before` is what there was; a new number in `arranged` asks for a layout from nothing.
pub(crate) fn place(
    scene: &Scene,
    moved: &Layout,
    mode: Mode,
    arranged: u32,
    before: Option<&Places>,
) -> Places {
    let last = before.map_or(0, |before| before.fresh);
    let before = before.filter(|before| before.mode == Some(mode) && before.arranged == arranged);
    let former = before.map(|before| former_names(scene, &before.models)).unwrap_or_default();
    let known = |model: &str| {
        let name = former.get(model).map_or(model, String::as_str);
        before.and_then(|before| before.automatic.get(name)).copied()
    };
    let kept = scene.nodes.iter().filter(|node| known(&node.model).is_some()).count();
    let from_nothing = kept * 2 <= scene.nodes.len();
    let user = |model: &str| match mode {
        Mode::Columns => moved.get(model).map(|place| Point::new(place.x, place.y)),
        Mode::Stack => None,
    };
    let mut nodes: Vec<Node> = scene
        .nodes
        .iter()
        .map(|node| Node { width: node.width, height: node.height, fixed: user(&node.model) })
        .collect();
    if !from_nothing && mode == Mode::Columns {
        keep_places(scene, &mut nodes, known);
    }
    let places = layout(&nodes, &scene.edges, mode);
    let boxes: Vec<Rect> = nodes
        .iter()
        .zip(&places)
        .map(|(node, place)| Rect::new(place.x, place.y, node.width, node.height))
        .collect();
    let automatic = scene
        .nodes
        .iter()
        .zip(&places)
        .map(|(node, place)| {
            let stays = user(&node.model).is_some();
            (node.model.clone(), known(&node.model).filter(|_| stays).unwrap_or(*place))
        })
        .collect();
    let fresh = if from_nothing && !scene.nodes.is_empty() { last + 1 } else { last };
    let models = scene.nodes.iter().map(|node| node.model.clone()).collect();
    Places { boxes, automatic, models, fresh, mode: Some(mode), arranged }
}

/// Models that stand where another one stood before that is gone: most likely they were renamed.
fn former_names(scene: &Scene, before: &[String]) -> BTreeMap<String, String> {
    if scene.nodes.len() != before.len() {
        return BTreeMap::new();
    }
    let pairs = scene.nodes.iter().map(|node| &node.model).zip(before);
    let renamed = pairs.filter(|(now, then)| now != then && scene.index(then).is_none());
    renamed.map(|(now, then)| (now.clone(), then.clone())).collect()
}

/// Fixes the nodes that stood somewhere, unless they have grown into another: then the lower one gives way.
fn keep_places(scene: &Scene, nodes: &mut [Node], known: impl Fn(&str) -> Option<Point>) {
    let mut order: Vec<usize> = (0..nodes.len()).collect();
    let top = |index: usize| {
        scene.nodes.get(index).and_then(|node| known(&node.model)).map(|place| (place.y, place.x))
    };
    order.arrange_by_key(|index| {
        (nodes.get(*index).is_none_or(|node| node.fixed.is_none()), top(*index), *index)
    });
    let mut taken: Vec<Rect> = Vec::with_capacity(nodes.len());
    for index in order {
        let (Some(node), Some(view)) = (nodes.get_mut(index), scene.nodes.get(index)) else {
            continue;
        };
        let Some(place) = node.fixed.or_else(|| known(&view.model)) else { continue };
        let rect = Rect::new(place.x, place.y, node.width, node.height);
        let in_the_way = node.fixed.is_none()
            && taken.iter().any(|other| other.inflate(NODE_GAP / 4).overlaps(rect));
        if !in_the_way {
            node.fixed = Some(place);
            taken.push(rect);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use throughline_core::link::Place;

    use super::super::scene::{NodeView, Scene};
    use super::*;

    fn scene(models: &[(&str, i32)]) -> Scene {
        let node = |(model, height): &(&str, i32)| {
            Arc::new(NodeView {
                model: (*model).into(),
                title: String::new(),
                aside: String::new(),
                generated_by: None,
                rows: Vec::new(),
                width: 224,
                height: *height,
                problems: None,
                sentence: String::new(),
            })
        };
        Scene { nodes: models.iter().map(node).collect(), ..Scene::default() }
    }

    #[test]
    fn a_new_model_moves_no_other() {
        let none = Layout::new();
        let before = place(&scene(&[("A", 100), ("B", 100)]), &none, Mode::Columns, 0, None);
        let after = place(
            &scene(&[("New", 80), ("A", 100), ("B", 100)]),
            &none,
            Mode::Columns,
            0,
            Some(&before),
        );
        assert_eq!(after.boxes[1..], before.boxes[..]);
        assert!(
            !after.boxes[1].overlaps(after.boxes[0]) && !after.boxes[2].overlaps(after.boxes[0])
        );
        assert_eq!(after.fresh, before.fresh);
    }

    #[test]
    fn undoing_a_move_brings_the_model_back() {
        let models = scene(&[("A", 100), ("B", 100)]);
        let before = place(&models, &Layout::new(), Mode::Columns, 0, None);
        let moved = Layout::from([("A".to_owned(), Place { x: 900, y: 700 })]);
        let after = place(&models, &moved, Mode::Columns, 0, Some(&before));
        assert_eq!(after.boxes[0].origin(), Point::new(900, 700));
        let undone = place(&models, &Layout::new(), Mode::Columns, 0, Some(&after));
        assert_eq!(undone.boxes, before.boxes);
    }

    #[test]
    fn a_renamed_model_stays_where_it_is() {
        let none = Layout::new();
        let before = place(&scene(&[("A", 100), ("B", 100)]), &none, Mode::Columns, 0, None);
        let renamed = scene(&[("A", 100), ("C", 100)]);
        let after = place(&renamed, &none, Mode::Columns, 0, Some(&before));
        assert_eq!((&after.boxes, after.fresh), (&before.boxes, before.fresh));
    }

    #[test]
    fn a_model_that_grows_into_another_pushes_it_away() {
        let none = Layout::new();
        let before = place(&scene(&[("A", 100), ("B", 100)]), &none, Mode::Columns, 0, None);
        let after =
            place(&scene(&[("A", 100), ("B", 2_000)]), &none, Mode::Columns, 0, Some(&before));
        assert!(!after.boxes[0].overlaps(after.boxes[1]));
    }
}
