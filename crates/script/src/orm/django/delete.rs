//! Deleting as Django does it: in Python, dependants first.
//!
//! Follows `Collector` of Django 5.2.

use std::rc::Rc;

use super::instance::key_of;
use super::queryset::QuerySet;
use super::{STYLE, class_of};
use crate::Machine;
use crate::database::Cell;
use crate::eval::raise;
use crate::orm::Runtime;
use crate::sql::{Delete, Expr, Is, Source, Update, Writer};
use crate::value::{Dict, Instance, Outcome, Value};
use crate::world::{Model, World, to_cell};

/// What is to be done, in order of discovery.
#[derive(Default)]
struct Plan {
    /// Rows that go by a condition alone, as nothing hangs on them: model, which rows.
    fast: Vec<(usize, Expr)>,
    /// Rows of each model, by their keys.
    rows: Vec<(usize, Vec<Value>)>,
    /// Foreign keys that become their default: model, field, default, rows.
    updates: Vec<(usize, Rc<str>, Value, Vec<Value>)>,
    /// Foreign keys that become NULL: model, field, which rows.
    cleared: Vec<(usize, Rc<str>, Expr)>,
    /// Rows whose deletion is forbidden unless they go, too.
    restricted: Vec<(usize, Rc<str>, Vec<Value>)>,
}

/// Deletes the rows of a query set and what depends on them; gives the counts.
pub(super) fn delete_all(machine: &mut Machine, set: &QuerySet) -> Outcome {
    let (world, at) = (set.query.world.clone(), set.query.model);
    if set.query.limit.is_some() || set.query.offset > 0 {
        return Err(raise("TypeError", "Cannot use 'limit' or 'offset' with delete()."));
    }
    if !matches!(set.shape, super::queryset::Shape::Instances) {
        let message = "Cannot call delete() after .values() or .values_list()";
        return Err(raise("TypeError", message));
    }
    if !set.query.distinct_on.is_empty() {
        return Err(raise("TypeError", "Cannot call delete() after .distinct(*fields)."));
    }
    let leaf = world.model(at).is_some_and(|model| is_leaf(&world, model));
    let joined = set.query.tables.iter().skip(1).any(|table| table.used);
    if leaf && !joined && !set.query.empty {
        let mut plan = Plan::default();
        plan.fast.push((at, Expr::And(set.query.condition.clone())));
        return world.clone().atomically(|| carry_out(machine, &world, &plan));
    }
    let rows = set.copy().rows(machine)?;
    delete(machine, &world, at, rows)
}

/// Deletes rows and what depends on them; gives the counts.
pub(super) fn delete(
    machine: &mut Machine,
    world: &Rc<World>,
    model: usize,
    rows: Vec<Value>,
) -> Outcome {
    let mut plan = Plan::default();
    collect(machine, world, model, &rows, &mut plan)?;
    check_restricted(machine, world, &plan)?;
    let counts = world.atomically(|| carry_out(machine, world, &plan))?;
    for row in rows {
        if let (Value::Instance(instance), Some(model)) = (&row, world.model(model))
            && let Some(key) = model.key()
        {
            instance.set(&key.attname, Value::None);
        }
    }
    Ok(counts)
}

/// `RestrictedError`, unless all that is restricted goes by another way.
fn check_restricted(machine: &mut Machine, world: &Rc<World>, plan: &Plan) -> Outcome<()> {
    for (model, field, blocking) in &plan.restricted {
        let mut going: Vec<Value> = Vec::new();
        for (_, rows) in plan.rows.iter().filter(|(at, _)| at == model) {
            going.extend(rows.iter().cloned());
        }
        for (_, condition) in plan.fast.iter().filter(|(at, _)| at == model) {
            let mut set = QuerySet::all(world.clone(), *model);
            set.query.condition.push(condition.clone());
            going.extend(set.rows(machine)?);
        }
        let stays = |row: &&Value| !going.iter().any(|other| same(world, other, row));
        let left: Vec<Value> = blocking.iter().filter(stays).cloned().collect();
        if !left.is_empty() {
            return Err(refused(machine, world, (model, field), left, "RestrictedError"));
        }
    }
    Ok(())
}

