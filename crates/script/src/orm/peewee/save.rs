//! `save`, `delete_instance`, `bulk_create`, `bulk_update`.

use std::rc::Rc;

use throughline_order::{Arrange as _, Gather as _};

use super::class::by_id;
use super::instance::{State, data, key_of, with_state};
use super::node::{Node, Source, node_of, value_of};
use super::query::Query;
use super::session::Session;
use super::write::{Act, Row, Rows, Write, field_name};
use crate::Machine;
use crate::eval::raise;
use crate::value::{Args, Instance, Outcome, Value};
use crate::world::Model;

type Method = fn(&Rc<Session>, &Rc<Instance>, &mut Machine, Args) -> Outcome;

/// A method of instances.
pub(super) fn method(name: &str) -> Option<Method> {
    Some(match name {
        "save" => save,
        "delete_instance" => delete,
        "is_dirty" => |_, instance, _, _| {
            let dirty = with_state(instance, |state| !state.dirty.is_empty());
            Ok(Value::Bool(dirty.unwrap_or(false)))
        },
        "get_id" => |session, instance, _, _| Ok(key_of(session, instance)),
        _ => return None,
    })
}

fn model_of(session: &Session, instance: &Instance) -> Outcome<Rc<Model>> {
    session
        .world
        .model_of(&instance.class)
        .and_then(|at| session.model(at))
        .ok_or_else(|| raise("TypeError", "not a model"))
}

fn save(
    session: &Rc<Session>,
    instance: &Rc<Instance>,
    machine: &mut Machine,
    args: Args,
) -> Outcome {
    let [force, only] = args.bind("save", ["force_insert", "only"], 0)?;
    let force = force.map_or(Ok(false), |force| machine.truth(&force))?;
    let model = model_of(session, instance)?;
    let key = model.key();
    let key_value = key_of(session, instance);
    let mut row: Row = with_state(instance, |state: &mut State| {
        state.data.iter().map(|(name, value)| (name.clone(), value.clone())).gather()
    })
    .unwrap_or_default();
    if let Some(only) = only.filter(|only| !only.is_none()) {
        let names = machine
            .list_of(&only)?
            .iter()
            .map(|field| field_name(session, model.at, field))
            .collect::<Outcome<Vec<_>>>()?;
        row.retain(|(name, _)| names.contains(name));
    }
    // A related instance may have got its key since it was assigned.
    for (name, value) in &mut row {
        let Some(relation) = model.relation(name).filter(|_| value.is_none()) else { continue };
        let other = with_state(instance, |state| state.related.get(name).cloned()).flatten();
        if let (Some(Value::Instance(other)), Some((_, to))) = (other, session.referred(relation)) {
            *value = data(&other, &to).unwrap_or(Value::None);
            with_state(instance, |state| state.data.insert(name.clone(), value.clone()));
        }
    }
    let numbered = key.is_some_and(|key| key.auto);
    let is_key =
        |name: &Rc<str>| model.fields.iter().any(|field| field.primary_key && field.name == *name);
    if numbered && key_value.is_none() {
        row.retain(|(name, _)| !is_key(name));
    }
    let saved: Vec<Rc<str>>;
    let mut rows = Value::Int(1);
    if !key_value.is_none() && !force && key.is_some() {
        row.retain(|(name, _)| !is_key(name));
        if row.is_empty() {
            return Err(raise("ValueError", "no data to save!"));
        }
        saved = row.iter().map(|(name, _)| name.clone()).gather();
        let mut write = Write::new(session, model.at, Act::Update(row));
        write.condition = own_row(session, &model, instance);
        rows = write.execute(machine)?;
    } else {
        saved = row.iter().map(|(name, _)| name.clone()).gather();
        let made = Write::new(session, model.at, Act::Insert(Rows::One(row))).execute(machine)?;
        if let Some(key) = key.filter(|_| !made.is_none() && (numbered || key_value.is_none())) {
            with_state(instance, |state| {
                state.data.insert(key.name.clone(), made);
                state.dirty.remove(&key.name);
            });
        }
    }
    with_state(instance, |state| {
        saved.iter().for_each(|name| {
            state.dirty.remove(name);
        })
    });
    Ok(rows)
}

