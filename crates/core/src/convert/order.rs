//! An order in which classes can be declared.

use std::collections::HashMap;

use super::schema::{Schema, SchemaModel, Shape, ThroughShape};

/// The models so that each comes after those that its fields need by class; otherwise in the given order. Of a circle of models those that
/// stand first stay first. `needs` gives the models that must be there before.
pub fn in_declaration_order<'a>(
    schema: &'a Schema,
    needs: &dyn Fn(&SchemaModel) -> Vec<String>,
) -> Vec<&'a SchemaModel> {
    let places: HashMap<&str, usize> =
        schema.models.iter().enumerate().map(|(at, model)| (model.name.as_str(), at)).collect();
    let edges: Vec<Vec<usize>> = schema
        .models
        .iter()
        .map(|model| {
            let needed = needs(model);
            needed.iter().filter_map(|name| places.get(name.as_str()).copied()).collect()
        })
        .collect();
    let circles = circles(&edges);
    let circle = |at: usize| circles.get(at).copied();
    let before: Vec<Vec<usize>> = edges
        .iter()
        .enumerate()
        .map(|(at, needed)| {
            let kept = |to: &&usize| **to < at || circle(**to) != circle(at);
            needed.iter().filter(kept).copied().collect()
        })
        .collect();
    finished(&before, 0..schema.models.len())
        .into_iter()
        .filter_map(|at| schema.models.get(at))
        .collect()
}

/// The nodes in the order in which a depth-first walk is done with them.
fn finished(edges: &[Vec<usize>], starts: impl DoubleEndedIterator<Item = usize>) -> Vec<usize> {
    let mut seen = vec![false; edges.len()];
    let mut order = Vec::with_capacity(edges.len());
    // A stack of our own: a chain of models may be long. A node is met twice, the second time with what it leads to done.
    let mut stack: Vec<(usize, bool)> = starts.rev().map(|at| (at, false)).collect();
    while let Some((at, done)) = stack.pop() {
        if done {
            order.push(at);
        } else if let Some(seen) = seen.get_mut(at).filter(|seen| !**seen) {
            *seen = true;
            stack.push((at, true));
            stack.extend(edges.get(at).into_iter().flatten().rev().map(|to| (*to, false)));
        }
    }
    order
}

/// For each node a number that it shares with those from which it is reached and which it reaches (Kosaraju).
fn circles(edges: &[Vec<usize>]) -> Vec<usize> {
    let order = finished(edges, 0..edges.len());
    let mut back: Vec<Vec<usize>> = vec![Vec::new(); edges.len()];
    for (from, targets) in edges.iter().enumerate() {
        for to in targets {
            if let Some(back) = back.get_mut(*to) {
                back.push(from);
            }
        }
    }
    let mut circle = vec![usize::MAX; edges.len()];
    for start in order.into_iter().rev() {
        let mut stack = vec![start];
        while let Some(at) = stack.pop() {
            if let Some(number) = circle.get_mut(at).filter(|number| **number == usize::MAX) {
                *number = start;
                stack.extend(back.get(at).into_iter().flatten());
            }
        }
    }
    circle
}

/// The models that a model's relations name: targets, and the parents of its through models.
pub fn targets(model: &SchemaModel) -> Vec<&str> {
    model
        .fields
        .iter()
        .filter_map(|field| match &field.shape {
            Shape::Column(_) => None,
            Shape::Key(key) => Some(key.target.as_str()),
            Shape::Many(many) => Some(many.target.as_str()),
        })
        .filter(|target| *target != model.name)
        .collect()
}

/// The declared through models of a model's relations.
pub fn throughs(model: &SchemaModel) -> impl Iterator<Item = &str> {
    model.fields.iter().filter_map(|field| match &field.shape {
        Shape::Many(many) => match &many.through {
            ThroughShape::Declared { model, .. } => Some(model.as_str()),
            ThroughShape::Generated(_) => None,
        },
        Shape::Column(_) | Shape::Key(_) => None,
    })
}
