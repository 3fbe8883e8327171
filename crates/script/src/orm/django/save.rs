//! `save`, `bulk_create`, `refresh_from_db`.

use std::rc::Rc;

use throughline_core::document::Value as Constant;
use throughline_order::Gather as _;

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
        _ => Value::datetime(machine.now, None),
    }
}

pub(super) fn cell_of(machine: &mut Machine, field: &Field, value: &Value) -> Outcome<Cell> {
    super::lookup::fits(machine, Some(&field.ty), &field.name, value)?;
    if let (throughline_core::document::ColumnType::Json, false) = (&field.ty, value.is_none()) {
        return Ok(Cell::Text(crate::builtins::json::dumped(machine, value)?.into()));
    }
    match to_cell(Some(&field.ty), value) {
        Some(cell) => Ok(cell),
        None => {
            let shown = machine.repr(value)?;
            Err(raise("TypeError", format!("Field '{}' cannot hold {shown}.", field.name)))
        }
    }
}

/// Whether saving may insert or update only.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Force {
    /// Whatever is needed.
    Nothing,
    /// `force_insert=True`
    Insert,
    /// `force_update=True`
    Update,
}

/// `instance.save(…)`
pub(super) fn called(
    world: &Rc<World>,
    instance: &Rc<Instance>,
    machine: &mut Machine,
    mut args: Args,
) -> Outcome {
    // The old spelling, by position.
    let names = ["force_insert", "force_update", "using", "update_fields"];
    let positional = std::mem::take(&mut args.positional);
    args.keywords.extend(names.into_iter().map(Rc::from).zip(positional));
    let only = match args.take("update_fields").filter(|fields| !fields.is_none()) {
        Some(fields) => {
            let names = machine.list_of(&fields)?;
            Some(names.iter().filter_map(|name| name.as_str().map(Rc::from)).gather())
        }
        None => None,
    };
    if let Some(only) = &only {
        if only.is_empty() {
            return Ok(Value::None);
        }
        super::neighbour::unknown_fields(world, instance, only)?;
    }
    match args.keywords.iter().find(|(name, _)| &**name == "force_insert") {
        None | Some((_, Value::Bool(_) | Value::None)) => {}
        Some((_, Value::Tuple(_))) => {
            return Err(crate::eval::refuse("A tuple for `force_insert` is not supported here."));
        }
        Some(_) => return Err(raise("TypeError", "force_insert must be a bool or tuple.")),
    }
    let mut given = |name: &str| args.take(name).map_or(Ok(false), |value| machine.truth(&value));
    let (insert, update) = (given("force_insert")?, given("force_update")?);
    if insert && (update || only.is_some()) {
        return Err(raise("ValueError", "Cannot force both insert and updating in model saving."));
    }
    let force = match (insert, update) {
        (true, _) => Force::Insert,
        (_, true) => Force::Update,
        _ => Force::Nothing,
    };
    save_as(machine, world, instance, only.as_deref(), force)?;
    Ok(Value::None)
}

/// `instance.save(…)` as Django calls it itself: a method of the user's own is called.
pub(super) fn saved(
    machine: &mut Machine,
    world: &Rc<World>,
    instance: &Rc<Instance>,
    only: Option<&[Rc<str>]>,
    force: Force,
) -> Outcome<()> {
    let Some(save @ Value::Function(_)) = instance.class.get("save") else {
        return save_as(machine, world, instance, only, force);
    };
    let mut keywords = Vec::new();
    if force == Force::Insert {
        keywords.push(("force_insert".into(), Value::Bool(true)));
    }
    keywords.push(("using".into(), Value::str("default")));
    if let Some(only) = only {
        let names = only.iter().map(|name| Value::Str(name.clone())).gather();
        keywords.push(("update_fields".into(), Value::list(names)));
    }
    let positional = vec![Value::Instance(instance.clone())];
    machine.call(&save, Args { positional, keywords }).map(|_| ())
}

/// Inserts or updates the row of an instance, those of its parents with a table first.
pub(super) fn save_as(
    machine: &mut Machine,
    world: &Rc<World>,
    instance: &Rc<Instance>,
    only: Option<&[Rc<str>]>,
    force: Force,
) -> Outcome<()> {
    let Some(model) = world.model_of(&instance.class).and_then(|at| world.model(at)).cloned()
    else {
        return Ok(());
    };
    prepared(machine, world, instance, "save", None)?;
    let saved = with_state(instance, |state| state.saved).unwrap_or(false);
    let mut lineage = world.ancestors(&model);
    lineage.push(model);
    // Where a parent's row is new, the child's is.
    let own = lineage.last().map(|model| model.at);
    let mut inserted = false;
    for each in &lineage {
        // What is forced is the model's own row.
        let force = match (force, inserted) {
            (_, true) => Force::Insert,
            (Force::Insert, false) if own != Some(each.at) => Force::Nothing,
            (force, false) => force,
        };
        for (parent, link) in &each.parents {
            let link = link.as_ref().and_then(|link| each.field(link));
            let key = world.named(parent).and_then(|parent| parent.key());
            if let (Some(field), Some(key)) = (link, key)
                && let Some(value) = instance.get(&key.attname).filter(|value| !value.is_none())
            {
                instance.set(&field.attname, value);
            }
        }
        inserted |= write(machine, world, instance, each, only, saved, force)?;
    }
    with_state(instance, |state| state.saved = true);
    Ok(())
}

