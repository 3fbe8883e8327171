//! Stage 2 for Tortoise: what `Tortoise.init` leaves behind, in the neutral form.

use rustc_hash::FxHashMap;
use throughline_order::Arrange as _;

use super::world::{Class, Id, Kind, Object, Text, World};
use crate::document::{ColumnType, Field, FieldKind, Meta, RelationKind};
use crate::resolve::{Forward, Resolved, ResolvedField, ResolvedModel, Reverse, Through};

/// Runs the stage.
pub(super) fn resolve(world: &World<'_>) -> Resolved {
    let owners = table_owners(world);
    let mut order = world.app.clone();
    order.arrange();
    let mut models: Vec<ResolvedModel> =
        order.iter().filter_map(|index| model(world, *index, &owners)).collect();
    let mut at = FxHashMap::default();
    for (place, index) in order.iter().enumerate() {
        at.insert(*index, place);
    }
    // What a clash kept from being made is shown all the same: two names at one place are what the picture has to tell.
    for (target, name, relation, source) in &world.refused {
        let Some(reverse) = reverse(world, name, *relation, *source) else { continue };
        if let Some(model) = at.get(target).and_then(|place| models.get_mut(*place)) {
            model.reverse.push(reverse);
        }
    }
    models.extend(through_models(world, &owners));
    Resolved::new(models)
}

/// The models by their tables: a many-to-many through such a table makes none.
pub(super) fn table_owners<'w>(world: &'w World<'_>) -> FxHashMap<&'w str, usize> {
    let tables = world.app.iter().rev();
    tables.filter_map(|index| Some((world.class(*index)?.table.as_ref(), *index))).collect()
}

/// The many-to-many fields that make a table, in the order in which they do, with the class that declares them.
pub(super) fn makers(world: &World<'_>, owners: &FxHashMap<&str, usize>) -> Vec<(usize, Id)> {
    let mut seen = FxHashMap::default();
    let mut out = Vec::new();
    for index in &world.app {
        for id in many_fields(world, *index) {
            let Some(through) = world.relation(id).and_then(|relation| relation.through.as_ref())
            else {
                continue;
            };
            if !owners.contains_key(through.as_ref()) && seen.insert(through.as_ref(), ()).is_none()
            {
                out.push((*index, id));
            }
        }
    }
    out
}

