//! Expressions as a script writes them.

use std::any::Any;
use std::rc::Rc;

use throughline_core::document::ColumnType;

use super::cte::Cte;
use super::query::Query;
use super::session::Session;
use crate::Machine;
use crate::eval::refuse;
use crate::value::{Class, Object, Outcome, Side, Value};

/// Where a column comes from.
#[derive(Clone)]
pub(super) enum Source {
    /// A model by its place.
    Model(usize),
    /// `Model.alias()`
    Alias(Rc<Aliased>),
    /// A subquery.
    Query(Rc<Query>),
    /// A common table expression.
    Cte(Rc<Cte>),
}

/// `Model.alias(name)`
pub(super) struct Aliased {
    pub(super) id: u64,
    pub(super) model: usize,
    pub(super) name: Option<Rc<str>>,
}

/// What makes two sources the same.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) enum Key {
    Model(usize),
    Made(u64),
    Named(Rc<str>),
}

impl Source {
    pub(super) fn key(&self) -> Key {
        match self {
            Self::Model(at) => Key::Model(*at),
            Self::Alias(alias) => Key::Made(alias.id),
            Self::Query(query) => match &query.alias {
                Some(name) => Key::Named(name.clone()),
                None => Key::Made(query.id),
            },
            Self::Cte(cte) => Key::Named(cte.name.clone()),
        }
    }

    /// The model of its rows.
    pub(super) fn model(&self) -> usize {
        match self {
            Self::Model(at) => *at,
            Self::Alias(alias) => alias.model,
            Self::Query(query) => query.root.model(),
            Self::Cte(cte) => cte.query.root.model(),
        }
    }

    /// The name that it is given.
    pub(super) fn name(&self) -> Option<Rc<str>> {
        match self {
            Self::Model(_) => None,
            Self::Alias(alias) => alias.name.clone(),
            Self::Query(query) => query.alias.clone(),
            Self::Cte(cte) => Some(cte.name.clone()),
        }
    }
}

