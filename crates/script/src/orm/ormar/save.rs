//! `save`, `update`, `delete`, `load` and the like of instances; `bulk_create`.

use std::rc::Rc;

use super::exceptions::raise as raise_own;
use super::link::{Kind, link, links};
use super::make::dummy;
use super::queryset::QuerySet;
use super::state::{held, hold, key_of, relate, with_state};
use super::{STYLE, send};
use crate::Machine;
use crate::database::Cell;
use crate::eval::{raise, refuse};
use crate::sql::{Delete, Expr, Insert, Select, Source, Update, Writer};
use crate::value::{Args, Instance, Outcome, Value};
use crate::world::{Field, Model, World, to_cell, to_value};

fn model_of(world: &World, instance: &Instance) -> Outcome<Rc<Model>> {
    let model = world.model_of(&instance.class).and_then(|at| world.model(at)).cloned();
    model.ok_or_else(|| raise("LookupError", "no such model"))
}

pub(super) fn cell(machine: &mut Machine, field: &Field, value: &Value) -> Outcome<Cell> {
    match to_cell(Some(&field.ty), value) {
        Some(cell) => Ok(cell),
        None if matches!(field.ty, throughline_core::document::ColumnType::Json) => {
            Err(crate::eval::refuse("Values of JSON fields are not supported here."))
        }
        None => {
            let shown = machine.repr(value)?;
            Err(raise("TypeError", format!("{} cannot hold {shown}", field.name)))
        }
    }
}

/// What goes into a column: the related instance's key where it is a foreign key.
fn column_value(
    machine: &mut Machine,
    world: &Rc<World>,
    model: &Model,
    instance: &Rc<Instance>,
    field: &Field,
) -> Outcome<Cell> {
    let value = match link(world, model.at, &field.name).filter(|link| link.kind == Kind::Key) {
        Some(relation) => {
            let key = held(instance, &field.name)
                .first()
                .map_or(Value::None, |target| key_of(world, target));
            if !relation.nullable && !machine.truth(&key)? {
                let target = world.model(relation.target).map(|to| to.name.to_lowercase());
                let message =
                    format!("You cannot save {} model without pk set!", target.unwrap_or_default());
                return Err(raise_own(machine, "ModelPersistenceError", &message));
            }
            key
        }
        None => instance.get(&field.name).unwrap_or(Value::None),
    };
    cell(machine, field, &value)
}

/// `save()`
pub(super) fn insert(
    machine: &mut Machine,
    world: &Rc<World>,
    instance: &Rc<Instance>,
) -> Outcome<()> {
    rows(machine, world, &model_of(world, instance)?, std::slice::from_ref(instance), Keys::Kept)
}

/// Whether instances learn the keys that the database gives.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Keys {
    Kept,
    Unknown,
}

pub(super) fn rows(
    machine: &mut Machine,
    world: &Rc<World>,
    model: &Rc<Model>,
    instances: &[Rc<Instance>],
    keys: Keys,
) -> Outcome<()> {
    let auto = model.fields.iter().find(|field| field.auto);
    let numbered = match auto {
        Some(auto) => {
            let mut all = true;
            for instance in instances {
                let value = instance.get(&auto.name).unwrap_or(Value::None);
                all &= !machine.truth(&value)?;
            }
            all
        }
        None => false,
    };
    // A column that the database fills in is left out where no instance has a value.
    let given = |field: &Field| {
        let by_database =
            field.declared.as_ref().is_some_and(|declared| declared.db_default.is_some());
        !by_database
            || instances
                .iter()
                .any(|one| one.get(&field.name).is_some_and(|value| !value.is_none()))
    };
    let fields: Vec<&Field> =
        model.fields.iter().filter(|field| !(field.auto && numbered) && given(field)).collect();
    let mut insert = Insert { verb: "INSERT", table: model.table.clone(), ..Insert::default() };
    insert.columns = fields.iter().map(|field| field.column.clone()).collect();
    for instance in instances {
        let mut row = Vec::with_capacity(fields.len());
        for field in &fields {
            row.push(Expr::Param(column_value(machine, world, model, instance, field)?));
        }
        if !row.is_empty() {
            insert.rows.push(row);
        }
    }
    let reply = send(machine, world, Writer::new(&STYLE).insert(&insert))?;
    if let (Some(auto), Keys::Kept, Some(id), [instance]) =
        (auto.filter(|_| numbered), keys, reply.last_id, instances)
    {
        instance.set(&auto.name, Value::Int(id));
    }
    for instance in instances {
        with_state(instance, |state| {
            state.saved = true;
            state.pk_only = false;
        });
    }
    if let ([instance], true) =
        (instances, fields.len() + usize::from(numbered) < model.fields.len())
    {
        load(machine, world, instance)?;
    }
    Ok(())
}

