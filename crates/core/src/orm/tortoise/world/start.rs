//! `Apps._init_relations`: every relation finds its target, gets the field behind it, and its other side.

use rustc_hash::FxHashMap;
use throughline_order::Arrange as _;

use super::{Id, Kind, Object, Problem, Relation, Text, What, World};
use crate::document::{Target, TargetForm};

/// Wires all models, in the order in which they were discovered: foreign keys by name, then one-to-ones, then many-to-manys.
///
/// One-to-ones and many-to-manys are sets in Tortoise, and come in an order that changes from start to start; here it is that of their names.
pub(super) fn relations(world: &mut World<'_>) {
    let mut names: FxHashMap<&str, usize> = FxHashMap::default();
    for index in &world.app {
        if let Some(class) = world.classes.get(*index) {
            names.insert(class.name(), *index);
        }
    }
    let mut bound: FxHashMap<&str, Vec<usize>> = FxHashMap::default();
    for (index, class) in world.classes.iter().enumerate() {
        bound.entry(class.name()).or_default().push(index);
    }
    let start = Start { names, bound };
    for index in world.app.clone() {
        start.model(world, index);
    }
}

struct Start<'a> {
    /// The app's models by name.
    names: FxHashMap<&'a str, usize>,
    /// The classes of the file by name, in order of declaration.
    bound: FxHashMap<&'a str, Vec<usize>>,
}

/// A problem that ends the wiring of a relation.
type Stopped<'a> = What<'a>;

impl<'a> Start<'a> {
    fn model(&self, world: &mut World<'a>, index: usize) {
        let Some(class) = world.classes.get_mut(index) else { return };
        if class.table.is_empty() {
            class.table = Text::Owned(class.name().to_lowercase());
        }
        self.wire(world, index, |kind| kind != Kind::ManyToMany);
        // A key to a many-to-many is a copy of it: by now the model has that one, too.
        self.wire(world, index, |kind| kind == Kind::ManyToMany);
    }

    fn wire(&self, world: &mut World<'a>, index: usize, wanted: impl Fn(Kind) -> bool) {
        let mut wired: Vec<(Kind, Text<'a>, Id)> = Vec::new();
        let Some(class) = world.class(index) else { return };
        for (name, id) in class.fields.iter() {
            let Some(object) = world.object(id) else { continue };
            let declared =
                object.relation.as_ref().is_some_and(|relation| relation.made_for.is_none());
            if declared && wanted(object.kind) {
                wired.push((object.kind, name.clone(), id));
            }
        }
        wired.arrange_by(|a, b| (rank(a.0), &a.1).cmp(&(rank(b.0), &b.1)));
        for (kind, name, id) in wired {
            let found = self.target(world, id, index);
            if let Ok(target) = &found
                && let Some(relation) = world.relation_mut(id)
            {
                relation.related = *target;
            }
            let stopped = match (kind, found) {
                (Kind::ManyToMany, found) => many(world, index, &name, id, found),
                (_, Ok(Some(target))) => key(world, index, kind, &name, id, target),
                (_, Ok(None)) => {
                    unknown_key(world, index, &name, id);
                    None
                }
                (_, Err(what)) => {
                    unknown_key(world, index, &name, id);
                    Some(what)
                }
            };
            if let Some(what) = stopped {
                world.problems.push(Problem { what, class: index, object: Some(id) });
            }
        }
    }

    /// The class that a relation names: `Ok(None)` where that is one from elsewhere.
    fn target(
        &self,
        world: &World<'a>,
        id: Id,
        owner: usize,
    ) -> Result<Option<usize>, Stopped<'a>> {
        let target: Option<&'a Target> =
            world.relation(id).and_then(|relation| relation.spec?.target.as_ref());
        let Some(target) = target else { return Ok(None) };
        match target.form {
            // A class is the one that had the name when the field was made.
            TargetForm::Class | TargetForm::Itself => {
                let declared_in = world.object(id).and_then(|object| object.origin);
                let at = declared_in.map_or(owner, |origin| origin.model);
                let all = self.bound.get(target.text.as_str());
                Ok(all
                    .and_then(|all| all.iter().rfind(|index| **index < at).or_else(|| all.last()))
                    .copied())
            }
            TargetForm::Text => match target.text.split_once('.') {
                Some((app, name)) if app == world.label && !name.contains('.') => {
                    self.names.get(name).copied().map(Some).ok_or(What::UnknownModel(name))
                }
                Some((app, name)) if !name.contains('.') => Err(What::UnknownApp(app)),
                // Refused when the field was made; what is meant is shown all the same.
                _ => Ok(self.names.get(target.text.as_str()).copied()),
            },
        }
    }
}

