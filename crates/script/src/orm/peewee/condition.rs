//! Methods of expressions: `contains`, `in_`, `alias`, `desc`, …

use std::rc::Rc;

use throughline_order::Gather as _;

use super::node::{Node, node_of, value_of};
use super::session::Session;
use crate::Machine;
use crate::eval::{raise, refuse};
use crate::value::{Args, Outcome, Value};

type Method = fn(&mut Machine, &Node, Args) -> Outcome<Node>;

const METHODS: &[(&str, Method)] = &[
    ("in_", |machine, node, args| pair(machine, "IN", node, args)),
    ("not_in", |machine, node, args| pair(machine, "NOT IN", node, args)),
    ("like", |machine, node, args| pair(machine, "GLOB", node, args)),
    ("ilike", |machine, node, args| pair(machine, "LIKE", node, args)),
    ("concat", |machine, node, args| pair(machine, "||", node, args)),
    ("bin_and", |machine, node, args| pair(machine, "&", node, args)),
    ("bin_or", |machine, node, args| pair(machine, "|", node, args)),
    ("contains", |_, node, args| pattern(node, args, "%", "%")),
    ("startswith", |_, node, args| pattern(node, args, "", "%")),
    ("endswith", |_, node, args| pattern(node, args, "%", "")),
    ("is_null", |machine, node, args| {
        let [null] = args.bind("is_null", ["is_null"], 0)?;
        let null = null.map_or(Ok(true), |null| machine.truth(&null))?;
        let op = if null { "IS" } else { "IS NOT" };
        Ok(Node::binary(op, node.clone(), Node::Value(Value::None)))
    }),
    ("between", |_, node, args| {
        let [low, high] = args.bind("between", ["lo", "hi"], 2)?;
        let bound = |value: Option<Value>| Box::new(node_of(&value.unwrap_or(Value::None)));
        Ok(Node::Between(Box::new(node.clone()), bound(low), bound(high)))
    }),
    ("distinct", |_, node, _| Ok(Node::Distinct(Box::new(node.clone())))),
    ("unalias", |_, node, _| Ok(node.bare().clone())),
    ("alias", |_, node, args| {
        let [name] = args.bind("alias", ["alias"], 0)?;
        Ok(match name {
            Some(Value::Str(name)) if !name.is_empty() => {
                Node::Alias(Box::new(node.bare().clone()), name)
            }
            _ => node.bare().clone(),
        })
    }),
    ("asc", |machine, node, args| ordered(machine, node, args, "ASC")),
    ("desc", |machine, node, args| ordered(machine, node, args, "DESC")),
    ("filter", |_, node, args| match node {
        Node::Call(name, of, _) => {
            let condition = args.positional.first().map(|value| Box::new(node_of(value)));
            Ok(Node::Call(name.clone(), of.clone(), condition))
        }
        _ => Err(raise("AttributeError", "filter")),
    }),
    ("over", |machine, node, args| {
        let names = ["partition_by", "order_by", "start", "end", "frame_type", "window", "exclude"];
        let [by, order, rest @ ..] = args.bind("over", names, 0)?;
        if rest.iter().flatten().any(|value| !value.is_none()) {
            return Err(refuse("Frames and named windows of `over()` are not supported here."));
        }
        let by = several(machine, by)?;
        Ok(Node::Over(Box::new(node.clone()), by, several(machine, order)?))
    }),
    ("cast", |machine, node, args| {
        let ty = args.only("cast")?;
        let ty = machine.str(&ty)?;
        let known =
            ["TEXT", "INTEGER", "INT", "REAL", "FLOAT", "NUMERIC", "VARCHAR", "BIGINT", "DATE"];
        let ty =
            known.into_iter().find(|known| known.eq_ignore_ascii_case(&ty)).ok_or_else(|| {
                refuse(format!(
                    "`cast({ty:?})` is not supported here: cast to text, integer or real."
                ))
            })?;
        Ok(Node::Cast(Box::new(node.clone()), ty))
    }),
];

