//! `Q`: conditions as values.

use std::any::Any;
use std::rc::Rc;

use throughline_order::{Arrange as _, Gather as _};

use super::expression::{Condition, Connector, Item, Node, Written, value_of};
use crate::Machine;
use crate::eval::{raise, refuse};
use crate::value::{Args, Class, Object, Outcome, Side, Value};

/// A `Q` as a value.
pub(super) struct WrittenQ(pub(super) Condition);

/// The conditions of a call: `Q`s by position, then keywords.
pub(super) fn condition_of(args: Args) -> Outcome<Condition> {
    let mut items = Vec::new();
    for value in &args.positional {
        match value {
            // `("name", value)`
            Value::Tuple(pair) => match &**pair {
                [Value::Str(name), value] => items.push(Item::Lookup(name.clone(), value.clone())),
                _ => return Err(refuse("A condition as a tuple has a name and a value here.")),
            },
            Value::Object(object) => {
                if let Some(q) = object.any().downcast_ref::<WrittenQ>() {
                    items.push(Item::Nested(q.0.clone()));
                } else if let Some(written) = object.any().downcast_ref::<Written>() {
                    items.push(Item::Node(written.0.clone()));
                } else {
                    return Err(not_a_condition());
                }
            }
            Value::Bool(_) => items.push(Item::Node(Node::Value(value.clone()))),
            _ => return Err(not_a_condition()),
        }
    }
    let mut keywords = args.keywords;
    // Django sorts the keywords of a Q.
    keywords.arrange_by(|(a, _), (b, _)| a.cmp(b));
    items.extend(keywords.into_iter().map(|(name, value)| Item::Lookup(name, value)));
    Ok(Condition::of(items))
}

fn not_a_condition() -> Box<crate::Raised> {
    raise("TypeError", "Cannot filter against a non-conditional expression.")
}

/// The conditions of `filter` and its like.
pub(super) fn of_filter(machine: &mut Machine, args: Args) -> Outcome<Condition> {
    if args.positional.iter().any(|value| matches!(value, Value::Dict(_))) {
        return Err(super::raise_field_error(machine, "Cannot parse keyword query as dict"));
    }
    let own = ["_connector", "_negated"];
    let given: Vec<String> = own
        .iter()
        .filter(|name| args.keywords.iter().any(|(keyword, _)| **keyword == ***name))
        .map(|name| format!("'{name}'"))
        .gather();
    if !given.is_empty() {
        let message = format!("The following kwargs are invalid: {}", given.join(", "));
        return Err(raise("TypeError", message));
    }
    condition_of(args)
}

/// `Q`: called, it makes one.
pub(super) struct QClass;

impl Object for QClass {
    fn class(&self) -> Rc<Class> {
        Rc::new(Class::new("type", "builtins", &[]))
    }

    fn any(&self) -> &dyn Any {
        self
    }

    fn attribute(self: Rc<Self>, _: &mut Machine, name: &str) -> Outcome<Option<Value>> {
        match name {
            "AND" | "OR" | "XOR" => Ok(Some(Value::str(name))),
            "__name__" | "__qualname__" => Ok(Some(Value::str("Q"))),
            _ => Err(refuse(format!("`{name}` of the class Q is not supported here."))),
        }
    }

    fn call(self: Rc<Self>, machine: &mut Machine, mut args: Args) -> Outcome<Option<Value>> {
        let connector = match args.take("_connector") {
            None | Some(Value::None) => Connector::And,
            Some(given) => match given.as_str() {
                Some("AND") => Connector::And,
                Some("OR") => Connector::Or,
                Some("XOR") => Connector::Xor,
                _ => {
                    let message = "_connector must be one of 'AND', 'OR', 'XOR', or None.";
                    return Err(raise("ValueError", message));
                }
            },
        };
        let negated = match args.take("_negated") {
            Some(negated) => machine.truth(&negated)?,
            None => false,
        };
        let condition = Condition { connector, negated, ..condition_of(args)? };
        Ok(Some(Value::Object(Rc::new(WrittenQ(condition)))))
    }

