//! Starting Tortoise: `Tortoise.init(…)`, connections, and what calls do where the models do not start.

use std::any::Any;
use std::rc::Rc;

use throughline_order::{Arrange as _, Gather as _};

use super::queryset::{Action, QuerySet, Shape, Wanted};
use super::{coroutine, encode, raised, send};
use crate::Machine;
use crate::database::{Cell, Reply, Sent};
use crate::eval::{Raised, raise, refuse};
use crate::value::{Args, Class, Dict, Hooks, Object, Outcome, Value};
use crate::world::{Model, World, to_cell};

/// `Tortoise`
struct Starter(Rc<World>);

/// `connections`
struct Connections(Rc<World>);

/// `connections.get("default")`
struct Connection(Rc<World>);

/// `tortoise.fields`: what only the models file may use.
struct Fields;

/// `Model`: from which a script derives nothing.
struct Root;

impl Hooks for Root {}

/// Names of the module `tortoise`.
pub(super) fn names(world: &Rc<World>) -> Vec<(&'static str, Value)> {
    vec![
        ("Tortoise", Value::Object(Rc::new(Starter(world.clone())))),
        ("connections", Value::Object(Rc::new(Connections(world.clone())))),
        ("fields", Value::Object(Rc::new(Fields))),
        (
            "run_async",
            Value::native("run_async", |machine, args| {
                let coroutine = args.only("run_async")?;
                machine.wait(&coroutine)?;
                Ok(Value::None)
            }),
        ),
    ]
}

/// Names of the module `tortoise.models`.
pub(super) fn model() -> Vec<(&'static str, Value)> {
    let mut class = Class::new("Model", "tortoise.models", &[]);
    class.hooks = Some(Rc::new(Root));
    vec![("Model", Value::Class(Rc::new(class)))]
}

type Step = fn(&Rc<World>, &mut Machine, Args) -> Outcome;

/// A method that is awaited.
fn later(world: &Rc<World>, name: &'static str, step: Step) -> Value {
    let world = world.clone();
    Value::native(name, move |_, args| {
        let world = world.clone();
        Ok(coroutine::later(move |machine| step(&world, machine, args)))
    })
}

impl Object for Starter {
    fn class(&self) -> Rc<Class> {
        Rc::new(Class::new("type", "builtins", &[]))
    }

    fn any(&self) -> &dyn Any {
        self
    }

    fn attribute(self: Rc<Self>, _: &mut Machine, name: &str) -> Outcome<Option<Value>> {
        let step: Step = match name {
            "init" => |world, machine, _| match world.start.clone() {
                Some(message) => Err(raised(machine, "ConfigurationError", message)),
                None => Ok(Value::None),
            },
            "generate_schemas" => |world, machine, _| match world.start {
                Some(_) => Err(raised(
                    machine,
                    "ConfigurationError",
                    "You have to call .init() first before generating schemas",
                )),
                None => Ok(Value::None),
            },
            "close_connections" => |_, _, _| Ok(Value::None),
            "get_connection" => {
                let world = self.0.clone();
                return Ok(Some(Value::native("get_connection", move |machine, args| {
                    let alias = args.only("get_connection")?;
                    connection(machine, &world, &alias)
                })));
            }
            _ => return Err(refuse(format!("`Tortoise.{name}` is not supported here."))),
        };
        Ok(Some(later(&self.0, "init", step)))
    }
}

impl Object for Connections {
    fn class(&self) -> Rc<Class> {
        Rc::new(Class::new("ConnectionHandler", "tortoise.connection", &[]))
    }

    fn any(&self) -> &dyn Any {
        self
    }

    fn attribute(self: Rc<Self>, _: &mut Machine, name: &str) -> Outcome<Option<Value>> {
        match name {
            "get" => Ok(Some(Value::native("get", move |machine, args| {
                let alias = args.only("get")?;
                connection(machine, &self.0, &alias)
            }))),
            "close_all" => Ok(Some(later(&self.0, "close_all", |_, _, _| Ok(Value::None)))),
            _ => Err(refuse(format!("`connections.{name}` is not supported here."))),
        }
    }
}

/// The one connection that there is.
fn connection(machine: &mut Machine, world: &Rc<World>, alias: &Value) -> Outcome {
    if alias.as_str() == Some("default") {
        return Ok(Value::Object(Rc::new(Connection(world.clone()))));
    }
    let shown = machine.str(alias)?;
    let message = format!(
        "Unable to get db settings for alias '{shown}'. Please check if the config dict contains this alias and try again"
    );
    Err(raised(machine, "ConfigurationError", message))
}

/// What `in_transaction()` hands to its block.
pub(super) fn in_block(world: &Rc<World>) -> Value {
    Value::Object(Rc::new(Connection(world.clone())))
}

