//! Django's managers, query sets and model instances.

mod aggregate;
mod annotate;
mod answers;
mod below;
mod bulk;
mod combine;
mod comparisons;
mod compile;
mod condition;
mod construct;
mod delete;
mod descriptor;
mod exceptions;
mod exclude;
mod expression;
mod functions;
mod group;
mod instance;
mod known;
mod limits;
mod loading;
mod lookup;
mod manager;
mod mask;
mod methods;
mod neighbour;
mod path;
mod prefetch;
mod q;
mod query;
mod queryset;
mod raw;
mod read;
mod related;
mod related_value;
mod rename;
mod save;
mod shown;
mod spelling;
mod through;
mod typing;
mod validation;

use std::rc::Rc;

use serde_json::{Map, json};

use super::Runtime;
use crate::Machine;
use throughline_core::document::ColumnType;
use throughline_order::{Arrange as _, Gather as _};

use crate::database::{Cell, DatabaseError, ErrorKind};
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
    quote: named,
    comma: ", ",
    space: " ",
    clause: " ",
    table_alias: " ",
    column_alias: " AS ",
    wrap: Wrap::Groups,
    tables: crate::sql::Tables::AsBuilt,
};

/// A name in quotes; those that Django makes up for tables (`T3`, `U0`) stand without.
fn named(name: &str) -> String {
    let letters = name.bytes().take_while(u8::is_ascii_uppercase).count();
    let digits = name.get(letters..).unwrap_or_default();
    let made_up = (1..=2).contains(&letters)
        && !digits.is_empty()
        && digits.bytes().all(|digit| digit.is_ascii_digit());
    if made_up { name.to_owned() } else { crate::sql::quoted(name) }
}

impl Runtime for Django {
    fn id(&self) -> &'static str {
        "django"
    }

    fn spelling(&self) -> &'static crate::assist::spelling::Spelling {
        &spelling::SPELLING
    }

    fn install(&self, machine: &mut Machine, world: &Rc<World>) {
        exceptions::install(machine, world);
    }

    fn hooks(&self, world: &Rc<World>, model: usize) -> Rc<dyn Hooks> {
        Rc::new(instance::ModelHooks { world: world.clone(), model })
    }

    fn stored(&self, ty: &ColumnType, cell: &Cell) -> serde_json::Value {
        // A column of type `decimal` keeps what is whole as a whole number.
        let whole = match cell {
            Cell::Decimal(digits) if matches!(ty, ColumnType::Decimal(_)) => {
                let number = digits.parse::<rust_decimal::Decimal>().ok();
                number.map(|number| number.normalize()).filter(|number| number.scale() == 0)
            }
            _ => None,
        };
        match whole.and_then(|number| number.to_string().parse::<i64>().ok()) {
            Some(number) => json!(number),
            None => super::as_sqlite_keeps(cell),
        }
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
        let instance = match value {
            Value::Instance(instance) => instance,
            Value::Object(object) => {
                let Some(set) = queryset::query_set(object) else { return Ok(None) };
                let rows = set.rows(machine)?;
                return exporter.json(machine, &Value::list(rows)).map(Some);
            }
            _ => return Ok(None),
        };
        let Some(model) = world.model_of(&instance.class).and_then(|at| world.model(at)).cloned()
        else {
            return Ok(None);
        };
        let inside = exporter.inside();
        let mut out = Map::new();
        out.insert("__model__".into(), json!(&*model.name));
        let parents = world.ancestors(&model);
        let fields: Vec<Rc<str>> = parents
            .iter()
            .flat_map(|parent| &parent.fields)
            .chain(&model.fields)
            .map(|field| field.attname.clone())
            .gather();
        let mut deferred = Vec::new();
        for name in &fields {
            match instance.get(name) {
                Some(value) => {
                    out.insert(name.to_string(), inside.json(machine, &value)?);
                }
                None => deferred.push(name.to_string()),
            }
        }
        if !deferred.is_empty() {
            deferred.arrange();
            out.insert("__deferred__".into(), json!(deferred));
        }
        let names = instance.names.borrow().clone();
        for (name, value) in &names {
            if !fields.contains(name) {
                out.insert(name.to_string(), inside.json(machine, value)?);
            }
        }
        let state =
            instance::with_state(instance, |state| (state.cache.clone(), state.prefetched.clone()));
        if let (Some((cache, prefetched)), true) = (state, exporter.depth() < 3) {
            let mut loaded = Map::new();
            for (name, value) in cache {
                if matches!(value, Value::Instance(_)) {
                    loaded.insert(name.to_string(), inside.json(machine, &value)?);
                }
            }
            if !loaded.is_empty() {
                out.insert("__loaded__".into(), serde_json::Value::Object(loaded));
            }
            let mut rows = Map::new();
            for (name, values) in prefetched {
                rows.insert(name.to_string(), inside.json(machine, &Value::list(values))?);
            }
            if !rows.is_empty() {
                out.insert("__prefetched__".into(), serde_json::Value::Object(rows));
            }
        }
        Ok(Some(serde_json::Value::Object(out)))
    }
}

/// `FieldError`
pub(super) fn raise_field_error(machine: &mut Machine, message: &str) -> Box<Raised> {
    match class_of(machine, "django.core.exceptions", "FieldError") {
        Some(class) => machine.exception(&class, vec![Value::str(message)]),
        None => crate::eval::raise("ValueError", message),
    }
}

/// A class of a module, for messages and `except`.
pub(super) fn class_of(machine: &Machine, module: &str, name: &str) -> Option<Rc<Class>> {
    match machine.modules.get(module)?.get(name)? {
        Value::Class(class) => Some(class),
        _ => None,
    }
}
