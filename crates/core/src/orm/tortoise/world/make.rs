//! The making of classes, one after the other as Python reads them (`ModelMeta.__new__`).

use rustc_hash::FxHashMap;
use throughline_order::Arrange as _;

use super::{Class, FieldsMap, Id, Kind, Object, Problem, Text, What, World, is_mixin};
use crate::document::{Meta, Model, ModelKind};
use crate::orm::tortoise::fields;
use crate::resolve::Origin;

/// Attributes of `Model` and `ModelMeta` of 1.1.9 that `_check_field_name_conflicts` refuses as names of fields; sorted.
#[rustfmt::skip]
pub(in crate::orm::tortoise) static RESERVED: &[&str] = &[
    "Meta", "_check", "_check_field_name_conflicts", "_check_together", "_choose_db", "_create_or_get", "_db_queryset",
    "_describe_index", "_dispatch_fields", "_get_pk_val", "_getbypk", "_init_from_db", "_listeners", "_meta", "_parse_custom_pk",
    "_post_delete", "_post_save", "_pre_delete", "_pre_save", "_search_for_field_attributes", "_set_async_default_field",
    "_set_kwargs", "_set_pk_val", "_validate_relation_type", "_wait_for_listeners", "all", "annotate", "build_meta",
    "bulk_create", "bulk_update", "clone", "construct", "create", "delete", "describe", "earliest", "exclude", "exists",
    "fetch_for_list", "fetch_related", "filter", "first", "get", "get_or_create", "get_or_none", "get_table", "in_bulk", "last",
    "latest", "pk", "raw", "refresh_from_db", "register_listener", "save", "select_for_update", "update_from_dict",
    "update_or_create",
];

/// Longer chains of parents than this are not gone through again and again, as Tortoise does, but once.
const DEEP: usize = 12;

/// Makes all classes.
pub(super) fn classes(world: &mut World<'_>) {
    let mut bound: FxHashMap<&str, usize> = FxHashMap::default();
    let document = world.document;
    for (index, model) in document.models.iter().enumerate() {
        let class = make(world, index, model, &bound);
        world.classes.push(class);
        bound.insert(model.name.text.as_str(), index);
    }
}

fn make<'a>(
    world: &mut World<'a>,
    index: usize,
    model: &'a Model,
    bound: &FxHashMap<&str, usize>,
) -> Class<'a> {
    let bases: Vec<usize> =
        model.bases.iter().filter_map(|base| bound.get(base.path.as_str()).copied()).collect();
    let mut class = Class {
        model,
        is_model: !is_mixin(model),
        is_abstract: model.kind == ModelKind::Abstract,
        mro: linearize(world, index, &bases),
        metas: Vec::new(),
        fields: FieldsMap::default(),
        columns: Vec::new(),
        ordering: &[],
        pk_attr: Text::Borrowed("id"),
        pk: None,
        pk_column: Text::default(),
        table: Text::default(),
    };
    if model.meta.span.is_some() {
        metas(world, &model.meta, bound, &mut class.metas, 0);
    }
    let own: Vec<(Text<'a>, Id)> = model
        .fields
        .iter()
        .enumerate()
        .map(|(field, declared)| {
            let object = Object::declared(declared, Origin { model: index, field });
            (Text::Borrowed(declared.name.text.as_str()), world.add(object))
        })
        .collect();
    if !class.is_model {
        for (name, id) in own {
            class.fields.set(name, id);
        }
        return class;
    }
    let mut attrs = FieldsMap::default();
    for base in bases.iter().copied() {
        let mut seen = world.class(base).filter(|class| class.mro.len() > DEEP).map(|_| Vec::new());
        search(world, base, &mut attrs, &mut seen);
    }
    for (name, id) in own {
        attrs.set(name, id);
    }
    let hidden = |name: &str| {
        !model.members.is_empty() && model.members.iter().any(|member| member.name.text == name)
    };
    let attrs: Vec<(Text<'a>, Id)> = attrs
        .iter()
        .filter(|(name, _)| !hidden(name))
        .map(|(name, id)| (name.clone(), id))
        .collect();
    let implicit = keys(world, index, &attrs, &hidden, &mut class);
    dispatch(world, implicit.into_iter().chain(attrs), &mut class);
    let mut conflicts: Vec<Text<'a>> = class
        .fields
        .iter()
        .filter(|(name, _)| RESERVED.binary_search(&name.as_ref()).is_ok())
        .map(|(name, _)| name.clone())
        .collect();
    if !conflicts.is_empty() {
        conflicts.arrange();
        problem(world, index, None, What::Reserved(conflicts));
    }
    build_meta(world, &bases, &mut class);
    class
}

fn problem<'a>(world: &mut World<'a>, class: usize, object: Option<Id>, what: What<'a>) {
    world.problems.push(Problem { what, class, object });
}

/// `Meta` and the blocks that it inherits from: `class Meta(Base.Meta)`.
fn metas<'a>(
    world: &World<'a>,
    meta: &'a Meta,
    bound: &FxHashMap<&str, usize>,
    out: &mut Vec<&'a Meta>,
    depth: usize,
) {
    out.push(meta);
    if depth > 16 {
        return;
    }
    for base in &meta.bases {
        let Some(owner) = base.path.strip_suffix(".Meta").and_then(|name| bound.get(name)) else {
            continue;
        };
        // The attribute `Meta` of a class may be its parent's.
        let Some(class) = world.class(*owner) else { continue };
        let mut line = class.mro.iter().filter_map(|index| world.class(*index));
        if let Some(owner) = line.find(|class| class.model.meta.span.is_some()) {
            out.extend(owner.metas.iter().copied());
        }
    }
}

