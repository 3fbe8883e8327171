//! What a model's class does: `Author.select()`, `Author.create(…)`, and what it shows: back-references, aliases.

use std::any::Any;
use std::rc::Rc;

use throughline_order::Gather as _;

use super::node::{Aliased, Node, Source, node_of, value_of};
use super::query::{Query, all_fields, selected};
use super::session::Session;
use super::write::{Act, Rows, Write};
use crate::Machine;
use crate::eval::{no_attribute, raise, refuse};
use crate::value::{Args, Class, Object, Outcome, Value};

pub(super) type Method = fn(&Rc<Session>, usize, &mut Machine, Args) -> Outcome;

/// What classes of models have in Peewee, but not here.
pub(super) const REFUSED: &[&str] =
    &["drop_table", "truncate_table", "bind_ctx", "index", "add_index", "noop", "validate_model"];

pub(super) const METHODS: &[(&str, Method)] = &[
    ("select", |session, model, _, args| {
        let columns = selected(session, &args.positional);
        Ok(Value::Object(Rc::new(Query::new(session, Source::Model(model), columns))))
    }),
    ("filter", |session, model, machine, args| {
        all(session, model).filtered(machine, args).map(|query| Value::Object(query))
    }),
    ("get", |session, model, machine, args| wanted(session, model, machine, args)?.one(machine)),
    ("get_or_none", |session, model, machine, args| {
        let query = wanted(session, model, machine, args)?;
        super::methods::none_if_missing(&query, machine)
    }),
    ("get_by_id", |session, model, machine, args| {
        let key = args.only("get_by_id")?;
        check_key(session, model, &key)?;
        by_id(session, model, key).one(machine)
    }),
    ("create", |session, model, machine, args| create(session, model, machine, args)),
    ("get_or_create", |session, model, machine, mut args| {
        let defaults = args.take("defaults");
        let mut query = all(session, model);
        let class = Value::Class(session.class(model));
        for (name, value) in &args.keywords {
            let field = machine.attribute(&class, name)?;
            query.narrow(Node::binary(
                if value.is_none() { "IS" } else { "=" },
                node_of(&field),
                node_of(value),
            ));
        }
        match query.one(machine) {
            Ok(row) => return Ok(Value::tuple(vec![row, Value::Bool(false)])),
            Err(raised) if session.is_missing(machine, &raised) => {}
            Err(raised) => return Err(raised),
        }
        if let Some(defaults) = defaults.filter(|defaults| !defaults.is_none()) {
            for (name, value) in machine.mapping(&defaults)? {
                let name: Rc<str> = machine.str(&name)?;
                args.keywords.retain(|(known, _)| *known != name);
                args.keywords.push((name, value));
            }
        }
        let made = session.world.atomically(|| create(session, model, machine, args));
        match made {
            Ok(row) => Ok(Value::tuple(vec![row, Value::Bool(true)])),
            Err(raised) => {
                let integrity = machine
                    .caught(&raised)
                    .is_some_and(|error| error.class.derives_from("IntegrityError"));
                match query.copy().one(machine) {
                    Ok(row) if integrity => Ok(Value::tuple(vec![row, Value::Bool(false)])),
                    _ => Err(raised),
                }
            }
        }
    }),
    ("insert", |session, model, machine, args| {
        // A list of rows is more than one.
        if let [Value::List(_) | Value::Iter(_)] = args.positional.as_slice() {
            return insert_many(session, model, machine, args, "INSERT");
        }
        let row = normalized(session, model, machine, args)?;
        Ok(Write::value(session, model, Act::Insert(Rows::One(row))))
    }),
    ("replace", |session, model, machine, args| {
        let row = normalized(session, model, machine, args)?;
        let mut write = Write::new(session, model, Act::Insert(Rows::One(row)));
        write.verb = "INSERT OR REPLACE";
        Ok(Value::Object(Rc::new(write)))
    }),
    ("insert_many", |session, model, machine, args| {
        insert_many(session, model, machine, args, "INSERT")
    }),
    ("replace_many", |session, model, machine, args| {
        insert_many(session, model, machine, args, "INSERT OR REPLACE")
    }),
    ("insert_from", |session, model, machine, args| {
        let [query, fields] = args.bind("insert_from", ["query", "fields"], 2)?;
        let Some(Source::Query(query)) =
            super::query::source_of(session, &query.unwrap_or(Value::None))
        else {
            return Err(raise("TypeError", "insert_from() takes a query"));
        };
        let fields = machine.list_of(&fields.unwrap_or(Value::None))?;
        let names = fields
            .iter()
            .map(|field| super::write::field_name(session, model, field))
            .collect::<Outcome<Vec<_>>>()?;
        Ok(Write::value(session, model, Act::Insert(Rows::From(names, query))))
    }),
    ("update", |session, model, machine, args| {
        let row = normalized(session, model, machine, args)?;
        Ok(Write::value(session, model, Act::Update(row)))
    }),
    ("delete", |session, model, _, _| Ok(Write::value(session, model, Act::Delete))),
    ("delete_by_id", |session, model, machine, args| {
        let mut write = Write::new(session, model, Act::Delete);
        let key = args.only("delete_by_id")?;
        check_key(session, model, &key)?;
        write.condition = by_id(session, model, key).condition.clone();
        write.execute(machine)
    }),
    ("set_by_id", |session, model, machine, args| {
        let [key, value] = args.bind("set_by_id", ["key", "value"], 2)?;
        let key = key.unwrap_or(Value::None);
        if !key.is_none() {
            check_key(session, model, &key)?;
        }
        let value = Args::of(vec![value.unwrap_or(Value::None)]);
        let row = normalized(session, model, machine, value)?;
        if key.is_none() {
            return Write::new(session, model, Act::Insert(Rows::One(row))).execute(machine);
        }
        let mut write = Write::new(session, model, Act::Update(row));
        write.condition = by_id(session, model, key).condition.clone();
        write.execute(machine)
    }),
    ("bulk_create", |session, model, machine, args| {
        super::save::bulk_create(session, model, machine, args)
    }),
    ("bulk_update", |session, model, machine, args| {
        super::save::bulk_update(session, model, machine, args)
    }),
    ("alias", |session, model, _, args| {
        let name = args.positional.first().and_then(|name| name.as_str().map(Into::into));
        let alias = Rc::new(Aliased { id: session.world.next(), model, name });
        Ok(Value::Object(Rc::new(AliasObject { session: session.clone(), alias })))
    }),
    ("raw", |session, model, machine, args| {
        let mut given = args.positional.into_iter();
        let sql = machine.str(&given.next().unwrap_or(Value::None))?.to_string();
        let params =
            given.map(|value| crate::world::to_cell(None, &value).unwrap_or(crate::Cell::Null));
        let sent = crate::Sent { sql, params: params.gather() };
        let reply = session.send(machine, sent)?;
        let rows = super::rows::raw_rows(session, model, &reply);
        Ok(Value::list(rows))
    }),
    ("table_exists", |_, _, _, _| Ok(Value::Bool(true))),
    ("create_table", |session, model, machine, _| {
        super::declare::needs_database(machine, session, model)?;
        super::declare::create_table(machine, session, model)?;
        Ok(Value::None)
    }),
    ("bind", |session, model, _, _| {
        session.unbound.borrow_mut().remove(&model);
        Ok(Value::Bool(true))
    }),
];

