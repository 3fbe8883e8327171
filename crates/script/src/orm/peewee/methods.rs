//! The methods of queries, by name.

use std::rc::Rc;

use throughline_order::Gather as _;

use super::join::Wanted;
use super::node::{Node, node_of};
use super::query::{Query, selected, source_of};
use super::rows::Shape;
use crate::Machine;
use crate::eval::{raise, refuse};
use crate::value::{Args, Outcome, Value};

pub(super) type Method = fn(&Rc<Query>, &mut Machine, Args) -> Outcome;

/// What queries have in Peewee, but not here.
pub(super) const REFUSED: &[&str] = &[
    "window",
    "for_update",
    "lateral",
    "from_",
    "select_from",
    "with_related",
    "bind",
    "create_table",
];

/// How many rows `first()` and `peek()` give. What comes first is the database for Peewee, not the number.
fn how_many(args: Args) -> Outcome<i64> {
    let [database, count] = args.bind("first", ["database", "n"], 0)?;
    if let Some(other) =
        database.filter(|database| !matches!(database, Value::None | Value::Object(_)))
    {
        let message = format!("'{}' object has no attribute 'execute'", other.type_name());
        return Err(raise("AttributeError", message));
    }
    Ok(count.and_then(|count| count.as_int()).unwrap_or(1))
}

