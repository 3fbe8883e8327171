//! Relations, from the side that declares them.

use super::fields::referenced;
use crate::document::{Name, RelationKind};
use crate::orm::django::registry::{self, Class, Local, Registry, Relation};
use crate::resolve::{Forward, Through};

/// What a class's relation is to everyone else.
pub(super) fn forward(
    registry: &Registry<'_>,
    class: &Class<'_>,
    local: &Local<'_>,
    relation: &Relation<'_>,
) -> Forward {
    let many = relation.kind == RelationKind::ManyToMany;
    let spec = relation.spec();
    let (target, known) = target(registry, relation);
    let to_field = spec.and_then(|spec| given(spec.to_field.as_ref()));
    let key = || {
        let (_, local) = referenced(registry, relation.target.meant()?, None)?;
        Some(local.name.clone().into_owned())
    };
    let on_delete = spec.map_or(Some("CASCADE"), |spec| given(spec.on_delete.as_ref()));
    Forward {
        field: local.name.clone().into_owned(),
        origin: local.origin,
        kind: relation.kind,
        target,
        known,
        column: local.column.clone().map(|column| column.into_owned()),
        to_field: if many { None } else { to_field.map(str::to_owned).or_else(key) },
        null: local.written.is_some_and(|field| field.null),
        on_delete: on_delete.map(str::to_owned),
        through: many.then(|| through(registry, class, local, relation)),
        symmetrical: relation.symmetrical,
        accessor: relation.accessor.clone().filter(|_| !relation.hidden),
        query_name: relation.query_name.clone(),
        related_name: relation.related_name.clone().filter(|name| !name.is_empty()),
        hidden: relation.hidden,
        parent_link: relation.parent_link,
    }
}

fn given(name: Option<&Name>) -> Option<&str> {
    name.map(|name| name.text.as_str()).filter(|name| !name.is_empty())
}

/// The target's name (as written, where there is no such model), and whether it is a model.
pub(super) fn target(registry: &Registry<'_>, relation: &Relation<'_>) -> (String, bool) {
    let written = || relation.spec()?.target.as_ref().map(|target| target.text.clone());
    match relation.target.meant().and_then(|at| registry.class(at)) {
        Some(class) => (super::name(class), true),
        None => (written().unwrap_or_default(), false),
    }
}

fn through(
    registry: &Registry<'_>,
    class: &Class<'_>,
    local: &Local<'_>,
    relation: &Relation<'_>,
) -> Through {
    let target = relation.target.meant();
    let named = match &relation.through {
        Some(registry::Through::Model(named)) => named,
        Some(registry::Through::Generated) | None => {
            let (owner_field, target_field) = super::through::keys(registry, class, relation);
            let made = registry.generated_for(relation.index);
            return Through {
                model: super::through::name(class, &local.name),
                table: made.map(|made| made.table.clone()).unwrap_or_default(),
                generated: true,
                owner_field: Some(owner_field),
                target_field: target.map(|_| target_field),
            };
        }
    };
    let spec = relation.spec();
    let Some(through) = named.meant().and_then(|at| registry.class(at)) else {
        let written = spec.and_then(|spec| spec.through.as_ref());
        return Through {
            model: written.map(|through| through.text.clone()).unwrap_or_default(),
            table: String::new(),
            generated: false,
            owner_field: None,
            target_field: None,
        };
    };
    let fields = spec.and_then(|spec| spec.through_fields.as_ref());
    let fields = fields.map(|(names, _)| names.as_slice());
    let keys: Vec<(&str, usize)> = registry
        .all_fields(through.index)
        .into_iter()
        .filter(|(_, local)| local.column.is_some())
        .filter_map(|(_, local)| {
            let key = registry.relations.get(local.relation?)?;
            Some((local.name.as_ref(), key.target.meant()?))
        })
        .collect();
    let is_named = |at: usize, name: &str| {
        fields.is_none_or(|names| names.get(at).is_some_and(|wanted| wanted == name))
    };
    let owner_field = keys.iter().find(|(name, to)| *to == class.index && is_named(0, name));
    // A relation of a model with itself takes the second key, where no one says which.
    let skip = usize::from(fields.is_none() && target == Some(class.index));
    let mut to_target = keys.iter().filter(|(name, to)| Some(*to) == target && is_named(1, name));
    Through {
        model: super::name(through),
        table: through.table.clone().into_owned(),
        generated: false,
        owner_field: owner_field.map(|(name, _)| (*name).to_owned()),
        target_field: to_target.nth(skip).map(|(name, _)| (*name).to_owned()),
    }
}
