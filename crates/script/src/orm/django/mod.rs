//! Django's managers, query sets and model instances.

mod exceptions;
mod instance;
mod manager;
mod queryset;

use std::rc::Rc;

use serde_json::{Map, json};

use super::Runtime;
use crate::Machine;
use crate::database::{DatabaseError, ErrorKind};
use crate::eval::{Raised, refuse};
use crate::export::Exporter;
use crate::sql::{Style, Wrap};
use crate::value::{Class, Hooks, Outcome, Value};
use crate::world::World;

/// Django.
#[derive(Debug)]
pub(super) struct Django;

/// SQL as Django's SQLite backend writes it.
pub(super) static STYLE: Style = Style {
    quote: crate::sql::quoted,
    comma: ", ",
    space: " ",
    clause: " ",
    table_alias: " ",
    column_alias: " AS ",
    wrap: Wrap::Groups,
};

impl Runtime for Django {
    fn id(&self) -> &'static str {
        "django"
    }

    fn install(&self, machine: &mut Machine, world: &Rc<World>) {
        exceptions::install(machine, world);
    }

    fn hooks(&self, world: &Rc<World>, model: usize) -> Rc<dyn Hooks> {
        Rc::new(instance::ModelHooks { world: world.clone(), model })
    }

    fn database_error(
        &self,
        machine: &mut Machine,
        _: &Rc<World>,
        error: &DatabaseError,
    ) -> Box<Raised> {
        let class = match error.kind {
            ErrorKind::Integrity => "IntegrityError",
            ErrorKind::Operational => "OperationalError",
            ErrorKind::Data => "DataError",
            ErrorKind::Refused | ErrorKind::Stopped => return refuse(error.message.clone()),
        };
        let module = machine.modules.get("django.db").cloned();
        match module.and_then(|module| module.get(class)) {
            Some(Value::Class(class)) => {
                machine.exception(&class, vec![Value::str(&error.message)])
            }
            _ => refuse(error.message.clone()),
        }
    }

    fn export(
        &self,
        machine: &mut Machine,
        world: &Rc<World>,
        value: &Value,
        exporter: &Exporter<'_>,
    ) -> Outcome<Option<serde_json::Value>> {
        let Value::Instance(instance) = value else { return Ok(None) };
        let Some(model) = world.model_of(&instance.class).and_then(|at| world.model(at)).cloned()
        else {
            return Ok(None);
        };
        let inside = exporter.inside();
        let mut out = Map::new();
        out.insert("__model__".into(), json!(&*model.name));
        for field in &model.fields {
            if let Some(value) = instance.get(&field.attname) {
                out.insert(field.attname.to_string(), inside.json(machine, &value)?);
            }
        }
        let names = instance.names.borrow().clone();
        for (name, value) in &names {
            if model.fields.iter().all(|field| field.attname != *name) {
                out.insert(name.to_string(), inside.json(machine, value)?);
            }
        }
        Ok(Some(serde_json::Value::Object(out)))
    }
}

/// A class of a module, for messages and `except`.
pub(super) fn class_of(machine: &Machine, module: &str, name: &str) -> Option<Rc<Class>> {
    match machine.modules.get(module)?.get(name)? {
        Value::Class(class) => Some(class),
        _ => None,
    }
}
