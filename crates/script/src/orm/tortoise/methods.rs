//! Methods of query sets.

use std::rc::Rc;

use throughline_order::Gather as _;

use super::compile::is_expression;
use super::condition::Q;
use super::expression::node_of;
use super::operators::q_of;
use super::queryset::{Action, QuerySet, Shape, Wanted};
use super::{coroutine, raised, shape};
use crate::Machine;
use crate::eval::{raise, refuse};
use crate::value::{Args, Dict, Outcome, Value};

type Run = fn(&QuerySet, &mut Machine, Args) -> Outcome;

pub(super) const NO_INDEX: &str = "QuerySet indices must be slices, not integers. QuerySets are lazy and do not support random access. Use await queryset.first(), await queryset.offset(n).first(), or await queryset.all() and index the returned list.";

/// What Tortoise has and this has not.
pub(super) const UNSUPPORTED: &[&str] = &["union", "raw", "explain", "bulk_create", "bulk_update"];

/// Those that query sets have.
pub(super) const METHODS: &[(&str, Run)] = &[
    ("all", |set, _, _| Ok(set.clone().value())),
    ("filter", |set, _, args| filtered(set, args, false).map(QuerySet::value)),
    ("exclude", |set, _, args| filtered(set, args, true).map(QuerySet::value)),
    ("get", |set, _, args| one(set, args, Wanted::One)),
    ("get_or_none", |set, _, args| one(set, args, Wanted::OneOrNone)),
    ("first", |set, _, _| Ok(single(set.clone()).value())),
    ("last", last),
    ("latest", |set, machine, args| end(set, machine, args, true)),
    ("earliest", |set, machine, args| end(set, machine, args, false)),
    ("order_by", |set, machine, args| {
        let order = orderings(set, machine, &args, false)?;
        Ok(QuerySet { order, ..set.clone() }.value())
    }),
    ("limit", |set, machine, args| {
        let [limit] = args.bind("limit", ["limit"], 1)?;
        limited(set, machine, limit.as_ref()).map(QuerySet::value)
    }),
    ("offset", |set, machine, args| {
        let [offset] = args.bind("offset", ["offset"], 1)?;
        shifted(set, machine, offset.as_ref()).map(QuerySet::value)
    }),
    ("distinct", |set, _, _| Ok(QuerySet { distinct: true, ..set.clone() }.value())),
    ("annotate", annotate),
    ("group_by", |set, _, args| Ok(QuerySet { group_by: texts(&args), ..set.clone() }.value())),
    ("values", values),
    ("values_list", values_list),
    ("only", |set, _, args| {
        let only = texts(&args);
        if only.is_empty() {
            return Err(raise("ValueError", ".only() requires at least one field"));
        }
        if only.iter().any(|name| name.contains("__")) {
            return Err(refuse("`only()` over relations is not supported here yet."));
        }
        Ok(QuerySet { only, ..set.clone() }.value())
    }),
    ("select_related", |set, _, args| {
        let mut set = set.clone();
        for path in texts(&args) {
            if !set.related.contains(&path) {
                set.related.push(path);
            }
        }
        Ok(set.value())
    }),
    ("prefetch_related", |set, machine, args| {
        set.prefetching(machine, &args.positional).map(QuerySet::value)
    }),
    ("count", |set, _, _| Ok(acting(set, Action::Count))),
    ("exists", |set, _, _| Ok(acting(set, Action::Exists))),
    ("contains", contains),
    ("update", |set, _, args| Ok(acting(set, Action::Update(args.keywords)))),
    ("delete", |set, _, _| Ok(acting(set, Action::Delete))),
    ("in_bulk", |set, _, args| {
        let [keys, name] = args.bind("in_bulk", ["id_list", "field_name"], 2)?;
        in_bulk(set, keys.unwrap_or(Value::None), name)
    }),
    ("sql", |set, machine, args| {
        let [inline] = args.bind("sql", ["params_inline"], 0)?;
        if inline.is_some() {
            return Err(refuse(
                "`sql(params_inline=…)` is not supported here: each step shows its statement both ways.",
            ));
        }
        let (select, _) = set.select(machine)?;
        Ok(Value::from(crate::sql::Writer::new(&super::STYLE).select(&select).sql))
    }),
    // These change nothing on SQLite.
    ("select_for_update", |set, _, _| Ok(set.clone().value())),
    ("force_index", |set, _, _| Ok(set.clone().value())),
    ("use_index", |set, _, _| Ok(set.clone().value())),
    ("using_db", |set, _, _| Ok(set.clone().value())),
];

