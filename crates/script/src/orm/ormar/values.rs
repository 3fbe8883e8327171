//! `values` and `values_list`

use throughline_order::Gather as _;

use super::exceptions::raise as raise_own;
use super::link::link;
use super::queryset::{Choice, QuerySet};
use crate::Machine;
use crate::eval::raise;
use crate::orm::awaitable::later;
use crate::value::{Args, Dict, Outcome, Value};

/// What becomes of a row.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Shape {
    Dict,
    Tuple,
}

pub(super) fn values(set: QuerySet, shape: Shape, args: Args) -> Outcome {
    Ok(later(move |machine| {
        let function = if shape == Shape::Dict { "values" } else { "values_list" };
        let names: [&str; 3] = match shape {
            Shape::Dict => ["fields", "exclude_through", "_as_dict"],
            Shape::Tuple => ["fields", "flatten", "exclude_through"],
        };
        let [fields, second, third] = args.bind(function, names, 0)?;
        let (flatten, exclude_through) = match shape {
            Shape::Dict => (None, second),
            Shape::Tuple => (second, third),
        };
        let yes = |machine: &mut Machine, value: Option<Value>| match value {
            Some(value) => machine.truth(&value),
            None => Ok(false),
        };
        let flatten = yes(machine, flatten)?;
        let exclude_through = yes(machine, exclude_through)?;
        let set = match fields {
            Some(fields) if machine.truth(&fields)? => {
                set.choose(machine, &fields, Choice::Include)?
            }
            _ => set,
        };
        rows(machine, &set, shape, flatten, exclude_through)
    }))
}

fn rows(
    machine: &mut Machine,
    set: &QuerySet,
    shape: Shape,
    flatten: bool,
    exclude_through: bool,
) -> Outcome {
    let (compiled, reply) = set.fetched(machine, set.limit, &set.orders)?;
    let mut names = Vec::new();
    for column in &compiled.columns {
        let (path, through) = &column.table;
        let shown = set.wants(&column.table, &column.field)
            && !(*through && exclude_through)
            && reached(set, path);
        names.push(shown.then(|| {
            let before = if *through { through_path(set, path) } else { path.clone() };
            if before.is_empty() {
                column.field.to_string()
            } else {
                format!("{before}__{}", column.field)
            }
        }));
    }
    if flatten && !reply.rows.is_empty() {
        let count = set.columns.iter().filter(|chosen| chosen.kind == Choice::Include).count();
        if count != 1 {
            return Err(raise_own(
                machine,
                "QueryDefinitionError",
                "You cannot flatten values_list if more than one field is selected!",
            ));
        }
    }
    let mut out = Vec::new();
    for row in &reply.rows {
        let mut dict = Dict::default();
        for ((name, column), cell) in names.iter().zip(&compiled.columns).zip(row) {
            if let Some(name) = name {
                dict.set(name, super::compile::value(machine, set, column, cell)?);
            }
        }
        if shape == Shape::Dict {
            out.push(Value::dict(dict));
            continue;
        }
        let items: Vec<Value> = dict.items().map(|(_, value)| value.clone()).gather();
        out.push(match (flatten, items.first()) {
            (false, _) => Value::tuple(items),
            (true, Some(first)) => first.clone(),
            (true, None) => return Err(raise("IndexError", "tuple index out of range")),
        });
    }
    Ok(Value::list(out))
}

/// Whether what is asked for leads to a related table: where only some columns of a table are, its relations must be named, too.
fn reached(set: &QuerySet, path: &str) -> bool {
    if path.is_empty() {
        return true;
    }
    let (before, name) = path.rsplit_once("__").unwrap_or(("", path));
    let limited =
        set.columns.iter().any(|chosen| chosen.table.0 == before && chosen.kind != Choice::Exclude);
    let named = set.columns.iter().any(|chosen| {
        let further = chosen
            .table
            .0
            .strip_prefix(path)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with("__"));
        further || chosen.table.0 == before && chosen.field == name
    });
    (!limited || named) && reached(set, before)
}

/// A through table's columns stand under its model's name.
fn through_path(set: &QuerySet, path: &str) -> String {
    let parts: Vec<&str> = path.split("__").gather();
    let name = super::clause::target(&set.world, set.model, &parts).ok().and_then(|target| {
        let via = link(&set.world, target.model, &target.field)?.via?;
        Some(set.world.model(via.model)?.name.to_lowercase())
    });
    let name = name.unwrap_or_default();
    match path.rsplit_once("__") {
        Some((before, _)) => format!("{before}__{name}"),
        None => name,
    }
}
