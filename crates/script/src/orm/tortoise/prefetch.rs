//! `prefetch_related` and `fetch_related`: one query for each relation. Follows Tortoise's executor.

use std::any::Any;
use std::rc::Rc;

use throughline_order::Gather as _;

use super::instance::{key_of, with_state};
use super::queryset::{QuerySet, query_set};
use super::relation::through_column;
use super::shape::{self, Keys, Rel, Side};
use super::{STYLE, encode, raised, send};
use crate::Machine;
use crate::eval::raise;
use crate::sql::{Expr, Is, Select, Source, Writer};
use crate::value::{Class, Instance, Object, Outcome, Value};
use crate::world::{Model, World};

/// `Prefetch("books", queryset=…)` as a value.
struct Written {
    relation: Rc<str>,
    set: Rc<QuerySet>,
    to: Option<Rc<str>>,
}

/// A query of its own for a relation, with the attribute that its rows go to.
type Own = (Option<Rc<str>>, Rc<QuerySet>);

/// What is to be fetched beside the rows.
#[derive(Clone, Default)]
pub(super) struct Prefetches {
    /// Relations by name, each with what is to be fetched beside its rows.
    map: Vec<(Rc<str>, Vec<Value>)>,
    queries: Vec<(Rc<str>, Own)>,
}

impl Object for Written {
    fn class(&self) -> Rc<Class> {
        Rc::new(Class::new("Prefetch", "tortoise.query_utils", &[]))
    }

    fn any(&self) -> &dyn Any {
        self
    }
}

pub(super) fn constructor() -> Value {
    Value::native("Prefetch", |_, args| {
        let [relation, set, to] =
            args.bind("Prefetch.__init__", ["relation", "queryset", "to_attr"], 2)?;
        let text = |value: Option<Value>| value.as_ref().and_then(Value::as_str).map(Rc::from);
        let (Some(relation), Some(set)) = (text(relation), set.as_ref().and_then(query_set)) else {
            return Err(raise("TypeError", "Prefetch needs a relation and a query set"));
        };
        Ok(Value::Object(Rc::new(Written { relation, set, to: text(to) })))
    })
}

impl Prefetches {
    fn add(&mut self, name: &str, further: Option<Value>) {
        let at = self.map.iter().position(|(known, _)| **known == *name);
        let at = at.unwrap_or_else(|| {
            self.map.push((name.into(), Vec::new()));
            self.map.len() - 1
        });
        if let (Some((_, list)), Some(further)) = (self.map.get_mut(at), further) {
            let same =
                |value: &Value| value.as_str().is_some() && value.as_str() == further.as_str();
            if !list.iter().any(same) {
                list.push(further);
            }
        }
    }
}

impl QuerySet {
    /// `prefetch_related(…)`: names of a call take the place of those before.
    pub(super) fn prefetching(&self, machine: &mut Machine, wanted: &[Value]) -> Outcome<Self> {
        let mut set = self.clone();
        set.prefetches.map.clear();
        for value in wanted {
            if let Value::Object(object) = value
                && let Some(written) = object.any().downcast_ref::<Written>()
            {
                let (first, rest) = split(&written.relation);
                if shape::relation(&self.world, &self.model, first).is_none() {
                    let message = format!("relation {first} for {} not found", self.model.table);
                    return Err(raised(machine, "OperationalError", message));
                }
                if rest.is_empty() {
                    let own = (written.to.clone(), written.set.clone());
                    set.prefetches.queries.push((first.into(), own));
                } else {
                    let inner = Written {
                        relation: rest.into(),
                        set: written.set.clone(),
                        to: written.to.clone(),
                    };
                    set.prefetches.add(first, Some(Value::Object(Rc::new(inner))));
                }
                continue;
            }
            let Some(path) = value.as_str() else { continue };
            let (first, rest) = split(path);
            if shape::relation(&self.world, &self.model, first).is_none() {
                let model = shape::full_name(&self.model);
                let message = if shape::column(&self.model, first).is_some() {
                    format!("Field {first} on {model} is not a relation")
                } else {
                    format!("Relation {first} for {model} not found")
                };
                return Err(raised(machine, "FieldError", message));
            }
            set.prefetches.add(first, (!rest.is_empty()).then(|| Value::str(rest)));
        }
        Ok(set)
    }
}