/// The condition for the row of an instance; all parts of a composite key.
fn own_row(session: &Rc<Session>, model: &Model, instance: &Instance) -> Option<Node> {
    let keys: Vec<_> = model.fields.iter().filter(|field| field.primary_key).gather();
    if keys.len() == 1 {
        return by_id(session, model.at, key_of(session, instance)).condition;
    }
    Node::all(
        keys.iter()
            .map(|field| {
                Node::binary(
                    "=",
                    Node::Field(Source::Model(model.at), field.name.clone()),
                    Node::Value(data(instance, &field.name).unwrap_or(Value::None)),
                )
            })
            .gather(),
    )
}

fn delete(
    session: &Rc<Session>,
    instance: &Rc<Instance>,
    machine: &mut Machine,
    args: Args,
) -> Outcome {
    let [recursive, nullable] =
        args.bind("delete_instance", ["recursive", "delete_nullable"], 0)?;
    let recursive = recursive.map_or(Ok(false), |yes| machine.truth(&yes))?;
    let nullable = nullable.map_or(Ok(false), |yes| machine.truth(&yes))?;
    let model = model_of(session, instance)?;
    if recursive {
        for (at, condition, field, null) in dependants(session, &model, instance, nullable) {
            let act = if null && !nullable {
                Act::Update(vec![(field, Value::None)])
            } else {
                Act::Delete
            };
            let mut write = Write::new(session, at, act);
            write.condition = Some(condition);
            write.execute(machine)?;
        }
    }
    let mut write = Write::new(session, model.at, Act::Delete);
    write.condition = own_row(session, &model, instance);
    write.execute(machine)
}

/// Rows that hang on an instance, those that others hang on last: the model, which rows, the foreign key, whether it may be NULL.
type Dependant = (usize, Node, Rc<str>, bool);

fn dependants(
    session: &Rc<Session>,
    model: &Rc<Model>,
    instance: &Instance,
    nullable: bool,
) -> Vec<Dependant> {
    let mut stack: Vec<(Rc<Model>, Option<Rc<Query>>)> = vec![(model.clone(), None)];
    let mut seen = Vec::new();
    let mut found: Vec<Dependant> = Vec::new();
    while let Some((class, query)) = stack.pop() {
        if seen.contains(&class.at) {
            continue;
        }
        seen.push(class.at);
        for other in &session.models() {
            for relation in session.keys(other, &class) {
                let Some((_, to)) = session.referred(relation) else { continue };
                let field = Node::Field(Source::Model(other.at), relation.name.clone());
                let node = match &query {
                    Some(query) if other.at != model.at => {
                        Node::binary("IN", field, Node::Query(query.clone()))
                    }
                    _ => {
                        let key = data(instance, &to).unwrap_or(Value::None);
                        Node::binary("=", field, Node::Value(key))
                    }
                };
                found.push((other.at, node.clone(), relation.name.clone(), relation.null));
                if !relation.null || nullable {
                    let key = other.key().map(|key| key.name.clone()).unwrap_or_default();
                    let columns = vec![Node::Field(Source::Model(other.at), key)];
                    let mut inner = Query::new(session, Source::Model(other.at), columns);
                    inner.narrow(node);
                    stack.push((other.clone(), Some(Rc::new(inner))));
                }
            }
        }
    }
    // Those that refer to others go first.
    let mut depth: Vec<(usize, usize)> = found.iter().map(|(at, ..)| (*at, 0)).gather();
    for _ in 0..depth.len() {
        for place in 0..depth.len() {
            let Some((at, own)) = depth.get(place).copied() else { continue };
            let Some(here) = session.model(at) else { continue };
            let needed = depth
                .iter()
                .filter(|(other, _)| {
                    *other != at
                        && session
                            .model(*other)
                            .is_some_and(|other| !session.keys(&here, &other).is_empty())
                })
                .map(|(_, depth)| depth + 1)
                .max()
                .unwrap_or(0);
            if needed > own
                && needed <= found.len()
                && let Some(slot) = depth.get_mut(place)
            {
                slot.1 = needed;
            }
        }
    }
    let mut ordered: Vec<(usize, Dependant)> =
        depth.into_iter().map(|(_, depth)| depth).zip(found).gather();
    ordered.arrange_by_key(|(depth, _)| std::cmp::Reverse(*depth));
    ordered.into_iter().map(|(_, found)| found).gather()
}

