//! The making of a class, up to its fields.

use super::registry::{APP, Class, World};
use super::{meta, names};
use crate::document::{Model, ModelKind};

/// A class with its bases and options, and without fields.
pub(super) fn start<'a>(world: &World<'a>, model: &'a Model, declared: Option<usize>) -> Class<'a> {
    let id = world.classes.len();
    let bases: Vec<usize> =
        model.bases.iter().filter_map(|base| world.class_at(&base.path)).collect();
    let mro = linearize(world, id, &bases);
    let mut meta = meta::effective(world, model, mro.get(1..).unwrap_or_default());
    let is_abstract = model.kind == ModelKind::Abstract;
    let proxy = meta
        .options
        .iter()
        .any(|(name, value)| name.text == "proxy" && *value == crate::document::Value::Bool(true));
    let concrete_base = bases
        .iter()
        .copied()
        .find(|base| world.classes.get(*base).is_some_and(|class| !class.is_abstract));
    // The default order also comes from a parent with a table, unless an abstract one stands before it.
    if !is_abstract && !meta.options.iter().any(|(name, _)| name.text == "ordering") {
        let first = mro
            .get(1)
            .and_then(|first| world.classes.get(*first))
            .filter(|class| !class.is_abstract);
        if let Some(parent) = first {
            meta.ordering = parent.meta.ordering.clone();
        }
    }
    let object_name = model.name.text.clone();
    let model_name = names::lower(&object_name);
    let app = meta.app_label.as_ref().map_or_else(|| APP.to_owned(), |label| label.text.clone());
    if !is_abstract {
        names::fill_in(&mut meta, &app, &model_name);
    }
    let table = match (proxy, concrete_base.and_then(|base| world.classes.get(base))) {
        (true, Some(base)) => base.table.clone(),
        _ => meta
            .table
            .as_ref()
            .map_or_else(|| format!("{app}_{model_name}"), |table| table.text.clone()),
    };
    let concrete = match (proxy, concrete_base.and_then(|base| world.classes.get(base))) {
        (true, Some(base)) => base.concrete,
        _ => id,
    };
    Class {
        name: if declared.is_some() { object_name.clone() } else { format!("{app}.{object_name}") },
        meta_attribute: (is_abstract && model.meta.span.is_some()).then(|| meta.clone()),
        object_name,
        model_name,
        app,
        declared,
        is_abstract,
        proxy,
        meta,
        table,
        bases,
        mro,
        fields: Vec::new(),
        many: Vec::new(),
        private: Vec::new(),
        parents: Vec::new(),
        concrete,
        generated_by: None,
        model: Some(model),
    }
}

/// Python's method resolution order (C3). Bases that contradict each other, which Python refuses, give the order of declaration.
fn linearize(world: &World<'_>, id: usize, bases: &[usize]) -> Vec<usize> {
    let chain =
        |base: &usize| world.classes.get(*base).map(|class| class.mro.clone()).unwrap_or_default();
    let mut lists: Vec<Vec<usize>> = bases.iter().map(chain).collect();
    lists.push(bases.to_vec());
    let mut out = vec![id];
    loop {
        lists.retain(|list| !list.is_empty());
        if lists.is_empty() {
            return out;
        }
        let in_no_tail =
            |head: &usize| !lists.iter().any(|list| list.iter().skip(1).any(|other| other == head));
        let heads: Vec<usize> = lists.iter().filter_map(|list| list.first().copied()).collect();
        let Some(next) = heads.iter().copied().find(in_no_tail).or_else(|| heads.first().copied())
        else {
            return out;
        };
        if !out.contains(&next) {
            out.push(next);
        }
        for list in &mut lists {
            list.retain(|other| *other != next);
        }
    }
}
