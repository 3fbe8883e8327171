//! `bulk_create` and `bulk_update`.

use std::rc::Rc;

use throughline_order::Gather as _;

use super::instance::key_of;
use super::queryset::QuerySet;
use super::{STYLE, save};
use crate::Machine;
use crate::database::Cell;
use crate::eval::raise;
use crate::sql::{Conflict, Expr, Is, Update, Writer};
use crate::value::{Args, Instance, Outcome, Value};
use crate::world::{Model, World, to_cell};

fn instances(
    machine: &mut Machine,
    given: Option<Value>,
) -> Outcome<(Vec<Value>, Vec<Rc<Instance>>)> {
    let rows = machine.list_of(&given.unwrap_or(Value::None))?;
    let found = rows.iter().filter_map(|row| match row {
        Value::Instance(instance) => Some(instance.clone()),
        _ => None,
    });
    let found = found.gather();
    Ok((rows, found))
}

fn names(machine: &mut Machine, given: Option<Value>) -> Outcome<Vec<Rc<str>>> {
    let Some(given) = given.filter(|given| !given.is_none()) else { return Ok(Vec::new()) };
    let items = machine.list_of(&given)?;
    Ok(items.iter().filter_map(|name| name.as_str().map(Into::into)).gather())
}

/// `bulk_create(objs, batch_size, ignore_conflicts, update_conflicts, update_fields, unique_fields)`
pub(super) fn create(machine: &mut Machine, set: &Rc<QuerySet>, args: Args) -> Outcome {
    let [rows, size, ignore, update, update_fields, unique_fields] = args.bind(
        "bulk_create",
        [
            "objs",
            "batch_size",
            "ignore_conflicts",
            "update_conflicts",
            "update_fields",
            "unique_fields",
        ],
        1,
    )?;
    let size = batch(size)?;
    let (rows, instances) = instances(machine, rows)?;
    let Some(model) = set.query.model() else { return Ok(Value::None) };
    if !set.query.world.ancestors(&model).is_empty() {
        return Err(raise("ValueError", "Can't bulk create a multi-table inherited model"));
    }
    let mut yes = |value: Option<Value>| value.map_or(Ok(false), |value| machine.truth(&value));
    let (ignore, update) = (yes(ignore)?, yes(update)?);
    if ignore && update {
        return Err(raise(
            "ValueError",
            "ignore_conflicts and update_conflicts are mutually exclusive.",
        ));
    }
    let update_fields = names(machine, update_fields)?;
    let unique_fields = names(machine, unique_fields)?;
    let conflict = if ignore {
        Some(Conflict { columns: Vec::new(), set: Vec::new() })
    } else if update {
        if update_fields.is_empty() {
            return Err(raise(
                "ValueError",
                "Fields that will be updated when a row insertion fails on conflicts must be provided.",
            ));
        }
        if unique_fields.is_empty() {
            return Err(raise(
                "ValueError",
                "Unique fields that can trigger the upsert must be provided.",
            ));
        }
        for (names, what) in [(&update_fields, "update_fields"), (&unique_fields, "unique_fields")]
        {
            for name in names {
                concrete(machine, &set.query.world, &model, name, what)?;
            }
        }
        let columns = unique_fields.iter().map(|name| column(&model, name)).gather();
        let set = update_fields.iter().map(|name| {
            let column = column(&model, name);
            (column.clone(), Expr::column("EXCLUDED", &column))
        });
        Some(Conflict { columns, set: set.gather() })
    } else {
        None
    };
    save::bulk_create(machine, &set.query.world, &model, &instances, conflict, size)?;
    Ok(Value::list(rows))
}

/// How many rows one statement takes at most, where that is said.
fn batch(size: Option<Value>) -> Outcome<Option<usize>> {
    match size.and_then(|size| size.as_int()) {
        Some(size) if size <= 0 => {
            Err(raise("ValueError", "Batch size must be a positive integer."))
        }
        size => Ok(size.and_then(|size| usize::try_from(size).ok())),
    }
}

/// Checks a name that is to be one of a field with a column.
fn concrete(
    machine: &mut Machine,
    world: &World,
    model: &Rc<Model>,
    name: &str,
    what: &str,
) -> Outcome<()> {
    let field = if name == "pk" { model.key() } else { model.field(name) };
    match field {
        Some(field) if what == "update_fields" && field.primary_key => Err(raise(
            "ValueError",
            "bulk_create() cannot be used with primary keys in update_fields.",
        )),
        Some(_) => Ok(()),
        None if super::query::follow(world, model, name).is_some() => Err(raise(
            "ValueError",
            format!("bulk_create() can only be used with concrete fields in {what}."),
        )),
        None => {
            let message = format!("{} has no field named '{name}'", model.name);
            let class = super::class_of(machine, "django.core.exceptions", "FieldDoesNotExist");
            Err(match class {
                Some(class) => machine.exception(&class, vec![Value::from(message)]),
                None => raise("AttributeError", message),
            })
        }
    }
}

fn column(model: &Model, name: &str) -> Rc<str> {
    let field = if name == "pk" { model.key() } else { model.field(name) };
    field.map_or_else(|| name.into(), |field| field.column.clone())
}

