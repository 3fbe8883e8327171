//! Inheritance of fields, step by step as Django's `ModelBase.__new__` does it.
//!
//! Recorded: `django/022`, `django/054`; source: `django/db/models/base.py` of 5.2.

use rustc_hash::{FxHashMap, FxHashSet};

use super::registry::{Class, World};
use super::slots::{Slot, Source};
use crate::document::{FieldKind, Model, RelationKind, Value};
use crate::resolve::Origin;

/// Fields of the user's file come after those of Django's own apps.
const OWN: i64 = 1 << 40;
/// Fields that are added when a class is finished come last.
const LAST: i64 = 1 << 60;

/// What a class has come to have.
#[derive(Default)]
struct Build<'a> {
    fields: Vec<Slot<'a>>,
    many: Vec<Slot<'a>>,
    private: Vec<Slot<'a>>,
    parents: Vec<(usize, Option<String>)>,
}

/// Gives a class its fields: its own, those of abstract parents, links to parents with a table, the implicit key.
pub(super) fn fields<'a>(
    world: &World<'a>,
    class: &mut Class<'a>,
    model: &'a Model,
    index: usize,
    own: bool,
) {
    let mut build = declared(model, index, own);
    if !class.bases.is_empty() {
        let links = parent_links(world, class, &build);
        inherit(world, class, &links, &mut build);
    }
    if !class.is_abstract {
        finish(world, class, &mut build);
    }
    build.fields.sort_by_key(|slot| slot.counter);
    build.many.sort_by_key(|slot| slot.counter);
    class.fields = build.fields;
    class.many = build.many;
    class.private = build.private;
    class.parents = build.parents;
}

fn declared(model: &Model, index: usize, own: bool) -> Build<'_> {
    let mut build = Build::default();
    for (at, field) in model.fields.iter().enumerate() {
        let slot = Slot {
            name: field.name.text.clone(),
            source: Source::Declared(field, own.then_some(Origin { model: index, field: at })),
            counter: i64::from(field.name.span.start) + if own { OWN } else { 0 },
            primary_key: field.primary_key,
            target: None,
        };
        match &field.kind {
            FieldKind::Column(_) => build.fields.push(slot),
            FieldKind::Relation(relation) => match relation.kind {
                RelationKind::ManyToMany => build.many.push(slot),
                RelationKind::ForeignKey | RelationKind::OneToOne => build.fields.push(slot),
            },
            FieldKind::Virtual => build.private.push(slot),
        }
    }
    build
}

/// The declared links to parents (`OneToOneField(parent_link=True)`), by the parent; those of the class itself win.
fn parent_links(
    world: &World<'_>,
    class: &Class<'_>,
    build: &Build<'_>,
) -> FxHashMap<usize, String> {
    let mut links = FxHashMap::default();
    let abstract_bases = class
        .bases
        .iter()
        .rev()
        .filter_map(|base| world.classes.get(*base))
        .filter(|base| base.is_abstract);
    for slot in abstract_bases.flat_map(|base| &base.fields).chain(&build.fields) {
        match &slot.source {
            Source::ParentLink(parent) => {
                links.insert(*parent, slot.name.clone());
            }
            Source::Declared(..) => {
                let spec = slot
                    .spec()
                    .filter(|spec| spec.parent_link && spec.kind == RelationKind::OneToOne);
                if let Some(parent) =
                    spec.and_then(|spec| world.target(spec.target.as_ref()?, world.classes.len()))
                {
                    links.insert(parent, slot.name.clone());
                }
            }
            Source::Id(_) | Source::Order | Source::ThroughKey(_) => {}
        }
    }
    links
}

