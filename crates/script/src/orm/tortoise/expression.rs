//! Expressions: `F`, aggregates, functions, `Case`, and what they are as SQL.

use std::any::Any;
use std::rc::Rc;

use throughline_core::document::ColumnType;
use throughline_order::Gather as _;

use super::compile::{Joins, Table};
use super::condition::Q;
use super::raised;
use super::shape::{self, Rel, Side};
use crate::Machine;
use crate::database::Cell;
use crate::eval::{raise, refuse};
use crate::sql::{Call, Expr};
use crate::value::{Args, Class, Object, Outcome, Side as Operand, Value};
use crate::world::{Model, World, to_cell};

/// An expression as a script writes it.
#[derive(Clone)]
pub(super) enum Node {
    /// `F("path")`
    F(Rc<str>),
    /// The path that a function is given as text.
    Path(Rc<str>),
    /// A plain value.
    Value(Value),
    /// `F("a") + 1`
    Combined(&'static str, Box<Node>, Box<Node>),
    /// `Lower("name")`
    Function(&'static str, Box<Node>, Vec<Node>),
    /// `Count("books", distinct=True, _filter=Q(…))`
    Aggregate { name: &'static str, of: Box<Node>, distinct: bool, filter: Option<Rc<Q>> },
    /// `When(…, then=…)`
    When(Rc<Q>, Box<Node>),
    /// `Case(When(…), default=…)`
    Case(Vec<(Rc<Q>, Node)>, Box<Node>),
    /// `RawSQL("id + 1")`
    Raw(Rc<str>),
    /// `Subquery(queryset)`
    Subquery(Rc<super::queryset::QuerySet>),
}

/// A node as a value.
pub(super) struct Written(pub(super) Node);

/// What an expression is resolved for.
#[derive(Clone)]
pub(super) struct Context {
    pub(super) world: Rc<World>,
    pub(super) model: Rc<Model>,
    pub(super) table: Table,
    pub(super) annotations: Rc<Vec<(Rc<str>, Node)>>,
}

/// An expression as SQL.
#[derive(Clone)]
pub(super) struct Term {
    pub(super) expr: Expr,
    /// The type of the field that it comes from.
    pub(super) ty: Option<ColumnType>,
    pub(super) aggregate: bool,
}

/// The node behind a value.
pub(super) fn node_of(value: &Value) -> Node {
    if let Value::Object(object) = value
        && let Some(written) = object.any().downcast_ref::<Written>()
    {
        return written.0.clone();
    }
    Node::Value(value.clone())
}

/// The first argument of a function: text is a path.
fn path_or_node(value: &Value) -> Node {
    match value {
        Value::Str(path) => Node::Path(path.clone()),
        other => node_of(other),
    }
}

impl Context {
    /// A node as SQL; joins that it needs are added.
    pub(super) fn resolve(
        &self,
        machine: &mut Machine,
        node: &Node,
        joins: &mut Joins,
    ) -> Outcome<Term> {
        let plain = |expr| Term { expr, ty: None, aggregate: false };
        Ok(match node {
            Node::Value(value) => match to_cell(None, value) {
                Some(cell) => plain(Expr::Param(cell)),
                None => {
                    return Err(refuse(format!(
                        "A value of type {} in an expression is not supported here yet.",
                        value.type_name()
                    )));
                }
            },
            Node::F(path) => return self.reference(machine, path, joins),
            Node::Path(path) => return self.path(machine, path, joins),
            Node::Combined(op, left, right) => {
                let left = self.resolve(machine, left, joins)?;
                let right = self.resolve(machine, right, joins)?;
                Term {
                    expr: Expr::binary(op, left.expr, right.expr),
                    ty: right.ty.or(left.ty),
                    aggregate: left.aggregate || right.aggregate,
                }
            }
            // SQLite has none.
            Node::Function("CONCAT", ..) => {
                return Err(raised(machine, "OperationalError", "no such function: CONCAT"));
            }
            Node::Function(name, of, args) => {
                let of = self.resolve(machine, of, joins)?;
                let mut all = vec![of.expr];
                for arg in args {
                    all.push(self.resolve(machine, arg, joins)?.expr);
                }
                Term { expr: Expr::call(name, all), ty: None, aggregate: of.aggregate }
            }
            Node::Aggregate { name, of, distinct, filter } => {
                let mut of = self.resolve(machine, of, joins)?;
                if let Some(filter) = filter {
                    let modifier = self.condition(machine, filter)?;
                    // Joins of the filter are those of the argument, or nothing.
                    let condition = modifier.wheres.unwrap_or(Expr::And(Vec::new()));
                    of.expr = Expr::Case(
                        vec![(condition, of.expr)],
                        Some(Box::new(Expr::Raw("NULL".into()))),
                    );
                }
                let expr = Expr::Call(Call {
                    name: (*name).into(),
                    args: vec![of.expr],
                    distinct: *distinct,
                    filter: None,
                });
                let ty = of.ty.filter(|_| *name != "COUNT");
                Term { expr, ty, aggregate: true }
            }
            Node::When(..) => return Err(raise("TypeError", "When is only known inside of Case")),
            Node::Case(whens, default) => {
                let mut out = Vec::new();
                let mut aggregate = false;
                for (condition, then) in whens {
                    let modifier = self.condition(machine, condition)?;
                    joins.extend(modifier.joins);
                    let then = self.resolve(machine, then, joins)?;
                    aggregate |= then.aggregate;
                    out.push((modifier.wheres.unwrap_or(Expr::And(Vec::new())), then.expr));
                }
                let default = self.resolve(machine, default, joins)?;
                let default = match default.expr {
                    Expr::Param(Cell::Null) => Expr::Raw("NULL".into()),
                    other => other,
                };
                Term { expr: Expr::Case(out, Some(Box::new(default))), ty: None, aggregate }
            }
            Node::Raw(text) => plain(Expr::Raw(text.to_string())),
            Node::Subquery(set) => plain(Expr::Subquery(Box::new(set.select(machine)?.0))),
        })
    }

    fn annotation(&self, name: &str) -> Option<&Node> {
        self.annotations.iter().find(|(known, _)| **known == *name).map(|(_, node)| node)
    }

    /// `F("path")`
    fn reference(&self, machine: &mut Machine, path: &str, joins: &mut Joins) -> Outcome<Term> {
        let first = path.split("__").next().unwrap_or(path);
        if shape::relation(&self.world, &self.model, first).is_some() {
            return self.path(machine, path, joins);
        }
        if let Some(node) = self.annotation(path).cloned() {
            return machine.deeper(|machine| self.resolve(machine, &node, joins));
        }
        match shape::column(&self.model, path) {
            Some(field) => Ok(Term {
                expr: Expr::Column(None, field.column.clone()),
                ty: Some(field.ty.clone()),
                aggregate: false,
            }),
            None => {
                let message =
                    format!("There is no non-virtual field {path} on Model {}", self.model.name);
                Err(raised(machine, "FieldError", message))
            }
        }
    }

    /// `resolve_nested_field`: a path of relations, with a field or a relation at its end.
    fn path(&self, machine: &mut Machine, path: &str, joins: &mut Joins) -> Outcome<Term> {
        let parts: Vec<&str> = path.split("__").gather();
        let lost =
            |machine: &mut Machine| raised(machine, "FieldError", format!("{path} not resolvable"));
        let Some((last, relations)) = parts.split_last() else { return Err(lost(machine)) };
        let (mut model, mut table) = (self.model.clone(), self.table.clone());
        for name in relations {
            let Some(rel) = shape::relation(&self.world, &model, name) else {
                return Err(lost(machine));
            };
            joins.extend(steps(&table, &rel));
            table = match rel.side {
                Side::Backward => Table::of(&rel.target),
                Side::Forward | Side::Many => table.beside(&rel),
            };
            model = rel.target;
        }
        if let Some(rel) = shape::relation(&self.world, &model, last) {
            let steps = steps(&table, &rel);
            let end = match (rel.side, steps.last()) {
                // Of a foreign key that ends the path the table has no alias, though its join has one.
                (Side::Forward, _) | (_, None) => Table::of(&rel.target),
                (Side::Backward | Side::Many, Some(table)) => table,
            };
            joins.extend(steps);
            let key = rel.target.key();
            let column = key.map(|key| key.column.clone()).unwrap_or_default();
            let ty = key.map(|key| key.ty.clone());
            return Ok(Term { expr: end.column(&column), ty, aggregate: false });
        }
        match shape::column(&model, last) {
            Some(field) => Ok(Term {
                expr: table.column(&field.column),
                ty: Some(field.ty.clone()),
                aggregate: false,
            }),
            None => Err(lost(machine)),
        }
    }
}

/// `get_joins_for_related_field`: the tables that a relation joins, each with its condition.
pub(super) fn steps(table: &Table, rel: &Rel) -> Joins {
    let mut out = Joins::default();
    match (rel.side, &rel.through) {
        (Side::Many, Some(keys)) => {
            let through = Table { name: keys.table.clone(), alias: None };
            let to = table.beside(rel);
            let here = Expr::binary("=", table.column(&rel.own.1), through.column(&keys.near));
            let there = Expr::binary("=", through.column(&keys.far), to.column(&rel.other.1));
            out.push(through, here);
            out.push(to, there);
        }
        (Side::Backward, _) => {
            let plain = Table::of(&rel.target);
            let to = if plain == *table { table.beside(rel) } else { plain };
            let on = Expr::binary("=", table.column(&rel.own.1), to.column(&rel.other.1));
            out.push(to, on);
        }
        (Side::Forward | Side::Many, _) => {
            let to = table.beside(rel);
            let on = Expr::binary("=", to.column(&rel.other.1), table.column(&rel.own.1));
            out.push(to, on);
        }
    }
    out
}

impl Object for Written {
    fn class(&self) -> Rc<Class> {
        let name = match &self.0 {
            Node::F(_) | Node::Path(_) => "F",
            Node::Value(_) => "Value",
            Node::Combined(..) => "CombinedExpression",
            Node::Function(name, ..) | Node::Aggregate { name, .. } => name,
            Node::When(..) => "When",
            Node::Case(..) => "Case",
            Node::Subquery(_) => "Subquery",
            Node::Raw(_) => "RawSQL",
        };
        Rc::new(Class::new(name, "tortoise.expressions", &[]))
    }

    fn any(&self) -> &dyn Any {
        self
    }

    fn operate(
        self: Rc<Self>,
        _: &mut Machine,
        op: &'static str,
        other: &Value,
        side: Operand,
    ) -> Outcome<Option<Value>> {
        // Only these can be combined; functions cannot.
        let combines = matches!(self.0, Node::F(_) | Node::Combined(..));
        if combines && op == "**" {
            return Err(refuse("`**` of `F` is not supported here."));
        }
        if !combines || !matches!(op, "+" | "-" | "*" | "/" | "%") {
            return Ok(None);
        }
        let (own, other) = (Box::new(self.0.clone()), Box::new(node_of(other)));
        let (left, right) = if side == Operand::Left { (own, other) } else { (other, own) };
        Ok(Some(Value::Object(Rc::new(Self(Node::Combined(op, left, right))))))
    }

    fn unary(self: Rc<Self>, _: &mut Machine, op: &'static str) -> Outcome<Option<Value>> {
        if op != "-" || !matches!(self.0, Node::F(_) | Node::Combined(..)) {
            return Ok(None);
        }
        let (own, minus) = (Box::new(self.0.clone()), Box::new(Node::Value(Value::Int(-1))));
        Ok(Some(Value::Object(Rc::new(Self(Node::Combined("*", own, minus))))))
    }
}

const AGGREGATES: &[(&str, &str)] =
    &[("Count", "COUNT"), ("Sum", "SUM"), ("Avg", "AVG"), ("Max", "MAX"), ("Min", "MIN")];

const FUNCTIONS: &[(&str, &str)] = &[
    ("Lower", "LOWER"),
    ("Upper", "UPPER"),
    ("Length", "LENGTH"),
    ("Trim", "TRIM"),
    ("Coalesce", "COALESCE"),
    ("Concat", "CONCAT"),
];

/// `tortoise.functions`
pub(super) fn constructors() -> Vec<(&'static str, Value)> {
    let aggregates = AGGREGATES.iter().map(|(name, sql)| {
        let make = move |machine: &mut Machine, mut args: Args| {
            let distinct = match args.take("distinct") {
                Some(value) => machine.truth(&value)?,
                None => false,
            };
            let filter = match args.take("_filter") {
                Some(Value::Object(object)) => {
                    object.any().downcast_ref::<super::operators::WrittenQ>().map(|q| q.0.clone())
                }
                _ => None,
            };
            let [of] = args.bind(name, ["field"], 1)?;
            let of = Box::new(path_or_node(&of.unwrap_or(Value::None)));
            let node = Node::Aggregate { name: sql, of, distinct, filter: filter.map(Rc::new) };
            Ok(Value::Object(Rc::new(Written(node))))
        };
        (*name, Value::native(name, make))
    });
    let functions = FUNCTIONS.iter().map(|(name, sql)| {
        let make = move |_: &mut Machine, args: Args| {
            let mut values = args.positional.iter();
            let of = values.next().ok_or_else(|| raise("TypeError", "a field is needed"))?;
            let node =
                Node::Function(sql, Box::new(path_or_node(of)), values.map(node_of).gather());
            Ok(Value::Object(Rc::new(Written(node))))
        };
        (*name, Value::native(name, make))
    });
    aggregates.chain(functions).gather()
}
