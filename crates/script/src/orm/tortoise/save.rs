//! `create`, `save`, `delete` and the other methods of instances.

use std::rc::Rc;

use throughline_core::document::{ColumnType, Value as Constant};
use throughline_order::Gather as _;

use super::compile::Joins;
use super::expression::{Node, node_of};
use super::instance::{State, assign, with_state};
use super::methods;
use super::queryset::{QuerySet, Wanted, query_set};
use super::{STYLE, coroutine, encode, prefetch, raised, send};
use crate::Machine;
use crate::database::Sent;
use crate::sql::{Delete, Expr, Insert, Source, Update, Writer};
use crate::value::{Args, Instance, Outcome, Value};
use crate::world::{Field, Model, World};

/// How an instance is saved.
#[derive(Default)]
pub(super) struct How {
    only: Option<Vec<Rc<str>>>,
    create: bool,
    update: bool,
}

/// `Model.create(…)`
pub(super) fn create(
    machine: &mut Machine,
    world: &Rc<World>,
    model: usize,
    mut args: Args,
) -> Outcome {
    args.take("using_db");
    let (Some(class), Some(model)) = (world.class(model), world.model(model).cloned()) else {
        return Ok(Value::None);
    };
    let made = machine.call(&Value::Class(class), args)?;
    if let Value::Instance(instance) = &made {
        save(machine, world, &model, instance, How { create: true, ..How::default() })?;
    }
    Ok(made)
}

/// `auto_now` and `auto_now_add`.
pub(super) fn before(machine: &mut Machine, field: &Field, instance: &Rc<Instance>, created: bool) {
    let is = |name: &str| {
        let arg = field.declared.as_ref().and_then(|declared| declared.arg(name));
        arg.is_some_and(|arg| arg.value == Constant::Bool(true))
    };
    let unset = instance.get(&field.attname).is_none_or(|value| value.is_none());
    if !(is("auto_now") || is("auto_now_add") && created && unset) {
        return;
    }
    let now = match field.ty {
        ColumnType::Time => Value::Time(machine.now.time()),
        ColumnType::Date => Value::Date(machine.now.date()),
        _ => Value::datetime(machine.now, Some(0)),
    };
    instance.set(&field.attname, now);
}

pub(super) fn save(
    machine: &mut Machine,
    world: &Rc<World>,
    model: &Rc<Model>,
    instance: &Rc<Instance>,
    how: How,
) -> Outcome<()> {
    super::start::unsaved(world)?;
    let state = with_state(instance, |state| state.clone()).unwrap_or_default();
    if state.partial {
        partial(machine, model, instance, &how)?;
    }
    let key = model.key().and_then(|key| instance.get(&key.attname));
    let has_key = key.as_ref().is_some_and(|key| !key.is_none());
    let insert_it = how.create || !how.update && (!(state.saved || how.only.is_some()) || !has_key);
    if insert_it {
        insert(machine, world, model, instance, state.own_key)?;
    } else {
        let rows = update(machine, world, model, instance, how.only.as_deref())?;
        if how.update && rows == 0 {
            let key = machine.str(&key.unwrap_or(Value::None))?;
            let message = format!("Can't update object that doesn't exist. PK: {key}");
            return Err(raised(machine, "IntegrityError", message));
        }
    }
    with_state(instance, |state| state.saved = true);
    Ok(())
}

fn partial(
    machine: &mut Machine,
    model: &Rc<Model>,
    instance: &Rc<Instance>,
    how: &How,
) -> Outcome<()> {
    let name = &model.name;
    let message = match &how.only {
        None => Some(format!(
            "{name} is a partial model, can only be saved with the relevant update_field provided"
        )),
        Some(_) if model.key().is_some_and(|key| instance.get(&key.attname).is_none()) => {
            Some(format!(
                "{name} is a partial model without primary key fetchd. Partial update not available"
            ))
        }
        Some(only) => only
            .iter()
            .find(|field| instance.get(field).is_none())
            .map(|field| format!("{name} is a partial model, field '{field}' is not available")),
    };
    match message {
        Some(message) => Err(raised(machine, "IncompleteInstanceError", message)),
        None => Ok(()),
    }
}

