//! What a relation is compared with: instances, query sets, keys.
//!
//! Follows `Query.check_related_objects` and `RelatedLookupMixin` of Django 5.2.

use std::rc::Rc;

use throughline_order::Gather as _;

use super::path::End;
use super::query::Query;
use super::queryset::{QuerySet, Shape, query_set};
use crate::Machine;
use crate::eval::raise;
use crate::value::{Outcome, Value};
use crate::world::{Model, World};

/// Whether rows of one model can be those of the other.
fn fits(world: &World, at: usize, model: &Model) -> bool {
    world.is_kind_of(at, model)
        || world.model(at).is_some_and(|other| world.is_kind_of(model.at, other))
}

/// What is compared must be of the model that the relation leads to.
pub(super) fn check(machine: &mut Machine, query: &Query, end: &End, value: &Value) -> Outcome<()> {
    let Some((model, _)) = &end.relation else { return Ok(()) };
    // A key that is a relation stands for its own model, too.
    if end.class == "OneToOneField" {
        return Ok(());
    }
    let world = &query.world;
    let one = |machine: &mut Machine, value: &Value| -> Outcome<()> {
        let Value::Instance(instance) = value else { return Ok(()) };
        let Some(at) = world.model_of(&instance.class) else { return Ok(()) };
        if fits(world, at, model) {
            return Ok(());
        }
        let shown = machine.str(value)?;
        let message = format!("Cannot query \"{shown}\": Must be \"{}\" instance.", model.name);
        Err(raise("ValueError", message))
    };
    match value {
        Value::Object(object) => {
            if let Some(set) = query_set(object)
                && matches!(set.shape, Shape::Instances)
                && !fits(world, set.query.model, model)
            {
                let other = set.query.model().map(|model| model.name.clone()).unwrap_or_default();
                let message = format!(
                    "Cannot use QuerySet for \"{other}\": Use a QuerySet for \"{}\".",
                    model.name
                );
                return Err(raise("ValueError", message));
            }
            Ok(())
        }
        Value::List(items) => {
            let items = items.borrow().clone();
            items.iter().try_for_each(|item| one(machine, item))
        }
        Value::Tuple(items) => items.iter().try_for_each(|item| one(machine, item)),
        other => one(machine, other),
    }
}

/// A related instance, or a query set of them, stands for the field that the relation refers to.
pub(super) fn referred(world: &World, model: &Rc<Model>, to: &str, value: &Value) -> Value {
    let Some(field) = model.field(to).filter(|field| !field.primary_key) else {
        return value.clone();
    };
    let one = |value: &Value| match value {
        Value::Instance(instance)
            if world.model_of(&instance.class).is_some()
                && !super::instance::key_of(world, instance).is_none() =>
        {
            let held = instance.get(&field.attname);
            held.unwrap_or_else(|| super::instance::key_of(world, instance))
        }
        other => other.clone(),
    };
    match value {
        Value::List(items) => Value::list(items.borrow().iter().map(one).gather()),
        Value::Tuple(items) => Value::tuple(items.iter().map(one).gather()),
        Value::Object(object) => match query_set(object) {
            Some(set) if matches!(set.shape, Shape::Instances) => {
                let set = QuerySet { shape: Shape::Flat(field.attname.clone()), ..set.copy() };
                Value::Object(Rc::new(set))
            }
            _ => value.clone(),
        },
        other => one(other),
    }
}