/// Sends a text of SQL with its values.
fn asked(world: &Rc<World>, machine: &mut Machine, args: Args) -> Outcome<Reply> {
    let [sql, values] = args.bind("execute_query", ["query", "values"], 1)?;
    let sql = machine.str(&sql.unwrap_or(Value::None))?.to_string();
    let mut params = Vec::new();
    if let Some(values) = values.filter(|values| !values.is_none()) {
        for value in machine.list_of(&values)? {
            params.push(to_cell(None, &value).unwrap_or(Cell::Null));
        }
    }
    send(machine, world, Sent { sql, params })
}

fn dicts(reply: &Reply) -> Vec<Value> {
    let row = |row: &Vec<Cell>| {
        let mut dict = Dict::default();
        for (name, cell) in reply.columns.iter().zip(row) {
            dict.set(name, encode::from_db(None, cell));
        }
        Value::dict(dict)
    };
    reply.rows.iter().map(row).gather()
}

impl Object for Connection {
    fn class(&self) -> Rc<Class> {
        Rc::new(Class::new("SqliteClient", "tortoise.backends.sqlite.client", &[]))
    }

    fn any(&self) -> &dyn Any {
        self
    }

    fn attribute(self: Rc<Self>, _: &mut Machine, name: &str) -> Outcome<Option<Value>> {
        let step: Step = match name {
            "execute_query_dict" => {
                |world, machine, args| Ok(Value::list(dicts(&asked(world, machine, args)?)))
            }
            "execute_query" => |world, machine, args| {
                let reply = asked(world, machine, args)?;
                let rows = dicts(&reply);
                let count = i64::try_from(reply.affected).unwrap_or(i64::MAX);
                let count = if rows.is_empty() { count } else { rows.len() as i64 };
                Ok(Value::tuple(vec![Value::Int(count), Value::list(rows)]))
            },
            "execute_script" => |world, machine, args| {
                asked(world, machine, args)?;
                Ok(Value::None)
            },
            "execute_insert" => |world, machine, args| {
                let reply = asked(world, machine, args)?;
                Ok(reply.last_id.map_or(Value::None, Value::Int))
            },
            _ => return Err(refuse(format!("`{name}` of a connection is not supported here."))),
        };
        Ok(Some(later(&self.0, "execute", step)))
    }
}

impl Object for Fields {
    fn class(&self) -> Rc<Class> {
        Rc::new(Class::new("module", "builtins", &[]))
    }

    fn any(&self) -> &dyn Any {
        self
    }

    fn attribute(self: Rc<Self>, _: &mut Machine, name: &str) -> Outcome<Option<Value>> {
        Err(refuse(format!(
            "`fields.{name}` is only read in the models file: models are declared there."
        )))
    }
}

/// What a model's query is before the models have started.
fn bare(attribute: &str) -> Box<Raised> {
    raise("AttributeError", format!("'Query' object has no attribute '{attribute}'"))
}

/// What writing an instance raises where the models do not start.
pub(super) fn unsaved(world: &World) -> Outcome<()> {
    if world.start.is_some() { Err(bare("where")) } else { Ok(()) }
}

/// What a query set raises where the models do not start: it is the first thing that its query is asked for.
pub(super) fn unasked(machine: &mut Machine, set: &QuerySet) -> Outcome<()> {
    if set.world.start.is_none() {
        return Ok(());
    }
    let mut wanted = set.conditions.iter().filter_map(|q| q.filters.first());
    if let Some((key, _)) = wanted.next() {
        let message = format!(
            "Unknown filter param '{key}'. Allowed base values are [{}]",
            declared(&set.model).join(", ")
        );
        return Err(raised(machine, "FieldError", message));
    }
    Err(bare(match (&set.action, &set.shape) {
        _ if !set.order.is_empty() => "orderby",
        (Action::Count, _) => "_groupbys",
        (Action::Exists | Action::Contains(_), _) => "_wrapper_cls",
        (Action::Update(_) | Action::Delete, _) => "_joins",
        (Action::Rows, Shape::Dicts(_) | Shape::Tuples(_) | Shape::Flat(_)) => "_select_field",
        (Action::Rows, Shape::Instances) => match (&set.wanted, set.limit) {
            (Wanted::All, None) => "where",
            _ => "_wrapper_cls",
        },
    }))
}

/// The names that a class declares, in the order in which the message has them.
fn declared(model: &Model) -> Vec<String> {
    let fields = model.fields.iter().map(|field| &field.name);
    let mut names: Vec<_> =
        fields.chain(model.relations.iter().map(|relation| &relation.name)).gather();
    names.arrange();
    names.dedup();
    names.iter().map(|name| format!("'{name}'")).gather()
}

/// Whether an attribute is a relation that the start would have made.
pub(super) fn is_unmade(world: &World, model: &Model, name: &str) -> bool {
    world.start.is_some()
        && (model.relation(name).is_some_and(|relation| relation.through.is_some())
            || model.by_accessor(name).is_some())
}