fn inherit<'a>(
    world: &World<'a>,
    class: &Class<'a>,
    links: &FxHashMap<usize, String>,
    build: &mut Build<'a>,
) {
    let own: FxHashSet<String> = build
        .fields
        .iter()
        .chain(&build.many)
        .chain(&build.private)
        .map(|slot| slot.name.clone())
        .collect();
    let mut inherited: FxHashSet<&str> = class.own_names().collect();
    for base_id in class.mro.iter().skip(1) {
        let Some(base) = world.classes.get(*base_id) else { continue };
        if !class.bases.contains(base_id) {
            inherited.extend(names(base));
        } else if base.is_abstract {
            let taken: FxHashSet<String> =
                build.fields.iter().chain(&build.many).map(|slot| slot.name.clone()).collect();
            let free = |slot: &&Slot<'a>| {
                !own.contains(&slot.name)
                    && !inherited.contains(slot.name.as_str())
                    && !taken.contains(&slot.name)
            };
            build.fields.extend(base.fields.iter().filter(free).cloned());
            build.many.extend(base.many.iter().filter(free).cloned());
            for (parent, link) in &base.parents {
                set_parent(&mut build.parents, *parent, link.clone());
            }
        } else {
            inherited.extend(base.fields.iter().chain(&base.many).map(|slot| slot.name.as_str()));
            link(world, class, base.concrete, links, build);
        }
        let private = base.private.iter().filter(|slot| {
            !own.contains(&slot.name) && !build.private.iter().any(|other| other.name == slot.name)
        });
        let private: Vec<_> = private.cloned().collect();
        build.private.extend(private);
    }
}

/// Links a class to a parent with a table: by a declared field, or by one that Django adds.
fn link<'a>(
    world: &World<'a>,
    class: &Class<'a>,
    parent: usize,
    links: &FxHashMap<usize, String>,
    build: &mut Build<'a>,
) {
    if let Some(name) = links.get(&parent) {
        set_parent(&mut build.parents, parent, Some(name.clone()));
        return;
    }
    if class.proxy {
        set_parent(&mut build.parents, parent, None);
        return;
    }
    let Some(name) = world.classes.get(parent).map(|class| format!("{}_ptr", class.model_name))
    else {
        return;
    };
    let has = |slot: &Slot<'_>| slot.name == name;
    let inherited = || {
        class
            .mro
            .iter()
            .filter_map(|id| world.classes.get(*id))
            .any(|base| base.fields.iter().any(has))
    };
    if !build.fields.iter().any(has) && !inherited() {
        let counter = world.next_auto();
        build.fields.push(Slot {
            name: name.clone(),
            source: Source::ParentLink(parent),
            counter,
            primary_key: false,
            target: None,
        });
    }
    set_parent(&mut build.parents, parent, Some(name));
}

fn set_parent(parents: &mut Vec<(usize, Option<String>)>, parent: usize, link: Option<String>) {
    match parents.iter_mut().find(|(known, _)| *known == parent) {
        Some((_, known)) => *known = link,
        None => parents.push((parent, link)),
    }
}

/// Everything that stands in a class's own dictionary.
fn names<'c>(class: &'c Class<'_>) -> impl Iterator<Item = &'c str> {
    let slots =
        class.fields.iter().chain(&class.many).chain(&class.private).map(|slot| slot.name.as_str());
    class.own_names().chain(slots)
}

/// What happens when a class is complete: `_order`, and a primary key where none was declared.
fn finish<'a>(world: &World<'a>, class: &Class<'a>, build: &mut Build<'a>) {
    let ordered = class
        .meta
        .options
        .iter()
        .any(|(name, value)| name.text == "order_with_respect_to" && *value != Value::None);
    if ordered && !class.proxy {
        build.fields.push(Slot {
            name: "_order".into(),
            source: Source::Order,
            counter: LAST,
            primary_key: false,
            target: None,
        });
    }
    let composite = build.private.iter().any(|slot| slot.primary_key);
    if class.proxy || composite || build.fields.iter().any(|slot| slot.primary_key) {
        return;
    }
    if let Some((_, link)) = build.parents.first() {
        if let Some(slot) = build.fields.iter_mut().find(|slot| Some(&slot.name) == link.as_ref()) {
            slot.primary_key = true;
        }
    } else if !build.fields.iter().any(|slot| slot.name == "id") {
        let counter = world.next_auto();
        build.fields.push(Slot {
            name: "id".into(),
            source: Source::Id(class.id_type()),
            counter,
            primary_key: true,
            target: None,
        });
    }
}
