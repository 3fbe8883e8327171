//! Methods of query sets by name.

use std::rc::Rc;

use throughline_order::{Arrange as _, Gather as _};

use super::exceptions::{is, raise as raise_own};
use super::link::Kind;
use super::queryset::{Choice, QuerySet, texts};
use super::reach::{names, reach};
use super::values::{Shape, values};
use crate::Machine;
use crate::eval::raise;
use crate::orm::awaitable::later;
use crate::value::{Args, Class, Instance, Object, Outcome, Value};
use crate::world::World;

type Run = fn(&QuerySet, &mut Machine, Args) -> Outcome;
type Narrow = fn(&QuerySet, &mut Machine, Args) -> Outcome<QuerySet>;

fn number(value: Option<Value>) -> Outcome<Option<i64>> {
    match value {
        None | Some(Value::None) => Ok(None),
        Some(value) => {
            value.as_int().map(Some).ok_or_else(|| raise("TypeError", "a number is expected"))
        }
    }
}

/// What gives another query set.
const NARROW: &[(&str, Narrow)] = &[
    ("filter", QuerySet::filter),
    ("exclude", QuerySet::exclude),
    ("select_related", |set, machine, args| {
        let mut set = set.clone();
        set.related.extend(texts(machine, &args)?);
        set.related.arrange();
        set.related.dedup();
        Ok(set)
    }),
    ("select_all", |set, machine, args| {
        let [follow] = args.bind("select_all", ["follow"], 0)?;
        let follow = follow.map_or(Ok(false), |follow| machine.truth(&follow))?;
        let mut set = set.clone();
        let mut paths = Vec::new();
        if follow {
            paths = reach(&set.world, set.model);
        } else {
            paths.extend(directly(&set.world, set.model));
        }
        set.related.extend(paths);
        set.related.arrange();
        set.related.dedup();
        Ok(set)
    }),
    ("prefetch_related", |set, machine, args| {
        let mut set = set.clone();
        set.prefetch.extend(texts(machine, &args)?);
        Ok(set)
    }),
    ("fields", |set, machine, args| {
        let [columns] = args.bind("fields", ["columns"], 1)?;
        set.choose(machine, &columns.unwrap_or(Value::None), Choice::Include)
    }),
    ("exclude_fields", |set, machine, args| {
        let [columns] = args.bind("exclude_fields", ["columns"], 1)?;
        set.choose(machine, &columns.unwrap_or(Value::None), Choice::Exclude)
    }),
    ("flatten_fields", |set, machine, args| {
        let given = args.only("flatten_fields")?;
        let names = names(machine, &given)?;
        set.flattened(machine, names)
    }),
    ("order_by", |set, machine, args| set.order_by(machine, &args)),
    ("limit", |set, machine, args| {
        let [count, raw] = args.bind("limit", ["limit_count", "limit_raw_sql"], 1)?;
        let mut set = set.clone();
        set.limit = number(count)?;
        if let Some(raw) = raw {
            set.raw = machine.truth(&raw)?;
        }
        Ok(set)
    }),
    ("offset", |set, machine, args| {
        let [offset, raw] = args.bind("offset", ["offset", "limit_raw_sql"], 1)?;
        let mut set = set.clone();
        set.offset = number(offset)?;
        if let Some(raw) = raw {
            set.raw = machine.truth(&raw)?;
        }
        Ok(set)
    }),
    ("paginate", |set, machine, args| {
        let [page, size] = args.bind("paginate", ["page", "page_size"], 1)?;
        let (page, size) = (number(page)?.unwrap_or(1), number(size)?.unwrap_or(20));
        if page < 1 || size < 1 {
            let message = "Page size and page have to be greater than 0.";
            return Err(raise_own(machine, "QueryDefinitionError", message));
        }
        let mut set = set.clone();
        set.limit = Some(size);
        set.offset = Some((page - 1).saturating_mul(size));
        Ok(set)
    }),
];

/// The query set that arguments narrow, if there are any.
fn narrowed(set: &QuerySet, machine: &mut Machine, args: Args) -> Outcome<QuerySet> {
    if args.positional.is_empty() && args.keywords.is_empty() {
        return Ok(set.clone());
    }
    set.filter(machine, args)
}

pub(super) fn list(found: Vec<Rc<Instance>>) -> Value {
    Value::list(found.into_iter().map(Value::Instance).gather())
}

fn or_none(machine: &mut Machine, found: Outcome) -> Outcome {
    match found {
        Err(raised) if is(machine, &raised, "NoMatch") => Ok(Value::None),
        other => other,
    }
}

