//! Inheritance of `class Meta`: the blocks are Python classes, so what one does not say its base says.

use std::borrow::Cow;

use super::{Class, Registry};
use crate::document::{Meta, Model, ModelKind};
use crate::orm::django::names;

/// What `Meta` is for a class: its own block over those that the block inherits from; without a block of its own the one
/// that it inherits as an attribute, which only abstract classes leave behind.
pub(super) fn effective<'a>(
    registry: &Registry<'a>,
    model: &'a Model,
    mro: &[usize],
) -> Cow<'a, Meta> {
    let mut meta = inherited(registry, model, mro);
    if model.kind == ModelKind::Abstract {
        return meta;
    }
    // The default order also comes from a parent with a table, unless an abstract one stands before it.
    let parent = mro.first().and_then(|first| registry.class(*first));
    if let Some(parent) = parent.filter(|parent| !parent.is_abstract())
        && !parent.meta.ordering.is_empty()
        && !meta.options.iter().any(|(name, _)| name.text == "ordering")
    {
        meta.to_mut().ordering.clone_from(&parent.meta.ordering);
    }
    meta
}

/// Fills placeholders into the names of indexes and constraints, which Django does for every class that is not abstract.
pub(super) fn fill_in(class: &mut Class<'_>) {
    let named = class.meta.uniques.iter().filter(|unique| unique.constraint);
    let mut named = named
        .map(|unique| &unique.name)
        .chain(class.meta.checks.iter().map(|check| &check.name))
        .chain(class.meta.indexes.iter().map(|index| &index.name));
    if named.any(|name| name.as_ref().is_some_and(|name| name.contains('%'))) {
        let app = class.app().to_owned();
        names::fill_in(class.meta.to_mut(), &app, &class.model_name);
    }
}

fn inherited<'a>(registry: &Registry<'a>, model: &'a Model, mro: &[usize]) -> Cow<'a, Meta> {
    if model.meta.span.is_none() {
        let Some(found) = attribute(registry, mro) else { return Cow::Borrowed(&model.meta) };
        let primary_key = model.meta.primary_key.clone();
        return Cow::Owned(Meta { primary_key, span: None, ..found.clone() });
    }
    let mut meta = Cow::Borrowed(&model.meta);
    for base in &model.meta.bases {
        let Some(owner) = base.path.strip_suffix(".Meta") else { continue };
        let Some(class) = registry.made(owner).and_then(|at| registry.class(at)) else { continue };
        if let Some(inherited) = attribute(registry, &class.mro) {
            meta = Cow::Owned(over(&meta, inherited));
        }
    }
    meta
}

/// The first `Meta` along a method resolution order.
fn attribute<'r>(registry: &'r Registry<'_>, mro: &[usize]) -> Option<&'r Meta> {
    let classes = mro.iter().filter_map(|at| registry.class(*at));
    classes
        .filter(|class| class.is_abstract())
        .find(|class| class.model.meta.span.is_some())
        .map(|class| class.meta.as_ref())
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
