//! `Q`: conditions as values.

use std::any::Any;
use std::rc::Rc;

use super::expression::{Condition, Item, Node, Written, value_of};
use crate::Machine;
use crate::eval::{raise, refuse};
use crate::value::{Args, Class, Object, Outcome, Side, Value};

/// A `Q` as a value.
pub(super) struct WrittenQ(pub(super) Condition);

/// The conditions of a call: `Q`s by position, then keywords.
pub(super) fn condition_of(args: Args) -> Outcome<Condition> {
    let mut items = Vec::new();
    for value in &args.positional {
        let Value::Object(object) = value else {
            return Err(raise("TypeError", "Cannot filter against a non-conditional expression."));
        };
        if let Some(q) = object.any().downcast_ref::<WrittenQ>() {
            items.push(Item::Nested(q.0.clone()));
        } else if let Some(written) = object.any().downcast_ref::<Written>() {
            items.push(Item::Node(written.0.clone()));
        } else {
            return Err(raise("TypeError", "Cannot filter against a non-conditional expression."));
        }
    }
    let mut keywords = args.keywords;
    // Django sorts the keywords of a Q.
    keywords.sort_by(|(a, _), (b, _)| a.cmp(b));
    items.extend(keywords.into_iter().map(|(name, value)| Item::Lookup(name, value)));
    Ok(Condition { or: false, negated: false, items })
}

/// What a Q has for those who write expressions of their own.
const INNER: &[&str] = &[
    "deconstruct",
    "resolve_expression",
    "replace_expressions",
    "flatten",
    "check",
    "children",
    "connector",
    "negated",
    "add",
    "negate",
    "references",
    "referenced_base_fields",
    "create",
    "identity",
    "copy",
];

impl Object for WrittenQ {
    fn attribute(self: Rc<Self>, _: &mut Machine, name: &str) -> Outcome<Option<Value>> {
        if INNER.contains(&name) {
            return Err(refuse(format!("`{name}` of a Q is not supported here.")));
        }
        Ok(match name {
            "AND" | "OR" | "XOR" => Some(Value::str(name)),
            _ => None,
        })
    }

    fn class(&self) -> Rc<Class> {
        Rc::new(Class::new("Q", "django.db.models.query_utils", &[]))
    }

    fn any(&self) -> &dyn Any {
        self
    }

    fn operate(
        self: Rc<Self>,
        _: &mut Machine,
        op: &'static str,
        other: &Value,
        side: Side,
    ) -> Outcome<Option<Value>> {
        let (Value::Object(other), "&" | "|" | "^") = (other, op) else { return Ok(None) };
        let Some(other) = other.any().downcast_ref::<Self>() else { return Ok(None) };
        let (left, right) =
            if side == Side::Left { (&self.0, &other.0) } else { (&other.0, &self.0) };
        if op == "^" {
            return Ok(Some(Value::Object(Rc::new(Self(odd(left, right))))));
        }
        // Nothing is added to a Q by one that says nothing.
        for (one, other) in [(left, right), (right, left)] {
            if one.items.is_empty() {
                return Ok(Some(Value::Object(Rc::new(Self(other.clone())))));
            }
        }
        let or = op == "|";
        let mut items = Vec::new();
        for each in [left, right] {
            if !each.negated && (each.or == or || each.items.len() == 1) {
                items.extend(each.items.iter().cloned());
            } else {
                items.push(Item::Nested(each.clone()));
            }
        }
        Ok(Some(Value::Object(Rc::new(Self(Condition { or, negated: false, items })))))
    }

    fn repr(self: Rc<Self>, machine: &mut Machine) -> Outcome<Option<String>> {
        Ok(Some(format!("<Q: {}>", shown(machine, &self.0)?)))
    }

    fn unary(self: Rc<Self>, _: &mut Machine, op: &'static str) -> Outcome<Option<Value>> {
        if op != "~" {
            return Ok(None);
        }
        let negated =
            Condition { or: false, negated: true, items: vec![Item::Nested(self.0.clone())] };
        Ok(Some(Value::Object(Rc::new(Self(negated)))))
    }
}

/// `(AND: ('name', 'x'), (NOT (…)))`
fn shown(machine: &mut Machine, q: &Condition) -> Outcome<String> {
    // What `~` puts around another Q is that Q's own sign in Django.
    if let (true, [Item::Nested(inner)]) = (q.negated, q.items.as_slice())
        && !inner.negated
    {
        return shown(machine, inner).map(|inside| format!("(NOT {inside})"));
    }
    let mut parts = Vec::new();
    for item in &q.items {
        parts.push(match item {
            Item::Lookup(name, value) => format!("('{name}', {})", machine.repr(value)?),
            Item::Nested(nested) => machine.deeper(|machine| shown(machine, nested))?,
            Item::Node(node) => machine.repr(&value_of(node.clone()))?,
        });
    }
    let inside = format!("({}: {})", if q.or { "OR" } else { "AND" }, parts.join(", "));
    Ok(if q.negated { format!("(NOT {inside})") } else { inside })
}

/// `a ^ b`, as Django writes it where the database has no XOR: one of them holds, and an odd number does.
fn odd(left: &Condition, right: &Condition) -> Condition {
    let counted = |each: &Condition| {
        let one = Node::Value(Value::Int(1));
        let each = Condition { items: vec![Item::Nested(each.clone())], or: false, negated: false };
        Node::Case(vec![(Rc::new(each), one)], Some(Box::new(Node::Value(Value::Int(0)))))
    };
    let sum = Node::Combined("+", Box::new(counted(left)), Box::new(counted(right)));
    let parity = Node::Combined("%", Box::new(sum), Box::new(Node::Value(Value::Int(2))));
    let is_odd = Node::Compare("=", Box::new(parity), Box::new(Node::Value(Value::Int(1))));
    let either = [left, right].map(|each| Item::Nested(each.clone())).to_vec();
    let either = Condition { or: true, negated: false, items: either };
    Condition { or: false, negated: false, items: vec![Item::Nested(either), Item::Node(is_odd)] }
}
