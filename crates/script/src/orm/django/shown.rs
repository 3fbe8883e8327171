//! `repr` of expressions.
//!
//! Follows the `__repr__` and `__str__` of Django 5.2's expressions.

use super::expression::{Condition, Node, called};
use crate::Machine;
use crate::value::Outcome;
use crate::world::Model;

/// Functions that show what they were given and nothing else.
const PLAIN: &[&str] =
    &["Coalesce", "Length", "Lower", "Upper", "Substr", "Greatest", "Least", "Trim", "Abs"];

/// What an expression shows of itself; nothing where that is not known.
pub(super) fn shown(machine: &mut Machine, node: &Node) -> Outcome<Option<String>> {
    let text = inner(machine, node)?;
    Ok(match node {
        Node::Combined(..) => text.map(|text| format!("<CombinedExpression: {text}>")),
        Node::When(..) => text.map(|text| format!("<When: {text}>")),
        Node::Case(..) => text.map(|text| format!("<Case: {text}>")),
        _ => text,
    })
}

/// What an expression shows once its names stand for columns.
pub(super) fn resolved(machine: &mut Machine, model: &Model, node: &Node) -> Outcome<String> {
    let text = match node {
        Node::F(path) => model.field(path).map(|field| {
            format!("Col({}, {}.{}.{})", model.table, model.app, model.name, field.name)
        }),
        Node::Combined(op, left, right) => {
            let (left, right) = (resolved(machine, model, left)?, resolved(machine, model, right)?);
            Some(format!("{left} {op} {right}"))
        }
        other => inner(machine, other)?,
    };
    text.ok_or_else(|| crate::eval::refuse("The text of this expression is not supported here."))
}

/// The same, as a part of another.
fn inner(machine: &mut Machine, node: &Node) -> Outcome<Option<String>> {
    Ok(match node {
        Node::F(path) => Some(format!("F({path})")),
        Node::OuterRef(path, 0) => Some(format!("OuterRef({path})")),
        Node::Value(value) => Some(format!("Value({})", machine.repr(value)?)),
        Node::Aggregate { name, of, distinct, filter } => {
            let of = match &**of {
                Node::F(star) if &**star == "*" => Some("'*'".to_owned()),
                of => part(machine, of)?,
            };
            let Some(of) = of else { return Ok(None) };
            let mut rest = String::new();
            if *distinct {
                rest.push_str(", distinct=True");
            }
            if let Some(filter) = filter {
                rest.push_str(&format!(", filter={}", conditions(machine, filter)?));
            }
            Some(format!("{}({of}{rest})", called(name)))
        }
        Node::Function { name, args } if PLAIN.contains(name) => {
            let mut parts = Vec::new();
            for arg in args {
                let Some(part) = part(machine, arg)? else { return Ok(None) };
                parts.push(part);
            }
            Some(format!("{name}({})", parts.join(", ")))
        }
        Node::Combined(op, left, right) => {
            let (left, right) = (part(machine, left)?, part(machine, right)?);
            let op = if *op == "%" { "%%" } else { op };
            left.zip(right).map(|(left, right)| format!("{left} {op} {right}"))
        }
        Node::When(condition, then) => {
            let condition = conditions(machine, condition)?;
            part(machine, then)?.map(|then| format!("WHEN <Q: {condition}> THEN {then}"))
        }
        Node::Case(whens, default) => {
            let mut parts = Vec::new();
            for (condition, then) in whens {
                let condition = conditions(machine, condition)?;
                let Some(then) = part(machine, then)? else { return Ok(None) };
                parts.push(format!("WHEN <Q: {condition}> THEN {then}"));
            }
            let default = match default {
                Some(default) => part(machine, default)?,
                None => Some("Value(None)".to_owned()),
            };
            default.map(|default| format!("CASE {}, ELSE {default}", parts.join(", ")))
        }
        Node::Ordered(of, descending, _) => {
            let sign = if *descending { "True" } else { "False" };
            part(machine, of)?.map(|of| format!("OrderBy({of}, descending={sign})"))
        }
        _ => None,
    })
}

fn part(machine: &mut Machine, node: &Node) -> Outcome<Option<String>> {
    machine.deeper(|machine| inner(machine, node))
}

/// The conditions of a filter, as a Q shows them in an expression.
fn conditions(machine: &mut Machine, condition: &Condition) -> Outcome<String> {
    // One Q that was given stands for itself.
    let condition = match condition.items.as_slice() {
        [super::expression::Item::Nested(only)] if !condition.negated => only,
        _ => condition,
    };
    super::q::shown(machine, condition)
}
