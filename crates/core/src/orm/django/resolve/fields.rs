//! Fields with a column.

use crate::document::{ColumnType, FieldKind, Name, RelationKind};
use crate::orm::django::names;
use crate::orm::django::registry::{Class, Local, Registry};
use crate::resolve::ResolvedField;

/// So many keys may follow each other until a type is found: more would be a ring.
const DEPTH: usize = 32;

/// Those of a class; `composite` names the members of its key, where that has several.
pub(super) fn of(
    registry: &Registry<'_>,
    class: &Class<'_>,
    composite: &[Name],
) -> Vec<ResolvedField> {
    let declares_id =
        class.fields.iter().any(|local| local.name == "id" && local.written.is_some());
    class
        .fields
        .iter()
        // An `id` that is no key hides the one that Django adds.
        .filter(|local| !(declares_id && local.name == "id" && local.written.is_none()))
        .filter_map(|local| {
            let column = local.column.clone()?.into_owned();
            let in_key = |name: &Name| name.text == local.name || name.text == local.attname;
            let primary_key = local.primary_key || composite.iter().any(in_key);
            let relation = local.relation.and_then(|at| registry.relations.get(at));
            let one_to_one =
                relation.is_some_and(|relation| relation.kind == RelationKind::OneToOne);
            let written = local.written;
            let label = match (relation, written) {
                (Some(relation), _) => super::relations::target(registry, relation).0,
                (None, Some(field)) => names::label(field),
                (None, None) if local.name == "_order" => "Integer".into(),
                (None, None) if class.foreign => "Auto".into(),
                (None, None) => "BigAuto".into(),
            };
            Some(ResolvedField {
                name: local.name.clone().into_owned(),
                origin: local.origin,
                attname: local.attname.clone().into_owned(),
                column,
                ty: ty(registry, class, local),
                label,
                null: written.is_some_and(|field| field.null),
                unique: local.primary_key
                    || one_to_one
                    || written.is_some_and(|field| field.unique),
                primary_key,
                auto: match written.map(|field| &field.kind) {
                    Some(FieldKind::Column(column)) => column.auto,
                    Some(FieldKind::Relation(_) | FieldKind::Virtual) => false,
                    None => is_made_id(local),
                },
                relation: relation.is_some(),
            })
        })
        .collect()
}

/// Whether it is the key that Django adds.
fn is_made_id(local: &Local<'_>) -> bool {
    local.written.is_none() && local.link.is_none() && local.name != "_order"
}

/// A column's type: for a relation that of the field that it references.
pub(super) fn ty(registry: &Registry<'_>, class: &Class<'_>, local: &Local<'_>) -> ColumnType {
    type_within(registry, class, local, DEPTH)
}

fn type_within(
    registry: &Registry<'_>,
    class: &Class<'_>,
    local: &Local<'_>,
    depth: usize,
) -> ColumnType {
    let relation = local.relation.and_then(|at| registry.relations.get(at));
    let Some(relation) = relation else {
        return match local.written.map(|field| (&field.kind, field)) {
            Some((FieldKind::Column(column), _)) => column.ty.clone(),
            Some((FieldKind::Relation(_) | FieldKind::Virtual, field)) => {
                ColumnType::Unknown(field.class.text.clone())
            }
            None if is_made_id(local) => class.id_type(),
            None => ColumnType::Integer,
        };
    };
    let to_field = relation.spec().and_then(|spec| spec.to_field.as_ref());
    relation
        .target
        .meant()
        .filter(|_| depth > 0)
        .and_then(|at| referenced(registry, at, to_field.map(|name| name.text.as_str())))
        .map_or(ColumnType::BigInt, |(class, local)| type_within(registry, class, local, depth - 1))
}

/// The field of a class that a key references: the named one, or its primary key.
pub(super) fn referenced<'r, 'a>(
    registry: &'r Registry<'a>,
    target: usize,
    to_field: Option<&str>,
) -> Option<(&'r Class<'a>, &'r Local<'a>)> {
    let class = registry.class(registry.concrete(target))?;
    let named = to_field.and_then(|name| class.fields.iter().find(|local| local.name == name));
    let key = || class.fields.iter().find(|local| local.primary_key && local.column.is_some());
    named.or_else(key).map(|local| (class, local))
}
