//! An order in which classes can be declared.

use std::collections::HashMap;

use super::schema::{Schema, SchemaModel, Shape, ThroughShape};

/// The models so that each comes after those that its fields need by class, as far as cycles allow; otherwise in the given order.
/// `needs` gives the models that must be there before.
pub fn in_declaration_order<'a>(
    schema: &'a Schema,
    needs: &dyn Fn(&SchemaModel) -> Vec<String>,
) -> Vec<&'a SchemaModel> {
    let places: HashMap<&str, usize> =
        schema.models.iter().enumerate().map(|(at, model)| (model.name.as_str(), at)).collect();
    let mut seen = vec![false; schema.models.len()];
    let mut order = Vec::with_capacity(schema.models.len());
    // Depth first with a stack of our own; a model is met twice, the second time with its needs done.
    let mut stack: Vec<(usize, bool)> =
        (0..schema.models.len()).rev().map(|at| (at, false)).collect();
    while let Some((at, done)) = stack.pop() {
        let Some(model) = schema.models.get(at) else { continue };
        if done {
            order.push(model);
            continue;
        }
        if seen.get(at).copied().unwrap_or(true) {
            continue;
        }
        if let Some(seen) = seen.get_mut(at) {
            *seen = true;
        }
        stack.push((at, true));
        let before = needs(model);
        stack.extend(
            before.iter().rev().filter_map(|name| places.get(name.as_str())).map(|at| (*at, false)),
        );
    }
    order
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
