//! `fn`, `Case`, `SQL`, `Value`, `JOIN`, and what else scripts have without importing it.

use std::any::Any;
use std::rc::Rc;

use throughline_order::Gather as _;

use super::connection::Connection;
use super::node::{Node, node_of, value_of};
use super::session::Session;
use crate::Machine;
use crate::value::{Class, Object, Outcome, Value};

/// What the module has beside what is here.
const NOT_HERE: &[&str] = &[
    "AnyField",
    "BareField",
    "Check",
    "Cast",
    "Database",
    "DatabaseProxy",
    "EnclosedNodeList",
    "Entity",
    "Expression",
    "IdentityField",
    "Index",
    "ModelIndex",
    "MySQLDatabase",
    "MariaDBDatabase",
    "NodeList",
    "PostgresqlDatabase",
    "Proxy",
    "Table",
    "Tuple",
    "ValuesList",
    "Window",
    "chunked",
];

/// A name of the module that is not here.
struct NotHere(&'static str);

impl NotHere {
    fn refused(&self) -> Box<crate::Raised> {
        crate::eval::refuse(format!("`{}` of `peewee` is not supported here.", self.0))
    }
}

impl Object for NotHere {
    fn class(&self) -> Rc<Class> {
        Rc::new(Class::new("type", "builtins", &[]))
    }

    fn any(&self) -> &dyn Any {
        self
    }

    fn attribute(self: Rc<Self>, _: &mut Machine, _: &str) -> Outcome<Option<Value>> {
        Err(self.refused())
    }

    fn call(self: Rc<Self>, _: &mut Machine, _: crate::Args) -> Outcome<Option<Value>> {
        Err(self.refused())
    }
}

/// `fn`
struct Functions(Rc<Session>);

impl Object for Functions {
    fn class(&self) -> Rc<Class> {
        Rc::new(Class::new("Function", "peewee", &[]))
    }

    fn any(&self) -> &dyn Any {
        self
    }

    fn attribute(self: Rc<Self>, _: &mut Machine, name: &str) -> Outcome<Option<Value>> {
        let (session, name): (_, Rc<str>) = (self.0.clone(), name.into());
        Ok(Some(Value::native("fn", move |_, args| {
            let args = args.positional.iter().map(node_of).gather();
            Ok(value_of(&session, Node::Call(name.clone(), args, None)))
        })))
    }
}

pub(super) fn install(machine: &mut Machine, session: &Rc<Session>) {
    let mut names: Vec<(&str, Value)> =
        vec![("fn", Value::Object(Rc::new(Functions(session.clone()))))];
    if let Some(module) = machine.modules.get("peewee") {
        super::declare::names(session)
            .into_iter()
            .for_each(|(name, value)| module.set(name, value));
    }
    if let Some(module) = machine.modules.get("peewee") {
        for name in NOT_HERE {
            module.set(name, Value::Object(Rc::new(NotHere(name))));
        }
    }
    let own = session.clone();
    names.push((
        "SQL",
        Value::native("SQL", move |machine, args| {
            let [text, params] = args.bind("SQL", ["sql", "params"], 1)?;
            let params = match params.filter(|params| !params.is_none()) {
                Some(params) => machine.list_of(&params)?,
                None => Vec::new(),
            };
            let text = text.and_then(|text| text.as_str().map(Rc::from)).unwrap_or_default();
            Ok(value_of(&own, Node::Sql(text, params)))
        }),
    ));
    let own = session.clone();
    names.push((
        "Value",
        Value::native("Value", move |_, args| {
            let value = args.positional.into_iter().next().unwrap_or(Value::None);
            Ok(value_of(&own, Node::Value(value)))
        }),
    ));
    let own = session.clone();
    names.push((
        "DQ",
        Value::native("DQ", move |_, args| Ok(value_of(&own, Node::Lookups(args.keywords, false)))),
    ));
    let own = session.clone();
    names.push((
        "Case",
        Value::native("Case", move |machine, args| {
            let [of, whens, default] =
                args.bind("Case", ["predicate", "expression_tuples", "default"], 2)?;
            let some = |value: Option<Value>| value.filter(|value| !value.is_none());
            let mut out = Vec::new();
            for pair in machine.list_of(&whens.unwrap_or(Value::None))? {
                let pair = machine.list_of(&pair)?;
                if let [when, then] = pair.as_slice() {
                    out.push((node_of(when), node_of(then)));
                }
            }
            let boxed = |value: Value| Box::new(node_of(&value));
            Ok(value_of(&own, Node::Case(some(of).map(boxed), out, some(default).map(boxed))))
        }),
    ));
    let own = session.clone();
    names.push((
        "prefetch",
        Value::native("prefetch", move |machine, args| {
            super::prefetch::prefetch(machine, &own, args)
        }),
    ));
    let join = Class::new("JOIN", "peewee", &[]);
    for kind in ["INNER", "LEFT_OUTER", "RIGHT_OUTER", "FULL", "FULL_OUTER", "CROSS"] {
        join.set(kind, Value::from(kind.replace('_', " ")));
    }
    names.push(("JOIN", Value::Module(Rc::new(join))));
    let db = Value::Object(Rc::new(Connection { session: session.clone() }));
    let opened = db.clone();
    names.push(("SqliteDatabase", Value::native("SqliteDatabase", move |_, _| Ok(opened.clone()))));
    if let Some(module) = machine.modules.get("peewee").cloned() {
        for (name, value) in &names {
            module.set(name, value.clone());
        }
        machine.scope.set("peewee", Value::Module(module));
    }
    for (name, value) in names {
        machine.scope.set(name, value);
    }
    machine.scope.set("db", db);
    if let Some(datetime) = machine.modules.get("datetime").cloned() {
        machine.scope.set("datetime", Value::Module(datetime));
    }
}
