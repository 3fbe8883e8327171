//! `prefetch_related`: one query for each relation, and the rows handed to their owners.

use std::any::Any;
use std::rc::Rc;

use throughline_order::Gather as _;

use super::instance::with_state;
use super::queryset::{QuerySet, query_set};
use crate::Machine;
use crate::eval::raise;
use crate::sql::{Expr, Is};
use crate::value::{Args, Class, Instance, Object, Outcome, Value};
use crate::world::{Model, World, to_cell};

/// A relation to fetch, with its own query set where one is given.
#[derive(Clone)]
pub(super) struct Prefetch {
    pub(super) path: Rc<str>,
    pub(super) set: Option<Rc<QuerySet>>,
    pub(super) to: Option<Rc<str>>,
}

/// `Prefetch("books", queryset=…)` as a value.
pub(super) struct Written(Prefetch);

impl Object for Written {
    fn class(&self) -> Rc<Class> {
        Rc::new(Class::new("Prefetch", "django.db.models.query", &[]))
    }

    fn any(&self) -> &dyn Any {
        self
    }
}

pub(super) fn constructor() -> Value {
    Value::native("Prefetch", |_, args| {
        let [path, set, to] = args.bind("Prefetch", ["lookup", "queryset", "to_attr"], 1)?;
        let text = |value: Option<Value>| value.as_ref().and_then(Value::as_str).map(Rc::from);
        let set = match set {
            Some(Value::Object(object)) => {
                let found = query_set(&object);
                let instances = found
                    .as_ref()
                    .is_some_and(|set| matches!(set.shape, super::queryset::Shape::Instances));
                if !instances {
                    let message =
                        "Prefetch querysets cannot use raw(), values(), and values_list().";
                    return Err(raise("ValueError", message));
                }
                found
            }
            _ => None,
        };
        let path =
            text(path).ok_or_else(|| raise("TypeError", "the name of a relation is needed"))?;
        Ok(Value::Object(Rc::new(Written(Prefetch { path, set, to: text(to) }))))
    })
}

/// `prefetch_related_objects(instances, "books")`
pub(super) fn of_objects(world: &Rc<World>) -> Value {
    let world = world.clone();
    Value::native("prefetch_related_objects", move |machine, mut args| {
        if args.positional.is_empty() {
            let message = "prefetch_related_objects() missing 1 required positional argument: 'model_instances'";
            return Err(raise("TypeError", message));
        }
        let rows = machine.list_of(&args.positional.remove(0))?;
        let model = rows.first().and_then(|row| match row {
            Value::Instance(instance) => world.model_of(&instance.class),
            _ => None,
        });
        let Some(model) = model else { return Ok(Value::None) };
        let wanted = parse(machine, &world, model, &args)?;
        run(machine, &world, model, &rows, &wanted)?;
        Ok(Value::None)
    })
}

pub(super) fn parse(
    _: &mut Machine,
    _: &Rc<World>,
    _: usize,
    args: &Args,
) -> Outcome<Vec<Prefetch>> {
    let mut out = Vec::new();
    for value in &args.positional {
        match value {
            Value::Str(path) => out.push(Prefetch { path: path.clone(), set: None, to: None }),
            Value::Object(object) => {
                if let Some(written) = object.any().downcast_ref::<Written>() {
                    out.push(written.0.clone());
                }
            }
            _ => {}
        }
    }
    Ok(out)
}

/// Fetches what was asked for, for all of these rows at once.
pub(super) fn run(
    machine: &mut Machine,
    world: &Rc<World>,
    model: usize,
    rows: &[Value],
    wanted: &[Prefetch],
) -> Outcome<()> {
    for prefetch in wanted {
        let mut here = (model, rows.to_vec());
        let parts: Vec<&str> = prefetch.path.split("__").gather();
        for (at, part) in parts.iter().enumerate() {
            let last = at + 1 == parts.len();
            let set = prefetch.set.clone().filter(|_| last);
            let to = prefetch.to.clone().filter(|_| last);
            here = step(machine, world, here.0, &here.1, part, set, to, &prefetch.path)?;
        }
    }
    Ok(())
}

