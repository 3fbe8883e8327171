//! The methods of query sets, by name.

use std::rc::Rc;

use super::queryset::QuerySet;
use super::{class_of, prefetch};
use crate::Machine;
use crate::eval::refuse;
use crate::value::{Args, Dict, Outcome, Value};

pub(super) type Method = fn(&Rc<QuerySet>, &mut Machine, Args) -> Outcome;

pub(super) const METHODS: &[(&str, Method)] = &[
    ("all", |set, _, _| Ok(set.fresh(|_| {}))),
    ("filter", |set, machine, args| set.filtered(machine, args, false)),
    ("exclude", |set, machine, args| set.filtered(machine, args, true)),
    ("order_by", |set, machine, args| set.ordered(machine, args)),
    ("reverse", |set, _, _| Ok(set.fresh(|set| set.query.reversed = !set.query.reversed))),
    ("distinct", |set, machine, args| {
        if !args.positional.is_empty() {
            let message = "DISTINCT ON fields is not supported by this database backend";
            return Err(match class_of(machine, "django.db", "NotSupportedError") {
                Some(class) => machine.exception(&class, vec![Value::str(message)]),
                None => refuse(message),
            });
        }
        Ok(set.fresh(|set| set.query.distinct = true))
    }),
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
    ("annotate", |set, machine, args| set.annotated(machine, args)),
    ("alias", |_, _, _| Err(refuse("`alias` is not supported here yet: use `annotate`."))),
    ("values", |set, machine, args| set.values(machine, args)),
    ("values_list", |set, machine, args| set.values_list(machine, args)),
    ("only", |set, _, args| {
        let names = texts(&args);
        Ok(set.fresh(|set| set.only = Some(names.clone())))
    }),
    ("defer", |set, _, args| {
        let names = texts(&args);
        let model = set.query.model();
        Ok(set.fresh(|set| {
            let all = model.iter().flat_map(|model| &model.fields).map(|field| field.name.clone());
            set.only = Some(all.filter(|name| !names.contains(name)).collect());
        }))
    }),
    ("select_related", |set, _, args| {
        let names = texts(&args);
        let all: Vec<Rc<str>> = set
            .query
            .model()
            .map(|model| {
                let keys = model
                    .relations
                    .iter()
                    .filter(|relation| relation.key.is_some() && !relation.null);
                keys.map(|relation| relation.name.clone()).collect()
            })
            .unwrap_or_default();
        Ok(set.fresh(|set| {
            set.related.extend(if names.is_empty() { all.clone() } else { names.clone() })
        }))
    }),
    ("prefetch_related", |set, machine, args| {
        let found = prefetch::parse(machine, &set.query.world, set.query.model, &args)?;
        Ok(set.fresh(|set| set.prefetches.extend(found.iter().cloned())))
    }),
    ("in_bulk", |set, machine, args| {
        let ids = args.positional.first().cloned();
        let narrowed = match ids {
            Some(ids) if !ids.is_none() => set.narrowed(
                machine,
                Args { positional: Vec::new(), keywords: vec![("pk__in".into(), ids)] },
            )?,
            _ => Rc::new(set.copy()),
        };
        let mut out = Dict::default();
        for row in narrowed.rows(machine)? {
            let key = match &row {
                Value::Instance(instance) => super::instance::key_of(&set.query.world, instance),
                _ => Value::None,
            };
            out.insert(machine.key(&key)?, key, row);
        }
        Ok(Value::dict(out))
    }),
    ("create", |set, machine, args| set.create(machine, args)),
    ("get_or_create", |set, machine, mut args| {
        let defaults = defaults(machine, args.take("defaults"))?;
        set.get_or_create(machine, args, defaults)
            .map(|(row, created)| Value::tuple(vec![row, Value::Bool(created)]))
    }),
    ("update_or_create", |set, machine, mut args| {
        let defaults_given = defaults(machine, args.take("defaults"))?;
        let create = match args.take("create_defaults") {
            Some(given) => defaults(machine, Some(given))?,
            None => defaults_given.clone(),
        };
        let (row, created) = set.get_or_create(machine, args, create)?;
        if let (Value::Instance(instance), false) = (&row, created) {
            let mut names = Vec::new();
            for (name, value) in defaults_given {
                machine.set_attribute(&row, &name, value)?;
                names.push(name);
            }
            super::save::save(machine, &set.query.world, instance, Some(&names))?;
        }
        Ok(Value::tuple(vec![row, Value::Bool(created)]))
    }),
    ("bulk_create", |set, machine, args| {
        let rows = machine.list_of(args.positional.first().unwrap_or(&Value::None))?;
        super::save::bulk_create(machine, &set.query.world, set.query.model, &rows)?;
        Ok(Value::list(rows))
    }),
    ("bulk_update", |set, machine, args| {
        let rows = machine.list_of(args.positional.first().unwrap_or(&Value::None))?;
        let fields = args.positional.get(1).cloned().or_else(|| {
            args.keywords
                .iter()
                .find(|(name, _)| &**name == "fields")
                .map(|(_, value)| value.clone())
        });
        let names: Vec<Rc<str>> = machine
            .list_of(&fields.unwrap_or(Value::None))?
            .iter()
            .filter_map(|name| name.as_str().map(Into::into))
            .collect();
        for row in &rows {
            if let Value::Instance(instance) = row {
                super::save::save(machine, &set.query.world, instance, Some(&names))?;
            }
        }
        Ok(Value::from(rows.len()))
    }),
    ("update", |set, machine, args| set.update(machine, args)),
    ("delete", |set, machine, _| super::delete::delete_all(machine, set)),
    ("union", |set, machine, args| set.combine(machine, "UNION", args)),
    ("intersection", |set, machine, args| set.combine(machine, "INTERSECT", args)),
    ("difference", |set, machine, args| set.combine(machine, "EXCEPT", args)),
    ("iterator", |set, machine, _| {
        let rows = set.rows(machine)?;
        machine.iterate(&Value::list(rows)).map(Value::Iter)
    }),
];

pub(super) fn texts(args: &Args) -> Vec<Rc<str>> {
    args.positional.iter().filter_map(|value| value.as_str().map(Into::into)).collect()
}

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