/// `Model.select()`
pub(super) fn all(session: &Rc<Session>, model: usize) -> Query {
    Query::new(session, Source::Model(model), Vec::new())
}

/// # Errors
/// `ValueError` where a key of several fields gets another number of values.
pub(super) fn check_key(session: &Session, model: usize, key: &Value) -> Outcome<()> {
    let keys = session
        .model(model)
        .map_or(0, |model| model.fields.iter().filter(|field| field.primary_key).count());
    let fits = match key {
        Value::Tuple(parts) => parts.len() == keys,
        Value::List(parts) => parts.borrow().len() == keys,
        _ => false,
    };
    if keys < 2 || fits {
        return Ok(());
    }
    if !matches!(key, Value::Str(_) | Value::Tuple(_) | Value::List(_)) {
        let message = format!("'{}' object is not iterable", key.type_name());
        return Err(raise("TypeError", message));
    }
    Err(raise(
        "ValueError",
        "The length of the value must equal the number of columns of the composite primary key.",
    ))
}

/// The query for a row by its primary key.
pub(super) fn by_id(session: &Rc<Session>, model: usize, key: Value) -> Query {
    let mut query = all(session, model);
    let Some(of) = session.model(model) else { return query };
    let keys: Vec<Rc<str>> =
        of.fields.iter().filter(|field| field.primary_key).map(|field| field.name.clone()).gather();
    let values = match (&key, keys.len()) {
        (Value::Tuple(parts), 2..) => parts.to_vec(),
        (Value::List(parts), 2..) => parts.borrow().clone(),
        _ => vec![key],
    };
    let conditions = keys.into_iter().zip(values).map(|(name, value)| {
        let op = if value.is_none() { "IS" } else { "=" };
        Node::binary(op, Node::Field(Source::Model(model), name), node_of(&value))
    });
    if let Some(condition) = Node::all(conditions.gather()) {
        query.narrow(condition);
    }
    query
}

fn wanted(
    session: &Rc<Session>,
    model: usize,
    machine: &mut Machine,
    mut args: Args,
) -> Outcome<Rc<Query>> {
    let mut query = all(session, model);
    let numbered =
        session.model(model).is_some_and(|model| model.fields.iter().any(|field| field.auto));
    match args.positional.as_slice() {
        [key @ Value::Int(_)] if numbered => query = by_id(session, model, key.clone()),
        nodes => nodes.iter().for_each(|node| query.narrow(node_of(node))),
    }
    args.positional.clear();
    query.filtered(machine, args)
}