fn by_key(machine: &mut Machine, world: &Rc<World>, instance: &Rc<Instance>) -> Outcome<Expr> {
    let model = model_of(world, instance)?;
    let Some(key) = model.key() else { return Err(raise("LookupError", "no primary key")) };
    let value = cell(machine, key, &key_of(world, instance))?;
    Ok(Expr::binary("=", Expr::column(&model.table, &key.column), Expr::Param(value)))
}

/// `update(_columns=None, **values)`
pub(super) fn update(
    machine: &mut Machine,
    world: &Rc<World>,
    instance: &Rc<Instance>,
    mut args: Args,
) -> Outcome {
    let columns = match args.take("_columns").or_else(|| args.positional.first().cloned()) {
        Some(given) if !given.is_none() => Some(machine.list_of(&given)?),
        _ => None,
    };
    for (name, value) in args.keywords {
        machine.set_attribute(&Value::Instance(instance.clone()), &name, value)?;
    }
    if !machine.truth(&key_of(world, instance))? {
        return Err(raise_own(
            machine,
            "ModelPersistenceError",
            "You cannot update not saved model! Use save or upsert method.",
        ));
    }
    let model = model_of(world, instance)?;
    let mut set = Vec::new();
    for field in model.fields.iter().filter(|field| !field.primary_key) {
        let wanted = columns.as_ref().is_none_or(|columns| {
            columns.iter().any(|column| column.as_str() == Some(&field.name))
        });
        if wanted {
            let value = column_value(machine, world, &model, instance, field)?;
            set.push((field.column.clone(), Expr::Param(value)));
        }
    }
    if !set.is_empty() {
        let condition = Some(by_key(machine, world, instance)?);
        let update = Update { table: model.table.clone(), set, condition };
        send(machine, world, Writer::new(&STYLE).update(&update))?;
    }
    with_state(instance, |state| state.saved = true);
    Ok(Value::Instance(instance.clone()))
}

/// `upsert(**values)`
pub(super) fn upsert(
    machine: &mut Machine,
    world: &Rc<World>,
    instance: &Rc<Instance>,
    mut args: Args,
) -> Outcome {
    if args.take("__force_save__").is_some() {
        return Err(refuse("`__force_save__` of `upsert` is not supported here yet."));
    }
    if machine.truth(&key_of(world, instance))? {
        return update(machine, world, instance, args);
    }
    insert(machine, world, instance)?;
    Ok(Value::Instance(instance.clone()))
}

/// `delete()`
pub(super) fn delete(machine: &mut Machine, world: &Rc<World>, instance: &Rc<Instance>) -> Outcome {
    let model = model_of(world, instance)?;
    let condition = Some(by_key(machine, world, instance)?);
    let delete = Delete { table: Source::table(&model.table, None), condition };
    let reply = send(machine, world, Writer::new(&STYLE).delete(&delete))?;
    with_state(instance, |state| state.saved = false);
    Ok(Value::Int(i64::try_from(reply.affected).unwrap_or(i64::MAX)))
}