/// What is awaited.
const AWAITED: &[(&str, Run)] = &[
    ("all", |set, machine, args| Ok(list(narrowed(set, machine, args)?.all(machine)?))),
    ("get", |set, machine, args| narrowed(set, machine, args)?.get(machine)),
    ("get_or_none", |set, machine, args| {
        let found = narrowed(set, machine, args)?.get(machine);
        or_none(machine, found)
    }),
    ("first", |set, machine, args| narrowed(set, machine, args)?.first(machine)),
    ("first_or_none", |set, machine, args| {
        let found = narrowed(set, machine, args)?.first(machine);
        or_none(machine, found)
    }),
    ("last", |set, machine, args| narrowed(set, machine, args)?.last(machine)),
    ("last_or_none", |set, machine, args| {
        let found = narrowed(set, machine, args)?.last(machine);
        or_none(machine, found)
    }),
    ("count", |set, machine, args| {
        let [distinct] = args.bind("count", ["distinct"], 0)?;
        let distinct = match distinct {
            Some(distinct) => machine.truth(&distinct)?,
            None => true,
        };
        set.count(machine, distinct)
    }),
    ("exists", |set, machine, _| set.exists(machine)),
    ("max", |set, machine, args| {
        let names = texts(machine, &args)?;
        set.aggregate(machine, "max", &names)
    }),
    ("min", |set, machine, args| {
        let names = texts(machine, &args)?;
        set.aggregate(machine, "min", &names)
    }),
    ("sum", |set, machine, args| {
        let names = texts(machine, &args)?;
        set.aggregate(machine, "sum", &names)
    }),
    ("avg", |set, machine, args| {
        let names = texts(machine, &args)?;
        set.aggregate(machine, "avg", &names)
    }),
    ("create", |set, machine, args| set.create(machine, args)),
    ("get_or_create", |set, machine, mut args| {
        let defaults = args.take("_defaults");
        match narrowed(set, machine, args.clone())?.get(machine) {
            Ok(found) => Ok(Value::tuple(vec![found, Value::Bool(false)])),
            Err(raised) if is(machine, &raised, "NoMatch") => {
                let keywords = with_defaults(machine, args.keywords, defaults)?;
                let made = set.create(machine, Args { positional: Vec::new(), keywords })?;
                Ok(Value::tuple(vec![made, Value::Bool(true)]))
            }
            Err(raised) => Err(raised),
        }
    }),
    ("update_or_create", |set, machine, args| set.update_or_create(machine, args)),
    ("update", |set, machine, args| set.update(machine, args)),
    ("delete", |set, machine, args| set.delete(machine, args)),
    ("bulk_create", |set, machine, args| set.bulk_create(machine, args)),
    ("bulk_update", |set, machine, args| set.bulk_update(machine, args)),
];

/// The names of a model's relations.
pub(super) fn directly(world: &World, model: usize) -> Vec<String> {
    let links = world.model(model).map(|of| super::link::links(world, of)).unwrap_or_default();
    let shown = links.into_iter().filter(|link| link.kind != Kind::Through && !link.hidden);
    shown.map(|link| link.name.to_string()).gather()
}

/// Values to create by: what was asked for, and the defaults over it.
pub(super) fn with_defaults(
    machine: &mut Machine,
    mut keywords: Vec<(Rc<str>, Value)>,
    defaults: Option<Value>,
) -> Outcome<Vec<(Rc<str>, Value)>> {
    if let Some(defaults) = defaults.filter(|defaults| !defaults.is_none()) {
        for (name, value) in machine.mapping(&defaults)? {
            if let Value::Str(name) = name {
                keywords.retain(|(known, _)| *known != name);
                keywords.push((name, value));
            }
        }
    }
    Ok(keywords)
}

/// Another query set, by a method's name.
pub(super) fn narrowing(name: &str) -> Option<(&'static str, Narrow)> {
    NARROW.iter().find(|(known, _)| *known == name).copied()
}

/// A method of a query set.
pub(super) fn method(set: &QuerySet, name: &str) -> Option<Value> {
    let set = set.clone();
    if let Some((name, run)) = narrowing(name) {
        return Some(Value::native(name, move |machine, args| {
            Ok(Value::Object(Rc::new(run(&set, machine, args)?)))
        }));
    }
    if let Some((name, run)) = AWAITED.iter().find(|(known, _)| *known == name).copied() {
        return Some(Value::native(name, move |_, args| {
            let set = set.clone();
            Ok(later(move |machine| run(&set, machine, args)))
        }));
    }
    match name {
        "values" => {
            Some(Value::native("values", move |_, args| values(set.clone(), Shape::Dict, args)))
        }
        "values_list" => Some(Value::native("values_list", move |_, args| {
            values(set.clone(), Shape::Tuple, args)
        })),
        "iterate" => Some(Value::native("iterate", move |machine, args| {
            Ok(Value::Object(Rc::new(Rows(narrowed(&set, machine, args)?))))
        })),
        _ => None,
    }
}

/// `iterate()`: what `async for` goes through.
struct Rows(QuerySet);

impl Object for Rows {
    fn class(&self) -> Rc<Class> {
        Rc::new(Class::new("async_generator", "builtins", &[]))
    }

    fn any(&self) -> &dyn std::any::Any {
        self
    }

    fn iterate_async(self: Rc<Self>, machine: &mut Machine) -> Outcome<Option<Value>> {
        let found = list(self.0.all(machine)?);
        machine.iterate(&found).map(|each| Some(Value::Iter(each)))
    }
}