fn create(session: &Rc<Session>, model: usize, machine: &mut Machine, args: Args) -> Outcome {
    let made = machine.call(&Value::Class(session.class(model)), args)?;
    let save = machine.attribute(&made, "save")?;
    let forced =
        Args { positional: Vec::new(), keywords: vec![("force_insert".into(), Value::Bool(true))] };
    machine.call(&save, forced)?;
    Ok(made)
}

/// A row for `insert` and `update`: a dictionary by fields or their names, then keywords.
fn normalized(
    session: &Rc<Session>,
    model: usize,
    machine: &mut Machine,
    args: Args,
) -> Outcome<Vec<(Rc<str>, Value)>> {
    let mut out = Vec::new();
    if let Some(data) = args.positional.first().filter(|data| !data.is_none()) {
        for (key, value) in machine.mapping(data)? {
            let name = super::write::field_name(session, model, &key).map_err(|error| {
                let shown = machine.repr(data);
                let key = machine.str(&key);
                match (shown, key) {
                    (Ok(shown), Ok(key)) => raise(
                        "ValueError",
                        format!("Unrecognized field name: \"{key}\" in {shown}."),
                    ),
                    _ => error,
                }
            })?;
            out.push((name, value));
        }
    }
    for (name, value) in args.keywords {
        let known = super::write::field_name(session, model, &Value::Str(name.clone()));
        match known {
            Ok(name) => out.push((name, value)),
            Err(_) => return Err(no_attribute(&Value::Class(session.class(model)), &name)),
        }
    }
    Ok(out)
}

fn insert_many(
    session: &Rc<Session>,
    model: usize,
    machine: &mut Machine,
    args: Args,
    verb: &'static str,
) -> Outcome {
    let [rows, fields] = args.bind("insert_many", ["rows", "fields"], 1)?;
    let rows = machine.list_of(&rows.unwrap_or(Value::None))?;
    let fields = match fields.filter(|fields| !fields.is_none()) {
        Some(fields) => {
            let fields = machine.list_of(&fields)?;
            let names = fields.iter().map(|field| super::write::field_name(session, model, field));
            Some(names.collect::<Outcome<Vec<_>>>()?)
        }
        None => None,
    };
    let mut write = Write::new(session, model, Act::Insert(Rows::Many(fields, rows)));
    write.verb = verb;
    Ok(Value::Object(Rc::new(write)))
}

/// A back-reference as an attribute of the class.
pub(super) struct Backref {
    pub(super) source: usize,
    pub(super) field: Rc<str>,
}

impl Object for Backref {
    fn class(&self) -> Rc<Class> {
        Rc::new(Class::new("BackrefAccessor", "peewee", &[]))
    }

    fn any(&self) -> &dyn Any {
        self
    }
}

/// `Model.alias()`
pub(super) struct AliasObject {
    session: Rc<Session>,
    pub(super) alias: Rc<Aliased>,
}

impl Object for AliasObject {
    fn class(&self) -> Rc<Class> {
        Rc::new(Class::new("ModelAlias", "peewee", &[]))
    }

    fn any(&self) -> &dyn Any {
        self
    }

    fn attribute(self: Rc<Self>, machine: &mut Machine, name: &str) -> Outcome<Option<Value>> {
        let source = Source::Alias(self.alias.clone());
        if name == "select" {
            let session = self.session.clone();
            return Ok(Some(Value::native("select", move |_, args| {
                let columns = selected(&session, &args.positional);
                Ok(Value::Object(Rc::new(Query::new(&session, source.clone(), columns))))
            })));
        }
        let model = self.session.model(self.alias.model);
        if let Some(field) = model.as_ref().and_then(|model| model.field(name)) {
            return Ok(Some(value_of(&self.session, Node::Field(source, field.name.clone()))));
        }
        let class = Value::Class(self.session.class(self.alias.model));
        machine.attribute(&class, name).map(Some)
    }
}

/// `subquery.c`
pub(super) struct Inner(pub(super) Rc<Query>);

impl Object for Inner {
    fn class(&self) -> Rc<Class> {
        Rc::new(Class::new("_DynamicEntity", "peewee", &[]))
    }

    fn any(&self) -> &dyn Any {
        self
    }

    fn attribute(self: Rc<Self>, _: &mut Machine, name: &str) -> Outcome<Option<Value>> {
        let node = Node::Inner(Source::Query(self.0.clone()), name.into());
        Ok(Some(value_of(&self.0.session, node)))
    }
}

/// An attribute of the class that is a method.
pub(super) fn method(session: &Rc<Session>, model: usize, name: &str) -> Outcome<Option<Value>> {
    if let Some((name, method)) = METHODS.iter().find(|(known, _)| *known == name) {
        let (session, method) = (session.clone(), *method);
        return Ok(Some(Value::native(name, move |machine, args| {
            method(&session, model, machine, args)
        })));
    }
    if REFUSED.contains(&name) {
        return Err(refuse(format!("`Model.{name}()` is not supported here.")));
    }
    Ok(None)
}

/// All fields of a model as values.
pub(super) fn fields(session: &Rc<Session>, model: usize) -> Vec<Value> {
    all_fields(session, &Source::Model(model))
        .into_iter()
        .map(|node| value_of(session, node))
        .gather()
}
