//! `model_dump()` and `model_dump_json()`

use std::rc::Rc;

use throughline_order::{Arrange as _, Gather as _};

use super::exceptions::raise as raise_own;
use super::link::{Kind, links};
use super::pydantic;
use super::reach::{names, reach};
use super::state::{held, with_state};
use crate::Machine;
use crate::builtins::json;
use crate::eval::refuse;
use crate::orm::hashed;
use crate::orm::names::Names;
use crate::value::{Args, Dict, Instance, Outcome, Value};
use crate::world::World;

/// What of a model is shown, the same at every level.
#[derive(Default)]
struct Shape {
    without_keys: bool,
    without_through: bool,
    without_lists: bool,
    without_none: bool,
    flat: bool,
}

/// What of a model and of what is below it is shown.
#[derive(Clone, Copy)]
struct Part<'a> {
    include: Option<&'a Names>,
    exclude: Option<&'a Names>,
    /// Relations that are gone through.
    map: Option<&'a Names>,
    /// Relations of which the keys alone are shown.
    flat: Option<&'a Names>,
}

pub(super) fn model_dump(
    machine: &mut Machine,
    world: &Rc<World>,
    instance: &Rc<Instance>,
    mut args: Args,
) -> Outcome {
    let include = chosen(machine, args.take("include"))?;
    let exclude = chosen(machine, args.take("exclude"))?;
    let map = chosen(machine, args.take("relation_map"))?;
    let given = chosen(machine, args.take("flatten_fields"))?;
    let flat = given.or_else(|| with_state(instance, |state| state.flat.clone()).flatten());
    let mut yes = |name: &str| match args.take(name) {
        Some(value) => machine.truth(&value),
        None => Ok(false),
    };
    let shape = Shape {
        without_keys: yes("exclude_primary_keys")?,
        without_through: yes("exclude_through_models")?,
        without_lists: yes("exclude_list")?,
        without_none: yes("exclude_none")?,
        flat: yes("flatten_all")?,
    };
    if let Some((name, _)) = args.keywords.first() {
        return Err(refuse(format!(
            "`{name}` of `model_dump` is not supported here: name the fields with `include` or `exclude`."
        )));
    }
    if shape.without_keys && (shape.flat || flat.is_some()) {
        let message = "flatten_fields / flatten_all cannot be combined with exclude_primary_keys=True: flattening renders primary keys, excluding removes them.";
        return Err(raise_own(machine, "QueryDefinitionError", message));
    }
    for (kind, names) in [("include", &include), ("exclude", &exclude)] {
        if let (Some(flat), Some(names)) = (&flat, names) {
            conflict(machine, flat, names, kind, "")?;
        }
    }
    let part = Part {
        include: include.as_ref(),
        exclude: exclude.as_ref(),
        map: map.as_ref(),
        flat: flat.as_ref(),
    };
    dumped(machine, world, instance, &shape, part)
}

fn chosen(machine: &mut Machine, given: Option<Value>) -> Outcome<Option<Names>> {
    match given.filter(|given| !given.is_none()) {
        Some(given) => names(machine, &given).map(Some),
        None => Ok(None),
    }
}

/// A relation of which the key alone is shown has nothing to choose among.
pub(super) fn conflict(
    machine: &mut Machine,
    flat: &Names,
    names: &Names,
    kind: &str,
    path: &str,
) -> Outcome<()> {
    for (name, below) in &flat.0 {
        let Some(chosen) = names.below(name) else { continue };
        let path = if path.is_empty() { name.clone() } else { format!("{path}__{name}") };
        match below {
            Some(below) => conflict(machine, below, chosen, kind, &path)?,
            None if chosen.0.is_empty() => {}
            None => {
                let mut children: Vec<&str> =
                    chosen.0.iter().map(|(name, _)| name.as_str()).collect();
                children.arrange();
                let children =
                    machine.repr(&Value::list(children.into_iter().map(Value::str).gather()))?;
                let message = format!(
                    "Flatten conflict: relation '{path}' is flattened but {kind} specifies children {children}. A flattened relation renders only its primary key and cannot have children selected."
                );
                return Err(raise_own(machine, "QueryDefinitionError", &message));
            }
        }
    }
    Ok(())
}

