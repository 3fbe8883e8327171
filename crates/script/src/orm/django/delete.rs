//! Deleting as Django does it: in Python, dependants first.
//!
//! Follows `Collector` of Django 5.2.

use std::rc::Rc;

use throughline_order::Gather as _;

use super::instance::key_of;
use super::mask::Deferred;
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
    /// Foreign keys that become NULL or their default: model, field, value, which rows.
    changed: Vec<(usize, Rc<str>, Value, Expr)>,
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
    let grouped = set.query.group != super::query::Group::No;
    if leaf && !set.query.empty {
        let mut plan = Plan::default();
        if super::queryset::never(&set.query.condition) {
            let nothing = Value::dict(Dict::default());
            return Ok(Value::tuple(vec![Value::Int(0), nothing]));
        }
        let condition = if joined || grouped {
            // Rows that are found over relations are told by their keys.
            let mut inner = set.copy();
            inner.query.order.clear();
            inner.query.ordered = true;
            inner.query.annotations.iter_mut().for_each(|known| known.hidden = true);
            let mut around = super::query::Query::new(world.clone(), at);
            let select = inner.select_inside(machine, &mut around)?;
            let model = world.model(at);
            let key = model
                .and_then(|model| model.key().map(|key| Expr::column(&model.table, &key.column)));
            Expr::InSelect(Box::new(key.unwrap_or(Expr::Star)), Box::new(select), Is::So)
        } else {
            Expr::And(set.query.condition.clone())
        };
        plan.fast.push((at, condition));
        return world.clone().atomically(|| carry_out(machine, &world, &plan));
    }
    let rows = set.copy().rows(machine)?;
    delete(machine, &world, at, rows, Parents::Go)
}

/// Deletes rows and what depends on them; gives the counts.
pub(super) fn delete(
    machine: &mut Machine,
    world: &Rc<World>,
    model: usize,
    rows: Vec<Value>,
    keep: Parents,
) -> Outcome {
    let mut plan = Plan::default();
    let held = collect(machine, world, model, &rows, keep, &mut plan)?;
    if !held.is_empty() {
        return Err(refused(machine, world, model, held, "ProtectedError"));
    }
    check_restricted(machine, world, model, &plan)?;
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
fn check_restricted(
    machine: &mut Machine,
    world: &Rc<World>,
    of: usize,
    plan: &Plan,
) -> Outcome<()> {
    let mut held = Held::new();
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
        let left: Vec<Value> = blocking.iter().filter(stays).cloned().gather();
        if !left.is_empty() {
            let name = world.model(*model).map(|model| model.name.clone()).unwrap_or_default();
            held.push((format!("'{name}.{field}'"), left));
        }
    }
    if held.is_empty() {
        return Ok(());
    }
    Err(refused(machine, world, of, held, "RestrictedError"))
}