/// Sends what was planned, in Django's order: rows by condition, changed keys, then rows, dependants before what they depend on.
fn carry_out(machine: &mut Machine, world: &Rc<World>, plan: &Plan) -> Outcome {
    let mut counts = Dict::default();
    let mut total = 0;
    for (at, condition) in &plan.fast {
        total += remove(machine, world, *at, condition.clone(), &mut counts)?;
    }
    for (model, field, value, rows) in &plan.updates {
        let Some(condition) = world.model(*model).and_then(|model| among(world, model, rows))
        else {
            continue;
        };
        change(machine, world, (*model, field), value, condition)?;
    }
    for (model, field, condition) in &plan.cleared {
        change(machine, world, (*model, field), &Value::None, condition.clone())?;
    }
    for (at, rows) in plan.rows.iter().rev() {
        if let Some(condition) = world.model(*at).and_then(|model| among(world, model, rows)) {
            total += remove(machine, world, *at, condition, &mut counts)?;
        }
    }
    Ok(Value::tuple(vec![Value::Int(total), Value::dict(counts)]))
}

fn remove(
    machine: &mut Machine,
    world: &Rc<World>,
    at: usize,
    condition: Expr,
    counts: &mut Dict,
) -> Outcome<i64> {
    let Some(model) = world.model(at).cloned() else { return Ok(0) };
    let all = matches!(&condition, Expr::And(items) if items.is_empty());
    let delete =
        Delete { table: Source::table(&model.table, None), condition: (!all).then_some(condition) };
    let reply = world
        .send(Writer::new(&STYLE).delete(&delete))
        .map_err(|error| super::Django.database_error(machine, world, &error))?;
    let count = i64::try_from(reply.affected).unwrap_or(0);
    if count > 0 {
        let label = format!("{}.{}", model.app, model.name);
        let before = counts.named(&label).and_then(Value::as_int).unwrap_or(0);
        counts.set(&label, Value::Int(before + count));
    }
    Ok(count)
}

/// Gives a foreign key another value.
fn change(
    machine: &mut Machine,
    world: &Rc<World>,
    (model, field): (usize, &Rc<str>),
    value: &Value,
    condition: Expr,
) -> Outcome<()> {
    let Some(model) = world.model(model).cloned() else { return Ok(()) };
    let Some(field) = model.field(field) else { return Ok(()) };
    let cell = to_cell(Some(&field.ty), value).unwrap_or(Cell::Null);
    let update = Update {
        table: model.table.clone(),
        set: vec![(field.column.clone(), Expr::Param(cell))],
        condition: Some(condition),
    };
    world
        .send(Writer::new(&STYLE).update(&update))
        .map_err(|error| super::Django.database_error(machine, world, &error))?;
    Ok(())
}

fn same(world: &World, a: &Value, b: &Value) -> bool {
    match (a, b) {
        (Value::Instance(a), Value::Instance(b)) => match (key_of(world, a), key_of(world, b)) {
            (Value::Int(a), Value::Int(b)) => a == b,
            (Value::Str(a), Value::Str(b)) => a == b,
            (Value::Uuid(a), Value::Uuid(b)) => a == b,
            _ => false,
        },
        _ => false,
    }
}

fn among(world: &World, model: &Model, rows: &[Value]) -> Option<Expr> {
    let key = model.key()?;
    let items: Vec<Expr> = rows
        .iter()
        .filter_map(|row| match row {
            Value::Instance(instance) => to_cell(Some(&key.ty), &key_of(world, instance)),
            _ => None,
        })
        .map(Expr::Param)
        .collect();
    (!items.is_empty())
        .then(|| Expr::In(Box::new(Expr::column(&model.table, &key.column)), items, Is::So))
}