/// `bulk_update(objs, fields)`: one statement, in which each row has its own value.
pub(super) fn update(machine: &mut Machine, set: &Rc<QuerySet>, args: Args) -> Outcome {
    let [rows, fields, size] = args.bind("bulk_update", ["objs", "fields", "batch_size"], 2)?;
    let size = batch(size)?;
    let (_, all) = instances(machine, rows)?;
    let fields = names(machine, fields)?;
    let most = 999 / (fields.len() + 2);
    let size = size.unwrap_or(most).min(most).max(1);
    let mut total = 0;
    // What is wrong with the names is told where there are no rows, too.
    let batches = all.chunks(size).chain(all.is_empty().then_some(&[][..]));
    for batch in batches {
        if let Value::Int(changed) = update_batch(machine, set, batch, &fields)? {
            total += changed;
        }
    }
    Ok(Value::Int(total))
}

fn update_batch(
    machine: &mut Machine,
    set: &Rc<QuerySet>,
    instances: &[Rc<Instance>],
    fields: &[Rc<str>],
) -> Outcome {
    let Some(model) = set.query.model() else { return Ok(Value::None) };
    if fields.is_empty() {
        return Err(raise("ValueError", "Field names must be given to bulk_update()."));
    }
    let Some(key) = model.key() else { return Ok(Value::Int(0)) };
    let mut keys = Vec::new();
    for instance in instances {
        let own = key_of(&set.query.world, instance);
        if own.is_none() {
            return Err(raise(
                "ValueError",
                "All bulk_update() objects must have a primary key set.",
            ));
        }
        keys.push(Expr::Param(to_cell(Some(&key.ty), &own).unwrap_or(Cell::Null)));
    }
    let mut assignments = Vec::new();
    for instance in instances {
        save::prepared(machine, &set.query.world, instance, "bulk_update", Some(fields))?;
    }
    for name in fields {
        let inherited = super::query::field_of(&set.query.world, &model, name);
        if let Some((Some(_), field)) = inherited {
            if field.primary_key {
                return Err(raise(
                    "ValueError",
                    "bulk_update() cannot be used with primary key fields.",
                ));
            }
            return Err(crate::eval::refuse(format!(
                "`bulk_update` of a parent's field `{name}` is not supported here: save each instance."
            )));
        }
        let field = match model.field(name) {
            Some(field) if field.primary_key => {
                return Err(raise(
                    "ValueError",
                    "bulk_update() cannot be used with primary key fields.",
                ));
            }
            Some(field) => field,
            None if super::query::follow(&set.query.world, &model, name).is_some() => {
                return Err(raise(
                    "ValueError",
                    "bulk_update() can only be used with concrete fields.",
                ));
            }
            None => {
                let message = format!("{} has no field named '{name}'", model.name);
                return Err(
                    match super::class_of(machine, "django.core.exceptions", "FieldDoesNotExist") {
                        Some(class) => machine.exception(&class, vec![Value::from(message)]),
                        None => raise("AttributeError", message),
                    },
                );
            }
        };
        let mut whens = Vec::new();
        let own = Expr::column(&model.table, &key.column);
        for (instance, key) in instances.iter().zip(&keys) {
            let value = instance.get(&field.attname).unwrap_or(Value::None);
            let value = match super::expression::node_of(&value) {
                super::expression::Node::Value(value) => {
                    let cell = super::save::cell_of(machine, field, &value)?;
                    Expr::Param(cell)
                }
                node => {
                    let mut query = super::query::Query::new(set.query.world.clone(), model.at);
                    query.expression(machine, &node)?.0
                }
            };
            whens.push((Expr::Group(Box::new(Expr::binary("=", own.clone(), key.clone()))), value));
        }
        let otherwise = Some(Box::new(Expr::Raw("NULL".into())));
        assignments.push((field.column.clone(), Expr::Case(whens, otherwise)));
    }
    if instances.is_empty() {
        return Ok(Value::Int(0));
    }
    let mut narrowed = set.query.condition.clone();
    narrowed.push(Expr::In(Box::new(Expr::column(&model.table, &key.column)), keys, Is::So));
    let condition = Expr::And(narrowed);
    let update =
        Update { table: model.table.clone(), set: assignments, condition: Some(condition) };
    let reply = set.send(machine, Writer::new(&STYLE).update(&update))?;
    Ok(Value::Int(i64::try_from(reply.affected).unwrap_or(i64::MAX)))
}

/// A key as its field reads it: `"3"` is 3.
pub(super) fn read(field: &crate::world::Field, value: &Value) -> Value {
    use throughline_core::document::ColumnType;
    match (&field.ty, value) {
        (
            ColumnType::Integer
            | ColumnType::BigInt
            | ColumnType::SmallInt
            | ColumnType::IntegerUnsigned
            | ColumnType::BigIntUnsigned
            | ColumnType::SmallIntUnsigned,
            Value::Str(text),
        ) => text.trim().parse().map_or_else(|_| value.clone(), Value::Int),
        _ => value.clone(),
    }
}