fn acting(set: &QuerySet, action: Action) -> Value {
    QuerySet { action, ..set.clone() }.value()
}

/// The text arguments.
fn texts(args: &Args) -> Vec<Rc<str>> {
    args.positional.iter().filter_map(|value| value.as_str().map(Rc::from)).gather()
}

/// With the conditions of a call: every keyword by itself, as Tortoise negates them.
pub(super) fn filtered(set: &QuerySet, args: Args, exclude: bool) -> Outcome<QuerySet> {
    let mut set = set.clone();
    for value in &args.positional {
        let Some(q) = q_of(value) else {
            return Err(raise("TypeError", "expected Q objects as args"));
        };
        set.conditions.push(Q { negated: exclude != q.negated, ..q });
    }
    for (name, value) in args.keywords {
        set.conditions.push(Q { negated: exclude, filters: vec![(name, value)], ..Q::default() });
    }
    Ok(set)
}

pub(super) fn one(set: &QuerySet, args: Args, wanted: Wanted) -> Outcome {
    let mut set = filtered(set, args, false)?;
    set.limit = Some(2);
    set.wanted = wanted;
    Ok(set.value())
}

pub(super) fn single(mut set: QuerySet) -> QuerySet {
    set.wanted = Wanted::OneOrNone;
    set.limit = Some(1);
    set
}

fn last(set: &QuerySet, _: &mut Machine, _: Args) -> Outcome {
    let mut set = set.clone();
    if set.order.is_empty() {
        let key = set.model.key().map(|key| key.attname.clone());
        set.order = key.into_iter().map(|name| (name, true)).gather();
    } else {
        set.order.iter_mut().for_each(|(_, descending)| *descending = !*descending);
    }
    Ok(single(set).value())
}

fn end(set: &QuerySet, machine: &mut Machine, args: Args, reverse: bool) -> Outcome {
    if args.positional.is_empty() {
        return Err(raised(machine, "FieldError", "No fields passed"));
    }
    let order = orderings(set, machine, &args, reverse)?;
    Ok(single(QuerySet { order, ..set.clone() }).value())
}

fn orderings(
    set: &QuerySet,
    machine: &mut Machine,
    args: &Args,
    reverse: bool,
) -> Outcome<Vec<(Rc<str>, bool)>> {
    let mut out = Vec::new();
    for text in texts(args) {
        let (name, descending) = match text.strip_prefix('-') {
            Some(name) => (Rc::<str>::from(name), true),
            None => (text, false),
        };
        let first = name.split("__").next().unwrap_or(&name);
        let known = shape::has(&set.world, &set.model, first)
            || set.annotations.iter().any(|(known, _)| *known == name);
        if !known {
            let message = format!("Unknown field {name} for model {}", set.model.name);
            return Err(raised(machine, "FieldError", message));
        }
        out.push((name, descending != reverse));
    }
    Ok(out)
}

fn limited(set: &QuerySet, machine: &mut Machine, limit: Option<&Value>) -> Outcome<QuerySet> {
    let limit = limit.and_then(Value::as_int);
    if limit.is_some_and(|limit| limit < 0) {
        return Err(raised(machine, "ParamsError", "Limit should be non-negative number"));
    }
    Ok(QuerySet { limit, ..set.clone() })
}

fn shifted(set: &QuerySet, machine: &mut Machine, offset: Option<&Value>) -> Outcome<QuerySet> {
    let offset = offset.and_then(Value::as_int);
    if offset.is_some_and(|offset| offset < 0) {
        return Err(raised(machine, "ParamsError", "Offset should be non-negative number"));
    }
    // SQLite has no OFFSET without LIMIT.
    let limit = set.limit.or(Some(1_000_000));
    Ok(QuerySet { offset, limit, ..set.clone() })
}

/// `queryset[1:3]`
pub(super) fn slice(set: &QuerySet, machine: &mut Machine, key: &Value) -> Outcome {
    let Value::Slice(parts) = key else {
        let message = match key {
            Value::Int(_) | Value::Bool(_) => NO_INDEX,
            _ => "QuerySet indices must be slices.",
        };
        return Err(raised(machine, "ParamsError", message));
    };
    let [start, stop, step] = &**parts;
    if !(step.is_none() || step.as_int() == Some(1)) {
        return Err(raised(machine, "ParamsError", "Slice steps should be 1 or None."));
    }
    let first = if start.is_none() { Some(0) } else { start.as_int() };
    let Some(first) = first.filter(|first| *first >= 0) else {
        let message = "Slice start should be non-negative number or None.";
        return Err(raised(machine, "ParamsError", message));
    };
    if !stop.is_none() && stop.as_int().is_none_or(|stop| stop <= first) {
        let message = "Slice stop should be non-negative number greater that slice start, or None.";
        return Err(raised(machine, "ParamsError", message));
    }
    let shifted = shifted(set, machine, Some(&Value::Int(first)))?;
    Ok(match stop.as_int() {
        Some(stop) => QuerySet { limit: Some(stop - first), ..shifted },
        None => shifted,
    }
    .value())
}

