//! Keys that the ORM cannot have as relations, and that become plain columns.

use std::collections::{HashMap, HashSet};
use throughline_order::Arrange as _;

use super::*;

impl Fitter<'_> {
    /// Keys to a model whose primary key is a relation itself, and keys in a circle, where the ORM cannot have them.
    pub(super) fn impossible_keys(&mut self, schema: &mut Schema) {
        if self.same {
            return;
        }
        self.keys_to_any(schema);
        if self.writer.cannot(Feature::LateReference).is_some() {
            self.entangled_keys(schema);
        }
        if self.writer.cannot(Feature::KeyToRelation).is_some() {
            self.keys_to_relations(schema);
        }
        if self.writer.cannot(Feature::KeyCycle).is_some() {
            self.cycles(schema);
        }
    }

    /// Keys to models further down, where others are in the way.
    fn entangled_keys(&mut self, schema: &mut Schema) {
        let late = super::through::entangled(schema);
        for model in &mut schema.models {
            let (name, primary) = (model.name.clone(), model.primary_key.clone());
            for field in &mut model.fields {
                let what = "A key to a model further down";
                if matches!(field.shape, Shape::Key(_))
                    && late.contains(&(name.clone(), field.name.clone()))
                    && self.lacks(Feature::LateReference, &name, Some(&field.name), what)
                {
                    plain(field, &primary);
                }
            }
        }
    }

    /// Keys that no database takes: to a column that is not unique, or of a primary key to itself.
    fn keys_to_any(&mut self, schema: &mut Schema) {
        let mut unique: HashSet<(String, String)> = HashSet::new();
        for model in &schema.models {
            for field in &model.fields {
                let alone = match &field.shape {
                    Shape::Column(column) => column.unique,
                    Shape::Key(key) => key.unique || key.one_to_one,
                    Shape::Many(_) => false,
                };
                let grouped = model.uniques.iter().any(|group| {
                    group.special.is_empty()
                        && matches!(group.fields.as_slice(), [(only, _)] if *only == field.name)
                });
                if alone || grouped || model.is_key(&field.name) {
                    unique.insert((model.name.clone(), field.name.clone()));
                }
            }
        }
        for model in &mut schema.models {
            let (name, primary) = (model.name.clone(), model.primary_key.clone());
            for field in &mut model.fields {
                let Shape::Key(key) = &field.shape else { continue };
                let itself =
                    key.target == name && primary.as_slice() == std::slice::from_ref(&field.name);
                let any = key
                    .to_field
                    .as_ref()
                    .is_some_and(|to| !unique.contains(&(key.target.clone(), to.clone())));
                if any || itself {
                    let what = format!(
                        "The key to {}.{}",
                        key.target,
                        key.to_field.as_deref().unwrap_or("pk")
                    );
                    let why = "It references no unique column, which databases refuse. A plain column stands here.";
                    self.say(&name, Some(&field.name), what, why);
                    plain(field, &primary);
                }
            }
        }
    }

    fn keys_to_relations(&mut self, schema: &mut Schema) {
        let mut related: HashSet<String> = schema
            .models
            .iter()
            .filter(|model| {
                model
                    .fields
                    .iter()
                    .any(|field| matches!(field.shape, Shape::Key(_)) && model.is_key(&field.name))
            })
            .map(|model| model.name.clone())
            .collect();
        // A primary key that becomes plain can be referenced: so primary keys come first, those at the end of a chain last.
        let mut changed = true;
        while changed {
            changed = false;
            for model in &mut schema.models {
                let (name, primary) = (model.name.clone(), model.primary_key.clone());
                for field in &mut model.fields {
                    let Shape::Key(key) = &field.shape else { continue };
                    let itself = primary.as_slice() == std::slice::from_ref(&field.name);
                    let leads = itself && related.contains(&key.target);
                    // The one nearest to the plain key is first.
                    if leads
                        && self.lacks(
                            Feature::KeyToRelation,
                            &name,
                            Some(&field.name),
                            "A key to a model whose primary key is a relation",
                        )
                    {
                        plain(field, &primary);
                        related.remove(&name);
                        changed = true;
                    }
                }
            }
        }
        for model in &mut schema.models {
            let (name, primary) = (model.name.clone(), model.primary_key.clone());
            for field in &mut model.fields {
                let Shape::Key(key) = &field.shape else { continue };
                if key.to_field.is_none()
                    && related.contains(&key.target)
                    && self.lacks(
                        Feature::KeyToRelation,
                        &name,
                        Some(&field.name),
                        "A key to a model whose primary key is a relation",
                    )
                {
                    plain(field, &primary);
                }
            }
        }
    }

    fn cycles(&mut self, schema: &mut Schema) {
        let mut edges: Vec<(bool, String, String, String)> = Vec::new();
        for model in &schema.models {
            for field in &model.fields {
                if let Shape::Key(key) = &field.shape
                    && key.target != model.name
                {
                    let primary = model.is_key(&field.name);
                    edges.push((
                        key.null && !primary,
                        model.name.clone(),
                        field.name.clone(),
                        key.target.clone(),
                    ));
                }
            }
        }
        // Those that may be empty give way to those that may not.
        edges.arrange_by_key(|(null, ..)| *null);
        let mut graph: HashMap<String, Vec<String>> = HashMap::new();
        for (_, model, field, target) in edges {
            if !reaches(&graph, &target, &model) {
                graph.entry(model).or_default().push(target);
                continue;
            }
            let what = format!("The relation to {target}, which leads back here");
            if !self.lacks(Feature::KeyCycle, &model, Some(&field), what) {
                continue;
            }
            let owner = schema.models.iter_mut().filter(|other| other.name == model);
            for owner in owner {
                let primary = owner.primary_key.clone();
                let fields = owner.fields.iter_mut().filter(|other| other.name == field);
                fields.for_each(|field| plain(field, &primary));
            }
        }
    }
}

/// Whether one model can be reached from another.
fn reaches(graph: &HashMap<String, Vec<String>>, from: &str, to: &str) -> bool {
    let mut seen: HashSet<&str> = HashSet::new();
    let mut stack = vec![from];
    while let Some(at) = stack.pop() {
        if at == to {
            return true;
        }
        if seen.insert(at) {
            stack.extend(graph.get(at).into_iter().flatten().map(String::as_str));
        }
    }
    false
}

/// Makes a key the column that holds it. A primary key is not unique besides.
pub(super) fn plain(field: &mut SchemaField, primary_key: &[String]) {
    let primary = primary_key == std::slice::from_ref(&field.name);
    let Shape::Key(key) = &field.shape else { return };
    field.shape = Shape::Column(ColumnShape {
        column: key.column.clone(),
        ty: key.ty.clone(),
        auto: false,
        implicit: false,
        null: key.null,
        unique: !primary && (key.unique || key.one_to_one),
        index: key.index,
        default: key.default.clone(),
        db_default: None,
        db_written: None,
        moment: None,
        choices: Vec::new(),
        class: None,
    });
}