/// Related instances that got their keys after they were assigned, and those that have none.
pub(super) fn prepared(
    machine: &mut Machine,
    world: &Rc<World>,
    instance: &Rc<Instance>,
    operation: &str,
    only: Option<&[Rc<str>]>,
) -> Outcome<()> {
    let Some(model) = world.model_of(&instance.class).and_then(|at| world.model(at)).cloned()
    else {
        return Ok(());
    };
    let lineage = world.ancestors(&model);
    let relations = lineage.iter().chain([&model]).flat_map(|model| &model.relations);
    for relation in relations.filter(|relation| !relation.parent_link) {
        let wanted = only.is_none_or(|only| only.contains(&relation.name));
        let cached = with_state(instance, |state| state.cache.get(&relation.name).cloned());
        let (Some(key), Some(Some(Value::Instance(target))), true) =
            (&relation.key, cached, wanted)
        else {
            continue;
        };
        if key_of(world, &target).is_none() {
            let message = format!(
                "{operation}() prohibited to prevent data loss due to unsaved related object '{}'.",
                relation.name
            );
            return Err(raise("ValueError", message));
        }
        let to = world.named(&relation.target).and_then(|to| {
            super::query::field_of(world, to, &key.to_field).map(|(_, field)| field.attname.clone())
        });
        let held = to.and_then(|to| target.get(&to)).unwrap_or_else(|| key_of(world, &target));
        let own = instance.get(&key.attname).unwrap_or(Value::None);
        if own.is_none() || own.as_str() == Some("") {
            instance.set(&key.attname, held);
        } else if !machine.equal(&own, &held)? {
            // The key changed since: what was loaded is another's.
            with_state(instance, |state| state.cache.swap_remove(&relation.name));
        }
    }
    Ok(())
}

/// Gives whether the row was inserted.
fn write(
    machine: &mut Machine,
    world: &Rc<World>,
    instance: &Rc<Instance>,
    model: &Rc<Model>,
    only: Option<&[Rc<str>]>,
    saved: bool,
    force: Force,
) -> Outcome<bool> {
    let Some(key) = model.key() else { return Ok(false) };
    let key_value = instance.get(&key.attname).unwrap_or(Value::None);
    let given = !key_value.is_none();
    // A default of the key means that the row is new.
    let has_default = key.declared.as_ref().is_some_and(|declared| declared.default.is_some());
    if !given && (force == Force::Update || only.is_some()) {
        return Err(raise("ValueError", "Cannot force an update in save() with no primary key."));
    }
    if given && force != Force::Insert && (saved || !has_default) {
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
                    if query.tables.iter().skip(1).any(|table| table.used) {
                        return Err(super::raise_field_error(
                            machine,
                            "Joined field references are not permitted in this query",
                        ));
                    }
                    set.push((field.column.clone(), expr));
                    continue;
                }
                _ => before_save(machine, field, value, false),
            };
            instance.set(&field.attname, value.clone());
            set.push((field.column.clone(), Expr::Param(cell_of(machine, field, &value)?)));
        }
        if set.is_empty() {
            let mut rows = QuerySet::all(world.clone(), model.at);
            let cell = cell_of(machine, key, &key_value)?;
            let column = rows.query.column(0, &key.column);
            rows.query.condition.push(Expr::binary("=", column, Expr::Param(cell)));
            if only.is_none() && !rows.exists(machine)? {
                insert(machine, world, model, std::slice::from_ref(instance))?;
                return Ok(true);
            }
            return Ok(false);
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
        if reply.affected == 0 && (force == Force::Update || only.is_some()) {
            let message = if only.is_some() {
                "Save with update_fields did not affect any rows."
            } else {
                "Forced update did not affect any rows."
            };
            return Err(match super::class_of(machine, "django.db", "DatabaseError") {
                Some(class) => machine.exception(&class, vec![Value::str(message)]),
                None => raise("RuntimeError", message),
            });
        }
        if reply.affected > 0 {
            return Ok(false);
        }
    }
    insert(machine, world, model, std::slice::from_ref(instance))?;
    Ok(true)
}

