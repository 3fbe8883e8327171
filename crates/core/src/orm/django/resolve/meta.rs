//! Inheritance of `class Meta`: the blocks are Python classes, so what one does not say its base says.

use super::registry::World;
use crate::document::{Meta, Model};

/// What `Meta` is for a class: its own block over those that the block inherits from; without a block of its own the one
/// that it inherits as an attribute, which only abstract classes leave behind.
pub(super) fn effective(world: &World<'_>, model: &Model, mro: &[usize]) -> Meta {
    if model.meta.span.is_none() {
        let inherited = attribute(world, mro).unwrap_or_default();
        return Meta { primary_key: model.meta.primary_key.clone(), span: None, ..inherited };
    }
    let mut meta = model.meta.clone();
    for base in &model.meta.bases {
        let Some(owner) = base.path.strip_suffix(".Meta") else { continue };
        let Some(class) = world.class_at(owner).and_then(|id| world.classes.get(id)) else {
            continue;
        };
        if let Some(inherited) = attribute(world, &class.mro) {
            meta = over(&meta, &inherited);
        }
    }
    meta
}

/// The first `Meta` along a method resolution order.
fn attribute(world: &World<'_>, mro: &[usize]) -> Option<Meta> {
    mro.iter().find_map(|id| world.classes.get(*id)?.meta_attribute.clone())
}

/// The options of `own`, and those of `base` that `own` does not name.
fn over(own: &Meta, base: &Meta) -> Meta {
    let has = |option: &str| own.options.iter().any(|(name, _)| name.text == option);
    let mut out = own.clone();
    if !has("db_table") {
        out.table = base.table.clone();
    }
    if !has("app_label") {
        out.app_label = base.app_label.clone();
    }
    if !has("managed") {
        out.unmanaged = base.unmanaged;
    }
    if !has("default_related_name") {
        out.default_related_name = base.default_related_name.clone();
    }
    if !has("unique_together") {
        out.uniques.extend(base.uniques.iter().filter(|unique| !unique.constraint).cloned());
    }
    if !has("constraints") {
        out.uniques.extend(base.uniques.iter().filter(|unique| unique.constraint).cloned());
        out.checks = base.checks.clone();
    }
    if !has("indexes") {
        out.indexes = base.indexes.clone();
    }
    if !has("ordering") {
        out.ordering = base.ordering.clone();
    }
    let inherited =
        base.options.iter().filter(|(name, _)| name.text != "abstract" && !has(&name.text));
    out.options.extend(inherited.cloned());
    out
}
