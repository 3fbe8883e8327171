//! `Model.objects.raw(…)`, and the text of a query.

use std::any::Any;
use std::cell::RefCell;
use std::rc::Rc;

use throughline_order::Gather as _;

use super::instance::State;
use super::queryset::QuerySet;
use crate::Machine;
use crate::database::{Cell, Sent};
use crate::eval::raise;
use crate::value::{Args, Class, Instance, Object, Outcome, Value};
use crate::world::{to_cell, to_value};

/// What `str(queryset.query)` shows.
pub(super) struct Shown(pub(super) String);

impl Object for Shown {
    fn class(&self) -> Rc<Class> {
        Rc::new(Class::new("Query", "django.db.models.sql.query", &[]))
    }

    fn any(&self) -> &dyn Any {
        self
    }

    fn attribute(self: Rc<Self>, _: &mut Machine, name: &str) -> Outcome<Option<Value>> {
        if name.starts_with("__") {
            return Ok(None);
        }
        Err(super::manager::inner(name, "a query"))
    }

    fn str(self: Rc<Self>, _: &mut Machine) -> Outcome<Option<String>> {
        Ok(Some(self.0.clone()))
    }
}

/// Rows of a statement of the user's own.
struct Raw {
    set: QuerySet,
    sent: Sent,
    translations: Vec<(Rc<str>, Rc<str>)>,
    fetched: RefCell<Option<Vec<Value>>>,
}

/// `raw("SELECT …", [params], translations={…})`
pub(super) fn raw(set: &Rc<QuerySet>, machine: &mut Machine, args: Args) -> Outcome {
    let [sql, params, translations, _] =
        args.bind("raw", ["raw_query", "params", "translations", "using"], 1)?;
    let sql = machine.str(&sql.unwrap_or(Value::None))?;
    let mut cells = Vec::new();
    let mut text = String::new();
    match params {
        None | Some(Value::None) => text.push_str(&sql),
        Some(Value::Dict(dict)) => {
            // `%(name)s` takes the parameter of that name.
            let named = machine.mapping(&Value::Dict(dict))?;
            let mut rest = &*sql;
            while let Some((before, after)) = rest.split_once("%(") {
                let Some((name, after)) = after.split_once(")s") else { break };
                text.push_str(before);
                text.push('?');
                let found = named.iter().find(|(known, _)| known.as_str() == Some(name));
                let value =
                    found.map(|(_, value)| value.clone()).ok_or_else(|| raise("KeyError", name))?;
                cells.push(to_cell(None, &value).unwrap_or(Cell::Null));
                rest = after;
            }
            text.push_str(rest);
        }
        Some(params) => {
            for value in machine.list_of(&params)? {
                cells.push(to_cell(None, &value).unwrap_or(Cell::Null));
            }
            text = sql.replace("%s", "?").replace("%%", "%");
        }
    }
    let mut renamed = Vec::new();
    if let Some(translations) = translations.filter(|given| !given.is_none()) {
        for (column, field) in machine.mapping(&translations)? {
            renamed.push((machine.str(&column)?, machine.str(&field)?));
        }
    }
    Ok(Value::Object(Rc::new(Raw {
        set: set.copy(),
        sent: Sent { sql: text, params: cells },
        translations: renamed,
        fetched: RefCell::default(),
    })))
}

impl Raw {
    fn rows(&self, machine: &mut Machine) -> Outcome<Vec<Value>> {
        if let Some(rows) = &*self.fetched.borrow() {
            return Ok(rows.clone());
        }
        let reply = self.set.send(machine, self.sent.clone())?;
        let world = &self.set.query.world;
        let (Some(model), Some(class)) =
            (self.set.query.model(), world.class(self.set.query.model))
        else {
            return Ok(Vec::new());
        };
        let translated = |column: &str| {
            let found = self.translations.iter().find(|(from, _)| **from == *column);
            found.map_or_else(|| column.to_owned(), |(_, to)| to.to_string())
        };
        let columns: Vec<String> = reply.columns.iter().map(|name| translated(name)).gather();
        let field = |column: &str| {
            model.fields.iter().find(|field| *field.column == *column || *field.name == *column)
        };
        let has_key = model.key().is_some_and(|key| {
            columns.iter().any(|column| *key.column == **column || *key.name == **column)
        });
        if !has_key {
            let message = "Raw query must include the primary key";
            return Err(
                match super::class_of(machine, "django.core.exceptions", "FieldDoesNotExist") {
                    Some(class) => machine.exception(&class, vec![Value::str(message)]),
                    None => raise("ValueError", message),
                },
            );
        }
        let mut out = Vec::with_capacity(reply.rows.len());
        for row in &reply.rows {
            let instance = Instance::new(class.clone());
            for (column, cell) in columns.iter().zip(row) {
                match field(column) {
                    Some(field) => instance.set(&field.attname, to_value(Some(&field.ty), cell)),
                    None => instance.set(column, to_value(None, cell)),
                }
            }
            *instance.state.borrow_mut() =
                Some(Box::new(State { saved: true, ..State::default() }));
            out.push(Value::Instance(Rc::new(instance)));
        }
        *self.fetched.borrow_mut() = Some(out.clone());
        Ok(out)
    }
}