pub(super) const METHODS: &[(&str, Method)] = &[
    ("where", |query, _, args| {
        Ok(query.fresh(|query| args.positional.iter().for_each(|it| query.narrow(node_of(it)))))
    }),
    ("orwhere", |query, _, args| {
        Ok(query.fresh(|query| {
            for value in &args.positional {
                let node = node_of(value);
                query.condition = Some(match query.condition.take() {
                    Some(known) => Node::binary("OR", known, node),
                    None => node,
                });
            }
        }))
    }),
    ("having", |query, _, args| {
        Ok(query.fresh(|query| {
            for value in &args.positional {
                let node = node_of(value);
                query.having = Some(match query.having.take() {
                    Some(known) => Node::binary("AND", known, node),
                    None => node,
                });
            }
        }))
    }),
    ("filter", |query, machine, args| {
        query.filtered(machine, args).map(|query| Value::Object(query))
    }),
    ("select", |query, _, args| {
        if args.positional.is_empty() && query.is_default {
            return Ok(Value::Object(query.clone()));
        }
        let columns = selected(&query.session, &args.positional);
        Ok(query.fresh(|query| {
            query.columns = columns;
            query.is_default = false;
        }))
    }),
    ("columns", |query, _, args| {
        let columns = selected(&query.session, &args.positional);
        Ok(query.fresh(|query| {
            query.columns = columns;
        }))
    }),
    ("select_extend", |query, _, args| {
        let columns = selected(&query.session, &args.positional);
        Ok(query.fresh(|query| {
            query.columns.extend(columns);
            query.is_default = false;
        }))
    }),
    ("order_by", |query, _, args| {
        Ok(query.fresh(|query| query.order_by = args.positional.iter().map(node_of).gather()))
    }),
    ("order_by_extend", |query, _, args| {
        Ok(query.fresh(|query| query.order_by.extend(args.positional.iter().map(node_of))))
    }),
    ("group_by", |query, _, args| {
        let columns = selected(&query.session, &args.positional);
        Ok(query.fresh(|query| query.group_by = columns))
    }),
    ("group_by_extend", |query, _, args| {
        let columns = selected(&query.session, &args.positional);
        Ok(query.fresh(|query| query.group_by.extend(columns)))
    }),
    ("distinct", |query, machine, args| {
        let distinct = match args.positional.as_slice() {
            [] => true,
            [Value::Bool(yes)] => *yes,
            _ => {
                return Err(super::exceptions::raised(
                    machine,
                    "OperationalError",
                    "near \"ON\": syntax error",
                ));
            }
        };
        Ok(query.fresh(|query| query.distinct = distinct))
    }),
    ("limit", |query, _, args| {
        let [limit] = args.bind("limit", ["value"], 0)?;
        Ok(query.fresh(|query| query.limit = limit.and_then(|limit| limit.as_int())))
    }),
    ("offset", |query, _, args| {
        let [offset] = args.bind("offset", ["value"], 0)?;
        Ok(query.fresh(|query| query.offset = offset.and_then(|offset| offset.as_int())))
    }),
    ("paginate", |query, _, args| {
        let [page, size] = args.bind("paginate", ["page", "paginate_by"], 1)?;
        let page = page.and_then(|page| page.as_int()).unwrap_or(1);
        let size = size.and_then(|size| size.as_int()).unwrap_or(20);
        let before = if page > 0 { page - 1 } else { 0 };
        Ok(query.fresh(|query| {
            query.limit = Some(size);
            query.offset = Some(before.saturating_mul(size));
        }))
    }),
    ("join", |query, machine, args| {
        let names = ["dest", "join_type", "on", "src", "attr"];
        let [dest, kind, on, src, attr] = args.bind("join", names, 1)?;
        joined(query, machine, [dest, kind, on, src, attr])
    }),
    ("left_outer_join", |query, machine, args| {
        let [dest, on, src, attr] =
            args.bind("left_outer_join", ["dest", "on", "src", "attr"], 1)?;
        joined(query, machine, [dest, Some(Value::str("LEFT OUTER")), on, src, attr])
    }),
    ("join_from", |query, machine, args| {
        let names = ["src", "dest", "join_type", "on", "attr"];
        let [src, dest, kind, on, attr] = args.bind("join_from", names, 2)?;
        joined(query, machine, [dest, kind, on, src, attr])
    }),
    ("switch", |query, _, args| {
        let [to] = args.bind("switch", ["ctx"], 0)?;
        let to = to.and_then(|to| source_of(&query.session, &to));
        Ok(query.fresh(|query| query.context = to.unwrap_or_else(|| query.root.clone())))
    }),
    ("alias", |query, _, args| {
        let name = args.positional.first().and_then(|name| name.as_str().map(Into::into));
        Ok(query.fresh(|query| query.alias = name))
    }),
    ("dicts", |query, _, _| Ok(query.fresh(|query| query.shape = Shape::Dicts))),
    ("tuples", |query, _, _| Ok(query.fresh(|query| query.shape = Shape::Tuples))),
    ("namedtuples", |query, _, _| Ok(query.fresh(|query| query.shape = Shape::Named))),
    ("models", |query, _, _| Ok(query.fresh(|query| query.shape = Shape::Models))),
    ("objects", |query, _, args| {
        if !args.positional.is_empty() {
            return Err(refuse("`objects(constructor)` is not supported here: call it without."));
        }
        Ok(query.fresh(|query| query.shape = Shape::Flat))
    }),
    ("clone", |query, _, _| Ok(query.fresh(|_| {}))),
    ("get", |query, machine, _| query.one(machine)),
    ("get_or_none", |query, machine, _| none_if_missing(query, machine)),
    ("first", |query, machine, args| {
        let count = how_many(args)?;
        let rows = query.changed(|query| query.limit = Some(count)).rows(machine)?;
        Ok(some(rows, count))
    }),
    ("peek", |query, machine, args| {
        let count = how_many(args)?;
        let rows = query.rows(machine)?;
        let rows = rows.into_iter().take(usize::try_from(count).unwrap_or(0)).gather();
        Ok(some(rows, count))
    }),
    ("scalar", |query, machine, mut args| {
        let as_tuple = args.take("as_tuple").or_else(|| args.positional.get(1).cloned());
        let as_tuple = as_tuple.map_or(Ok(false), |yes| machine.truth(&yes))?;
        let as_dict = args.take("as_dict").map_or(Ok(false), |yes| machine.truth(&yes))?;
        let rows = query
            .changed(|query| {
                query.shape = if as_dict { Shape::Dicts } else { Shape::Tuples };
                query.limit = Some(1);
            })
            .rows(machine)?;
        Ok(match rows.into_iter().next() {
            Some(Value::Tuple(values)) if !as_tuple => {
                values.first().cloned().unwrap_or(Value::None)
            }
            Some(row) => row,
            None => Value::None,
        })
    }),
    ("scalars", |query, machine, _| {
        let rows = query.changed(|query| query.shape = Shape::Tuples).rows(machine)?;
        let first = |row: Value| match row {
            Value::Tuple(values) => values.first().cloned().unwrap_or(Value::None),
            other => other,
        };
        machine.iterate(&Value::list(rows.into_iter().map(first).gather())).map(Value::Iter)
    }),
    ("count", |query, machine, mut args| {
        let clear = args.take("clear_limit").map_or(Ok(false), |yes| machine.truth(&yes))?;
        let counted = query.changed(|query| {
            if clear {
                (query.limit, query.offset) = (None, None);
            }
        });
        counted.count(machine).map(Value::Int)
    }),
    ("exists", |query, machine, _| query.exists(machine).map(Value::Bool)),
    ("execute", |query, machine, _| {
        query.rows(machine)?;
        Ok(Value::Object(query.clone()))
    }),
    ("iterator", |query, machine, _| {
        let rows = query.copy().rows(machine)?;
        machine.iterate(&Value::list(rows)).map(Value::Iter)
    }),
    ("sql", |query, machine, _| {
        let sent = query.statement(machine)?;
        let params = sent.params.iter().map(super::rows::parameter).gather();
        Ok(Value::tuple(vec![Value::from(sent.sql), Value::list(params)]))
    }),
    ("cte", super::cte::named),
    ("with_cte", |query, _, args| super::cte::with(query, args)),
    ("union_all", |query, _, args| compound(query, "UNION ALL", args)),
    ("union", |query, _, args| compound(query, "UNION", args)),
    ("intersect", |query, _, args| compound(query, "INTERSECT", args)),
    ("except_", |query, _, args| compound(query, "EXCEPT", args)),
    ("prefetch", |query, machine, args| {
        super::prefetch::prefetch(machine, &query.session, args.after(Value::Object(query.clone())))
    }),
];

