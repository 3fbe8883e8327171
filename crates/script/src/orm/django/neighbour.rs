//! `get_next_by_…()`, and what `save(update_fields=…)` may name.

use std::rc::Rc;

use throughline_order::{Arrange as _, Gather as _};

use super::class_of;
use super::instance::{ModelHooks, key_of};
use crate::Machine;
use crate::eval::raise;
use crate::value::{Instance, Outcome, Value};
use crate::world::{Model, World};

/// `update_fields` may name fields with columns only.
pub(super) fn unknown_fields(world: &World, instance: &Instance, only: &[Rc<str>]) -> Outcome<()> {
    let model = world.model_of(&instance.class).and_then(|at| world.model(at));
    let Some(model) = model else { return Ok(()) };
    let known = |name: &Rc<str>| {
        super::query::field_of(world, model, name).is_some_and(|(_, field)| !field.primary_key)
            || model.fields.iter().any(|field| field.attname == *name && !field.primary_key)
    };
    let mut unknown: Vec<&str> =
        only.iter().filter(|name| !known(name)).map(|name| &**name).gather();
    unknown.arrange();
    if unknown.is_empty() {
        return Ok(());
    }
    let message = format!(
        "The following fields do not exist in this model, are m2m fields, primary keys, or are non-concrete fields: {}",
        unknown.join(", ")
    );
    Err(raise("ValueError", message))
}

impl ModelHooks {
    /// `get_next_by_pub_date()`: the row whose date comes next, then whose key does.
    pub(super) fn neighbour(
        &self,
        model: &Rc<Model>,
        instance: &Rc<Instance>,
        name: &str,
    ) -> Option<Value> {
        let (next, field) = match name.strip_prefix("get_next_by_") {
            Some(field) => (true, field),
            None => (false, name.strip_prefix("get_previous_by_")?),
        };
        let (_, field) = super::query::field_of(&self.world, model, field)?;
        if field.null {
            return None;
        }
        let date = matches!(
            field.ty,
            throughline_core::document::ColumnType::Date
                | throughline_core::document::ColumnType::DateTime
        );
        if !date {
            return None;
        }
        let (world, at, name) = (self.world.clone(), self.model, field.name.clone());
        let (instance, attname) = (instance.clone(), field.attname.clone());
        Some(Value::native("neighbour", move |machine, args| {
            let (value, key) =
                (instance.get(&attname).unwrap_or(Value::None), key_of(&world, &instance));
            let op = if next { "gt" } else { "lt" };
            let lookup = |path: &str, value: &Value| {
                super::expression::Item::Lookup(path.into(), value.clone())
            };
            let and = super::expression::Condition::of;
            let same = and(vec![lookup(&name, &value), lookup(&format!("pk__{op}"), &key)]);
            let mut set =
                super::manager::default_set(machine, &world, at)?.narrowed(machine, args)?.copy();
            let either = vec![
                lookup(&format!("{name}__{op}"), &value),
                super::expression::Item::Nested(same),
            ];
            set.query.filter(
                machine,
                &super::expression::Condition {
                    connector: super::expression::Connector::Or,
                    ..and(either)
                },
            )?;
            set.query.order = [&*name, "pk"].iter().map(|name| super::compile::item(name)).gather();
            set.query.ordered = true;
            set.query.reversed = !next;
            set.query.limit = Some(1);
            match set.rows(machine)?.into_iter().next() {
                Some(found) => Ok(found),
                None => Err(missing(machine, &world, at)),
            }
        }))
    }
}

fn missing(machine: &mut Machine, world: &World, model: usize) -> Box<crate::Raised> {
    let name = world.model(model).map(|model| model.name.clone()).unwrap_or_default();
    let message = format!("{name} matching query does not exist.");
    let class = world
        .class(model)
        .map(Value::Class)
        .and_then(|class| machine.attribute(&class, "DoesNotExist").ok());
    match (class, class_of(machine, "django.core.exceptions", "ObjectDoesNotExist")) {
        (Some(Value::Class(class)), _) | (_, Some(class)) => {
            machine.exception(&class, vec![Value::from(message)])
        }
        _ => raise("Exception", message),
    }
}
