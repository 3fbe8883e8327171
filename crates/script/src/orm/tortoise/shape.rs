//! Relations as Tortoise's metadata has them: the same for both sides, with the columns that a join compares.

use std::rc::Rc;

use throughline_core::document::{RelationKind, Value as Constant};
use throughline_order::{Arrange as _, Gather as _};

use super::super::hashed;
use crate::world::{Field, Model, Relation, World};

/// On which side of a relation a model stands.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Side {
    /// It has the key.
    Forward,
    /// The other model has the key.
    Backward,
    /// A through table has both keys.
    Many,
}

/// A relation, seen from one of its models.
#[derive(Clone)]
pub(super) struct Rel {
    pub(super) name: Rc<str>,
    pub(super) side: Side,
    /// Whether it is one-to-one.
    pub(super) single: bool,
    pub(super) target: Rc<Model>,
    /// The attribute and the column that are compared here; for many-to-many the primary key's.
    pub(super) own: (Rc<str>, Rc<str>),
    /// Those on the other model.
    pub(super) other: (Rc<str>, Rc<str>),
    pub(super) through: Option<Keys>,
}

/// The columns of a through table.
#[derive(Clone)]
pub(super) struct Keys {
    pub(super) table: Rc<str>,
    /// `backward_key`: to this side.
    pub(super) near: Rc<str>,
    /// `forward_key`: to the other side.
    pub(super) far: Rc<str>,
    /// What the other side calls the relation.
    pub(super) back: Rc<str>,
}

/// A relation of a model by its name.
pub(super) fn relation(world: &World, model: &Model, name: &str) -> Option<Rel> {
    if let Some(relation) = model.relation(name) {
        let target = world.named(&relation.target)?.clone();
        let owner = world.model(model.at)?.clone();
        return match &relation.key {
            Some(_) => forward(model, relation, target),
            None => many(world, &owner, relation, &target, End::Declared),
        };
    }
    let reverse = model.by_accessor(name)?;
    let source = world.named(&reverse.source)?.clone();
    let relation = source.relation(&reverse.source_field)?;
    if relation.key.is_none() {
        let owner = world.named(&relation.target)?.clone();
        return many(world, &source, relation, &owner, End::Reverse);
    }
    let straight = forward(&source, relation, world.named(&relation.target)?.clone())?;
    Some(Rel {
        name: name.into(),
        side: Side::Backward,
        target: source.clone(),
        own: straight.other,
        other: straight.own,
        ..straight
    })
}

fn forward(_: &Model, relation: &Relation, target: Rc<Model>) -> Option<Rel> {
    let key = relation.key.as_ref()?;
    let to = target.field(&key.to_field).or_else(|| target.key())?;
    let other = (to.attname.clone(), to.column.clone());
    Some(Rel {
        name: relation.name.clone(),
        side: Side::Forward,
        single: relation.kind == RelationKind::OneToOne,
        target,
        own: (key.attname.clone(), key.column.clone()),
        other,
        through: None,
    })
}

/// From which end a many-to-many is looked at.
#[derive(Clone, Copy, PartialEq, Eq)]
enum End {
    Declared,
    Reverse,
}

fn many(
    world: &World,
    owner: &Rc<Model>,
    relation: &Relation,
    target: &Rc<Model>,
    end: End,
) -> Option<Rel> {
    let through = relation.through.as_ref()?;
    let declared = |name: &str| {
        let arg = relation.declared.as_ref()?.arg(name)?;
        match &arg.value {
            Constant::Str(text) if !text.is_empty() => Some(Rc::<str>::from(text.as_str())),
            _ => None,
        }
    };
    let of = world.named(&through.model);
    let column = |field: &Rc<str>| match of.and_then(|of| of.field(field)) {
        Some(field) => Some(field.column.clone()),
        None => Some(field.clone()).filter(|field| !field.is_empty()),
    };
    // Keys that the table does not have are still what Tortoise asks for.
    let forward = declared("forward_key")
        .or_else(|| column(&through.target_field))
        .unwrap_or_else(|| format!("{}_id", target.name.to_lowercase()).into());
    let backward =
        declared("backward_key").or_else(|| column(&through.owner_field)).unwrap_or_else(|| {
            let key = format!("{}_id", owner.table);
            if *key == *forward { format!("{}_rel_id", owner.table).into() } else { key.into() }
        });
    let pk = |model: &Model| model.key().map(|key| (key.attname.clone(), key.column.clone()));
    let accessor = relation.accessor.clone().unwrap_or_default();
    let table = through.table.clone();
    Some(match end {
        End::Declared => Rel {
            name: relation.name.clone(),
            side: Side::Many,
            single: false,
            target: target.clone(),
            own: pk(owner)?,
            other: pk(target)?,
            through: Some(Keys { table, near: backward, far: forward, back: accessor }),
        },
        End::Reverse => Rel {
            name: accessor,
            side: Side::Many,
            single: false,
            target: owner.clone(),
            own: pk(target)?,
            other: pk(owner)?,
            through: Some(Keys {
                table,
                near: forward,
                far: backward,
                back: relation.name.clone(),
            }),
        },
    })
}

/// A field with a column by the name that Tortoise has for it (`author_id`, never `author`).
pub(super) fn column<'m>(model: &'m Model, name: &str) -> Option<&'m Field> {
    model.fields.iter().find(|field| &*field.attname == name)
}

/// The fields with columns in the order in which a SELECT has them: that of Tortoise's set of their columns.
pub(super) fn selected(model: &Model) -> Vec<&Field> {
    let columns = hashed::order(model.fields.iter().map(|field| &*field.column));
    let field = |column: &str| model.fields.iter().find(|field| *field.column == *column);
    columns.into_iter().filter_map(field).gather()
}

/// Whether a name is a field with a column or a relation.
pub(super) fn has(world: &World, model: &Model, name: &str) -> bool {
    column(model, name).is_some() || relation(world, model, name).is_some()
}

/// All names of a model, sorted: what messages list.
pub(super) fn names(model: &Model) -> Vec<Rc<str>> {
    let fields = model.fields.iter().map(|field| field.attname.clone());
    let relations = model.relations.iter().map(|relation| relation.name.clone());
    let reverse = model.reverse.iter().filter_map(|reverse| reverse.accessor.clone());
    let mut out: Vec<Rc<str>> = fields.chain(relations).chain(reverse).gather();
    out.arrange();
    out.dedup();
    out
}

/// `models.Author`
pub(super) fn full_name(model: &Model) -> String {
    let app = if model.app.is_empty() { "models" } else { &model.app };
    format!("{app}.{}", model.name)
}
