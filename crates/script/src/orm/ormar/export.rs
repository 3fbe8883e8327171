//! Instances and relation lists as the recorded cases write them.

use std::rc::Rc;

use serde_json::{Map, Value as Json, json};

use super::exceptions::gone;
use super::link::{Kind, links};
use super::state::{dangles, held, key_of};
use crate::Machine;
use crate::export::Exporter;
use crate::value::{Instance, Outcome, Value};
use crate::world::World;

pub(super) fn export(
    machine: &mut Machine,
    world: &Rc<World>,
    value: &Value,
    exporter: &Exporter<'_>,
) -> Outcome<Option<Json>> {
    match value {
        Value::Object(object) if object.any().is::<super::proxy::Proxy>() => {
            let items = machine.list_of(value)?;
            exporter.json(machine, &Value::list(items)).map(Some)
        }
        Value::Instance(instance) => whole(machine, world, instance, exporter),
        _ => Ok(None),
    }
}

fn whole(
    machine: &mut Machine,
    world: &Rc<World>,
    instance: &Rc<Instance>,
    exporter: &Exporter<'_>,
) -> Outcome<Option<Json>> {
    let Some(model) = world.model_of(&instance.class).and_then(|at| world.model(at)).cloned()
    else {
        return Ok(None);
    };
    let depth = exporter.depth();
    let mut out = Map::new();
    out.insert("__model__".into(), json!(&*model.name));
    own(machine, world, instance, &exporter.inside(), &mut out)?;
    let mut loaded = Map::new();
    for link in links(world, &model) {
        if depth >= 3 || link.hidden {
            continue;
        }
        if dangles(instance, &link.name) {
            return Err(gone(machine));
        }
        let mut items = Vec::new();
        for related in held(instance, &link.name) {
            items.push(flat(machine, world, &related, exporter, depth)?);
        }
        if link.many() && !items.is_empty() {
            loaded.insert(link.name.to_string(), Json::Array(items));
        } else if let Some(item) = items.into_iter().next() {
            loaded.insert(link.name.to_string(), item);
        }
    }
    if !loaded.is_empty() {
        out.insert("__loaded__".into(), Json::Object(loaded));
    }
    Ok(Some(Json::Object(out)))
}

fn own(
    machine: &mut Machine,
    world: &Rc<World>,
    instance: &Rc<Instance>,
    inside: &Exporter<'_>,
    out: &mut Map<String, Json>,
) -> Outcome<()> {
    let model = world.model_of(&instance.class).and_then(|at| world.model(at)).cloned();
    for field in model.iter().flat_map(|model| &model.fields).filter(|field| !field.relation) {
        let value = instance.get(&field.name).unwrap_or(Value::None);
        out.insert(field.name.to_string(), inside.json(machine, &value)?);
    }
    Ok(())
}

/// A related instance: its own columns, its through row, and the keys of what is around it.
fn flat(
    machine: &mut Machine,
    world: &Rc<World>,
    instance: &Rc<Instance>,
    exporter: &Exporter<'_>,
    depth: u32,
) -> Outcome<Json> {
    let mut out = Map::new();
    out.insert("__model__".into(), json!(&*instance.class.name));
    own(machine, world, instance, &exporter.inside(), &mut out)?;
    let Some(model) = world.model_of(&instance.class).and_then(|at| world.model(at)).cloned()
    else {
        return Ok(Json::Object(out));
    };
    let mut loaded = Map::new();
    for link in links(world, &model) {
        if dangles(instance, &link.name) && link.many() && depth < 1 {
            return Err(gone(machine));
        }
        let all = held(instance, &link.name);
        if link.kind == Kind::Through {
            if let Some(row) = all.first() {
                let row = flat(machine, world, row, exporter, depth + 1)?;
                out.insert(link.name.to_string(), row);
            }
            continue;
        }
        let mut keys = Vec::new();
        for one in &all {
            let key = exporter.json(machine, &key_of(world, one))?;
            keys.push(json!({ "__model__": &*one.class.name, "pk": key }));
        }
        if link.many() && depth < 1 && !keys.is_empty() {
            loaded.insert(link.name.to_string(), Json::Array(keys));
        } else if !link.many()
            && depth < 2
            && let Some(key) = keys.into_iter().next()
        {
            loaded.insert(link.name.to_string(), key);
        }
    }
    if !loaded.is_empty() {
        out.insert("__loaded__".into(), Json::Object(loaded));
    }
    Ok(Json::Object(out))
}