fn insert(
    machine: &mut Machine,
    world: &Rc<World>,
    model: &Rc<Model>,
    instance: &Rc<Instance>,
    own_key: bool,
) -> Outcome<()> {
    let mut insert = Insert { verb: "INSERT", table: model.table.clone(), ..Insert::default() };
    let mut row = Vec::new();
    for field in model.fields.iter().filter(|field| own_key || !field.auto) {
        before(machine, field, instance, true);
        let value = instance.get(&field.attname).unwrap_or(Value::None);
        insert.columns.push(field.column.clone());
        row.push(Expr::Param(encode::to_db(machine, field, &value)?));
    }
    let auto = model.fields.iter().find(|field| field.auto).filter(|_| !own_key);
    if row.is_empty() {
        // Without columns pypika writes nothing, and nothing is what SQLite does.
        world.log_sent(Sent { sql: String::new(), params: Vec::new() });
        if let Some(auto) = auto {
            instance.set(&auto.attname, Value::Int(0));
        }
        return Ok(());
    }
    insert.rows.push(row);
    let reply = send(machine, world, Writer::new(&STYLE).insert(&insert))?;
    if let (Some(auto), Some(last)) = (auto, reply.last_id) {
        instance.set(&auto.attname, Value::Int(last));
    }
    Ok(())
}

fn update(
    machine: &mut Machine,
    world: &Rc<World>,
    model: &Rc<Model>,
    instance: &Rc<Instance>,
    only: Option<&[Rc<str>]>,
) -> Outcome<u64> {
    let Some(key) = model.key() else { return Ok(0) };
    if only.is_some_and(|only| only.contains(&key.attname)) {
        let message = format!("Can't update pk field, use `{}.create` instead.", model.name);
        return Err(raised(machine, "OperationalError", message));
    }
    let mut set = Vec::new();
    for field in &model.fields {
        let wanted = only.is_none_or(|only| only.contains(&field.attname));
        if field.primary_key || !wanted {
            continue;
        }
        before(machine, field, instance, false);
        let value = instance.get(&field.attname).unwrap_or(Value::None);
        let expr = match node_of(&value) {
            Node::Value(value) => Expr::Param(encode::to_db(machine, field, &value)?),
            node => {
                let context = QuerySet::all(world, model).context();
                context.resolve(machine, &node, &mut Joins::default())?.expr
            }
        };
        set.push((field.column.clone(), expr));
    }
    if set.is_empty() {
        return Ok(0);
    }
    let condition = Some(is_row(machine, key, instance)?);
    let update = Update { table: model.table.clone(), set, condition };
    Ok(send(machine, world, Writer::new(&STYLE).update(&update))?.affected)
}

/// `id = ?`
fn is_row(machine: &mut Machine, key: &Field, instance: &Rc<Instance>) -> Outcome<Expr> {
    let held = instance.get(&key.attname).unwrap_or(Value::None);
    let cell = encode::cell(machine, &key.ty, &held)?;
    Ok(Expr::binary("=", Expr::Column(None, key.column.clone()), Expr::Param(cell)))
}

type Method = fn(&Rc<World>, &Rc<Model>, &Rc<Instance>, &mut Machine, Args) -> Outcome;