fn batches(machine: &mut Machine, args: [Option<Value>; 2]) -> Outcome<Vec<Vec<Value>>> {
    let [rows, size] = args;
    let rows = machine.list_of(&rows.unwrap_or(Value::None))?;
    let size = size.and_then(|size| size.as_int()).and_then(|size| usize::try_from(size).ok());
    let size = size.unwrap_or(rows.len()).max(1);
    Ok(rows.chunks(size).map(<[Value]>::to_vec).gather())
}

/// `Model.bulk_create(rows, batch_size)`
pub(super) fn bulk_create(
    session: &Rc<Session>,
    model: usize,
    machine: &mut Machine,
    args: Args,
) -> Outcome {
    let [rows, size] = args.bind("bulk_create", ["model_list", "batch_size"], 1)?;
    let Some(of) = session.model(model) else { return Ok(Value::None) };
    let fields: Vec<_> = of.fields.iter().filter(|field| !field.auto).gather();
    let names: Vec<Rc<str>> = fields.iter().map(|field| field.name.clone()).gather();
    for batch in batches(machine, [rows, size])? {
        let mut tuples = Vec::new();
        for row in &batch {
            let values = fields.iter().map(|field| machine.attribute(row, &field.attname));
            tuples.push(Value::tuple(values.collect::<Outcome<Vec<_>>>()?));
        }
        let rows = Rows::Many(Some(names.clone()), tuples);
        Write::new(session, model, Act::Insert(rows)).execute(machine)?;
    }
    Ok(Value::None)
}

/// `Model.bulk_update(rows, fields, batch_size)`
pub(super) fn bulk_update(
    session: &Rc<Session>,
    model: usize,
    machine: &mut Machine,
    args: Args,
) -> Outcome {
    let [rows, fields, size] =
        args.bind("bulk_update", ["model_list", "fields", "batch_size"], 2)?;
    let Some(of) = session.model(model) else { return Ok(Value::None) };
    let names = machine
        .list_of(&fields.unwrap_or(Value::None))?
        .iter()
        .map(|field| field_name(session, model, field))
        .collect::<Outcome<Vec<_>>>()?;
    let Some(key) = of.key() else { return Ok(Value::None) };
    let key = Node::Field(Source::Model(model), key.name.clone());
    let mut changed = 0;
    for batch in batches(machine, [rows, size])? {
        let mut ids = Vec::new();
        for row in &batch {
            ids.push(machine.attribute(row, "_pk")?);
        }
        let mut update = Row::new();
        for name in &names {
            let attname = of.field(name).map(|field| field.attname.clone()).unwrap_or_default();
            let mut whens = Vec::new();
            for (row, id) in batch.iter().zip(&ids) {
                let value = machine.attribute(row, &attname)?;
                whens.push((Node::Value(id.clone()), node_of(&value)));
            }
            let case = Node::Case(Some(Box::new(key.clone())), whens, None);
            update.push((name.clone(), value_of(session, case)));
        }
        let mut write = Write::new(session, model, Act::Update(update));
        write.condition = Some(Node::binary("IN", key.clone(), Node::Value(Value::list(ids))));
        changed += write.execute(machine)?.as_int().unwrap_or(0);
    }
    Ok(Value::Int(changed))
}