fn split(path: &str) -> (&str, &str) {
    path.split_once("__").unwrap_or((path, ""))
}

/// `fetch_related(…)`, `fetch_for_list(…)`
pub(super) fn fetch_for_list(
    machine: &mut Machine,
    world: &Rc<World>,
    model: &Rc<Model>,
    rows: &[Value],
    wanted: &[Value],
) -> Outcome<()> {
    let mut prefetches = Prefetches::default();
    for path in wanted.iter().filter_map(Value::as_str) {
        let (first, rest) = split(path);
        if shape::relation(world, model, first).is_none() {
            let message = format!("relation {first} for {} not found", model.table);
            return Err(raised(machine, "OperationalError", message));
        }
        prefetches.add(first, (!rest.is_empty()).then(|| Value::str(rest)));
    }
    run(machine, world, model, rows, &prefetches)
}

/// Fetches what was asked for, for all rows at once.
pub(super) fn run(
    machine: &mut Machine,
    world: &Rc<World>,
    model: &Rc<Model>,
    rows: &[Value],
    wanted: &Prefetches,
) -> Outcome<()> {
    if rows.is_empty() {
        return Ok(());
    }
    let owners: Vec<Rc<Instance>> = rows
        .iter()
        .filter_map(|row| match row {
            Value::Instance(instance) => Some(instance.clone()),
            _ => None,
        })
        .gather();
    let mut queries = wanted.queries.clone();
    for (name, further) in &wanted.map {
        let Some(rel) = shape::relation(world, model, name) else { continue };
        let own = queries.iter().find(|(known, _)| known == name).map(|(_, own)| own.clone());
        let (to, mut set) =
            own.unwrap_or_else(|| (None, Rc::new(QuerySet::all(world, &rel.target))));
        if !further.is_empty() {
            set = Rc::new(set.prefetching(machine, further)?);
        }
        queries.push((name.clone(), (to, set)));
    }
    for (name, (to, set)) in queries {
        let Some(rel) = shape::relation(world, model, &name) else { continue };
        let step = Step { world, rel: &rel, owners: &owners, to: to.as_deref() };
        match (rel.side, &rel.through) {
            (Side::Many, Some(keys)) => step.many(machine, &set, keys)?,
            (Side::Backward, _) => step.backward(machine, &set)?,
            (Side::Forward | Side::Many, _) => step.forward(machine, &set)?,
        }
    }
    Ok(())
}

struct Step<'a> {
    world: &'a Rc<World>,
    rel: &'a Rel,
    owners: &'a [Rc<Instance>],
    to: Option<&'a str>,
}

