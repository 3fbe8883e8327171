//! The through models that Django generates.
//!
//! Recorded: `django/007`, `django/010`, `django/042`; source: `create_many_to_many_intermediary_model`.

use super::names::lower;
use super::registry::{Class, World};
use super::slots::{Slot, Source, ThroughKey};
use crate::document::{Meta, RelationSpec, UniqueSpec};

/// Adds one for every many-to-many field that names none.
pub(super) fn generate(world: &mut World<'_>) {
    for id in 0..world.classes.len() {
        let Some(class) = world.classes.get(id) else { continue };
        if class.is_abstract || !world.is_current(id, class) {
            continue;
        }
        for slot in class.many.clone() {
            let Some(spec) = slot.spec() else { continue };
            if spec.through.is_none()
                && let Some(through) = make(world, id, &slot, spec)
            {
                world.add(through);
            }
        }
    }
}

/// The name of the generated class.
pub(super) fn name(owner: &Class<'_>, field: &str) -> String {
    format!("{}_{field}", owner.object_name)
}

fn make<'a>(
    world: &mut World<'a>,
    owner_id: usize,
    slot: &Slot<'a>,
    spec: &'a RelationSpec,
) -> Option<Class<'a>> {
    let target = spec.target.as_ref()?;
    let target_id = world.target(target, owner_id);
    let owner = world.classes.get(owner_id)?;
    let (from, to) = {
        let written = target.text.rsplit('.').next().unwrap_or_default();
        let to = target_id
            .and_then(|id| world.classes.get(id))
            .map_or_else(|| lower(written), |class| class.model_name.clone());
        if to == owner.model_name {
            (format!("from_{to}"), format!("to_{to}"))
        } else {
            (owner.model_name.clone(), to)
        }
    };
    let object_name = name(owner, &slot.name);
    let default_table = || format!("{}_{}", owner.table.trim_matches('"'), slot.name);
    let key = |target: Option<usize>| {
        Source::ThroughKey(ThroughKey {
            target,
            written: spec.target.as_ref().map_or("", |target| target.text.as_str()),
            related_name: format!("{object_name}+"),
        })
    };
    let unique = UniqueSpec {
        name: None,
        fields: vec![from.clone(), to.clone()],
        expressions: Vec::new(),
        condition: None,
        extra: Vec::new(),
        constraint: false,
        span: target.span,
    };
    let managed = |id: usize| world.classes.get(id).is_some_and(|class| !class.meta.unmanaged);
    let meta = Meta {
        uniques: vec![unique],
        unmanaged: !(managed(owner_id) || target_id.is_some_and(managed)),
        ..Meta::default()
    };
    let fields = vec![
        Slot {
            name: "id".into(),
            source: Source::Id(owner.id_type()),
            counter: 0,
            primary_key: true,
            target: None,
        },
        Slot {
            name: from,
            source: key(Some(owner_id)),
            counter: 1,
            primary_key: false,
            target: None,
        },
        Slot { name: to, source: key(target_id), counter: 2, primary_key: false, target: None },
    ];
    let id = world.classes.len();
    Some(Class {
        name: if owner.declared.is_some() {
            object_name.clone()
        } else {
            format!("{}.{object_name}", owner.app)
        },
        model_name: lower(&object_name),
        object_name,
        app: owner.app.clone(),
        declared: None,
        is_abstract: false,
        proxy: false,
        table: spec.through_table.as_ref().map_or_else(default_table, |table| table.text.clone()),
        meta,
        meta_attribute: None,
        bases: Vec::new(),
        mro: vec![id],
        fields,
        many: Vec::new(),
        private: Vec::new(),
        parents: Vec::new(),
        concrete: id,
        generated_by: Some((owner_id, slot.name.clone())),
        model: None,
    })
}