const fn rank(kind: Kind) -> u8 {
    match kind {
        Kind::Column | Kind::ForeignKey | Kind::Backward => 0,
        Kind::OneToOne => 1,
        Kind::ManyToMany => 2,
    }
}

/// A key whose target is not known: the column is kept, so that the table can be shown.
fn unknown_key<'a>(world: &mut World<'a>, index: usize, name: &Text<'a>, id: Id) {
    let Some(object) = world.object(id) else { return };
    let key_name = Text::Owned(format!("{name}_id"));
    let key = Object {
        kind: Kind::Column,
        field: None,
        source_field: Some(object.source_field.clone().unwrap_or_else(|| key_name.clone())),
        name: key_name.clone(),
        reference: Some(id),
        relation: None,
        ..object.clone()
    };
    let key = world.add(key);
    let Some(class) = world.classes.get_mut(index) else { return };
    if !class.fields.contains(&key_name) {
        class.columns.push(key);
        class.fields.set(key_name, key);
    }
}

/// `init_fk_o2o_field`.
fn key<'a>(
    world: &mut World<'a>,
    index: usize,
    kind: Kind,
    name: &Text<'a>,
    id: Id,
    target: usize,
) -> Option<Stopped<'a>> {
    let mut stopped = None;
    let related = world.class(target)?;
    let to_field = world.relation(id)?.to_field.clone();
    let named = to_field.as_ref().map(|to_field| related.fields.get(to_field));
    let (referenced, to_field) = match named {
        Some(Some(found)) => {
            let field = world.object(found)?;
            let open =
                |relation: &Relation<'_>| relation.made_for.is_none() && relation.related.is_none();
            if !field.unique {
                stopped = Some(What::NotUnique(target));
            } else if field.kind == Kind::ManyToMany && field.relation.as_deref().is_some_and(open)
            {
                stopped = Some(What::NotWired(target));
            }
            (Some(found), to_field)
        }
        Some(None) => {
            stopped = Some(What::UnknownToField(target));
            (related.pk, Some(related.pk_attr.clone()))
        }
        None => (related.pk, Some(related.pk_attr.clone())),
    };
    let Some(referenced) = referenced else {
        unknown_key(world, index, name, id);
        return stopped.or(Some(What::KeylessTarget(target)));
    };
    let relation = world.relation_mut(id)?;
    relation.to_object = Some(referenced);
    relation.to_field = to_field;
    // The field behind the relation is a copy of what it references, with the relation's own options.
    let key_name = Text::Owned(format!("{name}_id"));
    let field = world.object(id)?;
    let behind = world.object(referenced)?;
    let one = kind == Kind::OneToOne;
    let behind = Object {
        name: key_name.clone(),
        reference: Some(id),
        source_field: Some(field.source_field.clone().unwrap_or_else(|| key_name.clone())),
        index: field.index,
        null: field.null,
        generated: false,
        comment: field.comment,
        db_default: field.db_default,
        relation: behind.relation.clone().filter(|_| behind.kind == Kind::ManyToMany),
        pk: one && field.pk,
        unique: one && field.unique,
        ..behind.clone()
    };
    let (has_column, own_key) = (behind.kind == Kind::Column, one && field.pk);
    if let Some(object) = world.objects.get_mut(id) {
        object.source_field = Some(key_name.clone());
    }
    let key = world.add(behind);
    let class = world.classes.get_mut(index)?;
    if class.fields.contains(&key_name) {
        stopped = stopped.or(Some(What::KeyTaken(key_name.clone())));
    } else {
        if has_column {
            class.columns.push(key);
        }
        class.fields.set(key_name.clone(), key);
    }
    let table = class.table.clone();
    let relation = world.relation(id)?;
    if !relation.spec.is_some_and(|spec| spec.skip_reverse) {
        let reverse =
            relation.related_name.clone().unwrap_or_else(|| Text::Owned(format!("{table}s")));
        let backward = Object {
            kind: Kind::Backward,
            name: reverse.clone(),
            relation: Some(Box::new(Relation {
                related: Some(index),
                made_for: Some(id),
                ..Relation::default()
            })),
            ..Object::implicit_key()
        };
        let backward =
            Object { pk: false, unique: false, index: false, generated: false, ..backward };
        if let Err(what) = give(world, target, reverse, backward, index, id) {
            stopped = stopped.or(Some(what));
        }
    }
    if own_key && let Some(class) = world.classes.get_mut(index) {
        class.pk_attr = key_name;
    }
    stopped
}

