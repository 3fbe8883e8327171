//! The methods of query sets, by name.

use std::rc::Rc;

use throughline_order::Gather as _;

use super::mask::Deferred;
use super::prefetch;
use super::queryset::{QuerySet, Shape};
use crate::Machine;
use crate::eval::raise;
use crate::value::{Args, Dict, Outcome, Value};
use crate::world::{Model, World};

pub(super) type Method = fn(&Rc<QuerySet>, &mut Machine, Args) -> Outcome;

pub(super) const METHODS: &[(&str, Method)] = &[
    ("all", |set, _, _| Ok(set.fresh(|_| {}))),
    ("filter", |set, machine, args| set.filtered(machine, args, false)),
    ("exclude", |set, machine, args| set.filtered(machine, args, true)),
    ("order_by", |set, machine, args| set.ordered(machine, args)),
    ("reverse", |set, _, _| {
        set.uncut("reverse")?;
        Ok(set.fresh(|set| set.query.reversed = !set.query.reversed))
    }),
    ("distinct", |set, machine, args| {
        set.uncombined(machine, "distinct")?;
        if set.is_sliced() {
            let message = "Cannot create distinct fields once a slice has been taken.";
            return Err(raise("TypeError", message));
        }
        Ok(set.fresh(|set| {
            set.query.distinct = true;
            set.query.distinct_on = texts(&args);
        }))
    }),
    ("complex_filter", |set, machine, args| {
        let given = args.only("complex_filter")?;
        let args = match &given {
            Value::Dict(_) => {
                let mut keywords = Vec::new();
                for (name, value) in machine.mapping(&given)? {
                    keywords.push((machine.str(&name)?, value));
                }
                Args { positional: Vec::new(), keywords }
            }
            _ => Args::one(given),
        };
        set.narrowed(machine, args).map(|set| Value::Object(set))
    }),
    ("using", |set, _, args| {
        let given = args.only("using")?;
        let other = given.as_str().filter(|name| *name != "default").map(Rc::from);
        Ok(set.fresh(|set| set.database = other))
    }),
    // SQLite has no locks of rows: Django leaves them out there, too.
    ("select_for_update", |set, _, _| Ok(set.fresh(|_| {}))),
    ("contains", |set, machine, args| {
        if !matches!(set.shape, Shape::Instances) {
            let message = "Cannot call QuerySet.contains() after .values() or .values_list().";
            return Err(raise("TypeError", message));
        }
        let [row] = args.bind("contains", ["obj"], 1)?;
        let row = row.unwrap_or(Value::None);
        let known = set.fetched.borrow().clone();
        if let Some(rows) = known {
            for known in &rows {
                if machine.equal(known, &row)? {
                    return Ok(Value::Bool(true));
                }
            }
            return Ok(Value::Bool(false));
        }
        let Value::Instance(instance) = &row else {
            return Err(raise("TypeError", "'obj' must be a model instance."));
        };
        let world = &set.query.world;
        let other = world.model_of(&instance.class).and_then(|at| world.model(at));
        let table = set.query.model().map(|model| model.table.clone());
        if other.map(|other| other.table.clone()) != table {
            return Ok(Value::Bool(false));
        }
        let args = Args { positional: Vec::new(), keywords: vec![("pk".into(), row)] };
        set.narrowed(machine, args)?.exists(machine).map(Value::Bool)
    }),
    ("dates", |set, machine, args| set.dates(machine, args)),
    ("raw", |set, machine, args| super::raw::raw(set, machine, args)),
    ("none", |set, _, _| Ok(set.fresh(|set| set.query.empty = true))),
    ("get", |set, machine, args| {
        let narrowed = set.narrowed(machine, args)?;
        narrowed.one(machine)
    }),
    ("first", |set, machine, _| set.end(machine, false)),
    ("last", |set, machine, _| set.end(machine, true)),
    ("earliest", |set, machine, args| set.extreme(machine, args, false)),
    ("latest", |set, machine, args| set.extreme(machine, args, true)),
    ("count", |set, machine, _| set.count(machine).map(Value::from)),
    ("exists", |set, machine, _| set.exists(machine).map(Value::Bool)),
    ("aggregate", |set, machine, args| set.aggregate(machine, args)),
    ("annotate", |set, machine, args| set.annotated(machine, args, false)),
    ("alias", |set, machine, args| set.annotated(machine, args, true)),
    ("values", |set, machine, args| set.values(machine, args)),
    ("values_list", |set, machine, args| set.values_list(machine, args)),
    ("only", |set, _, args| {
        if matches!(args.positional.as_slice(), [Value::None]) {
            return Err(raise("TypeError", "Cannot pass None as an argument to only()."));
        }
        let names = set.fields_named("only", &args)?;
        Ok(set.fresh(|set| set.deferred.load(names.clone())))
    }),
    ("defer", |set, _, args| {
        // All is loaded again.
        if matches!(args.positional.as_slice(), [Value::None]) {
            return Ok(set.fresh(|set| set.deferred = Deferred::default()));
        }
        let names = set.fields_named("defer", &args)?;
        Ok(set.fresh(|set| set.deferred.defer(names.clone())))
    }),
    ("select_related", |set, _, args| {
        if let [Value::None] = args.positional.as_slice() {
            return Ok(set.fresh(|set| {
                set.related.clear();
                set.relates_all = false;
            }));
        }
        if !matches!(set.shape, Shape::Instances) {
            let message = "Cannot call select_related() after .values() or .values_list()";
            return Err(raise("TypeError", message));
        }
        let names = texts(&args);
        let mut all = Vec::new();
        if let (Some(model), true) = (set.query.model(), names.is_empty()) {
            always_there(&set.query.world, &model, "", 5, &mut all);
        }
        Ok(set.fresh(|set| {
            let chosen = if names.is_empty() { all.clone() } else { names.clone() };
            if names.is_empty() || set.relates_all {
                set.related.clear();
            }
            set.relates_all = names.is_empty();
            set.related.extend(chosen);
        }))
    }),
    ("prefetch_related", |set, machine, args| {
        if let [Value::None] = args.positional.as_slice() {
            return Ok(set.fresh(|set| set.prefetches.clear()));
        }
        let found = prefetch::parse(machine, &set.query.world, set.query.model, &args)?;
        Ok(set.fresh(|set| set.prefetches.extend(found.iter().cloned())))
    }),
    ("in_bulk", |set, machine, args| {
        let [ids, by] = args.bind("in_bulk", ["id_list", "field_name"], 0)?;
        if set.is_sliced() {
            return Err(raise("TypeError", "Cannot use 'limit' or 'offset' with in_bulk()."));
        }
        if !matches!(set.shape, Shape::Instances) {
            let message = "in_bulk() cannot be used with values() or values_list().";
            return Err(raise("TypeError", message));
        }
        // An iterator gives its items once.
        let ids = match ids {
            Some(ids) if !ids.is_none() => Some(Value::list(machine.list_of(&ids)?)),
            _ => None,
        };
        let by: Rc<str> = by.as_ref().and_then(Value::as_str).unwrap_or("pk").into();
        let alone = set.query.distinct_on.as_slice() == [by.clone()];
        let unique = by.as_ref() == "pk"
            || alone
            || set.query.model().is_some_and(|model| {
                model.field(&by).is_some_and(|field| {
                    let alone = |group: &Vec<Rc<str>>| group.as_slice() == [field.column.clone()];
                    field.unique || field.primary_key || model.uniques.iter().any(alone)
                })
            });
        if !unique {
            let message =
                format!("in_bulk()'s field_name must be a unique field but '{by}' isn't.");
            return Err(raise("ValueError", message));
        }
        if let Some(ids) = &ids
            && !ids.is_none()
            && machine.list_of(ids)?.is_empty()
        {
            return Ok(Value::dict(Dict::default()));
        }
        let narrowed = match ids {
            Some(ids) if !ids.is_none() => set.narrowed(
                machine,
                Args { positional: Vec::new(), keywords: vec![(format!("{by}__in").into(), ids)] },
            )?,
            _ => Rc::new(set.copy()),
        };
        let mut out = Dict::default();
        for row in narrowed.rows(machine)? {
            let key = match &row {
                Value::Instance(instance) if &*by == "pk" => {
                    super::instance::key_of(&set.query.world, instance)
                }
                row => machine.attribute(row, &by)?,
            };
            out.insert(machine.key(&key)?, key, row);
        }
        Ok(Value::dict(out))
    }),
    ("create", |set, machine, args| set.create(machine, args)),
    ("get_or_create", |set, machine, mut args| {
        let mut defaults = defaults(machine, args.take("defaults"))?;
        defaults.extend(through(set, &mut args));
        set.get_or_create(machine, args, defaults)
            .map(|(row, created)| Value::tuple(vec![row, Value::Bool(created)]))
    }),
    ("update_or_create", |set, machine, mut args| {
        let defaults_given = defaults(machine, args.take("defaults"))?;
        let mut create = match args.take("create_defaults") {
            Some(given) => defaults(machine, Some(given))?,
            None => defaults_given.clone(),
        };
        create.extend(through(set, &mut args));
        let (row, created) = set.get_or_create(machine, args, create)?;
        if let (Value::Instance(instance), false) = (&row, created) {
            let mut names = Vec::new();
            for (name, value) in defaults_given {
                machine.set_attribute(&row, &name, value)?;
                names.push(name);
            }
            super::save::saved(
                machine,
                &set.query.world,
                instance,
                Some(&names),
                super::save::Force::Nothing,
            )?;
        }
        Ok(Value::tuple(vec![row, Value::Bool(created)]))
    }),
    ("bulk_create", |set, machine, args| super::bulk::create(machine, set, args)),
    ("bulk_update", |set, machine, args| super::bulk::update(machine, set, args)),
    ("update", |set, machine, args| set.update(machine, args)),
    ("delete", |set, machine, _| super::delete::delete_all(machine, set)),
    ("union", |set, machine, args| set.combine(machine, "UNION", args)),
    ("intersection", |set, machine, args| set.combine(machine, "INTERSECT", args)),
    ("difference", |set, machine, args| set.combine(machine, "EXCEPT", args)),
    ("iterator", |set, machine, args| {
        let [size] = args.bind("iterator", ["chunk_size"], 0)?;
        if size.is_none() && !set.prefetches.is_empty() {
            let message = "chunk_size must be provided when using QuerySet.iterator() after prefetch_related().";
            return Err(raise("ValueError", message));
        }
        let rows = set.rows(machine)?;
        machine.iterate(&Value::list(rows)).map(Value::Iter)
    }),
];