#[allow(clippy::too_many_arguments, reason = "where from, what, and how it is kept")]
fn step(
    machine: &mut Machine,
    world: &Rc<World>,
    model: usize,
    rows: &[Value],
    name: &str,
    given: Option<Rc<QuerySet>>,
    to: Option<Rc<str>>,
    path: &str,
) -> Outcome<(usize, Vec<Value>)> {
    let owners: Vec<Rc<Instance>> = rows
        .iter()
        .filter_map(|row| match row {
            Value::Instance(instance) => Some(instance.clone()),
            _ => None,
        })
        .gather();
    let Some(from) = world.model(model).cloned() else { return Ok((model, Vec::new())) };
    if owners.is_empty() {
        return Ok((model, Vec::new()));
    }
    if let Some(to) = &to {
        let taken = super::query::field_of(world, &from, to).is_some()
            || from.relation(to).is_some()
            || from.by_accessor(to).is_some();
        if taken {
            let message =
                format!("to_attr={to} conflicts with a field on the {} model.", from.name);
            return Err(raise("ValueError", message));
        }
    }
    // What an earlier one put into an attribute is gone through as it is.
    if let Some(rows) = kept(&owners, name) {
        let model = rows.first().and_then(|row| match row {
            Value::Instance(instance) => world.model_of(&instance.class),
            _ => None,
        });
        return Ok((model.unwrap_or(from.at), rows));
    }
    // A relation of a parent's.
    let ancestors = world.ancestors(&from);
    let has =
        |model: &&Rc<Model>| model.relation(name).is_some() || model.by_accessor(name).is_some();
    let owner = std::iter::once(&from).chain(ancestors.iter().rev()).find(has);
    let from = owner.cloned().unwrap_or(from);
    if given.is_none()
        && to.is_none()
        && let Some(rows) = fetched(&owners, name)
    {
        let target = from
            .relation(name)
            .map(|relation| relation.target.clone())
            .or_else(|| from.by_accessor(name).map(|reverse| reverse.source.clone()));
        let at = target.and_then(|target| world.find(&target)).unwrap_or(from.at);
        return Ok((at, rows));
    }
    // What was fetched before is not fetched again.
    let known: Vec<Option<Value>> = owners
        .iter()
        .map(|owner| with_state(owner, |state| state.cache.get(name).cloned()).flatten())
        .gather();
    if let Some(relation) = from.relation(name).filter(|relation| relation.key.is_some()) {
        let (Some(key), Some(target)) =
            (relation.key.clone(), world.named(&relation.target).cloned())
        else {
            return Ok((model, Vec::new()));
        };
        if known.iter().all(Option::is_some) && given.is_none() && to.is_none() {
            return Ok((
                target.at,
                known.into_iter().flatten().filter(|value| !value.is_none()).gather(),
            ));
        }
        let keys: Vec<Value> = owners
            .iter()
            .filter_map(|owner| owner.get(&key.attname))
            .filter(|key| !key.is_none())
            .gather();
        let found = fetch(machine, world, &target, &key.to_field, &keys, given)?;
        for owner in &owners {
            let own = owner.get(&key.attname).unwrap_or(Value::None);
            let mut related = Value::None;
            for row in &found {
                if let Value::Instance(instance) = row
                    && let Some(field) = target.field(&key.to_field)
                    && machine.equal(&instance.get(&field.attname).unwrap_or(Value::None), &own)?
                {
                    related = row.clone();
                    if let (throughline_core::document::RelationKind::OneToOne, Some(accessor)) =
                        (relation.kind, &relation.accessor)
                    {
                        let owner = Value::Instance(owner.clone());
                        with_state(instance, |state| state.cache.insert(accessor.clone(), owner));
                    }
                }
            }
            if let Some(to) = &to {
                owner.set(to, related);
                continue;
            }
            with_state(owner, |state| state.cache.insert(name.into(), related));
        }
        return Ok((target.at, found));
    }
    if let Some(reverse) = from.by_accessor(name)
        && let Some(source) = world.named(&reverse.source).cloned()
        && let Some(relation) = source.relation(&reverse.source_field)
        && let Some(key) = relation.key.clone()
    {
        let keys: Vec<Value> = owners
            .iter()
            .filter_map(|owner| {
                owner.get(&super::query::field_of(world, &from, &key.to_field)?.1.attname)
            })
            .gather();
        let cut = given.as_ref().map(|set| (set.query.offset, set.query.limit));
        let found = fetch(machine, world, &source, &reverse.source_field, &keys, given)?;
        still_whole(&to, cut)?;
        for (owner, own) in owners.iter().zip(&keys) {
            let mut mine = Vec::new();
            for row in &found {
                if let Value::Instance(instance) = row
                    && machine.equal(&instance.get(&key.attname).unwrap_or(Value::None), own)?
                {
                    with_state(instance, |state| {
                        state
                            .cache
                            .insert(reverse.source_field.clone(), Value::Instance(owner.clone()))
                    });
                    mine.push(row.clone());
                }
            }
            let mine = part(mine, cut);
            keep(
                owner,
                name,
                &to,
                mine,
                reverse.kind == throughline_core::document::RelationKind::OneToOne,
            );
        }
        return Ok((source.at, found));
    }
    // Many to many: rows with the key of their owner beside them.
    let many = super::instance::many_of(world, &from, name);
    let Some((through, near, far, target)) = many else {
        let plain = super::query::field_of(world, &from, name).is_some();
        if plain && path.rsplit("__").next() == Some(name) {
            let message = format!(
                "'{path}' does not resolve to an item that supports prefetching - this is an invalid parameter to prefetch_related()."
            );
            return Err(raise("ValueError", message));
        }
        return Err(raise(
            "AttributeError",
            format!(
                "Cannot find '{name}' on {} object, '{path}' is an invalid parameter to prefetch_related()",
                from.name
            ),
        ));
    };
    let (Some(near), Some(far), Some(key)) =
        (through.field(&near), through.field(&far), target.key())
    else {
        return Ok((model, Vec::new()));
    };
    let own = super::path::referred(&through, &near.name, &from);
    let keys: Vec<Value> = owners
        .iter()
        .map(|owner| {
            own.and_then(|own| owner.get(&own.attname))
                .unwrap_or_else(|| super::instance::key_of(world, owner))
        })
        .gather();
    let cut = given.as_ref().map(|set| (set.query.offset, set.query.limit));
    let mut set = match given {
        Some(set) => set.copy(),
        None => super::manager::default_set(machine, world, target.at)?,
    };
    (set.query.offset, set.query.limit) = (0, None);
    let referred = super::path::referred(&through, &far.name, &target).unwrap_or(key);
    let at = set.query.join_through(&through, &referred.column, far);
    let column = set.query.column(at, &near.column);
    let items =
        keys.iter().filter_map(|key| to_cell(Some(&near.ty), key)).map(Expr::Param).gather();
    set.query.condition.push(Expr::In(Box::new(column.clone()), items, Is::So));
    let value_name: Rc<str> = format!("_prefetch_related_val_{}", near.column).into();
    set.query.annotations.push(super::query::Annotation {
        name: value_name.clone(),
        expr: column,
        ty: Some(near.ty.clone()),
        class: None,
        unfit: None,
        aggregate: false,
        hidden: false,
    });
    let found = set.rows(machine)?;
    still_whole(&to, cut)?;
    for (owner, own) in owners.iter().zip(&keys) {
        let mut mine = Vec::new();
        for row in &found {
            if let Value::Instance(instance) = row
                && machine.equal(&instance.get(&value_name).unwrap_or(Value::None), own)?
            {
                mine.push(row.clone());
            }
        }
        keep(owner, name, &to, part(mine, cut), false);
    }
    for row in &found {
        if let Value::Instance(instance) = row {
            instance.names.borrow_mut().shift_remove(&value_name);
        }
    }
    Ok((target.at, found))
}

