//! `model_dump()`

use std::rc::Rc;

use super::link::{Kind, links};
use super::state::{held, with_state};
use crate::Machine;
use crate::eval::refuse;
use crate::value::{Args, Dict, Instance, Outcome, Value};
use crate::world::World;

/// Names that are left out at each level.
type Names = Vec<String>;

pub(super) fn model_dump(
    machine: &mut Machine,
    world: &Rc<World>,
    instance: &Rc<Instance>,
    mut args: Args,
) -> Outcome {
    let exclude = names(machine, args.take("exclude"))?;
    let include = names(machine, args.take("include"))?;
    if let Some((name, _)) = args.keywords.first() {
        return Err(refuse(format!("`{name}` of `model_dump` is not supported here yet.")));
    }
    dumped(machine, world, instance, &include, &exclude.unwrap_or_default(), &mut Vec::new(), None)
}

fn names(machine: &mut Machine, given: Option<Value>) -> Outcome<Option<Names>> {
    let Some(given) = given.filter(|given| !given.is_none()) else { return Ok(None) };
    if matches!(given, Value::Dict(_)) {
        return Err(refuse(
            "`include` and `exclude` of `model_dump` take a set of names here, no nested ones.",
        ));
    }
    let items = machine.list_of(&given)?;
    Ok(Some(items.iter().filter_map(|item| item.as_str().map(Into::into)).collect()))
}

/// Nested models are followed as long as they lead to models that are not being dumped already.
fn dumped(
    machine: &mut Machine,
    world: &Rc<World>,
    instance: &Rc<Instance>,
    include: &Option<Names>,
    exclude: &Names,
    above: &mut Vec<usize>,
    from: Option<&str>,
) -> Outcome {
    machine.step()?;
    let mut out = Dict::default();
    let Some(model) = world.model_of(&instance.class).and_then(|at| world.model(at)).cloned()
    else {
        return Ok(Value::None);
    };
    let wanted = |name: &str| {
        !exclude.iter().any(|each| each == name)
            && include.as_ref().is_none_or(|include| include.iter().any(|each| each == name))
    };
    let pk_only = with_state(instance, |state| state.pk_only).unwrap_or(false);
    for field in model.fields.iter().filter(|field| !field.relation && wanted(&field.name)) {
        if !pk_only || field.primary_key {
            out.set(&field.name, instance.get(&field.name).unwrap_or(Value::None));
        }
    }
    if pk_only {
        return Ok(Value::dict(out));
    }
    above.push(model.at);
    for link in links(world, &model) {
        if link.hidden || !wanted(&link.name) {
            continue;
        }
        if link.kind == Kind::Through {
            if let (Some(_), Some(row)) = (from, held(instance, &link.name).first()) {
                let value = dumped(machine, world, row, &None, &Vec::new(), &mut Vec::new(), None)?;
                out.set(&link.name, value);
            }
            continue;
        }
        if from == Some(&*link.name) || above.contains(&link.target) && link.target != model.at {
            continue;
        }
        let mut values = Vec::new();
        for value in held(instance, &link.name) {
            let none = Vec::new();
            values.push(dumped(machine, world, &value, &None, &none, above, Some(&link.related))?);
        }
        let value = if link.many() {
            Value::list(values)
        } else {
            values.into_iter().next().unwrap_or(Value::None)
        };
        out.set(&link.name, value);
    }
    above.pop();
    Ok(Value::dict(out))
}