impl Object for Raw {
    fn class(&self) -> Rc<Class> {
        Rc::new(Class::new("RawQuerySet", "django.db.models.query", &[]))
    }

    fn any(&self) -> &dyn Any {
        self
    }

    fn attribute(self: Rc<Self>, machine: &mut Machine, name: &str) -> Outcome<Option<Value>> {
        match name {
            "columns" => {
                let reply = self.set.send(machine, self.sent.clone())?;
                Ok(Some(Value::list(reply.columns.iter().map(Value::str).gather())))
            }
            _ if name.starts_with("__") => Ok(None),
            _ => Err(super::manager::inner(name, "a raw query set")),
        }
    }

    fn iterate(self: Rc<Self>, machine: &mut Machine) -> Outcome<Option<Value>> {
        self.rows(machine).map(|rows| Some(Value::list(rows)))
    }

    fn len(self: Rc<Self>, machine: &mut Machine) -> Outcome<Option<usize>> {
        self.rows(machine).map(|rows| Some(rows.len()))
    }

    fn item(self: Rc<Self>, machine: &mut Machine, key: &Value) -> Outcome<Option<Value>> {
        let rows = Value::list(self.rows(machine)?);
        machine.item(&rows, key).map(Some)
    }

    fn repr(self: Rc<Self>, _: &mut Machine) -> Outcome<Option<String>> {
        Ok(Some(format!("<RawQuerySet: {}>", crate::orm::inlined(&self.sent))))
    }
}

/// `django.shortcuts`
pub(super) fn shortcuts(world: &Rc<crate::world::World>) -> Vec<(&'static str, Value)> {
    let missing = Rc::new(Class::new("Http404", "django.http.response", &[]));
    let set_of = {
        let world = world.clone();
        move |machine: &mut Machine, value: Option<&Value>| -> Outcome<Option<QuerySet>> {
            Ok(match value {
                Some(Value::Class(class)) => match world.model_of(class) {
                    Some(at) => Some(super::manager::default_set(machine, &world, at)?),
                    None => None,
                },
                Some(Value::Object(object)) => {
                    super::queryset::query_set(object).map(|set| set.copy())
                }
                // A manager of the user's own.
                Some(Value::Instance(manager)) if manager.class.derives_from("Manager") => {
                    let made = machine.attribute(&Value::Instance(manager.clone()), "all")?;
                    match machine.call(&made, Args::default())? {
                        Value::Object(set) => {
                            super::queryset::query_set(&set).map(|set| set.copy())
                        }
                        _ => None,
                    }
                }
                _ => None,
            })
        }
    };
    let get = move |machine: &mut Machine, mut args: Args, many: bool| {
        let first = (!args.positional.is_empty()).then(|| args.positional.remove(0));
        let Some(set) = set_of(machine, first.as_ref())? else {
            let called = if many { "get_list_or_404" } else { "get_object_or_404" };
            let shown = match &first {
                Some(Value::Class(class)) => class.name.to_string(),
                Some(other) => other.type_name().to_string(),
                None => "NoneType".to_owned(),
            };
            let message = format!(
                "First argument to {called}() must be a Model, Manager, or QuerySet, not '{shown}'."
            );
            return Err(raise("ValueError", message));
        };
        let name = set.query.model().map(|model| model.name.clone()).unwrap_or_default();
        let narrowed = set.narrowed(machine, args)?;
        if many {
            let rows = narrowed.rows(machine)?;
            if !rows.is_empty() {
                return Ok(Value::list(rows));
            }
        } else {
            match narrowed.one(machine) {
                Err(raised)
                    if machine
                        .caught(&raised)
                        .is_some_and(|caught| &*caught.class.name == "DoesNotExist") => {}
                other => return other,
            }
        }
        let exception = machine.class("Exception");
        let mut class =
            Class::new(&missing.name, "django.http.response", &exception.into_iter().gather());
        class.hooks = None;
        Err(machine.exception(
            &Rc::new(class),
            vec![Value::from(format!("No {name} matches the given query."))],
        ))
    };
    let list = get.clone();
    vec![
        (
            "get_object_or_404",
            Value::native("get_object_or_404", move |machine, args| get(machine, args, false)),
        ),
        (
            "get_list_or_404",
            Value::native("get_list_or_404", move |machine, args| list(machine, args, true)),
        ),
    ]
}