/// Gives the target its other side of a relation.
fn give<'a>(
    world: &mut World<'a>,
    target: usize,
    name: Text<'a>,
    object: Object<'a>,
    source: usize,
    made_for: Id,
) -> Result<(), Stopped<'a>> {
    let taken = world.class(target).is_none_or(|class| class.fields.contains(&name));
    if taken {
        world.refused.push((target, name.clone(), made_for, source));
        return Err(What::ReverseTaken { name, target });
    }
    let id = world.add(object);
    if let Some(class) = world.classes.get_mut(target) {
        class.fields.set(name, id);
    }
    Ok(())
}

/// The many-to-many part of `_init_relations`.
fn many<'a>(
    world: &mut World<'a>,
    index: usize,
    name: &Text<'a>,
    id: Id,
    target: Result<Option<usize>, Stopped<'a>>,
) -> Option<Stopped<'a>> {
    let table = world.class(index)?.table.clone();
    let relation = world.relation_mut(id)?;
    if relation.backward_key.is_none() {
        let plain = format!("{table}_id");
        let same = relation.forward_key.as_deref() == Some(plain.as_str());
        relation.backward_key =
            Some(Text::Owned(if same { format!("{table}_rel_id") } else { plain }));
    }
    let target = match target {
        Ok(Some(target)) => target,
        Ok(None) => return None,
        Err(what) => return Some(what),
    };
    let keyless = world.class(target)?.pk.is_none();
    let other = world.class(target)?;
    let other_table = if other.table.is_empty() {
        Text::Owned(other.name().to_lowercase())
    } else {
        other.table.clone()
    };
    let relation = world.relation_mut(id)?;
    let reverse =
        relation.related_name.get_or_insert_with(|| Text::Owned(format!("{table}s"))).clone();
    let through = relation
        .through
        .get_or_insert_with(|| Text::Owned(format!("{table}_{other_table}")))
        .clone();
    let generated = Relation {
        related: Some(index),
        related_name: Some(name.clone()),
        through: Some(through),
        forward_key: relation.backward_key.clone(),
        backward_key: relation.forward_key.clone(),
        made_for: Some(id),
        ..Relation::default()
    };
    let object = Object {
        kind: Kind::ManyToMany,
        name: reverse.clone(),
        pk: false,
        unique: true,
        index: false,
        generated: false,
        relation: Some(Box::new(generated)),
        ..Object::implicit_key()
    };
    give(world, target, reverse, object, index, id)
        .err()
        .or_else(|| keyless.then_some(What::KeylessTarget(target)))
}
