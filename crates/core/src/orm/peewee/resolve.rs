//! Stage 2 for Peewee: the classes as they are once the file is read, in the terms that all ORMs share.

use super::classes::{self, Class, ClassId, Kind, Object, Referent, RelField, Through, World};
use super::columns;
use crate::document::{Meta, RelationKind, UniqueSpec};
use crate::resolve::{self, Forward, ResolvedField, ResolvedModel, Reverse};

/// Runs the stage.
pub(super) fn resolve(world: &World<'_>) -> resolve::Resolved {
    let found = world.found();
    let mut models = Vec::with_capacity(found.len());
    models.extend(found.into_iter().filter_map(|id| {
        let class = world.class(id)?;
        (class.model.is_none() || !world.is_bare(class)).then(|| model(world, class))
    }));
    resolve::Resolved::new(models)
}

fn model<'a>(world: &World<'a>, class: &Class<'a>) -> ResolvedModel {
    let objects = || class.sorted.iter().filter_map(|id| world.object(*id));
    // The iterators cannot say how many there will be.
    let mut fields = Vec::with_capacity(class.sorted.len());
    fields.extend(objects().map(|object| field(world, class, object)));
    let many = || class.many.iter().filter_map(|(_, id)| world.object(id));
    ResolvedModel {
        name: class.name.to_string(),
        declared: class.model,
        app: String::new(),
        table: class.table.to_string(),
        meta: meta(world, class),
        parents: Vec::new(),
        proxy: false,
        fields,
        forward: objects().chain(many()).filter_map(|object| forward(world, object)).collect(),
        reverse: reverses(world, class),
        generic: Vec::new(),
        generated_by: class.generated_by.as_ref().and_then(|(owner, field)| {
            Some((world.class(*owner)?.name.to_string(), field.to_string()))
        }),
    }
}

/// Its options as written; for a generated model its unique pair.
fn meta(world: &World<'_>, class: &Class<'_>) -> Meta {
    let written = class.model.and_then(|at| world.document.models.get(at));
    let mut meta = written.map(|model| model.meta.clone()).unwrap_or_default();
    for entry in &class.indexes {
        if let classes::IndexEntry::Pair(fields) = entry {
            meta.uniques.push(UniqueSpec {
                name: None,
                fields: fields.to_vec(),
                expressions: Vec::new(),
                condition: None,
                extra: Vec::new(),
                constraint: false,
                span: crate::document::Span::default(),
            });
        }
    }
    meta
}

/// Whether a field is the primary key, or part of it.
pub(super) fn is_key(class: &Class<'_>, object: &Object<'_>) -> bool {
    match class.key {
        classes::Key::Composite(names) => names.iter().any(|name| name.text == object.name),
        classes::Key::Field(_) | classes::Key::Absent | classes::Key::Unset => object.primary_key,
    }
}

fn field<'a>(world: &World<'a>, class: &Class<'a>, object: &Object<'a>) -> ResolvedField {
    let ty = columns::type_of(world, object).unwrap_or_else(columns::untyped);
    let (attname, relation) = match &object.kind {
        Kind::Key(key) => (key.object_id.as_deref().unwrap_or(&object.name), true),
        Kind::Column | Kind::Auto | Kind::Deferred(_) | Kind::Many(_) | Kind::Virtual => {
            (object.name.as_ref(), false)
        }
    };
    let label = match (&object.kind, object.declared) {
        (Kind::Key(_), _) => target_name(world, object),
        (Kind::Deferred(wanted), _) => wanted.clone(),
        (_, Some(field)) => columns::label(field),
        (_, None) => "Auto".to_owned(),
    };
    ResolvedField {
        name: object.name.to_string(),
        origin: object.origin,
        attname: attname.to_owned(),
        column: object.column.as_deref().unwrap_or_default().to_owned(),
        ty: ty.ty,
        label,
        null: object.null,
        unique: object.unique,
        primary_key: is_key(class, object),
        auto: ty.auto,
        relation,
    }
}