fn insert(
    machine: &mut Machine,
    world: &Rc<World>,
    model: &Rc<Model>,
    rows: &[Rc<Instance>],
) -> Outcome<()> {
    insert_or(machine, world, model, rows, None)
}

/// Inserts, with what is to be done about rows that are there already.
fn insert_or(
    machine: &mut Machine,
    world: &Rc<World>,
    model: &Rc<Model>,
    rows: &[Rc<Instance>],
    conflict: Option<crate::sql::Conflict>,
) -> Outcome<()> {
    let ignores = conflict.as_ref().is_some_and(|conflict| conflict.set.is_empty());
    let verb = if ignores { "INSERT OR IGNORE" } else { "INSERT" };
    let mut insert = Insert { verb, table: model.table.clone(), ..Insert::default() };
    let auto = model.fields.iter().find(|field| field.auto);
    let numbered = auto.is_some_and(|auto| {
        rows.iter().all(|row| row.get(&auto.attname).is_none_or(|value| value.is_none()))
    });
    let fields: Vec<&Field> =
        model.fields.iter().filter(|field| !(field.auto && numbered)).gather();
    insert.columns = fields.iter().map(|field| field.column.clone()).gather();
    for row in rows {
        let mut values = Vec::with_capacity(fields.len());
        for field in &fields {
            let value = row.get(&field.attname).unwrap_or(Value::None);
            let value = before_save(machine, field, value, true);
            row.set(&field.attname, value.clone());
            if let Value::Object(object) = &value
                && object.any().is::<super::expression::Written>()
            {
                let mut query = super::query::Query::new(world.clone(), model.at);
                let node = super::expression::node_of(&value);
                let expr = query.expression(machine, &node)?.0;
                if super::group::has_column(&expr) {
                    let shown = super::shown::resolved(machine, model, &node)?;
                    return Err(raise(
                        "ValueError",
                        format!(
                            "Failed to insert expression \"{shown}\" on {}.{}.{}. F() expressions can only be used to update, not to insert.",
                            model.app, model.name, field.name
                        ),
                    ));
                }
                values.push(expr);
                continue;
            }
            values.push(Expr::Param(cell_of(machine, field, &value)?));
        }
        insert.rows.push(values);
    }
    insert.conflict = conflict.filter(|_| !ignores);
    if let Some(auto) = auto.filter(|_| numbered && !ignores) {
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

/// Inserts many rows with one statement: those that have a key, then those that are to get one.
pub(super) fn bulk_create(
    machine: &mut Machine,
    world: &Rc<World>,
    model: &Rc<Model>,
    instances: &[Rc<Instance>],
    conflict: Option<crate::sql::Conflict>,
    size: Option<usize>,
) -> Outcome<()> {
    for instance in instances {
        prepared(machine, world, instance, "bulk_create", None)?;
    }
    let keyed = |instance: &&Rc<Instance>| !key_of(world, instance).is_none();
    let (with, without): (Vec<_>, Vec<_>) = instances.iter().partition(keyed);
    for rows in [with, without] {
        let rows: Vec<Rc<Instance>> = rows.into_iter().cloned().gather();
        if rows.is_empty() {
            continue;
        }
        // SQLite takes so many parameters.
        let numbered = rows.iter().all(|row| key_of(world, row).is_none());
        let auto = model.fields.iter().filter(|field| field.auto && numbered).count();
        let columns = model.fields.len().saturating_sub(auto);
        let most = if columns == 1 { 500 } else { 999 / columns.max(1) };
        for batch in rows.chunks(size.unwrap_or(most).min(most).max(1)) {
            insert_or(machine, world, model, batch, conflict.clone())?;
        }
    }
    for instance in instances {
        with_state(instance, |state| state.saved = true);
    }
    Ok(())
}

/// Reads the row of an instance again.
pub(super) fn refresh(
    machine: &mut Machine,
    world: &Rc<World>,
    instance: &Rc<Instance>,
    only: Option<Vec<Rc<str>>>,
) -> Outcome<()> {
    let Some(at) = world.model_of(&instance.class) else { return Ok(()) };
    let mut set = QuerySet::all(world.clone(), at);
    // What was deferred stays so.
    let only = only.or_else(|| {
        let model = world.model(at)?;
        let ancestors = world.ancestors(model);
        let (there, gone): (Vec<_>, Vec<_>) = ancestors
            .iter()
            .chain([model])
            .flat_map(|model| &model.fields)
            .map(|field| field.attname.clone())
            .partition(|name| instance.get(name).is_some());
        (!gone.is_empty()).then_some(there)
    });
    set.deferred = super::mask::Deferred::only(only.unwrap_or_default());
    let set = Rc::new(set);
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
            state.saved = true;
        });
    }
    Ok(())
}
