//! Tortoise's query sets, relations and model instances.

mod beyond;
mod bulk;
mod compile;
mod condition;
mod coroutine;
mod encode;
mod exceptions;
mod expression;
mod fetch;
mod instance;
mod lookup;
mod methods;
mod model;
mod operators;
mod prefetch;
mod queryset;
mod relation;
mod save;
mod shape;
mod spelling;
mod start;

use std::rc::Rc;

use serde_json::{Map, json};

use super::Runtime;
use crate::Machine;
use crate::database::{Cell, DatabaseError, ErrorKind, Reply, Sent};
use crate::eval::{Raised, refuse};
use crate::export::Exporter;
use crate::sql::{Style, Wrap};
use crate::value::{Class, Hooks, Outcome, Value};
use crate::world::World;

/// Tortoise ORM.
#[derive(Debug)]
pub(super) struct Tortoise;

/// SQL as pypika writes it.
static STYLE: Style = Style {
    quote: crate::sql::quoted,
    comma: ",",
    space: "",
    clause: " ",
    table_alias: " ",
    column_alias: " ",
    wrap: Wrap::Needed,
    tables: crate::sql::Tables::OfSeveral,
};

impl Runtime for Tortoise {
    fn id(&self) -> &'static str {
        "tortoise"
    }

    fn spelling(&self) -> &'static crate::assist::spelling::Spelling {
        &spelling::SPELLING
    }

    fn install(&self, machine: &mut Machine, world: &Rc<World>) {
        machine.beyond = beyond::NAMES;
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
            ErrorKind::Operational | ErrorKind::Data => "OperationalError",
            ErrorKind::Refused | ErrorKind::Stopped => return refuse(error.message.clone()),
        };
        raised(machine, class, &error.message)
    }

    fn stored(
        &self,
        ty: &throughline_core::document::ColumnType,
        cell: &Cell,
    ) -> serde_json::Value {
        match (ty, cell) {
            // Moments are kept with their distance from UTC, which is none: Tortoise makes naive ones aware.
            (throughline_core::document::ColumnType::DateTime, Cell::Timestamp(text)) => {
                format!("{text}+00:00").into()
            }
            // A column of decimals is one of texts for Tortoise: `10.50`, with all its places.
            (throughline_core::document::ColumnType::Decimal(places), Cell::Decimal(digits)) => {
                let mut number: rust_decimal::Decimal = match digits.parse() {
                    Ok(number) => number,
                    Err(_) => return digits.as_str().into(),
                };
                if let Some((_, places)) = places {
                    number.rescale(*places);
                }
                number.to_string().into()
            }
            (_, other) => super::as_sqlite_keeps(other),
        }
    }

    fn export(
        &self,
        machine: &mut Machine,
        world: &Rc<World>,
        value: &Value,
        exporter: &Exporter<'_>,
    ) -> Outcome<Option<serde_json::Value>> {
        match value {
            Value::Instance(_) => exported(machine, world, value, exporter),
            Value::Object(object) => {
                // The last value of a script is awaited, as a user would do.
                let waits = object.any().is::<queryset::QuerySet>()
                    || object.any().is::<relation::RelatedRows>()
                    || instance::is_nothing(value)
                    || object.any().is::<coroutine::Coroutine>();
                if waits && exporter.depth() == 0 {
                    let waited = machine.wait(value)?;
                    return exporter.json(machine, &waited).map(Some);
                }
                let Some(rows) = object.any().downcast_ref::<relation::RelatedRows>() else {
                    return Ok(None);
                };
                Ok(Some(match rows.fetched() {
                    Some(rows) => exporter.json(machine, &Value::list(rows))?,
                    None => json!({ "__relation__": rows.class_name(), "fetched": false }),
                }))
            }
            _ => Ok(None),
        }
    }
}

/// An instance of a model: its fields, what is loaded with it, and annotations.
fn exported(
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
    let names = instance.names.borrow().clone();
    for (name, value) in &names {
        if !name.starts_with('_') {
            out.insert(name.to_string(), inside.json(machine, value)?);
        }
    }
    let state = instance::with_state(instance, |state| {
        (state.partial, state.cache.clone(), state.fetched.clone())
    });
    let Some((partial, cache, fetched)) = state else { return Ok(None) };
    if partial {
        out.insert("__partial__".into(), json!(true));
    }
    let mut loaded = Map::new();
    if exporter.depth() < 3 {
        for (name, value) in cache {
            if matches!(value, Value::Instance(_)) {
                loaded.insert(name.to_string(), inside.json(machine, &value)?);
            }
        }
        for (name, rows) in fetched {
            loaded.insert(name.to_string(), inside.json(machine, &Value::list(rows))?);
        }
    }
    if !loaded.is_empty() {
        out.insert("__loaded__".into(), serde_json::Value::Object(loaded));
    }
    Ok(Some(serde_json::Value::Object(out)))
}

/// An exception of `tortoise.exceptions`.
fn raised(machine: &mut Machine, class: &'static str, message: impl AsRef<str>) -> Box<Raised> {
    match class_of(machine, class) {
        Some(class) => machine.exception(&class, vec![Value::str(message)]),
        None => crate::eval::raise(class, message.as_ref()),
    }
}

/// A class of `tortoise.exceptions`.
fn class_of(machine: &Machine, name: &str) -> Option<Rc<Class>> {
    match machine.modules.get("tortoise.exceptions")?.get(name)? {
        Value::Class(class) => Some(class),
        _ => None,
    }
}

/// Sends a statement; mistakes become exceptions of Tortoise's.
fn send(machine: &mut Machine, world: &Rc<World>, sent: Sent) -> Outcome<Reply> {
    world.send(sent).map_err(|error| Tortoise.database_error(machine, world, &error))
}