/// The name of the class that a relation points at, or what is written there.
fn target_name(world: &World<'_>, object: &Object<'_>) -> String {
    if let Some(class) = world.target(object).and_then(|id| world.class(id)) {
        return class.name.to_string();
    }
    let referent = match &object.kind {
        Kind::Key(key) => key.model,
        Kind::Many(many) => many.model,
        Kind::Deferred(wanted) => return wanted.clone(),
        Kind::Column | Kind::Auto | Kind::Virtual => return String::new(),
    };
    match referent {
        Referent::Missing(text) => text.to_owned(),
        Referent::Class(_) | Referent::Itself => String::new(),
    }
}

fn shown(backref: &str) -> Option<String> {
    (!classes::is_hidden(backref) && !backref.is_empty()).then(|| backref.to_owned())
}

fn forward(world: &World<'_>, object: &Object<'_>) -> Option<Forward> {
    let declared = object.declared.and_then(|field| field.relation());
    let mut forward = Forward {
        field: object.name.to_string(),
        origin: object.origin,
        kind: if object.unique { RelationKind::OneToOne } else { RelationKind::ForeignKey },
        target: target_name(world, object),
        known: world.target(object).is_some(),
        column: object.column.as_ref().map(|column| column.to_string()),
        to_field: None,
        null: object.null,
        on_delete: declared
            .and_then(|relation| relation.on_delete.as_ref())
            .map(|name| name.text.clone()),
        through: None,
        symmetrical: false,
        accessor: None,
        query_name: String::new(),
        related_name: declared
            .and_then(|relation| relation.related_name.as_ref())
            .map(|name| name.text.clone()),
        hidden: false,
        parent_link: false,
    };
    match &object.kind {
        Kind::Column | Kind::Auto | Kind::Virtual => return None,
        Kind::Deferred(_) => {}
        Kind::Key(key) => {
            forward.to_field = match key.field {
                RelField::Object(id) => world.object(id).map(|field| field.name.to_string()),
                RelField::Unset | RelField::Named(_) | RelField::Composite | RelField::Absent => {
                    None
                }
            };
            forward.accessor = shown(&key.backref);
        }
        Kind::Many(many) => {
            if many.is_backref {
                return None;
            }
            forward.kind = RelationKind::ManyToMany;
            forward.column = None;
            forward.on_delete = None;
            forward.accessor = many.backref.as_deref().and_then(shown);
            forward.through = through(world, many);
        }
    }
    forward.hidden = forward.accessor.is_none();
    forward.query_name = forward.accessor.clone().unwrap_or_default();
    Some(forward)
}

fn through(world: &World<'_>, many: &classes::Many<'_>) -> Option<resolve::Through> {
    let Through::Class(id) = many.through else { return None };
    let class = world.class(id)?;
    let name = |id| world.object(id).map(|key| key.name.to_string());
    Some(resolve::Through {
        model: class.name.to_string(),
        table: class.table.to_string(),
        generated: class.generated_by.is_some(),
        owner_field: many.sides.and_then(|(source, _)| name(source)),
        target_field: many.sides.and_then(|(_, target)| name(target)),
    })
}

fn reverses(world: &World<'_>, class: &Class<'_>) -> Vec<Reverse> {
    let name_of = |id: Option<ClassId>| {
        id.and_then(|id| world.class(id)).map_or_else(String::new, |class| class.name.to_string())
    };
    let reverse = |kind, accessor: Option<String>, source, source_field: &str, origin| Reverse {
        hidden: accessor.is_none(),
        query_name: accessor.clone().unwrap_or_default(),
        accessor,
        kind,
        source,
        source_field: source_field.to_owned(),
        origin,
        parent_link: false,
    };
    let many = class.many.iter().filter_map(|(name, id)| {
        let object = world.object(id)?;
        let Kind::Many(many) = &object.kind else { return None };
        let source = name_of(world.target(object));
        let field = many.backref.as_deref().unwrap_or_default();
        many.is_backref.then(|| {
            reverse(RelationKind::ManyToMany, Some(name.to_string()), source, field, object.origin)
        })
    });
    let keys = class.backrefs.iter().filter_map(|id| {
        let object = world.object(*id)?;
        let Kind::Key(key) = &object.kind else { return None };
        let kind = if object.unique { RelationKind::OneToOne } else { RelationKind::ForeignKey };
        Some(reverse(kind, shown(&key.backref), name_of(object.class), &object.name, object.origin))
    });
    many.chain(keys).collect()
}