fn annotate(set: &QuerySet, _: &mut Machine, args: Args) -> Outcome {
    if !args.positional.is_empty() {
        let given = args.positional.len() + 1;
        return Err(raise(
            "TypeError",
            format!("QuerySet.annotate() takes 1 positional argument but {given} were given"),
        ));
    }
    let mut set = set.clone();
    for (name, value) in args.keywords {
        let node = node_of(&value);
        if !is_expression(&node) {
            let message = format!("'{}' object has no attribute 'resolve'", value.type_name());
            return Err(raise("AttributeError", message));
        }
        set.annotations.retain(|(known, _)| *known != name);
        set.annotations.push((name, node));
    }
    Ok(set.value())
}

/// All columns and annotations.
fn all_names(set: &QuerySet) -> Vec<Rc<str>> {
    let fields = set.model.fields.iter().map(|field| field.attname.clone());
    fields.chain(set.annotations.iter().map(|(name, _)| name.clone())).gather()
}

fn values(set: &QuerySet, machine: &mut Machine, args: Args) -> Outcome {
    if !set.only.is_empty() {
        return Err(raise("ValueError", ".values() cannot be used with .only()"));
    }
    let mut names: Vec<(Rc<str>, Rc<str>)> = Vec::new();
    let positional = texts(&args).into_iter().map(|name| (name.clone(), name));
    let keywords = args
        .keywords
        .iter()
        .filter_map(|(called, path)| Some((called.clone(), Rc::from(path.as_str()?))));
    for (called, path) in positional.chain(keywords) {
        if names.iter().any(|(known, _)| *known == called) {
            return Err(raised(machine, "FieldError", format!("Duplicate key {called}")));
        }
        names.push((called, path));
    }
    if names.is_empty() {
        names = all_names(set).into_iter().map(|name| (name.clone(), name)).gather();
    }
    Ok(QuerySet { shape: Shape::Dicts(names), ..set.clone() }.value())
}

fn values_list(set: &QuerySet, machine: &mut Machine, mut args: Args) -> Outcome {
    if !set.only.is_empty() {
        return Err(raise("ValueError", ".values_list() cannot be used with .only()"));
    }
    let flat = match args.take("flat") {
        Some(flat) => machine.truth(&flat)?,
        None => false,
    };
    let mut names = texts(&args);
    if names.is_empty() {
        names = all_names(set);
    }
    if flat && names.len() != 1 {
        return Err(raise("TypeError", "You can flat value_list only if contains one field"));
    }
    let shape = if flat { Shape::Flat(names) } else { Shape::Tuples(names) };
    Ok(QuerySet { shape, ..set.clone() }.value())
}

fn contains(set: &QuerySet, machine: &mut Machine, args: Args) -> Outcome {
    let [object] = args.bind("contains", ["obj"], 1)?;
    let object = object.unwrap_or(Value::None);
    let of_model = matches!(&object, Value::Instance(instance)
        if instance.class.derives_from(&set.model.name));
    if !of_model {
        let message = "The given object is not an instance of the queryset's model.";
        return Err(raised(machine, "ParamsError", message));
    }
    match super::instance::key_of(&set.world, &object).filter(|key| !key.is_none()) {
        Some(key) => Ok(acting(set, Action::Contains(key))),
        None => {
            let message = "The given object does not have a primary key.";
            Err(raised(machine, "ParamsError", message))
        }
    }
}

/// `in_bulk(keys, field)`
pub(super) fn in_bulk(set: &QuerySet, keys: Value, name: Option<Value>) -> Outcome {
    let name = match name {
        Some(Value::Str(name)) => name,
        _ => "pk".into(),
    };
    let set = set.clone().whose(&format!("{name}__in"), keys);
    Ok(coroutine::later(move |machine| {
        let rows = set.run(machine)?;
        let mut out = Dict::default();
        for row in machine.list_of(&rows)? {
            let written = machine.attribute(&row, &name)?;
            out.insert(machine.key(&written)?, written, row);
        }
        Ok(Value::dict(out))
    }))
}