/// Sends what was planned, in Django's order: rows by condition, changed keys, then rows, dependants before what they depend on.
fn carry_out(machine: &mut Machine, world: &Rc<World>, plan: &Plan) -> Outcome {
    let mut counts = Dict::default();
    let mut total = 0;
    for (at, condition) in &plan.fast {
        total += remove(machine, world, *at, condition.clone(), &mut counts)?;
    }
    for (model, field, value, condition) in &plan.changed {
        change(machine, world, (*model, field), value, condition.clone())?;
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
        .gather();
    (!items.is_empty())
        .then(|| Expr::In(Box::new(Expr::column(&model.table, &key.column)), items, Is::So))
}

/// Rows that may not go, by the foreign key that holds them: `'Book.author'`.
type Held = Vec<(String, Vec<Value>)>;

/// Plans the deletion of rows and of what hangs on them; gives what forbids it.
fn collect(
    machine: &mut Machine,
    world: &Rc<World>,
    model: usize,
    rows: &[Value],
    keep: Parents,
    plan: &mut Plan,
) -> Outcome<Held> {
    let new = plan.add(world, model, rows);
    let (Some(target), false) = (world.model(model).cloned(), new.is_empty()) else {
        return Ok(Held::new());
    };
    let mut lineage = match keep {
        Parents::Go => world.ancestors(&target),
        Parents::Stay => Vec::new(),
    };
    // The rows of parents go after those that extend them.
    for parent in &lineage {
        for row in &new {
            complete(machine, world, &target, parent, row)?;
        }
        plan.add_parents(world, model, parent, &new);
    }
    lineage.push(target.clone());
    let mut held = Held::new();
    // What nothing hangs on goes by conditions alone, all of one model at once.
    let mut fast: Vec<(usize, Vec<Expr>)> = Vec::new();
    // Everything that points at the model by a foreign key, through tables among it.
    // A proxy has no rows of its own.
    for source in world.models.iter().filter(|source| !source.proxy) {
        for relation in &source.relations {
            let points = |each: &&Rc<Model>| {
                relation.target == each.name
                    || world
                        .named(&relation.target)
                        .is_some_and(|to| to.proxy && to.table == each.table)
            };
            let (Some(key), Some(to)) = (&relation.key, lineage.iter().find(points)) else {
                continue;
            };
            // Other children of a parent are none of this row's.
            if relation.parent_link && to.at != model {
                continue;
            }
            let action = relation.on_delete.as_deref().unwrap_or("CASCADE");
            if action == "DO_NOTHING" {
                continue;
            }
            let mut set = QuerySet::all(world.clone(), source.at);
            let values: Vec<Expr> = new
                .iter()
                .filter_map(|row| match row {
                    Value::Instance(instance) => {
                        let (_, field) = super::query::field_of(world, to, &key.to_field)?;
                        to_cell(Some(&field.ty), &instance.get(&field.attname)?)
                    }
                    _ => None,
                })
                .map(Expr::Param)
                .gather();
            let column = set.query.column(0, &key.column);
            let condition = Expr::In(Box::new(column), values, Is::So);
            if action == "CASCADE" && is_leaf(world, source) {
                match fast.iter_mut().find(|(at, _)| *at == source.at) {
                    Some((_, conditions)) => conditions.push(condition),
                    None => fast.push((source.at, vec![condition])),
                }
                continue;
            }
            let name = relation.name.clone();
            // Rows that stay need not be fetched.
            match action {
                "SET_NULL" => {
                    plan.changed.push((source.at, name, Value::None, condition));
                    continue;
                }
                "SET_DEFAULT" => {
                    let default = match source.field(&relation.name) {
                        Some(field) => crate::orm::defaults::default(machine, field)?,
                        None => Value::None,
                    };
                    plan.changed.push((source.at, name, default, condition));
                    continue;
                }
                "CASCADE" | "PROTECT" | "RESTRICT" => {}
                other => {
                    return Err(crate::eval::refuse(format!(
                        "`on_delete={other}` is not supported here."
                    )));
                }
            }
            set.query.condition.push(condition);
            set.query.ordered = true;
            // Only what other rows refer to is needed of them.
            let referred = referred_to(world, source);
            set.deferred = Deferred::only(referred);
            let found = set.rows(machine)?;
            if found.is_empty() {
                continue;
            }
            match action {
                "PROTECT" => held.push((format!("'{}.{name}'", source.name), found)),
                "RESTRICT" => plan.restricted.push((source.at, name, found)),
                _ => {
                    let below = collect(machine, world, source.at, &found, Parents::Go, plan)?;
                    if !below.is_empty() {
                        let rows = below.into_iter().flat_map(|(_, rows)| rows).gather();
                        held.push((format!("'{}.{name}'", source.name), rows));
                    }
                }
            }
        }
    }
    if held.is_empty() {
        for (at, mut conditions) in fast {
            let all =
                if conditions.len() == 1 { conditions.remove(0) } else { Expr::Or(conditions) };
            plan.fast.push((at, all));
        }
    }
    Ok(held)
}

/// The fields of a model that other rows refer to.
fn referred_to(world: &World, model: &Rc<Model>) -> Vec<Rc<str>> {
    let mut lineage = world.ancestors(model);
    lineage.push(model.clone());
    let mut out: Vec<Rc<str>> = Vec::new();
    for relation in world.models.iter().filter(|model| !model.proxy).flat_map(|m| &m.relations) {
        let to = lineage.iter().find(|each| relation.target == each.name);
        if let (Some(key), Some(to)) = (&relation.key, to)
            && !(relation.parent_link && to.at != model.at)
            && let Some((_, field)) = super::query::field_of(world, to, &key.to_field)
            && !out.contains(&field.attname)
        {
            out.push(field.attname.clone());
        }
    }
    out
}

/// Fetches the row of a direct parent, where something of it was left out.
fn complete(
    machine: &mut Machine,
    world: &Rc<World>,
    model: &Rc<Model>,
    parent: &Rc<Model>,
    row: &Value,
) -> Outcome<()> {
    let Value::Instance(row) = row else { return Ok(()) };
    let ancestors = world.ancestors(parent);
    let fields = || ancestors.iter().chain([parent]).flat_map(|model| &model.fields);
    let direct = model.parents.iter().any(|(name, link)| *name == parent.name && link.is_some());
    let (true, Some(key)) = (direct, parent.key()) else { return Ok(()) };
    if fields().all(|field| row.get(&field.attname).is_some()) {
        return Ok(());
    }
    let mut set = QuerySet::all(world.clone(), parent.at);
    let cell = to_cell(Some(&key.ty), &key_of(world, row)).unwrap_or(Cell::Null);
    let column = set.query.column(0, &key.column);
    set.query.condition.push(Expr::binary("=", column, Expr::Param(cell)));
    set.query.ordered = true;
    set.query.limit = Some(21);
    if let Some(Value::Instance(found)) = set.rows(machine)?.into_iter().next() {
        for field in fields() {
            if let Some(value) = found.get(&field.attname) {
                row.set(&field.attname, value);
            }
        }
    }
    Ok(())
}

/// Whether the rows of parents go with those that extend them: `keep_parents`.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Parents {
    Go,
    Stay,
}