/// An expression.
#[derive(Clone)]
pub(super) enum Node {
    /// A field of a model or of its alias, by its name.
    Field(Source, Rc<str>),
    /// `subquery.c.name`
    Inner(Source, Rc<str>),
    Value(Value),
    /// Two sides, with the operator as SQLite has it.
    Binary(&'static str, Box<Node>, Box<Node>),
    Between(Box<Node>, Box<Node>, Box<Node>),
    Not(Box<Node>),
    /// `fn.NAME(…)`, with `filter(…)`.
    Call(Rc<str>, Vec<Node>, Option<Box<Node>>),
    /// `x.distinct()`
    Distinct(Box<Node>),
    /// `x.alias(name)`
    Alias(Box<Node>, Rc<str>),
    /// `x.desc(nulls="last")`
    Order(Box<Node>, &'static str, &'static str),
    /// `SQL(text, params)`
    Sql(Rc<str>, Vec<Value>),
    /// `fn.RANK().over(partition_by=…, order_by=…)`
    Over(Box<Node>, Vec<Node>, Vec<Node>),
    /// `Case(of, whens, default)`
    Case(Option<Box<Node>>, Vec<(Node, Node)>, Option<Box<Node>>),
    Cast(Box<Node>, &'static str),
    Query(Rc<Query>),
    /// `DQ(name=value)` and the keywords of `filter`, and whether it is negated.
    Lookups(Vec<(Rc<str>, Value)>, bool),
}

impl Node {
    pub(super) fn binary(op: &'static str, left: Self, right: Self) -> Self {
        Self::Binary(op, Box::new(left), Box::new(right))
    }

    /// Without the name that it is given.
    pub(super) fn bare(&self) -> &Self {
        match self {
            Self::Alias(inner, _) => inner.bare(),
            other => other,
        }
    }

    /// All of them.
    pub(super) fn all(nodes: Vec<Self>) -> Option<Self> {
        nodes.into_iter().reduce(|left, right| Self::binary("AND", left, right))
    }
}

/// An expression as a value.
pub(super) struct Written {
    pub(super) session: Rc<Session>,
    pub(super) node: Node,
}

pub(super) fn value_of(session: &Rc<Session>, node: Node) -> Value {
    Value::Object(Rc::new(Written { session: session.clone(), node }))
}

/// A value in the place of an expression.
pub(super) fn node_of(value: &Value) -> Node {
    if let Value::Object(object) = value {
        if let Some(written) = object.any().downcast_ref::<Written>() {
            return written.node.clone();
        }
        if let Some(query) = super::query::query_of(object) {
            return Node::Query(query);
        }
    }
    Node::Value(value.clone())
}

/// `left op right`, by Python's operator.
pub(super) fn operated(
    session: &Rc<Session>,
    op: &'static str,
    own: Node,
    other: &Value,
    side: Side,
) -> Outcome<Option<Value>> {
    let text = matches!(&own, Node::Field(source, name) if session
        .model(source.model())
        .and_then(|model| model.field(name).map(|field| field.ty.clone()))
        .is_some_and(|ty| matches!(ty, ColumnType::Varchar(_) | ColumnType::Text | ColumnType::Char(_))));
    let (sql, turns) = match op {
        "==" if other.is_none() => ("IS", false),
        "!=" if other.is_none() => ("IS NOT", false),
        "==" => ("=", false),
        "!=" => ("!=", false),
        "<" => ("<", false),
        "<=" => ("<=", false),
        ">" => (">", false),
        ">=" => (">=", false),
        "<<" => ("IN", false),
        ">>" => ("IS", false),
        "%" => ("GLOB", false),
        "**" => ("LIKE", false),
        "&" => ("AND", true),
        "|" => ("OR", true),
        "+" if text => ("||", true),
        "+" => ("+", true),
        "-" => ("-", true),
        "*" => ("*", true),
        "/" => ("/", true),
        _ => return Ok(None),
    };
    if side == Side::Right && !turns && matches!(op, "<<" | ">>" | "%" | "**") {
        return Ok(None);
    }
    let other = node_of(other);
    let (left, right) = if side == Side::Right && turns { (other, own) } else { (own, other) };
    Ok(Some(value_of(session, Node::binary(sql, left, right))))
}

impl Object for Written {
    fn class(&self) -> Rc<Class> {
        let name = match &self.node {
            Node::Field(source, name) => self
                .session
                .model(source.model())
                .and_then(|model| {
                    let field = model.field(name)?;
                    Some(field.declared.as_ref().map_or_else(
                        || if field.relation { "ForeignKeyField" } else { "AutoField" }.to_owned(),
                        |declared| declared.class.text.clone(),
                    ))
                })
                .unwrap_or_else(|| "ManyToManyField".into()),
            Node::Binary(..) | Node::Between(..) => "Expression".into(),
            Node::Call(..) => "Function".into(),
            Node::Alias(..) => "Alias".into(),
            Node::Order(..) => "Ordering".into(),
            Node::Not(_) => "Negated".into(),
            _ => "Node".to_owned(),
        };
        Rc::new(Class::new(&name, "peewee", &[]))
    }

    fn any(&self) -> &dyn Any {
        self
    }

    fn attribute(self: Rc<Self>, _: &mut Machine, name: &str) -> Outcome<Option<Value>> {
        if let Node::Field(source, field) = &self.node
            && let Some(found) = super::meta::field_attribute(&self.session, source, field, name)?
        {
            return Ok(Some(found));
        }
        super::condition::method(&self.session, &self.node, name)
    }

    fn item(self: Rc<Self>, _: &mut Machine, key: &Value) -> Outcome<Option<Value>> {
        let node = match key {
            Value::Slice(parts) => {
                let [start, stop, _] = &**parts;
                Node::Between(
                    Box::new(self.node.clone()),
                    Box::new(node_of(start)),
                    Box::new(node_of(stop)),
                )
            }
            key => Node::binary("=", self.node.clone(), node_of(key)),
        };
        Ok(Some(value_of(&self.session, node)))
    }

    fn operate(
        self: Rc<Self>,
        _: &mut Machine,
        op: &'static str,
        other: &Value,
        side: Side,
    ) -> Outcome<Option<Value>> {
        operated(&self.session, op, self.node.clone(), other, side)
    }

    fn unary(self: Rc<Self>, _: &mut Machine, op: &'static str) -> Outcome<Option<Value>> {
        let node = match (op, &self.node) {
            ("~", Node::Not(inner)) => (**inner).clone(),
            ("~", Node::Lookups(names, negated)) => Node::Lookups(names.clone(), !negated),
            ("~", node) => Node::Not(Box::new(node.clone())),
            ("-", node) => Node::Order(Box::new(node.clone()), "DESC", ""),
            ("+", node) => Node::Order(Box::new(node.clone()), "ASC", ""),
            _ => return Ok(None),
        };
        Ok(Some(value_of(&self.session, node)))
    }

    fn iterate(self: Rc<Self>, _: &mut Machine) -> Outcome<Option<Value>> {
        Ok(None)
    }

    fn contains(self: Rc<Self>, _: &mut Machine, _: &Value) -> Outcome<Option<bool>> {
        Err(refuse(
            "`in` does not make a condition: write `Field.in_(values)` or `Field << values`.",
        ))
    }

    fn repr(self: Rc<Self>, _: &mut Machine) -> Outcome<Option<String>> {
        let Node::Field(source, name) = &self.node else { return Ok(None) };
        let model = self.session.model(source.model());
        let owner = model.map(|model| model.name.clone()).unwrap_or_default();
        Ok(Some(format!("<{}: {owner}.{name}>", Object::class(&*self).name)))
    }
}
