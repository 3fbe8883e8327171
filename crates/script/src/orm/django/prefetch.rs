//! `prefetch_related`: one query for each relation, and the rows handed to their owners.

use std::any::Any;
use std::rc::Rc;

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
            Some(Value::Object(object)) => query_set(&object),
            _ => None,
        };
        let path =
            text(path).ok_or_else(|| raise("TypeError", "the name of a relation is needed"))?;
        Ok(Value::Object(Rc::new(Written(Prefetch { path, set, to: text(to) }))))
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
        let parts: Vec<&str> = prefetch.path.split("__").collect();
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
        .collect();
    let Some(from) = world.model(model).cloned() else { return Ok((model, Vec::new())) };
    if owners.is_empty() {
        return Ok((model, Vec::new()));
    }
    // What was fetched before is not fetched again.
    let known: Vec<Option<Value>> = owners
        .iter()
        .map(|owner| with_state(owner, |state| state.cache.get(name).cloned()).flatten())
        .collect();
    if let Some(relation) = from.relation(name).filter(|relation| relation.key.is_some()) {
        let (Some(key), Some(target)) =
            (relation.key.clone(), world.named(&relation.target).cloned())
        else {
            return Ok((model, Vec::new()));
        };
        if known.iter().all(Option::is_some) {
            return Ok((
                target.at,
                known.into_iter().flatten().filter(|value| !value.is_none()).collect(),
            ));
        }
        let keys: Vec<Value> = owners
            .iter()
            .filter_map(|owner| owner.get(&key.attname))
            .filter(|key| !key.is_none())
            .collect();
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
                }
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
            .collect();
        let found = fetch(machine, world, &source, &reverse.source_field, &keys, given)?;
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
        .collect();
    let mut set = match given {
        Some(set) => set.copy(),
        None => super::manager::default_set(machine, world, target.at)?,
    };
    let referred = super::path::referred(&through, &far.name, &target).unwrap_or(key);
    let at = set.query.join_through(&through, &referred.column, far);
    let column = set.query.column(at, &near.column);
    let items =
        keys.iter().filter_map(|key| to_cell(Some(&near.ty), key)).map(Expr::Param).collect();
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
    for (owner, own) in owners.iter().zip(&keys) {
        let mut mine = Vec::new();
        for row in &found {
            if let Value::Instance(instance) = row
                && machine.equal(&instance.get(&value_name).unwrap_or(Value::None), own)?
            {
                mine.push(row.clone());
            }
        }
        keep(owner, name, &to, mine, false);
    }
    for row in &found {
        if let Value::Instance(instance) = row {
            instance.names.borrow_mut().shift_remove(&value_name);
        }
    }
    Ok((target.at, found))
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
    let mut set = given.map_or_else(|| QuerySet::all(world.clone(), model.at), |set| set.copy());
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
        unique.iter().filter_map(|key| to_cell(Some(&field.ty), key)).map(Expr::Param).collect();
    let column = set.query.column(0, &field.column);
    set.query.condition.push(Expr::In(Box::new(column), items, Is::So));
    set.rows(machine)
}