impl Step<'_> {
    fn rows(
        &self,
        machine: &mut Machine,
        set: &QuerySet,
        name: &str,
        value: Value,
    ) -> Outcome<Vec<Value>> {
        let rows = set.clone().whose(name, value).run(machine)?;
        machine.list_of(&rows)
    }

    fn give(&self, owner: &Rc<Instance>, rows: Vec<Value>) {
        let name = &self.rel.name;
        if self.rel.single {
            let row = rows.last().cloned().unwrap_or(Value::None);
            with_state(owner, |state| state.cache.insert(name.clone(), row.clone()));
            if let Some(to) = self.to {
                owner.set(to, row);
            }
            return;
        }
        with_state(owner, |state| state.fetched.insert(name.clone(), rows.clone()));
        if let Some(to) = self.to {
            owner.set(to, Value::list(rows));
        }
    }

    fn backward(&self, machine: &mut Machine, set: &QuerySet) -> Outcome<()> {
        let key = |owner: &Rc<Instance>| owner.get(&self.rel.own.0).unwrap_or(Value::None);
        let keys: Vec<Value> = self.owners.iter().map(key).gather();
        let name = format!("{}__in", self.rel.other.0);
        let rows = self.rows(machine, set, &name, Value::list(keys))?;
        for owner in self.owners {
            let mut own = Vec::new();
            for row in &rows {
                let held = machine.attribute(row, &self.rel.other.0)?;
                if machine.equal(&held, &key(owner))? {
                    own.push(row.clone());
                }
            }
            self.give(owner, own);
        }
        Ok(())
    }

    fn many(&self, machine: &mut Machine, set: &QuerySet, keys: &Keys) -> Outcome<()> {
        let mut cells = Vec::new();
        let owner_model = self.owners.first().and_then(|owner| self.world.model_of(&owner.class));
        let owner_model = owner_model.and_then(|at| self.world.model(at)).cloned();
        let (Some(own), Some(far)) =
            (owner_model.as_ref().and_then(|model| model.key()), self.rel.target.key())
        else {
            return Ok(());
        };
        for owner in self.owners {
            let key = key_of(self.world, &Value::Instance(owner.clone())).unwrap_or(Value::None);
            let cell = Expr::Param(encode::cell(machine, &own.ty, &key)?);
            if !cells.contains(&cell) {
                cells.push(cell);
            }
        }
        let near_column = through_column(self.world, &keys.table, &keys.near);
        let far_column = through_column(self.world, &keys.table, &keys.far);
        let condition = if matches!(near_column, Expr::Raw(_)) {
            Expr::Or(Vec::new())
        } else {
            Expr::In(Box::new(near_column.clone()), cells, Is::So)
        };
        let select = Select {
            columns: vec![(near_column, None), (far_column, None)],
            from: vec![Source::table(&keys.table, None)],
            condition: Some(condition),
            ..Select::default()
        };
        let reply = send(machine, self.world, Writer::new(&STYLE).select(&select))?;
        let mut pairs = Vec::new();
        let mut wanted: Vec<Value> = Vec::new();
        for row in &reply.rows {
            let [near, to] = row.as_slice() else { continue };
            let (near, to) =
                (encode::from_db(Some(&own.ty), near), encode::from_db(Some(&far.ty), to));
            let mut known = false;
            for value in &wanted {
                known |= machine.equal(value, &to)?;
            }
            if !known {
                wanted.push(to.clone());
            }
            pairs.push((near, to));
        }
        let rows = if pairs.is_empty() {
            Vec::new()
        } else {
            self.rows(machine, set, "pk__in", Value::list(wanted))?
        };
        for owner in self.owners {
            let key = key_of(self.world, &Value::Instance(owner.clone())).unwrap_or(Value::None);
            let mut own = Vec::new();
            for row in &rows {
                let held = key_of(self.world, row).unwrap_or(Value::None);
                for (near, to) in &pairs {
                    if machine.equal(to, &held)? && machine.equal(near, &key)? {
                        own.push(row.clone());
                    }
                }
            }
            self.give(owner, own);
        }
        Ok(())
    }

    fn forward(&self, machine: &mut Machine, set: &QuerySet) -> Outcome<()> {
        let held = |owner: &Rc<Instance>| owner.get(&self.rel.own.0).unwrap_or(Value::None);
        let mut wanted: Vec<Value> = Vec::new();
        for owner in self.owners {
            let key = held(owner);
            let mut known = key.is_none();
            for value in &wanted {
                known |= machine.equal(value, &key)?;
            }
            if !known {
                wanted.push(key);
            }
        }
        let name = &self.rel.other.0;
        let rows = match wanted.as_slice() {
            [] => Vec::new(),
            [only] => self.rows(machine, set, name, only.clone())?,
            many => self.rows(machine, set, &format!("{name}__in"), Value::list(many.to_vec()))?,
        };
        for owner in self.owners {
            let mut found = Value::None;
            for row in &rows {
                let key = machine.attribute(row, name)?;
                if machine.equal(&key, &held(owner))? {
                    found = row.clone();
                }
            }
            if found.is_none() {
                owner.set(&self.rel.own.0, Value::None);
            }
            with_state(owner, |state| state.cache.insert(self.rel.name.clone(), found.clone()));
            if let Some(to) = self.to {
                owner.set(to, found);
            }
        }
        Ok(())
    }
}