/// Methods that also exist to be awaited: `aget`, `acreate`.
pub(super) const ASYNC: &[&str] = &[
    "get",
    "first",
    "last",
    "earliest",
    "latest",
    "count",
    "exists",
    "contains",
    "aggregate",
    "create",
    "get_or_create",
    "update_or_create",
    "bulk_create",
    "bulk_update",
    "in_bulk",
    "update",
    "delete",
    "iterator",
];

/// The relations that `select_related()` follows: those that are never NULL, and theirs, down to a depth.
fn always_there(world: &World, model: &Model, before: &str, depth: u32, out: &mut Vec<Rc<str>>) {
    if depth == 0 {
        return;
    }
    let keys = model.relations.iter().filter(|relation| relation.key.is_some() && !relation.null);
    let keys = keys.filter(|relation| !relation.parent_link);
    for relation in keys {
        let path = format!("{before}{}", relation.name);
        out.push(path.as_str().into());
        if let Some(target) = world.named(&relation.target) {
            always_there(world, target, &format!("{path}__"), depth - 1, out);
        }
    }
}

impl QuerySet {
    /// The names of fields that `only()` and `defer()` take.
    fn fields_named(&self, method: &str, args: &Args) -> Outcome<Vec<Rc<str>>> {
        if !matches!(self.shape, Shape::Instances) {
            let message = format!("Cannot call {method}() after .values() or .values_list()");
            return Err(raise("TypeError", message));
        }
        let model = self.query.model();
        let key = model.as_ref().and_then(|model| model.key()).map(|key| key.name.clone());
        Ok(texts(args)
            .into_iter()
            .map(|name| key.clone().filter(|_| &*name == "pk").unwrap_or(name))
            .collect())
    }
}

pub(super) fn texts(args: &Args) -> Vec<Rc<str>> {
    args.positional.iter().filter_map(|value| value.as_str().map(Into::into)).gather()
}

/// What the row that joins two is made with, where the manager of a many-to-many creates.
fn through(set: &QuerySet, args: &mut Args) -> Option<(Rc<str>, Value)> {
    set.manager.as_ref()?;
    args.take(THROUGH).map(|given| (THROUGH.into(), given))
}

/// The argument that only managers of many-to-many relations know.
pub(super) const THROUGH: &str = "through_defaults";

fn defaults(machine: &mut Machine, given: Option<Value>) -> Outcome<Vec<(Rc<str>, Value)>> {
    let Some(given) = given.filter(|given| !given.is_none()) else { return Ok(Vec::new()) };
    let mut out = Vec::new();
    for (name, value) in machine.mapping(&given)? {
        if let Value::Str(name) = name {
            let value = if matches!(value, Value::Function(_) | Value::Native(_)) {
                machine.call(&value, Args::default())?
            } else {
                value
            };
            out.push((name, value));
        }
    }
    Ok(out)
}
