//! Peewee's queries and model instances.

mod beyond;
mod chance;
mod class;
mod compile;
mod condition;
mod connection;
mod cte;
mod declare;
mod epoch;
mod exceptions;
mod filter;
mod functions;
mod instance;
mod join;
mod many;
mod meta;
mod methods;
mod node;
mod prefetch;
mod query;
mod rows;
mod save;
mod session;
mod spelling;
mod write;

use std::rc::Rc;

use serde_json::{Map, json};

use super::Runtime;
use crate::Machine;
use crate::database::{Cell, DatabaseError, ErrorKind};
use crate::eval::{Raised, refuse};
use crate::export::Exporter;
use crate::sql::{Style, Wrap};
use crate::value::{Hooks, Outcome, Value};
use crate::world::World;
use session::Session;

/// Peewee.
#[derive(Debug)]
pub(super) struct Peewee;

/// SQL as Peewee writes it for SQLite.
pub(super) static STYLE: Style = Style {
    quote: crate::sql::quoted,
    comma: ", ",
    space: " ",
    clause: " ",
    table_alias: " AS ",
    column_alias: " AS ",
    wrap: Wrap::Each,
    tables: crate::sql::Tables::AsBuilt,
};

impl Runtime for Peewee {
    fn id(&self) -> &'static str {
        "peewee"
    }

    fn spelling(&self) -> &'static crate::assist::spelling::Spelling {
        &spelling::SPELLING
    }

    fn install(&self, machine: &mut Machine, world: &Rc<World>) {
        machine.beyond = beyond::NAMES;
        let session = Session::of(world);
        exceptions::install(machine);
        functions::install(machine, &session);
    }

    fn hooks(&self, world: &Rc<World>, model: usize) -> Rc<dyn Hooks> {
        Rc::new(instance::ModelHooks { session: Session::of(world), model })
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
        exceptions::raised(machine, class, &error.message)
    }

    fn stored(&self, _: &throughline_core::document::ColumnType, cell: &Cell) -> serde_json::Value {
        match cell {
            // A column of decimals keeps whole numbers as integers.
            Cell::Decimal(digits) => match rows::number(digits) {
                Value::Int(number) => number.into(),
                Value::Float(number) => number.into(),
                _ => digits.as_str().into(),
            },
            other => super::as_sqlite_keeps(other),
        }
    }

    fn export(
        &self,
        machine: &mut Machine,
        world: &Rc<World>,
        value: &Value,
        exporter: &Exporter<'_>,
    ) -> Outcome<Option<serde_json::Value>> {
        let instance = match value {
            Value::Instance(instance) => instance,
            Value::Object(object) => {
                let Some(query) = query::query_of(object) else { return Ok(None) };
                let rows = query.rows(machine)?;
                return exporter.json(machine, &Value::list(rows)).map(Some);
            }
            _ => return Ok(None),
        };
        let session = Session::of(world);
        let Some(model) = world.model_of(&instance.class).and_then(|at| session.model(at)) else {
            return Ok(None);
        };
        let inside = exporter.inside();
        let mut out = Map::new();
        out.insert("__model__".into(), json!(&*model.name));
        for field in &model.fields {
            if let Some(value) = instance::data(instance, &field.name) {
                let name = if field.relation { &field.column } else { &field.name };
                out.insert(name.to_string(), inside.json(machine, &value)?);
            }
        }
        if exporter.depth() < 3 {
            let mut loaded = Map::new();
            let related = instance::with_state(instance, |state| state.related.clone());
            for (name, value) in related.unwrap_or_default() {
                if matches!(value, Value::Instance(_)) {
                    loaded.insert(name.to_string(), inside.json(machine, &value)?);
                }
            }
            if !loaded.is_empty() {
                out.insert("__loaded__".into(), serde_json::Value::Object(loaded));
            }
            let names = instance.names.borrow().clone();
            for (name, value) in &names {
                if !name.starts_with('_') && !model.fields.iter().any(|field| field.name == *name) {
                    out.insert(name.to_string(), inside.json(machine, value)?);
                }
            }
        }
        Ok(Some(serde_json::Value::Object(out)))
    }
}