impl Plan {
    /// Notes rows of a model; gives those that were not known.
    fn add(&mut self, world: &World, model: usize, rows: &[Value]) -> Vec<Value> {
        let at = match self.rows.iter().position(|(at, _)| *at == model) {
            Some(at) => at,
            None => {
                self.rows.push((model, Vec::new()));
                self.rows.len() - 1
            }
        };
        let mut new = Vec::new();
        if let Some((_, known)) = self.rows.get_mut(at) {
            for row in rows {
                if !known.iter().any(|other| same(world, other, row)) {
                    known.push(row.clone());
                    new.push(row.clone());
                }
            }
        }
        new
    }

    fn add_parents(&mut self, world: &World, model: usize, parent: &Rc<Model>, rows: &[Value]) {
        let Some(class) = world.class(parent.at) else { return };
        if self.rows.iter().all(|(at, _)| *at != parent.at) {
            let at = self.rows.iter().position(|(at, _)| *at == model).unwrap_or(0);
            self.rows.insert(at, (parent.at, Vec::new()));
        }
        let rows = rows.iter().filter_map(|row| match row {
            Value::Instance(row) => {
                let own = Instance::new(class.clone());
                for field in &parent.fields {
                    own.set(&field.attname, row.get(&field.attname).unwrap_or(Value::None));
                }
                Some(Value::Instance(Rc::new(own)))
            }
            _ => None,
        });
        let rows: Vec<Value> = rows.gather();
        self.add(world, parent.at, &rows);
    }
}

/// Whether nothing hangs on the rows of a model (`can_fast_delete`).
fn is_leaf(world: &World, model: &Model) -> bool {
    model.parents.is_empty()
        && !world.models.iter().filter(|other| !other.proxy).any(|other| {
            other.relations.iter().any(|relation| {
                relation.key.is_some()
                    && (relation.target == model.name
                        || world
                            .named(&relation.target)
                            .is_some_and(|to| to.proxy && to.table == model.table))
                    && relation.on_delete.as_deref() != Some("DO_NOTHING")
            })
        })
}

fn refused(
    machine: &mut Machine,
    world: &Rc<World>,
    model: usize,
    held: Held,
    class: &str,
) -> Box<crate::Raised> {
    let target = world.model(model).map(|model| model.name.clone()).unwrap_or_default();
    let what = if class == "ProtectedError" { "protected" } else { "restricted" };
    let mut names: Vec<String> = Vec::new();
    for (name, _) in &held {
        if !names.contains(name) {
            names.push(name.clone());
        }
    }
    let message = format!(
        "Cannot delete some instances of model '{target}' because they are referenced through {what} foreign keys: {}.",
        names.join(", ")
    );
    let rows: Vec<Value> = held.into_iter().flat_map(|(_, rows)| rows).gather();
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