    fn repr(self: Rc<Self>, _: &mut Machine) -> Outcome<Option<String>> {
        Ok(Some("<class 'django.db.models.query_utils.Q'>".into()))
    }
}

/// `a & b` and the like, of what is true or false.
pub(super) fn combined(op: &'static str, left: Condition, right: Condition) -> Value {
    let connector = match op {
        "&" => Connector::And,
        "|" => Connector::Or,
        _ => Connector::Xor,
    };
    // Nothing is added by one that says nothing.
    if left.items.is_empty() || right.items.is_empty() {
        let rest = if left.items.is_empty() { right } else { left };
        return Value::Object(Rc::new(WrittenQ(rest)));
    }
    let mut items = Vec::new();
    for each in [left, right] {
        if !each.negated && (each.connector == connector || each.items.len() == 1) {
            items.extend(each.items);
        } else {
            items.push(Item::Nested(each));
        }
    }
    Value::Object(Rc::new(WrittenQ(Condition { connector, negated: false, items })))
}

/// What `When` takes: one condition, or lookups.
pub(super) fn checked_when(args: &Args) -> Outcome<()> {
    for value in &args.positional {
        let fits = match value {
            Value::Object(object) => {
                if let Some(q) = object.any().downcast_ref::<WrittenQ>()
                    && q.0.items.is_empty()
                {
                    let message = "An empty Q() can't be used as a When() condition.";
                    return Err(raise("ValueError", message));
                }
                object.any().is::<WrittenQ>() || object.any().is::<Written>()
            }
            _ => false,
        };
        if !fits {
            return Err(wrong_when());
        }
    }
    if args.positional.is_empty() && args.keywords.is_empty() {
        return Err(wrong_when());
    }
    Ok(())
}

fn wrong_when() -> Box<crate::Raised> {
    raise(
        "TypeError",
        "When() supports a Q object, a boolean expression, or lookups as a condition.",
    )
}

/// What is true or false, as a Q; nothing for what is neither.
pub(super) fn as_q(value: &Value) -> Option<Condition> {
    let Value::Object(object) = value else { return None };
    if let Some(q) = object.any().downcast_ref::<WrittenQ>() {
        return Some(q.0.clone());
    }
    let written = object.any().downcast_ref::<Written>()?;
    super::condition::is_conditional(&written.0)
        .then(|| Condition::of(vec![Item::Node(written.0.clone())]))
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
        if !["&", "|", "^"].contains(&op) {
            return Ok(None);
        }
        let Some(other) = as_q(other) else { return Ok(None) };
        let own = self.0.clone();
        let (left, right) = if side == Side::Left { (own, other) } else { (other, own) };
        Ok(Some(combined(op, left, right)))
    }

    fn repr(self: Rc<Self>, machine: &mut Machine) -> Outcome<Option<String>> {
        Ok(Some(format!("<Q: {}>", shown(machine, &self.0)?)))
    }

    fn unary(self: Rc<Self>, _: &mut Machine, op: &'static str) -> Outcome<Option<Value>> {
        if op != "~" {
            return Ok(None);
        }
        let negated = Condition { negated: !self.0.negated, ..self.0.clone() };
        Ok(Some(Value::Object(Rc::new(Self(negated)))))
    }
}

/// `(AND: ('name', 'x'), (NOT (…)))`
pub(super) fn shown(machine: &mut Machine, q: &Condition) -> Outcome<String> {
    let mut parts = Vec::new();
    for item in &q.items {
        parts.push(match item {
            Item::Lookup(name, value) => format!("('{name}', {})", machine.repr(value)?),
            Item::Nested(nested) => machine.deeper(|machine| shown(machine, nested))?,
            Item::Node(node) => machine.repr(&value_of(node.clone()))?,
        });
    }
    let connector = match q.connector {
        Connector::And => "AND",
        Connector::Or => "OR",
        Connector::Xor => "XOR",
    };
    let inside = format!("({connector}: {})", parts.join(", "));
    Ok(if q.negated { format!("(NOT {inside})") } else { inside })
}