/// The only row, or a list of rows; `None` where there is none.
fn some(rows: Vec<Value>, count: i64) -> Value {
    match (rows.is_empty(), count) {
        (true, _) => Value::None,
        (false, 1) => rows.into_iter().next().unwrap_or(Value::None),
        (false, _) => Value::list(rows),
    }
}

pub(super) fn none_if_missing(query: &Query, machine: &mut Machine) -> Outcome {
    match query.one(machine) {
        Err(raised) if query.session.is_missing(machine, &raised) => Ok(Value::None),
        other => other,
    }
}

fn compound(query: &Rc<Query>, op: &'static str, args: Args) -> Outcome {
    match source_of(&query.session, &args.only(op)?) {
        Some(super::node::Source::Query(other)) => Ok(combined(query, op, other)),
        _ => Err(raise("TypeError", format!("{op} combines queries"))),
    }
}

/// `left UNION right`
pub(super) fn combined(left: &Rc<Query>, op: &'static str, right: Rc<Query>) -> Value {
    let mut query = Query::new(&left.session, left.root.clone(), left.columns.clone());
    query.shape = left.shape;
    query.compound = Some((op, left.clone(), right));
    Value::Object(Rc::new(query))
}

fn joined(query: &Rc<Query>, machine: &mut Machine, given: [Option<Value>; 5]) -> Outcome {
    let [dest, kind, on, src, attr] = given;
    let some = |value: Option<Value>| value.filter(|value| !value.is_none());
    let kind = match some(kind) {
        None => "INNER JOIN",
        Some(kind) => match machine.str(&kind)?.to_uppercase().as_str() {
            "INNER" | "INNER JOIN" => "INNER JOIN",
            "LEFT OUTER" => "LEFT OUTER JOIN",
            "LEFT" => "LEFT JOIN",
            "FULL" | "FULL OUTER" => "FULL OUTER JOIN",
            "RIGHT OUTER" => "RIGHT OUTER JOIN",
            other => {
                return Err(refuse(format!("A join of the type {other} is not supported here.")));
            }
        },
    };
    let dest = dest.unwrap_or(Value::None);
    let Some(to) = source_of(&query.session, &dest) else {
        return Err(refuse("`join()` takes a model, an alias of one or a query here."));
    };
    let from = some(src).and_then(|src| source_of(&query.session, &src));
    let attribute = some(attr).and_then(|attr| attr.as_str().map(Rc::from));
    let on = some(on).map(|on| node_of(&on));
    let mut next = query.copy();
    next.join(Wanted { to, kind, on, from, attribute })?;
    Ok(Value::Object(Rc::new(next)))
}
