//! `save`, `update`, `delete`, `load` and the like of instances; `bulk_create`.

use std::rc::Rc;

use throughline_order::Gather as _;

use super::dump::model_dump;
use super::exceptions::raise as raise_own;
use super::link::{Kind, Link, link, links};
use super::make::dummy;
use super::methods::directly;
use super::proxy::Proxy;
use super::queryset::{Choice, QuerySet};
use super::reach::{names, reach};
use super::state::{held, hold, key_of, relate, with_state};
use super::{STYLE, send};
use crate::Machine;
use crate::database::{Cell, Reply};
use crate::eval::raise;
use crate::orm::names::Names;
use crate::sql::{Delete, Expr, Insert, Is, Select, Source, Update, Writer};
use crate::value::{Args, Instance, Outcome, Value};
use crate::world::{Field, Model, World, to_cell};

fn model_of(world: &World, instance: &Instance) -> Outcome<Rc<Model>> {
    let model = world.model_of(&instance.class).and_then(|at| world.model(at)).cloned();
    model.ok_or_else(|| raise("LookupError", "no such model"))
}

pub(super) fn cell(machine: &mut Machine, field: &Field, value: &Value) -> Outcome<Cell> {
    if let throughline_core::document::ColumnType::Json = field.ty {
        return match (value, field.null) {
            (Value::None, true) => Ok(Cell::Null),
            _ => Ok(Cell::Text(crate::builtins::json::dumped(machine, value)?.into())),
        };
    }
    if let Value::Instance(member) = value
        && super::choices::of(machine, field).is_some()
        && let Some(Value::Str(name)) = member.get("name")
    {
        return Ok(Cell::Text(name));
    }
    match to_cell(Some(&field.ty), value) {
        Some(cell) => Ok(cell),
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
        model.fields.iter().filter(|field| !(field.auto && numbered) && given(field)).gather();
    let mut insert = Insert { verb: "INSERT", table: model.table.clone(), ..Insert::default() };
    insert.columns = fields.iter().map(|field| field.column.clone()).gather();
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
    args: Args,
) -> Outcome {
    update_as(machine, world, instance, args, Json::AsPython)
}

/// Who writes the JSON of a row.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Json {
    /// SQLAlchemy, by `json.dumps`.
    AsPython,
    /// ormar itself: `bulk_update` hands it over as text.
    Compact,
}

