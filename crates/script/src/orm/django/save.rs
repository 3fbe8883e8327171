//! `save`, `bulk_create`, `refresh_from_db`.

use std::rc::Rc;

use throughline_core::document::Value as Constant;

use super::STYLE;
use super::instance::{key_of, with_state};
use super::queryset::QuerySet;
use crate::Machine;
use crate::database::Cell;
use crate::eval::raise;
use crate::orm::Runtime;
use crate::sql::{Expr, Insert, Update, Writer};
use crate::value::{Args, Instance, Outcome, Value};
use crate::world::{Field, Model, World, to_cell, to_value};

/// A value before it goes into its column: `auto_now` and the like.
fn before_save(machine: &mut Machine, field: &Field, value: Value, inserting: bool) -> Value {
    let is = |name: &str| {
        field
            .declared
            .as_ref()
            .and_then(|declared| declared.arg(name))
            .is_some_and(|arg| arg.value == Constant::Bool(true))
    };
    if !(is("auto_now") || inserting && is("auto_now_add")) {
        return value;
    }
    match field.ty {
        throughline_core::document::ColumnType::Date => Value::Date(machine.now.date()),
        throughline_core::document::ColumnType::Time => Value::Time(machine.now.time()),
        _ => Value::DateTime(machine.now, None),
    }
}

fn cell_of(machine: &mut Machine, field: &Field, value: &Value) -> Outcome<Cell> {
    match to_cell(Some(&field.ty), value) {
        Some(cell) => Ok(cell),
        None => {
            let shown = machine.repr(value)?;
            Err(raise("TypeError", format!("Field '{}' cannot hold {shown}.", field.name)))
        }
    }
}

/// Inserts or updates the row of an instance, those of its parents with a table first.
pub(super) fn save(
    machine: &mut Machine,
    world: &Rc<World>,
    instance: &Rc<Instance>,
    only: Option<&[Rc<str>]>,
) -> Outcome<()> {
    let Some(model) = world.model_of(&instance.class).and_then(|at| world.model(at)).cloned()
    else {
        return Ok(());
    };
    for relation in &model.relations {
        let (Some(key), Some(Value::Instance(target))) = (
            &relation.key,
            with_state(instance, |state| state.cache.get(&relation.name).cloned()).flatten(),
        ) else {
            continue;
        };
        let held = key_of(world, &target);
        if held.is_none() {
            return Err(raise(
                "ValueError",
                format!(
                    "save() prohibited to prevent data loss due to unsaved related object '{}'.",
                    relation.name
                ),
            ));
        }
        if instance.get(&key.attname).is_none_or(|value| value.is_none()) {
            instance.set(&key.attname, held);
        }
    }
    let saved = with_state(instance, |state| state.saved).unwrap_or(false);
    let parents: Vec<_> = model
        .parents
        .iter()
        .filter_map(|(parent, link)| Some((world.named(parent)?.clone(), link.clone()?)))
        .collect();
    for (parent, link) in &parents {
        write(machine, world, instance, parent, only, saved)?;
        if let (Some(field), Some(key)) = (model.field(link), parent.key()) {
            instance.set(&field.attname, instance.get(&key.attname).unwrap_or(Value::None));
        }
    }
    write(machine, world, instance, &model, only, saved)?;
    with_state(instance, |state| state.saved = true);
    Ok(())
}