/// The many-to-many fields of a class by name, without those that are the other side of one.
pub(super) fn many_fields(world: &World<'_>, index: usize) -> Vec<Id> {
    let Some(class) = world.class(index) else { return Vec::new() };
    let mut out: Vec<(&Text<'_>, Id)> = class
        .fields
        .iter()
        .filter(|(_, id)| {
            world.object(*id).is_some_and(|object| {
                object.kind == Kind::ManyToMany
                    && object.relation.as_ref().is_some_and(|relation| relation.made_for.is_none())
            })
        })
        .collect();
    out.arrange();
    out.into_iter().map(|(_, id)| id).collect()
}

fn model(
    world: &World<'_>,
    index: usize,
    owners: &FxHashMap<&str, usize>,
) -> Option<ResolvedModel> {
    let class = world.class(index)?;
    let mut model = ResolvedModel {
        name: class.name().to_owned(),
        declared: Some(index),
        app: world.label.to_owned(),
        table: class.table.to_string(),
        meta: meta(class),
        parents: Vec::new(),
        proxy: false,
        fields: Vec::with_capacity(class.columns.len()),
        forward: Vec::new(),
        reverse: Vec::new(),
        generic: Vec::new(),
        generated_by: None,
    };
    model.fields.extend(class.columns.iter().filter_map(|id| field(world, *id)));
    for (name, id) in class.fields.iter() {
        let Some(object) = world.object(id) else { continue };
        let Some(relation) = object.relation.as_deref() else { continue };
        match relation.made_for {
            None => model.forward.extend(forward(world, class, name, object, owners)),
            Some(made_for) => {
                let source = relation.related.unwrap_or(index);
                model.reverse.extend(reverse(world, name, made_for, source));
            }
        }
    }
    Some(model)
}

/// The options as the class has them.
fn meta(class: &Class<'_>) -> Meta {
    let mut meta = class.model.meta.clone();
    for inherited in class.metas.iter().skip(1) {
        let own =
            |meta: &Meta, name: &str| meta.options.iter().any(|(known, _)| known.text == name);
        if !own(&meta, "unique_together") {
            meta.uniques.clone_from(&inherited.uniques);
        }
        if !own(&meta, "indexes") {
            meta.indexes.clone_from(&inherited.indexes);
        }
        if !own(&meta, "table") {
            meta.table.clone_from(&inherited.table);
        }
        let further: Vec<_> =
            inherited.options.iter().filter(|(name, _)| !own(&meta, &name.text)).cloned().collect();
        meta.options.extend(further);
    }
    meta.ordering = class.ordering.to_vec();
    meta
}

fn field(world: &World<'_>, id: Id) -> Option<ResolvedField> {
    let object = world.object(id)?;
    let behind = object.reference.and_then(|relation| world.object(relation));
    let owner = behind.unwrap_or(object);
    let label = match (behind, object.field) {
        (Some(relation), _) => target_name(world, relation),
        (None, Some(field)) => label(field),
        (None, None) => "Int".into(),
    };
    Some(ResolvedField {
        name: owner.name.to_string(),
        origin: owner.origin,
        attname: object.name.to_string(),
        column: object.column().to_string(),
        ty: world.column_type(id),
        label,
        null: object.null,
        unique: object.unique || object.pk,
        primary_key: object.pk,
        auto: object.pk && object.generated,
        relation: behind.is_some(),
    })
}

fn target_name(world: &World<'_>, relation: &Object<'_>) -> String {
    let Some(relation) = relation.relation.as_deref() else { return String::new() };
    match relation.related.and_then(|index| world.class(index)) {
        Some(class) => class.name().to_owned(),
        None => relation
            .spec
            .and_then(|spec| spec.target.as_ref())
            .map(|target| target.text.clone())
            .unwrap_or_default(),
    }
}

/// What a diagram writes as the type of a plain field: `Char(100)`, `Decimal(8,2)`, `Date`.
fn label(field: &Field) -> String {
    let class = field
        .class
        .text
        .strip_suffix("Field")
        .filter(|short| !short.is_empty())
        .unwrap_or(&field.class.text);
    let FieldKind::Column(column) = &field.kind else { return class.to_owned() };
    match (&column.ty, field.base) {
        (ColumnType::Varchar(Some(length)), Some("CharField")) => format!("{class}({length})"),
        (ColumnType::Decimal(Some((digits, places))), _) => format!("{class}({digits},{places})"),
        _ => class.to_owned(),
    }
}

const fn kind(kind: Kind) -> Option<RelationKind> {
    match kind {
        Kind::ForeignKey => Some(RelationKind::ForeignKey),
        Kind::OneToOne => Some(RelationKind::OneToOne),
        Kind::ManyToMany => Some(RelationKind::ManyToMany),
        Kind::Column | Kind::Backward => None,
    }
}

fn forward(
    world: &World<'_>,
    class: &Class<'_>,
    name: &str,
    object: &Object<'_>,
    owners: &FxHashMap<&str, usize>,
) -> Option<Forward> {
    let kind = kind(object.kind)?;
    let relation = object.relation.as_deref()?;
    let spec = relation.spec?;
    let many = kind == RelationKind::ManyToMany;
    let key = (!many).then(|| class.fields.get(&format!("{name}_id"))).flatten();
    let declared = spec.related_name.as_ref().map(|name| name.text.clone());
    let accessor = (!spec.skip_reverse).then(|| {
        let set = if many {
            relation.related_name.as_ref().map(ToString::to_string)
        } else {
            declared.clone()
        };
        set.unwrap_or_else(|| format!("{}s", class.table))
    });
    let through = relation.through.as_ref().filter(|_| many).map(|table| {
        let owner = owners.get(table.as_ref()).and_then(|index| world.class(*index));
        Through {
            model: owner.map_or_else(|| table.to_string(), |owner| owner.name().to_owned()),
            table: table.to_string(),
            generated: owner.is_none(),
            owner_field: key_of(world, owner, relation.backward_key.as_ref()),
            target_field: key_of(world, owner, relation.forward_key.as_ref()),
        }
    });
    Some(Forward {
        field: name.to_owned(),
        origin: object.origin,
        kind,
        target: target_name(world, object),
        known: relation.related.is_some(),
        column: key.map(|key| world.column(key).to_string()),
        to_field: relation.to_field.as_ref().map(ToString::to_string),
        null: object.null,
        on_delete: Some(action(spec)),
        through,
        symmetrical: false,
        query_name: accessor.clone().unwrap_or_default(),
        accessor,
        related_name: declared,
        hidden: spec.skip_reverse,
        parent_link: false,
    })
}

/// What happens on deletion: `CASCADE` where nothing is said.
pub(super) fn action(spec: &crate::document::RelationSpec) -> String {
    spec.on_delete.as_ref().map_or_else(|| "CASCADE".into(), |name| name.text.clone())
}

/// The field of a through model that has this column; in a generated one, fields are called as their columns.
fn key_of(
    world: &World<'_>,
    owner: Option<&Class<'_>>,
    column: Option<&Text<'_>>,
) -> Option<String> {
    let column = column?;
    let Some(owner) = owner else { return Some(column.to_string()) };
    let found = owner.columns.iter().find(|id| world.column(**id) == *column)?;
    let object = world.object(*found)?;
    let field = object.reference.and_then(|relation| world.object(relation)).unwrap_or(object);
    Some(field.name.to_string())
}

fn reverse(world: &World<'_>, name: &str, made_for: Id, source: usize) -> Option<Reverse> {
    let object = world.object(made_for)?;
    Some(Reverse {
        accessor: Some(name.to_owned()),
        query_name: name.to_owned(),
        kind: kind(object.kind)?,
        source: world.class(source)?.name().to_owned(),
        source_field: object.name.to_string(),
        origin: object.origin,
        hidden: false,
        parent_link: false,
    })
}

/// The tables of many-to-manys as models of their own: two keys and nothing else.
fn through_models(world: &World<'_>, owners: &FxHashMap<&str, usize>) -> Vec<ResolvedModel> {
    makers(world, owners)
        .into_iter()
        .filter_map(|(index, id)| through_model(world, index, id))
        .collect()
}

fn through_model(world: &World<'_>, index: usize, id: Id) -> Option<ResolvedModel> {
    let class = world.class(index)?;
    let object = world.object(id)?;
    let relation = object.relation.as_deref()?;
    let spec = relation.spec?;
    let table = relation.through.as_ref()?.to_string();
    let target = relation.related.and_then(|target| world.class(target))?;
    let keys = [(relation.backward_key.as_ref()?, class), (relation.forward_key.as_ref()?, target)];
    let field = |(column, class): &(&Text<'_>, &Class<'_>)| ResolvedField {
        name: column.to_string(),
        origin: None,
        attname: column.to_string(),
        column: column.to_string(),
        ty: class.pk.map_or(ColumnType::Integer, |pk| key_type(world, pk, 0)),
        label: class.name().to_owned(),
        null: false,
        unique: false,
        primary_key: false,
        auto: false,
        relation: true,
    };
    let forward = |(column, class): &(&Text<'_>, &Class<'_>)| Forward {
        field: column.to_string(),
        origin: None,
        kind: RelationKind::ForeignKey,
        target: class.name().to_owned(),
        known: true,
        column: Some(column.to_string()),
        to_field: Some(class.pk_attr.to_string()),
        null: false,
        on_delete: Some(action(spec)),
        through: None,
        symmetrical: false,
        accessor: None,
        query_name: String::new(),
        related_name: None,
        hidden: true,
        parent_link: false,
    };
    Some(ResolvedModel {
        name: table.clone(),
        declared: None,
        app: world.label.to_owned(),
        table,
        meta: Meta::default(),
        parents: Vec::new(),
        proxy: false,
        fields: keys.iter().map(field).collect(),
        forward: keys.iter().map(forward).collect(),
        reverse: Vec::new(),
        generic: Vec::new(),
        generated_by: Some((class.name().to_owned(), object.name.to_string())),
    })
}

/// The type of a key: where it is a one-to-one, that of the key behind it (`_get_pk_field_sql_type`).
pub(super) fn key_type(world: &World<'_>, id: Id, depth: usize) -> ColumnType {
    match key_object(world, id, depth) {
        Some(found) => world.column_type(found),
        None => ColumnType::Integer,
    }
}

/// The field with a column that a key comes down to.
pub(super) fn key_object(world: &World<'_>, id: Id, depth: usize) -> Option<Id> {
    let object = world.object(id)?;
    if object.kind == Kind::Column || depth > 32 {
        return Some(id);
    }
    let related = object.relation.as_deref()?.related?;
    key_object(world, world.class(related)?.pk?, depth + 1)
}
