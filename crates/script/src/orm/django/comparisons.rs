//! `django.db.models.lookups`

use throughline_order::Gather as _;

use super::expression::{Node, node_of, value_of};
use crate::Machine;
use crate::value::{Args, Value};

/// Comparisons as expressions: `GreaterThan(F("a"), F("b"))`.
pub(super) fn comparisons() -> Vec<(&'static str, Value)> {
    let named: [(&str, &str); 6] = [
        ("Exact", "="),
        ("GreaterThan", ">"),
        ("GreaterThanOrEqual", ">="),
        ("LessThan", "<"),
        ("LessThanOrEqual", "<="),
        ("IsNull", ""),
    ];
    let made = |(name, op): (&'static str, &'static str)| {
        let make = move |machine: &mut Machine, args: Args| {
            let [left, right] = args.bind(name, ["lhs", "rhs"], 2)?;
            let side = |value: Option<Value>| Box::new(node_of(&value.unwrap_or(Value::None)));
            let op = match (op, &right) {
                ("", Some(right)) if machine.truth(right)? => "IS NULL",
                ("", _) => "IS NOT NULL",
                (op, _) => op,
            };
            Ok(value_of(Node::Compare(op, side(left), side(right))))
        };
        (name, Value::native(name, make))
    };
    named.into_iter().map(made).gather()
}