/// Those that run when they are awaited.
const AWAITED: &[(&str, Method)] = &[
    ("save", |world, model, instance, machine, mut args| {
        args.take("using_db");
        let only = match args.take("update_fields") {
            Some(names) if !names.is_none() => {
                let names = machine.list_of(&names)?;
                Some(names.iter().filter_map(|name| name.as_str().map(Rc::from)).gather())
            }
            _ => None,
        };
        let mut flag = |name: &str| match args.take(name) {
            Some(value) => machine.truth(&value),
            None => Ok(false),
        };
        let how = How { only, create: flag("force_create")?, update: flag("force_update")? };
        save(machine, world, model, instance, how)?;
        Ok(Value::None)
    }),
    ("delete", |world, model, instance, machine, _| {
        if with_state(instance, |state| state.saved) != Some(true) {
            let message = "Can't delete unpersisted record";
            return Err(raised(machine, "OperationalError", message));
        }
        let Some(key) = model.key() else { return Ok(Value::None) };
        let condition = Some(is_row(machine, key, instance)?);
        let delete = Delete { table: Source::table(&model.table, None), condition };
        send(machine, world, Writer::new(&STYLE).delete(&delete))?;
        Ok(Value::None)
    }),
    ("fetch_related", |world, model, instance, machine, args| {
        let rows = [Value::Instance(instance.clone())];
        prefetch::fetch_for_list(machine, world, model, &rows, &args.positional)?;
        Ok(Value::None)
    }),
    ("refresh_from_db", |world, model, instance, machine, mut args| {
        if with_state(instance, |state| state.saved) != Some(true) {
            let message = "Can't refresh unpersisted record";
            return Err(raised(machine, "OperationalError", message));
        }
        let only: Vec<Rc<str>> = match args.take("fields") {
            Some(names) if !names.is_none() => {
                let names = machine.list_of(&names)?;
                names.iter().filter_map(|name| name.as_str().map(Rc::from)).gather()
            }
            _ => Vec::new(),
        };
        let key = super::instance::key_of(world, &Value::Instance(instance.clone()));
        let set = QuerySet { only, ..QuerySet::all(world, model) };
        let keywords = vec![("pk".into(), key.unwrap_or(Value::None))];
        let get = methods::one(&set, Args { positional: Vec::new(), keywords }, Wanted::One)?;
        let row = match query_set(&get) {
            Some(set) => set.run(machine)?,
            None => Value::None,
        };
        if let Value::Instance(row) = row {
            for (name, value) in row.names.borrow().iter() {
                instance.set(name, value.clone());
            }
        }
        Ok(Value::None)
    }),
];

/// A method of an instance.
pub(super) fn method(
    world: &Rc<World>,
    model: &Rc<Model>,
    instance: &Rc<Instance>,
    name: &str,
) -> Option<Value> {
    let (world, model, instance) = (world.clone(), model.clone(), instance.clone());
    if let Some((name, run)) = AWAITED.iter().find(|(known, _)| *known == name) {
        return Some(Value::native(name, move |_, args| {
            let (world, model, instance) = (world.clone(), model.clone(), instance.clone());
            Ok(coroutine::later(move |machine| run(&world, &model, &instance, machine, args)))
        }));
    }
    match name {
        "update_from_dict" => Some(Value::native("update_from_dict", move |machine, args| {
            let [data] = args.bind("update_from_dict", ["data"], 1)?;
            if let Some(Value::Dict(data)) = data {
                let data = data.borrow().clone();
                let mut given = Vec::new();
                for (name, value) in data.items() {
                    given.push((machine.str(name)?, value.clone()));
                }
                assign(machine, &world, &model, &instance, given)?;
            }
            Ok(Value::Instance(instance.clone()))
        })),
        "clone" => Some(Value::native("clone", move |machine, args| {
            let [key] = args.bind("clone", ["pk"], 0)?;
            let copy = Instance::new(instance.class.clone());
            copy.names.borrow_mut().clone_from(&instance.names.borrow());
            let state = with_state(&instance, |state| State { saved: false, ..state.clone() });
            *copy.state.borrow_mut() = Some(Box::new(state.unwrap_or_default()));
            let made = |field: &Field| {
                field.auto || field.declared.as_ref().is_some_and(|field| field.default.is_some())
            };
            if let (None, Some(field)) = (&key, model.key())
                && !made(field)
            {
                let message = format!(
                    "models.{} requires explicit primary key. Please use .clone(pk=<value>)",
                    model.name
                );
                return Err(super::raised(machine, "ParamsError", message));
            }
            if let Some(field) = model.key() {
                copy.set(&field.attname, key.unwrap_or(Value::None));
            }
            Ok(Value::Instance(Rc::new(copy)))
        })),
        _ => None,
    }
}