fn write(
    machine: &mut Machine,
    world: &Rc<World>,
    instance: &Rc<Instance>,
    model: &Rc<Model>,
    only: Option<&[Rc<str>]>,
    saved: bool,
) -> Outcome<()> {
    let Some(key) = model.key() else { return Ok(()) };
    let key_value = instance.get(&key.attname).unwrap_or(Value::None);
    let given = !key_value.is_none();
    // A default of the key means that the row is new.
    let has_default = key.declared.as_ref().is_some_and(|declared| declared.default.is_some());
    if given && (saved || !has_default) {
        let mut set = Vec::new();
        for field in &model.fields {
            let wanted = only.is_none_or(|only| {
                only.iter().any(|name| *name == field.name || *name == field.attname)
            });
            if field.primary_key || !wanted {
                continue;
            }
            let Some(value) = instance.get(&field.attname) else { continue };
            let value = match &value {
                Value::Object(object) if object.any().is::<super::expression::Written>() => {
                    let mut query = super::query::Query::new(world.clone(), model.at);
                    let (expr, _) =
                        query.expression(machine, &super::expression::node_of(&value))?;
                    set.push((field.column.clone(), expr));
                    continue;
                }
                _ => before_save(machine, field, value, false),
            };
            instance.set(&field.attname, value.clone());
            set.push((field.column.clone(), Expr::Param(cell_of(machine, field, &value)?)));
        }
        if set.is_empty() {
            return Ok(());
        }
        let condition = Expr::binary(
            "=",
            Expr::column(&model.table, &key.column),
            Expr::Param(cell_of(machine, key, &key_value)?),
        );
        let update = Update { table: model.table.clone(), set, condition: Some(condition) };
        let reply = world
            .send(Writer::new(&STYLE).update(&update))
            .map_err(|error| super::Django.database_error(machine, world, &error))?;
        if reply.affected > 0 || only.is_some() {
            return Ok(());
        }
    }
    insert(machine, world, model, std::slice::from_ref(instance))
}

fn insert(
    machine: &mut Machine,
    world: &Rc<World>,
    model: &Rc<Model>,
    rows: &[Rc<Instance>],
) -> Outcome<()> {
    let mut insert = Insert { verb: "INSERT", table: model.table.clone(), ..Insert::default() };
    let auto = model.fields.iter().find(|field| field.auto);
    let numbered = auto.is_some_and(|auto| {
        rows.iter().all(|row| row.get(&auto.attname).is_none_or(|value| value.is_none()))
    });
    let fields: Vec<&Field> =
        model.fields.iter().filter(|field| !(field.auto && numbered)).collect();
    insert.columns = fields.iter().map(|field| field.column.clone()).collect();
    for row in rows {
        let mut values = Vec::with_capacity(fields.len());
        for field in &fields {
            let value = row.get(&field.attname).unwrap_or(Value::None);
            let value = before_save(machine, field, value, true);
            row.set(&field.attname, value.clone());
            values.push(Expr::Param(cell_of(machine, field, &value)?));
        }
        insert.rows.push(values);
    }
    if let Some(auto) = auto.filter(|_| numbered) {
        insert.returning.push(Expr::column(&model.table, &auto.column));
    }
    if insert.columns.is_empty() {
        insert.rows.clear();
    }
    let reply = world
        .send(Writer::new(&STYLE).insert(&insert))
        .map_err(|error| super::Django.database_error(machine, world, &error))?;
    if let Some(auto) = auto.filter(|_| numbered) {
        for (row, cells) in rows.iter().zip(&reply.rows) {
            if let Some(cell) = cells.first() {
                row.set(&auto.attname, to_value(Some(&auto.ty), cell));
            }
        }
    }
    Ok(())
}

/// Inserts many rows with one statement.
pub(super) fn bulk_create(
    machine: &mut Machine,
    world: &Rc<World>,
    model: usize,
    rows: &[Value],
) -> Outcome<()> {
    let Some(model) = world.model(model).cloned() else { return Ok(()) };
    let instances: Vec<Rc<Instance>> = rows
        .iter()
        .filter_map(|row| match row {
            Value::Instance(instance) => Some(instance.clone()),
            _ => None,
        })
        .collect();
    if instances.is_empty() {
        return Ok(());
    }
    insert(machine, world, &model, &instances)?;
    for instance in &instances {
        with_state(instance, |state| state.saved = true);
    }
    Ok(())
}

/// Reads the row of an instance again.
pub(super) fn refresh(
    machine: &mut Machine,
    world: &Rc<World>,
    instance: &Rc<Instance>,
) -> Outcome<()> {
    let Some(at) = world.model_of(&instance.class) else { return Ok(()) };
    let set = Rc::new(QuerySet::all(world.clone(), at));
    let get = crate::value::Object::attribute(set, machine, "get")?.unwrap_or(Value::None);
    let args =
        Args { positional: Vec::new(), keywords: vec![("pk".into(), key_of(world, instance))] };
    if let Value::Instance(found) = machine.call(&get, args)? {
        let names = found.names.borrow().clone();
        for (name, value) in names {
            instance.set(&name, value);
        }
        with_state(instance, |state| {
            state.cache.clear();
            state.prefetched.clear();
        });
    }
    Ok(())
}