/// What the owners have in an attribute that an earlier prefetch made.
fn kept(owners: &[Rc<Instance>], name: &str) -> Option<Vec<Value>> {
    let mut out = Vec::new();
    for owner in owners {
        match owner.get(name)? {
            Value::List(rows) => out.extend(rows.borrow().iter().cloned()),
            row @ Value::Instance(_) => out.push(row),
            Value::None => {}
            _ => return None,
        }
    }
    Some(out)
}

/// What was prefetched under this name for all of them.
fn fetched(owners: &[Rc<Instance>], name: &str) -> Option<Vec<Value>> {
    let mut out = Vec::new();
    for owner in owners {
        out.extend(with_state(owner, |state| state.prefetched.get(name).cloned()).flatten()?);
    }
    Some(out)
}

/// The rows of one owner that a cut query set gives it.
fn part(rows: Vec<Value>, cut: Option<(usize, Option<usize>)>) -> Vec<Value> {
    let (skipped, most) = cut.unwrap_or((0, None));
    rows.into_iter().skip(skipped).take(most.unwrap_or(usize::MAX)).gather()
}

/// A manager narrows the query set that it keeps rows for, so that must not be cut; a list of its own name is just a list.
fn still_whole(to: &Option<Rc<str>>, cut: Option<(usize, Option<usize>)>) -> Outcome<()> {
    match cut {
        Some((0, None)) | None => Ok(()),
        Some(_) if to.is_some() => Ok(()),
        Some(_) => Err(raise("TypeError", "Cannot filter a query once a slice has been taken.")),
    }
}

fn keep(owner: &Rc<Instance>, name: &str, to: &Option<Rc<str>>, rows: Vec<Value>, single: bool) {
    match to {
        Some(to) => owner.set(to, Value::list(rows)),
        None if single => {
            let one = rows.into_iter().next().unwrap_or(Value::None);
            with_state(owner, |state| state.cache.insert(name.into(), one));
        }
        None => {
            with_state(owner, |state| state.prefetched.insert(name.into(), rows));
        }
    }
}

/// Rows of a model whose field has one of these values.
fn fetch(
    machine: &mut Machine,
    world: &Rc<World>,
    model: &Rc<Model>,
    field: &str,
    keys: &[Value],
    given: Option<Rc<QuerySet>>,
) -> Outcome<Vec<Value>> {
    let mut set = match given {
        Some(set) => set.copy(),
        None => QuerySet::all(world.clone(), model.at),
    };
    (set.query.offset, set.query.limit) = (0, None);
    let Some(field) = model.field(field) else { return Ok(Vec::new()) };
    let mut unique: Vec<Value> = Vec::new();
    for key in keys {
        let mut known = false;
        for other in &unique {
            known |= machine.equal(other, key)?;
        }
        if !known {
            unique.push(key.clone());
        }
    }
    if unique.is_empty() {
        return Ok(Vec::new());
    }
    let items =
        unique.iter().filter_map(|key| to_cell(Some(&field.ty), key)).map(Expr::Param).gather();
    let column = set.query.column(0, &field.column);
    set.query.condition.push(Expr::In(Box::new(column), items, Is::So));
    set.rows(machine)
}