/// `load()`
pub(super) fn load(
    machine: &mut Machine,
    world: &Rc<World>,
    instance: &Rc<Instance>,
) -> Outcome<()> {
    let model = model_of(world, instance)?;
    let columns =
        model.fields.iter().map(|field| (Expr::column(&model.table, &field.column), None));
    let select = Select {
        columns: columns.collect(),
        from: vec![Source::table(&model.table, None)],
        condition: Some(by_key(machine, world, instance)?),
        ..Select::default()
    };
    let reply = send(machine, world, Writer::new(&STYLE).select(&select))?;
    let Some(row) = reply.rows.first() else {
        let message = "Instance was deleted from database and cannot be refreshed";
        return Err(raise_own(machine, "NoMatch", message));
    };
    for (field, cell) in model.fields.iter().zip(row) {
        let value = to_value(Some(&field.ty), cell);
        match link(world, model.at, &field.name) {
            Some(relation) if !value.is_none() => {
                let target = dummy(machine, world, relation.target, value)?;
                relate(machine, world, instance, &relation, &target)?;
            }
            Some(relation) => hold(instance, &relation.name, Vec::new()),
            None => instance.set(&field.name, value),
        }
    }
    with_state(instance, |state| {
        state.saved = true;
        state.pk_only = false;
    });
    Ok(())
}

/// `load_all()`
pub(super) fn load_all(
    machine: &mut Machine,
    world: &Rc<World>,
    instance: &Rc<Instance>,
    args: Args,
) -> Outcome {
    if !args.keywords.is_empty() || !args.positional.is_empty() {
        return Err(refuse("Arguments of `load_all` are not supported here yet."));
    }
    let model = model_of(world, instance)?;
    let relations: Vec<_> = links(world, &model)
        .into_iter()
        .filter(|link| !link.hidden && link.kind != Kind::Through)
        .collect();
    let mut set = QuerySet::new(world.clone(), model.at);
    set.related = relations.iter().map(|link| link.name.to_string()).collect();
    let set = set.filter(
        machine,
        Args { positional: Vec::new(), keywords: vec![("pk".into(), key_of(world, instance))] },
    )?;
    let Value::Instance(found) = set.get(machine)? else { return Ok(Value::None) };
    for field in &model.fields {
        instance.set(&field.name, found.get(&field.name).unwrap_or(Value::None));
    }
    for relation in &relations {
        hold(instance, &relation.name, Vec::new());
        for value in held(&found, &relation.name) {
            relate(machine, world, instance, relation, &value)?;
        }
    }
    with_state(instance, |state| state.pk_only = false);
    Ok(Value::Instance(instance.clone()))
}

/// `save_related()`: what has not been saved since it was changed.
pub(super) fn save_related(
    machine: &mut Machine,
    world: &Rc<World>,
    instance: &Rc<Instance>,
    args: Args,
) -> Outcome {
    if !args.keywords.is_empty() || !args.positional.is_empty() {
        return Err(refuse("Arguments of `save_related` are not supported here yet."));
    }
    let model = model_of(world, instance)?;
    let unsaved = |instance: &Instance| {
        !with_state(instance, |state| state.saved || state.pk_only).unwrap_or(true)
    };
    let relations = links(world, &model);
    let mut count = 0;
    for relation in relations.iter().filter(|link| link.kind == Kind::Key) {
        for target in held(instance, &relation.name) {
            if unsaved(&target) {
                upsert(machine, world, &target, Args::default())?;
                count += 1;
            }
        }
    }
    if unsaved(instance) {
        upsert(machine, world, instance, Args::default())?;
        count += 1;
    }
    for relation in relations.iter().filter(|link| link.many() && !link.hidden) {
        for child in held(instance, &relation.name) {
            if unsaved(&child) {
                if relation.kind == Kind::Many {
                    return Err(refuse(
                        "`save_related` with unsaved many-to-many instances is not supported here yet: save them, then `add` them.",
                    ));
                }
                relate(machine, world, instance, relation, &child)?;
                upsert(machine, world, &child, Args::default())?;
                count += 1;
            }
        }
    }
    Ok(Value::Int(count))
}
