//! `bulk_create`, `bulk_update` and `raw`.

use std::rc::Rc;

use throughline_order::Gather as _;

use super::encode;
use super::instance::{State, with_state};
use super::save::before;
use super::{STYLE, raised, send};
use crate::Machine;
use crate::database::{Cell, Sent};
use crate::eval::raise;
use crate::sql::{Conflict, Expr, Insert, Is, Update, Writer};
use crate::value::{Args, Instance, Outcome, Value};
use crate::world::{Field, Model, World};

fn texts(machine: &mut Machine, given: Option<Value>) -> Outcome<Vec<Rc<str>>> {
    let Some(given) = given.filter(|given| !given.is_none()) else { return Ok(Vec::new()) };
    let items = machine.list_of(&given)?;
    Ok(items.iter().filter_map(|item| item.as_str().map(Rc::from)).gather())
}

fn instances(machine: &mut Machine, given: Option<Value>) -> Outcome<Vec<Rc<Instance>>> {
    let rows = machine.list_of(&given.unwrap_or(Value::None))?;
    let found = rows.into_iter().filter_map(|row| match row {
        Value::Instance(instance) => Some(instance),
        _ => None,
    });
    Ok(found.gather())
}

/// `Model.bulk_create(…)`: one statement for all, whose keys are not read.
pub(super) fn create(
    machine: &mut Machine,
    world: &Rc<World>,
    model: &Rc<Model>,
    args: Args,
) -> Outcome {
    super::start::unsaved(world)?;
    let names =
        ["objects", "batch_size", "ignore_conflicts", "update_fields", "on_conflict", "using_db"];
    let [objects, _, ignore, update, on, _] = args.bind("bulk_create", names, 1)?;
    let ignore = ignore.map_or(Ok(false), |ignore| machine.truth(&ignore))?;
    let (update, on) = (texts(machine, update)?, texts(machine, on)?);
    if ignore && !update.is_empty() {
        return Err(raise(
            "ValueError",
            "ignore_conflicts and update_fields are mutually exclusive.",
        ));
    }
    if !update.is_empty() && on.is_empty() {
        return Err(raise("ValueError", "Conflict fields must be provided"));
    }
    let column = |name: &Rc<str>| {
        super::shape::column(model, name).map_or_else(|| name.clone(), |field| field.column.clone())
    };
    let conflict = (ignore || !update.is_empty()).then(|| Conflict {
        columns: if ignore { Vec::new() } else { on.iter().map(column).gather() },
        set: update
            .iter()
            .map(|name| (column(name), Expr::column("EXCLUDED", &column(name))))
            .gather(),
    });
    let rows = instances(machine, objects)?;
    // Those with a key of their own come first.
    for own_key in [true, false] {
        let mut insert = Insert { verb: "INSERT", table: model.table.clone(), ..Insert::default() };
        let fields: Vec<&Field> =
            model.fields.iter().filter(|field| own_key || !field.auto).gather();
        insert.columns = fields.iter().map(|field| field.column.clone()).gather();
        insert.conflict.clone_from(&conflict);
        for instance in &rows {
            let state = with_state(instance, |state: &mut State| state.own_key);
            if state != Some(own_key) {
                continue;
            }
            let mut cells = Vec::new();
            for field in &fields {
                before(machine, field, instance, true);
                let value = instance.get(&field.attname).unwrap_or(Value::None);
                cells.push(Expr::Param(encode::to_db(machine, field, &value)?));
            }
            insert.rows.push(cells);
        }
        if !insert.rows.is_empty() {
            send(machine, world, Writer::new(&STYLE).insert(&insert))?;
        }
    }
    Ok(Value::None)
}

/// `Model.bulk_update(…)`: one statement, in which each row has its own value.
pub(super) fn update(
    machine: &mut Machine,
    world: &Rc<World>,
    model: &Rc<Model>,
    args: Args,
) -> Outcome {
    let [objects, fields, _, _] =
        args.bind("bulk_update", ["objects", "fields", "batch_size", "using_db"], 2)?;
    let rows = instances(machine, objects)?;
    let fields = texts(machine, fields)?;
    let Some(key) = model.key() else { return Ok(Value::Int(0)) };
    if rows.iter().any(|row| row.get(&key.attname).is_none_or(|value| value.is_none())) {
        return Err(raise("ValueError", "All bulk_update() objects must have a primary key set."));
    }
    let mut keys = Vec::new();
    for row in &rows {
        let held = row.get(&key.attname).unwrap_or(Value::None);
        keys.push(Expr::Param(encode::cell(machine, &key.ty, &held)?));
    }
    let own = Expr::Column(None, key.column.clone());
    let mut set = Vec::new();
    for name in &fields {
        let Some(field) = super::shape::column(model, name) else {
            let message = format!("Unknown field \"{name}\" for model \"{}\"", model.name);
            return Err(raised(machine, "FieldError", message));
        };
        let mut whens = Vec::new();
        for (row, key) in rows.iter().zip(&keys) {
            let value = row.get(&field.attname).unwrap_or(Value::None);
            let value = Expr::Param(encode::to_db(machine, field, &value)?);
            whens.push((Expr::binary("=", own.clone(), key.clone()), value));
        }
        set.push((field.column.clone(), Expr::Case(whens, None)));
    }
    if rows.is_empty() || set.is_empty() {
        return Ok(Value::Int(0));
    }
    let condition = Some(Expr::In(Box::new(own), keys, Is::So));
    let update = Update { table: model.table.clone(), set, condition };
    let reply = send(machine, world, Writer::new(&STYLE).update(&update))?;
    Ok(Value::Int(i64::try_from(reply.affected).unwrap_or(i64::MAX)))
}

/// `Model.raw("SELECT …")`: rows of a statement of the user's own.
pub(super) fn raw(
    machine: &mut Machine,
    world: &Rc<World>,
    model: &Rc<Model>,
    sql: &str,
) -> Outcome {
    let reply = send(machine, world, Sent { sql: sql.to_owned(), params: Vec::new() })?;
    let Some(class) = world.class(model.at) else { return Ok(Value::None) };
    let rows = reply.rows.iter().map(|row: &Vec<Cell>| {
        let instance = Instance::new(class.clone());
        for (column, cell) in reply.columns.iter().zip(row) {
            match model.fields.iter().find(|field| *field.column == **column) {
                Some(field) => instance.set(&field.attname, encode::from_db(Some(&field.ty), cell)),
                None => instance.set(column, encode::from_db(None, cell)),
            }
        }
        *instance.state.borrow_mut() = Some(Box::new(State::from_row(false)));
        Value::Instance(Rc::new(instance))
    });
    Ok(Value::list(rows.gather()))
}