/// `_search_for_field_attributes`: what a base hands down. Models hand down all they have, and later ones replace earlier ones;
/// mixins only add.
fn search<'a>(
    world: &World<'a>,
    base: usize,
    attrs: &mut FieldsMap<'a>,
    seen: &mut Option<Vec<usize>>,
) {
    let Some(class) = world.class(base) else { return };
    if let Some(seen) = seen {
        if seen.contains(&base) {
            return;
        }
        seen.push(base);
    }
    for parent in class.mro.iter().skip(1) {
        search(world, *parent, attrs, seen);
    }
    for (name, id) in class.fields.iter() {
        if class.is_model || !attrs.contains(name) {
            attrs.set(name.clone(), id);
        }
    }
}

/// `_parse_custom_pk`: finds the key, or adds one; gives what it added.
fn keys<'a>(
    world: &mut World<'a>,
    index: usize,
    attrs: &[(Text<'a>, Id)],
    hidden: &dyn Fn(&str) -> bool,
    class: &mut Class<'a>,
) -> Option<(Text<'a>, Id)> {
    let mut found = false;
    for (name, id) in attrs {
        let Some(object) = world.object(*id).filter(|object| object.pk) else { continue };
        let asks = object
            .field
            .and_then(|field| field.arg("generated"))
            .is_some_and(|arg| crate::python::truth(&arg.value) == Some(true));
        let cannot = object
            .field
            .and_then(|field| fields::known(field.base?))
            .is_some_and(|known| !known.generates);
        if found {
            problem(world, index, Some(*id), What::SecondKey);
            continue;
        }
        if asks && cannot {
            problem(world, index, Some(*id), What::NotGenerated);
        }
        found = true;
        class.pk_attr = name.clone();
    }
    if found || class.is_abstract {
        return None;
    }
    if hidden("id") || attrs.iter().any(|(name, _)| name == "id") {
        problem(world, index, None, What::IdWithoutKey);
        return None;
    }
    Some((Text::Borrowed("id"), world.add(Object::implicit_key())))
}

/// `_dispatch_fields`: fills the maps. An abstract class takes copies, so that its children share those and not the mixins' own.
fn dispatch<'a>(
    world: &mut World<'a>,
    attrs: impl Iterator<Item = (Text<'a>, Id)>,
    class: &mut Class<'a>,
) {
    for (name, id) in attrs {
        let Some(object) = world.objects.get_mut(id) else { continue };
        let kind = object.kind;
        let id = if class.is_abstract {
            let copy = Object { name: name.clone(), ..object.clone() };
            world.add(copy)
        } else {
            object.name = name.clone();
            id
        };
        if kind == Kind::Column {
            class.columns.push(id);
        }
        class.fields.set(name, id);
    }
}

/// `build_meta`, and the default order, which comes from the first parent that has one.
fn build_meta<'a>(world: &World<'a>, bases: &[usize], class: &mut Class<'a>) {
    class.pk = class.fields.get(&class.pk_attr);
    if let Some(object) = class.pk.and_then(|pk| world.object(pk)) {
        class.pk_column = match (&object.source_field, object.kind) {
            (Some(column), _) => column.clone(),
            (None, Kind::OneToOne) => Text::Owned(format!("{}_id", class.pk_attr)),
            (None, Kind::Column | Kind::ForeignKey | Kind::ManyToMany | Kind::Backward) => {
                class.pk_attr.clone()
            }
        };
    }
    class.is_abstract |= class.fields.is_empty();
    class.ordering = match class.option("ordering") {
        Some((meta, ..)) => &meta.ordering,
        None => bases
            .iter()
            .filter_map(|base| world.class(*base))
            .filter(|base| base.is_model)
            .map(|base| base.ordering)
            .find(|ordering| !ordering.is_empty())
            .unwrap_or_default(),
    };
    if let Some((meta, ..)) = class.option("table")
        && let Some(table) = &meta.table
    {
        class.table = Text::Borrowed(table.text.as_str());
    }
}

/// Python's method resolution order (C3). Bases that contradict each other, which Python refuses, give the order of declaration.
fn linearize(world: &World<'_>, index: usize, bases: &[usize]) -> Vec<usize> {
    let chain =
        |base: &usize| world.class(*base).map(|class| class.mro.clone()).unwrap_or_default();
    let mut lists: Vec<Vec<usize>> = bases.iter().map(chain).collect();
    lists.push(bases.to_vec());
    let mut out = vec![index];
    loop {
        lists.retain(|list| !list.is_empty());
        let in_no_tail =
            |head: &usize| !lists.iter().any(|list| list.iter().skip(1).any(|other| other == head));
        let heads = || lists.iter().filter_map(|list| list.first().copied());
        let Some(next) = heads().find(in_no_tail).or_else(|| heads().next()) else { return out };
        if !out.contains(&next) {
            out.push(next);
        }
        for list in &mut lists {
            list.retain(|other| *other != next);
        }
    }
}