fn dumped(
    machine: &mut Machine,
    world: &Rc<World>,
    instance: &Rc<Instance>,
    shape: &Shape,
    part: Part<'_>,
) -> Outcome {
    machine.step()?;
    let mut out = Dict::default();
    let Some(model) = world.model_of(&instance.class).and_then(|at| world.model(at)).cloned()
    else {
        return Ok(Value::None);
    };
    let wanted = |name: &str| {
        part.include.is_none_or(|include| include.has(name))
            && !part.exclude.is_some_and(|exclude| exclude.whole(name))
    };
    let pk_only = with_state(instance, |state| state.pk_only).unwrap_or(false);
    let own = model.fields.iter().filter(|field| !field.relation);
    for field in own.filter(|field| wanted(&field.name) && (!pk_only || field.primary_key)) {
        let value = instance.get(&field.name).unwrap_or(Value::None);
        if !(shape.without_keys && field.primary_key || shape.without_none && value.is_none()) {
            out.set(&field.name, value);
        }
    }
    for name in pydantic::beside(&instance.class) {
        if wanted(&name) && !pk_only {
            let value = machine.attribute(&Value::Instance(instance.clone()), &name)?;
            if !(shape.without_none && value.is_none()) {
                out.set(&name, value);
            }
        }
    }
    let all;
    let map = match part.map {
        Some(map) => map,
        None => {
            let paths = reach(world, model.at);
            all = Names::of(paths.iter().map(String::as_str));
            &all
        }
    };
    if pk_only || map.0.is_empty() {
        return Ok(Value::dict(out));
    }
    let links = links(world, &model);
    let relations = links.iter().filter(|link| link.kind != Kind::Through && !link.hidden);
    for name in hashed::order(relations.map(|link| &*link.name)) {
        let Some(link) = links.iter().find(|link| &*link.name == name) else { continue };
        let included = part.include.is_none_or(|names| names.0.is_empty() || names.has(name));
        let excluded = part.exclude.is_some_and(|names| names.whole(name));
        if !included || excluded || !map.has(name) || link.many() && shape.without_lists {
            continue;
        }
        let none = Names::default();
        let inside = Part {
            include: part.include.and_then(|names| names.below(name)),
            exclude: part.exclude.and_then(|names| names.below(name)),
            map: Some(map.below(name).unwrap_or(&none)),
            flat: part.flat.and_then(|names| names.below(name)),
        };
        let flat =
            shape.flat || part.flat.is_some_and(|flat| flat.has(name) && inside.flat.is_none());
        let mut values = Vec::new();
        for value in held(instance, name) {
            values.push(if flat {
                super::state::key_of(world, &value)
            } else {
                let made = dumped(machine, world, &value, shape, inside)?;
                through(machine, world, &value, shape, inside, &made)?;
                made
            });
        }
        let value = if link.many() {
            Value::list(values)
        } else {
            values.into_iter().next().unwrap_or(Value::None)
        };
        out.set(name, value);
    }
    Ok(Value::dict(out))
}

/// The row of the through model that an instance came by.
fn through(
    machine: &mut Machine,
    world: &Rc<World>,
    instance: &Rc<Instance>,
    shape: &Shape,
    part: Part<'_>,
    made: &Value,
) -> Outcome<()> {
    let Value::Dict(dict) = made else { return Ok(()) };
    let model = world.model_of(&instance.class).and_then(|at| world.model(at));
    let links = model.map(|model| links(world, model)).unwrap_or_default();
    for link in links.iter().filter(|link| link.kind == Kind::Through) {
        let included = part.include.is_none_or(|names| names.0.is_empty() || names.has(&link.name));
        let excluded = part.exclude.is_some_and(|names| names.whole(&link.name));
        let passed = part.map.is_some_and(|map| map.has(&link.related));
        if shape.without_through || !included || excluded || passed {
            continue;
        }
        if let Some(row) = held(instance, &link.name).first() {
            let all = Part { include: None, exclude: None, map: None, flat: None };
            let value = dumped(machine, world, row, &Shape::default(), all)?;
            dict.borrow_mut().set(&link.name, value);
        }
    }
    Ok(())
}

/// `model_dump_json()`: compact, and what JSON has no word for as text.
pub(super) fn model_dump_json(
    machine: &mut Machine,
    world: &Rc<World>,
    instance: &Rc<Instance>,
    args: Args,
) -> Outcome {
    let value = model_dump(machine, world, instance, args)?;
    let mut out = String::new();
    json::write(machine, &value, COMPACT, &mut out)?;
    Ok(Value::str(&out))
}

/// `encode_json`; nothing for text, which stays as it is.
pub(super) fn json_text(machine: &mut Machine, value: &Value) -> Outcome<Option<String>> {
    if matches!(value, Value::Str(_)) {
        return Ok(None);
    }
    let mut out = String::new();
    json::write(machine, value, COMPACT, &mut out)?;
    Ok(Some(out))
}

/// As pydantic writes it.
const COMPACT: json::Style = json::Style {
    comma: ",",
    colon: ":",
    letters: json::Letters::AsTheyAre,
    beyond: |machine, value| match value {
        Value::Date(_) | Value::Time(_) | Value::DateTime(_, None) => {
            let iso = machine.attribute(value, "isoformat")?;
            machine.call(&iso, Args::default()).map(Some)
        }
        Value::Decimal(_) | Value::Uuid(_) => machine.str(value).map(|text| Some(Value::Str(text))),
        Value::Instance(member) if member.class.get("__members__").is_some() => {
            Ok(member.get("value"))
        }
        other => Err(refuse(format!(
            "`model_dump_json` of a value of `{}` is not supported here: use `model_dump`.",
            other.type_name()
        ))),
    },
};