fn collect(
    machine: &mut Machine,
    world: &Rc<World>,
    model: usize,
    rows: &[Value],
    plan: &mut Plan,
) -> Outcome<()> {
    let mut new = Vec::new();
    let known = plan.rows.iter().position(|(at, _)| *at == model);
    for row in rows {
        let seen = known
            .and_then(|at| plan.rows.get(at))
            .is_some_and(|(_, known)| known.iter().any(|other| same(world, other, row)));
        if !seen {
            new.push(row.clone());
        }
    }
    if new.is_empty() {
        return Ok(());
    }
    match known.and_then(|at| plan.rows.get_mut(at)) {
        Some((_, known)) => known.extend(new.iter().cloned()),
        None => plan.rows.push((model, new.clone())),
    }
    let Some(target) = world.model(model).cloned() else { return Ok(()) };
    let mut lineage = world.ancestors(&target);
    // The rows of parents go after those that extend them.
    for parent in &lineage {
        let Some(class) = world.class(parent.at) else { continue };
        let rows = new.iter().filter_map(|row| match row {
            Value::Instance(row) => {
                let own = Instance::new(class.clone());
                for field in &parent.fields {
                    own.set(&field.attname, row.get(&field.attname).unwrap_or(Value::None));
                }
                Some(Value::Instance(Rc::new(own)))
            }
            _ => None,
        });
        let rows: Vec<Value> = rows.collect();
        match plan.rows.iter_mut().find(|(at, _)| *at == parent.at) {
            Some((_, known)) => {
                for row in rows {
                    if !known.iter().any(|other| same(world, other, &row)) {
                        known.push(row);
                    }
                }
            }
            None => {
                let at = plan.rows.iter().position(|(at, _)| *at == model).unwrap_or(0);
                plan.rows.insert(at, (parent.at, rows));
            }
        }
    }
    lineage.push(target);
    // Everything that points at the model by a foreign key, through tables among it.
    // A proxy has no rows of its own.
    for source in world.models.iter().filter(|source| !source.proxy) {
        for relation in &source.relations {
            let (Some(key), Some(target)) =
                (&relation.key, lineage.iter().find(|each| relation.target == each.name))
            else {
                continue;
            };
            // The link by which the rows are children of their parents is not followed back.
            if lineage.iter().any(|each| each.at == source.at)
                && source.parents.iter().any(|(_, link)| link.as_ref() == Some(&relation.name))
            {
                continue;
            }
            if relation.on_delete.as_deref() == Some("DO_NOTHING") {
                continue;
            }
            let mut set = QuerySet::all(world.clone(), source.at);
            let values: Vec<Expr> = new
                .iter()
                .filter_map(|row| match row {
                    Value::Instance(instance) => {
                        let field = target.field(&key.to_field)?;
                        to_cell(Some(&field.ty), &instance.get(&field.attname)?)
                    }
                    _ => None,
                })
                .map(Expr::Param)
                .collect();
            let column = set.query.column(0, &key.column);
            let condition = Expr::In(Box::new(column), values, Is::So);
            // Where nothing hangs on the rows themselves, they need not be fetched.
            let leaf = matches!(relation.on_delete.as_deref(), None | Some("CASCADE"))
                && is_leaf(world, source);
            if leaf {
                plan.fast.push((source.at, condition));
                continue;
            }
            if relation.on_delete.as_deref() == Some("SET_NULL") {
                // Those rows stay, so they need not be fetched.
                plan.cleared.push((source.at, relation.name.clone(), condition));
                continue;
            }
            set.query.condition.push(condition);
            let found = set.rows(machine)?;
            if found.is_empty() {
                continue;
            }
            match relation.on_delete.as_deref() {
                Some("PROTECT") => {
                    return Err(refused(
                        machine,
                        world,
                        (&source.at, &relation.name),
                        found,
                        "ProtectedError",
                    ));
                }
                Some("RESTRICT") => plan.restricted.push((source.at, relation.name.clone(), found)),
                Some("SET_DEFAULT") => {
                    let default = match source.field(&relation.name) {
                        Some(field) => crate::orm::defaults::default(machine, field)?,
                        None => Value::None,
                    };
                    plan.updates.push((source.at, relation.name.clone(), default, found));
                }
                _ => collect(machine, world, source.at, &found, plan)?,
            }
        }
    }
    Ok(())
}

/// Whether nothing hangs on the rows of a model (`can_fast_delete`).
fn is_leaf(world: &World, model: &Model) -> bool {
    model.parents.is_empty()
        && !world.models.iter().filter(|other| !other.proxy).any(|other| {
            other.relations.iter().any(|relation| {
                relation.key.is_some()
                    && relation.target == model.name
                    && relation.on_delete.as_deref() != Some("DO_NOTHING")
            })
        })
}

fn refused(
    machine: &mut Machine,
    world: &Rc<World>,
    (model, field): (&usize, &Rc<str>),
    rows: Vec<Value>,
    class: &str,
) -> Box<crate::Raised> {
    let source = world.model(*model).map(|model| model.name.clone()).unwrap_or_default();
    let target = world
        .model(*model)
        .and_then(|model| model.relation(field))
        .map(|relation| relation.target.clone())
        .unwrap_or_default();
    let what = if class == "ProtectedError" { "protected" } else { "restricted" };
    let message = format!(
        "Cannot delete some instances of model '{target}' because they are referenced through {what} foreign keys: '{source}.{field}'."
    );
    match class_of(machine, "django.db.models", class) {
        Some(class) => {
            let mut set = crate::value::Set::default();
            for row in rows {
                if let Ok(key) = machine.key(&row) {
                    set.insert(key, row);
                }
            }
            machine.exception(&class, vec![Value::from(message), Value::set(set)])
        }
        None => raise("Exception", message),
    }
}
