//! `Q`, `F`, `Case`, `When`, `Subquery` as a script writes them.

use std::any::Any;
use std::rc::Rc;

use throughline_order::Gather as _;

use super::condition::Q;
use super::expression::{Node, Written, node_of};
use super::raised;
use crate::Machine;
use crate::eval::raise;
use crate::value::{Args, Class, Dict, Object, Outcome, Side, Value};

/// A `Q` as a value.
pub(super) struct WrittenQ(pub(super) Q);

/// The `Q` behind a value.
pub(super) fn q_of(value: &Value) -> Option<Q> {
    match value {
        Value::Object(object) => object.any().downcast_ref::<WrittenQ>().map(|q| q.0.clone()),
        _ => None,
    }
}

fn written(q: Q) -> Value {
    Value::Object(Rc::new(WrittenQ(q)))
}

fn of(node: Node) -> Value {
    Value::Object(Rc::new(Written(node)))
}

impl Object for WrittenQ {
    fn class(&self) -> Rc<Class> {
        Rc::new(Class::new("Q", "tortoise.expressions", &[]))
    }

    fn any(&self) -> &dyn Any {
        self
    }

    fn operate(
        self: Rc<Self>,
        machine: &mut Machine,
        op: &'static str,
        other: &Value,
        side: Side,
    ) -> Outcome<Option<Value>> {
        if matches!(op, "==" | "!=") {
            let same = match q_of(other) {
                Some(other) => equal(machine, &self.0, &other)?,
                None => false,
            };
            return Ok(Some(Value::Bool(same == (op == "=="))));
        }
        let word = match op {
            "&" => "AND",
            "|" => "OR",
            _ => return Ok(None),
        };
        let Some(other) = q_of(other) else {
            let message = format!("{word} operation requires a Q node");
            return Err(raised(machine, "OperationalError", message));
        };
        let own = self.0.clone();
        let children = if side == Side::Left { vec![own, other] } else { vec![other, own] };
        Ok(Some(written(Q { or: op == "|", children, ..Q::default() })))
    }

    fn truth(self: Rc<Self>, _: &mut Machine) -> Outcome<Option<bool>> {
        Ok(Some(says(&self.0)))
    }

    fn attribute(self: Rc<Self>, _: &mut Machine, name: &str) -> Outcome<Option<Value>> {
        Ok(match name {
            "children" => Some(Value::tuple(self.0.children.iter().cloned().map(written).gather())),
            "filters" => {
                let mut dict = Dict::default();
                self.0.filters.iter().for_each(|(name, value)| dict.set(name, value.clone()));
                Some(Value::dict(dict))
            }
            "join_type" => Some(Value::str(if self.0.or { "OR" } else { "AND" })),
            "_is_negated" => Some(Value::Bool(self.0.negated)),
            "AND" | "OR" => Some(Value::str(name)),
            _ => None,
        })
    }

    fn unary(self: Rc<Self>, _: &mut Machine, op: &'static str) -> Outcome<Option<Value>> {
        Ok((op == "~").then(|| written(Q { negated: !self.0.negated, ..self.0.clone() })))
    }
}

/// `Q.__bool__`
fn says(q: &Q) -> bool {
    !q.filters.is_empty() || q.children.iter().any(says)
}

/// `Q.__eq__`: whether they are negated is not looked at.
fn equal(machine: &mut Machine, a: &Q, b: &Q) -> Outcome<bool> {
    if a.or != b.or || a.children.len() != b.children.len() || a.filters.len() != b.filters.len() {
        return Ok(false);
    }
    for (a, b) in a.children.iter().zip(&b.children) {
        if !equal(machine, a, b)? {
            return Ok(false);
        }
    }
    for (name, value) in &a.filters {
        let other = b.filters.iter().find(|(known, _)| known == name);
        let Some((_, other)) = other else { return Ok(false) };
        if !machine.equal(value, other)? {
            return Ok(false);
        }
    }
    Ok(true)
}

/// `Q`: the class.
struct Maker;

impl Object for Maker {
    fn class(&self) -> Rc<Class> {
        Rc::new(Class::new("type", "builtins", &[]))
    }

    fn any(&self) -> &dyn Any {
        self
    }

    fn attribute(self: Rc<Self>, _: &mut Machine, name: &str) -> Outcome<Option<Value>> {
        Ok(match name {
            "AND" | "OR" => Some(Value::str(name)),
            "__name__" => Some(Value::str("Q")),
            _ => None,
        })
    }

    fn call(self: Rc<Self>, machine: &mut Machine, mut args: Args) -> Outcome<Option<Value>> {
        let or = match args.take("join_type") {
            None => false,
            Some(word) if word.as_str() == Some("OR") => true,
            Some(word) if word.as_str() == Some("AND") => false,
            Some(_) => {
                return Err(raised(machine, "OperationalError", "join_type must be AND or OR"));
            }
        };
        q_from(machine, args, or).map(written).map(Some)
    }
}

/// The `Q`s of a call: those by position, and one of its keywords.
fn q_from(machine: &mut Machine, args: Args, or: bool) -> Outcome<Q> {
    let mut children = Vec::new();
    for value in &args.positional {
        match q_of(value) {
            Some(q) => children.push(q),
            None => {
                let message = "All ordered arguments must be Q nodes";
                return Err(raised(machine, "OperationalError", message));
            }
        }
    }
    let filters = args.keywords;
    if children.is_empty() {
        return Ok(Q { or, filters, ..Q::default() });
    }
    if !filters.is_empty() {
        children.insert(0, Q { or, filters, ..Q::default() });
    }
    Ok(Q { or, children, ..Q::default() })
}

/// `tortoise.expressions`
pub(super) fn constructors() -> Vec<(&'static str, Value)> {
    let q = Value::Object(Rc::new(Maker));
    let f = Value::native("F", |_, args| {
        let [name] = args.bind("F", ["name"], 1)?;
        match name {
            Some(Value::Str(name)) => Ok(of(Node::F(name))),
            _ => Err(raise("TypeError", "F needs the name of a field")),
        }
    });
    let when = Value::native("When", |machine, mut args| {
        let then = args.take("then").ok_or_else(|| raise("TypeError", "`then` is needed"))?;
        let q = q_from(machine, args, false)?;
        Ok(of(Node::When(Rc::new(q), Box::new(node_of(&then)))))
    });
    let case = Value::native("Case", |_, mut args| {
        let default = args.take("default").unwrap_or(Value::None);
        let mut whens = Vec::new();
        for value in &args.positional {
            match node_of(value) {
                Node::When(q, then) => whens.push((q, *then)),
                _ => return Err(raise("TypeError", "expected When objects as args")),
            }
        }
        Ok(of(Node::Case(whens, Box::new(node_of(&default)))))
    });
    let subquery = Value::native("Subquery", |_, args| {
        let [set] = args.bind("Subquery", ["query"], 1)?;
        match set.as_ref().and_then(super::queryset::query_set) {
            Some(set) => Ok(of(Node::Subquery(set))),
            None => Err(raise("TypeError", "Subquery needs a query")),
        }
    });
    let raw = Value::native("RawSQL", |machine, args| {
        let sql = args.only("RawSQL")?;
        Ok(of(Node::Raw(machine.str(&sql)?)))
    });
    vec![
        ("RawSQL", raw),
        ("Q", q),
        ("F", f),
        ("When", when),
        ("Case", case),
        ("Subquery", subquery),
    ]
}