/// Names that expressions have in Peewee and that are not supported here.
const REFUSED: &[&str] =
    &["regexp", "iregexp", "collate", "order_by", "converter", "bind_to", "python_value"];

/// Whether expressions have a method of this name.
pub(super) fn known(name: &str) -> bool {
    name != "filter" && METHODS.iter().any(|(known, _)| *known == name) || REFUSED.contains(&name)
}

/// A method of an expression.
pub(super) fn method(session: &Rc<Session>, node: &Node, name: &str) -> Outcome<Option<Value>> {
    if name == "filter" && !matches!(node, Node::Call(..)) {
        return Ok(None);
    }
    if let Some((name, run)) = METHODS.iter().find(|(known, _)| *known == name) {
        let (session, node, run) = (session.clone(), node.clone(), *run);
        return Ok(Some(Value::native(name, move |machine, args| {
            Ok(value_of(&session, run(machine, &node, args)?))
        })));
    }
    if REFUSED.contains(&name) {
        return Err(refuse(format!("`.{name}()` of an expression is not supported here.")));
    }
    Ok(None)
}

/// One expression or several.
fn several(machine: &mut Machine, given: Option<Value>) -> Outcome<Vec<Node>> {
    Ok(match given {
        None | Some(Value::None) => Vec::new(),
        Some(list @ (Value::List(_) | Value::Tuple(_))) => {
            machine.list_of(&list)?.iter().map(node_of).gather()
        }
        Some(one) => vec![node_of(&one)],
    })
}

fn pair(machine: &mut Machine, op: &'static str, node: &Node, args: Args) -> Outcome<Node> {
    let mut other = args.only(op)?;
    let listed = matches!(other, Value::Iter(_)) || crate::builtins::views::shown(&other).is_some();
    if listed && matches!(op, "IN" | "NOT IN") {
        other = Value::list(machine.list_of(&other)?);
    }
    Ok(Node::binary(op, node.clone(), node_of(&other)))
}

/// `LIKE` with what stands for anything around a text; such signs inside of it stand for themselves.
fn pattern(node: &Node, args: Args, before: &str, after: &str) -> Outcome<Node> {
    let given = args.only("contains")?;
    let right = match node_of(&given) {
        Node::Value(value) => {
            let Value::Str(text) = &value else {
                return Err(raise(
                    "AttributeError",
                    format!("'{}' object has no attribute 'find'", value.type_name()),
                ));
            };
            let special = text.contains(['_', '%', '\\']);
            let escaped = if special {
                text.replace('\\', "\\\\").replace('_', "\\_").replace('%', "\\%")
            } else {
                text.to_string()
            };
            let value = Node::Value(Value::from(format!("{before}{escaped}{after}")));
            let op = if special { "LIKE ESCAPE" } else { "LIKE" };
            return Ok(Node::binary(op, node.clone(), value));
        }
        other => {
            let sign = |text: &str| Node::Value(Value::str(text));
            let mut joined = other;
            if !after.is_empty() {
                joined = Node::binary("||", joined, sign(after));
            }
            if !before.is_empty() {
                joined = Node::binary("||", sign(before), joined);
            }
            joined
        }
    };
    Ok(Node::binary("LIKE", node.clone(), right))
}

fn ordered(
    machine: &mut Machine,
    node: &Node,
    args: Args,
    direction: &'static str,
) -> Outcome<Node> {
    let [collation, nulls] = args.bind("desc", ["collation", "nulls"], 0)?;
    if collation.is_some_and(|collation| !collation.is_none()) {
        return Err(refuse("`collation=` is not supported here."));
    }
    let nulls = match nulls.filter(|nulls| !nulls.is_none()) {
        None => "",
        Some(given) => match machine.str(&given)?.to_lowercase().as_str() {
            "first" => "NULLS FIRST",
            "last" => "NULLS LAST",
            other => {
                return Err(raise(
                    "ValueError",
                    format!(
                        "Ordering nulls= parameter must be \"first\" or \"last\", got: {other}"
                    ),
                ));
            }
        },
    };
    Ok(Node::Order(Box::new(node.clone()), direction, nulls))
}