pub(super) fn update_as(
    machine: &mut Machine,
    world: &Rc<World>,
    instance: &Rc<Instance>,
    mut args: Args,
    json: Json,
) -> Outcome {
    let columns = match args.take("_columns").or_else(|| args.positional.first().cloned()) {
        Some(given) if machine.truth(&given)? => Some(machine.list_of(&given)?),
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
            let mut value = column_value(machine, world, &model, instance, field)?;
            if json == Json::Compact
                && matches!(field.ty, throughline_core::document::ColumnType::Json)
            {
                let held = instance.get(&field.name).unwrap_or(Value::None);
                if let Some(text) = super::dump::json_text(machine, &held)? {
                    value = Cell::Text(text.into());
                }
            }
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
    if let Some(force) = args.take("__force_save__")
        && machine.truth(&force)?
    {
        if exists(machine, world, instance)? {
            return update(machine, world, instance, args);
        }
    } else if machine.truth(&key_of(world, instance))? {
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

/// The row of an instance.
fn row_of(machine: &mut Machine, world: &Rc<World>, instance: &Rc<Instance>) -> Outcome<Reply> {
    let model = model_of(world, instance)?;
    let columns =
        model.fields.iter().map(|field| (Expr::column(&model.table, &field.column), None));
    let key = key_of(world, instance);
    let condition = match key.is_none() {
        true => {
            let column = model.key().map(|key| key.column.clone()).unwrap_or_default();
            Expr::IsNull(Box::new(Expr::column(&model.table, &column)), Is::So)
        }
        false => by_key(machine, world, instance)?,
    };
    let select = Select {
        columns: columns.gather(),
        from: vec![Source::table(&model.table, None)],
        condition: Some(condition),
        ..Select::default()
    };
    send(machine, world, Writer::new(&STYLE).select(&select))
}

/// `load()`
pub(super) fn load(
    machine: &mut Machine,
    world: &Rc<World>,
    instance: &Rc<Instance>,
) -> Outcome<()> {
    let model = model_of(world, instance)?;
    let reply = row_of(machine, world, instance)?;
    let Some(row) = reply.rows.first() else {
        let message = "Instance was deleted from database and cannot be refreshed";
        return Err(raise_own(machine, "NoMatch", message));
    };
    for (field, cell) in model.fields.iter().zip(row) {
        let value = super::choices::value(machine, Some(field), cell)?;
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

/// `load_all()`: what a query gives is dumped, and the instance takes it up again.
pub(super) fn load_all(
    machine: &mut Machine,
    world: &Rc<World>,
    instance: &Rc<Instance>,
    args: Args,
) -> Outcome {
    let [follow, exclude, order_by] =
        args.bind("load_all", ["follow", "exclude", "order_by"], 0)?;
    let model = model_of(world, instance)?;
    let mut set = QuerySet::new(world.clone(), model.at);
    if let Some(exclude) = exclude.filter(|exclude| !exclude.is_none()) {
        set = set.choose(machine, &exclude, Choice::Exclude)?;
    }
    if let Some(order_by) = order_by.filter(|order_by| !order_by.is_none()) {
        set = set.order_by(machine, &Args::one(order_by))?;
    }
    set.related = match follow {
        Some(follow) if machine.truth(&follow)? => reach(world, model.at),
        _ => directly(world, model.at),
    };
    let keywords = vec![("pk".into(), key_of(world, instance))];
    let set = set.filter(machine, Args { positional: Vec::new(), keywords })?;
    let Value::Instance(found) = set.get(machine)? else { return Ok(Value::None) };
    let dump = model_dump(machine, world, &found, Args::default())?;
    for relation in links(world, &model) {
        hold(instance, &relation.name, Vec::new());
    }
    with_state(instance, |state| state.pk_only = false);
    for (name, value) in machine.mapping(&dump)? {
        let name = machine.str(&name)?;
        machine.set_attribute(&Value::Instance(instance.clone()), &name, value)?;
    }
    Ok(Value::Instance(instance.clone()))
}

/// How `save_related` goes.
struct Way {
    follow: bool,
    all: bool,
}

/// `save_related()`: what has not been saved since it was changed.
pub(super) fn save_related(
    machine: &mut Machine,
    world: &Rc<World>,
    instance: &Rc<Instance>,
    args: Args,
) -> Outcome {
    let [follow, all, map, exclude] =
        args.bind("save_related", ["follow", "save_all", "relation_map", "exclude"], 0)?;
    let mut yes = |value: Option<Value>| match value {
        Some(value) => machine.truth(&value),
        None => Ok(false),
    };
    let way = Way { follow: yes(follow)?, all: yes(all)? };
    let model = model_of(world, instance)?;
    let mut map = match map.filter(|map| !map.is_none()) {
        Some(map) => names(machine, &map)?,
        None => Names::of(reach(world, model.at).iter().map(String::as_str)),
    };
    if let Some(exclude) = exclude.filter(|exclude| !exclude.is_none()) {
        map.without(&names(machine, &exclude)?);
    }
    related(machine, world, instance, &way, &map, None).map(Value::Int)
}

fn related(
    machine: &mut Machine,
    world: &Rc<World>,
    instance: &Rc<Instance>,
    way: &Way,
    map: &Names,
    from: Option<(&Rc<Instance>, &Link)>,
) -> Outcome<i64> {
    machine.step()?;
    let model = model_of(world, instance)?;
    let (keys, lists): (Vec<Link>, Vec<Link>) = links(world, &model)
        .into_iter()
        .filter(|link| link.kind != Kind::Through && !link.hidden && map.has(&link.name))
        .partition(|link| link.kind == Kind::Key);
    let mut count = 0;
    for (at, links) in [keys, lists].into_iter().enumerate() {
        if at == 1 {
            count += saved(machine, world, instance, way, from)?;
        }
        for link in &links {
            for value in held(instance, &link.name) {
                let from = Some((instance, link));
                count += if way.follow {
                    let none = Names::default();
                    let map = map.below(&link.name).unwrap_or(&none);
                    related(machine, world, &value, way, map, from)?
                } else {
                    saved(machine, world, &value, way, from)?
                };
            }
        }
    }
    Ok(count)
}

/// `_upsert_model`
fn saved(
    machine: &mut Machine,
    world: &Rc<World>,
    instance: &Rc<Instance>,
    way: &Way,
    from: Option<(&Rc<Instance>, &Link)>,
) -> Outcome<i64> {
    let known = key_of(world, instance);
    let (is_saved, pk_only) =
        with_state(instance, |state| (state.saved, state.pk_only)).unwrap_or((true, true));
    if pk_only || !(way.all || !is_saved || !machine.truth(&known)?) {
        return Ok(0);
    }
    if exists(machine, world, instance)? {
        update(machine, world, instance, Args::default())?;
    } else {
        insert(machine, world, instance)?;
    }
    if let Some((owner, relation)) = from
        && relation.kind == Kind::Many
    {
        Proxy::new(world.clone(), owner.clone(), relation.clone()).joined(machine, instance)?;
    }
    Ok(1)
}

/// Whether there is a row of this key.
fn exists(machine: &mut Machine, world: &Rc<World>, instance: &Rc<Instance>) -> Outcome<bool> {
    let reply = row_of(machine, world, instance)?;
    Ok(!reply.rows.is_empty())
}
