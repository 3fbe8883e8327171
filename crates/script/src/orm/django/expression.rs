//! `Q`, `F`, aggregates and functions.

use std::any::Any;
use std::rc::Rc;

use throughline_core::document::ColumnType;
use throughline_order::Gather as _;

use super::lookup;
use super::q::{WrittenQ, condition_of};
use super::query::Query;
use super::queryset::QuerySet;
use crate::Machine;
use crate::eval::{raise, refuse};
use crate::sql::{Call, Expr, Select};
use crate::value::{Args, Class, Object, Outcome, Side, Value};
use crate::world::to_cell;

/// An expression as a script writes it.
#[derive(Clone)]
pub(super) enum Node {
    /// `F("path")`
    F(Rc<str>),
    /// `OuterRef("path")`, and how many more queries further out.
    OuterRef(Rc<str>, u32),
    /// A condition as a value: `Q(…)`.
    Holds(Rc<Condition>),
    /// `Value(x)` and plain values.
    Value(Value),
    /// `Count("books", distinct=True, filter=Q(…))`
    Aggregate { name: &'static str, of: Box<Node>, distinct: bool, filter: Option<Rc<Condition>> },
    /// `Lower("name")`
    Function { name: &'static str, args: Vec<Node> },
    /// `F("a") + 1`
    Combined(&'static str, Box<Node>, Box<Node>),
    /// `Case(When(…, then=…), default=…)`
    Case(Vec<(Rc<Condition>, Node)>, Option<Box<Node>>),
    /// `When(…, then=…)`
    When(Rc<Condition>, Box<Node>),
    /// `Exists(queryset)`
    Exists(Rc<QuerySet>, bool),
    /// `Subquery(queryset)`
    Subquery(Rc<QuerySet>),
    /// A function that is named in the script: `Func(…, function="UPPER")`
    Named(Rc<str>, Vec<Node>),
    /// `Cast(…, FloatField())`
    Cast(Box<Node>, ColumnType),
    /// `ExpressionWrapper(…, output_field=…)`
    Typed(Box<Node>, ColumnType),
    /// `ExtractYear(…)`
    Part(&'static str, Box<Node>),
    /// `TruncMonth(…)`
    Start(&'static str, Box<Node>),
    /// `Window(…, partition_by=…, order_by=…)`
    Window(Box<Node>, Vec<Node>, Vec<Node>),
    /// A comparison.
    Compare(&'static str, Box<Node>, Box<Node>),
    /// `F("x").desc()`
    Ordered(Box<Node>, bool, &'static str),
}

/// `Q(…)`
#[derive(Clone)]
pub(super) struct Condition {
    pub(super) connector: Connector,
    pub(super) negated: bool,
    pub(super) items: Vec<Item>,
}

impl Condition {
    /// All of these.
    pub(super) fn of(items: Vec<Item>) -> Self {
        Self { connector: Connector::And, negated: false, items }
    }
}

/// What stands between the parts of a `Q`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Connector {
    And,
    Or,
    Xor,
}

/// What a `Q` holds.
#[derive(Clone)]
pub(super) enum Item {
    /// `name__lookup=value`
    Lookup(Rc<str>, Value),
    /// Another `Q`.
    Nested(Condition),
    /// An expression that is true or false.
    Node(Node),
}

/// An item of the order.
#[derive(Clone)]
pub(super) struct OrderItem {
    pub(super) by: Node,
    pub(super) descending: bool,
    pub(super) nulls: &'static str,
    /// Whether it is written as a name, whose sign an order around it turns.
    pub(super) named: bool,
}

/// A node as a value.
pub(super) struct Written(pub(super) Node);

pub(super) fn value_of(node: Node) -> Value {
    Value::Object(Rc::new(Written(node)))
}

/// A value in the place of an expression; text is a path.
pub(super) fn path_or_node(value: &Value) -> Node {
    match value {
        Value::Str(path) => Node::F(path.clone()),
        other => node_of(other),
    }
}

/// A value in the place of an expression; text is text.
pub(super) fn node_of(value: &Value) -> Node {
    if let Value::Object(object) = value {
        if let Some(written) = object.any().downcast_ref::<Written>() {
            return written.0.clone();
        }
        if let Some(q) = object.any().downcast_ref::<WrittenQ>() {
            return Node::Holds(Rc::new(q.0.clone()));
        }
        if object.any().is::<QuerySet>()
            && let Some(set) = super::queryset::query_set(object)
        {
            return Node::Subquery(set);
        }
    }
    Node::Value(value.clone())
}

/// Whether Django takes a value for an expression.
pub(super) fn is_expression(value: &Value) -> bool {
    !matches!(node_of(value), Node::Value(_))
        || matches!(value, Value::Object(object) if object.any().is::<Written>())
}

impl Object for Written {
    fn class(&self) -> Rc<Class> {
        Rc::new(Class::new("Expression", "django.db.models.expressions", &[]))
    }

    fn any(&self) -> &dyn Any {
        self
    }

    fn attribute(self: Rc<Self>, _: &mut Machine, name: &str) -> Outcome<Option<Value>> {
        let op = match name {
            "bitand" => Some("&"),
            "bitor" => Some("|"),
            "bitleftshift" => Some("<<"),
            "bitrightshift" => Some(">>"),
            _ => None,
        };
        if let Some(op) = op {
            return Ok(Some(Value::native("bits", move |_, args| {
                let other = node_of(&args.only("bits")?);
                Ok(value_of(Node::Combined(op, Box::new(self.0.clone()), Box::new(other))))
            })));
        }
        let descending = match name {
            "asc" => false,
            "desc" => true,
            name if name.starts_with("__") => return Ok(None),
            name => {
                return Err(refuse(format!("`{name}` of an expression is not supported here.")));
            }
        };
        Ok(Some(Value::native("order", move |machine, args| {
            ordered(machine, self.0.clone(), descending, args)
        })))
    }

    fn repr(self: Rc<Self>, machine: &mut Machine) -> Outcome<Option<String>> {
        match super::shown::shown(machine, &self.0)? {
            Some(text) => Ok(Some(text)),
            None => Err(refuse("The text of this expression is not supported here.")),
        }
    }

    fn item(self: Rc<Self>, _: &mut Machine, key: &Value) -> Outcome<Option<Value>> {
        let (Node::F(_) | Node::OuterRef(..)) = &self.0 else { return Ok(None) };
        let wrong = |message: &str| Err(raise("ValueError", message));
        let (start, stop) = match key {
            Value::Slice(parts) => {
                let [start, stop, step] = &**parts;
                if !step.is_none() {
                    return wrong("Step argument is not supported.");
                }
                (start.as_int().unwrap_or(0), stop.as_int())
            }
            Value::Int(at) => (*at, Some(at + 1)),
            _ => {
                return Err(raise(
                    "TypeError",
                    "Argument to slice must be either int or slice instance.",
                ));
            }
        };
        if start < 0 || stop.is_some_and(|stop| stop < 0) {
            return wrong("Negative indexing is not supported.");
        }
        if stop.is_some_and(|stop| stop < start) {
            return wrong("Slice stop must be greater than slice start.");
        }
        let number = |number: i64| Node::Value(Value::Int(number));
        let mut args = vec![self.0.clone(), number(start + 1)];
        args.extend(stop.map(|stop| number(stop - start)));
        Ok(Some(value_of(Node::Function { name: "Substr", args })))
    }

    fn operate(
        self: Rc<Self>,
        _: &mut Machine,
        op: &'static str,
        other: &Value,
        side: Side,
    ) -> Outcome<Option<Value>> {
        if op == "**" {
            let (own, other) = (self.0.clone(), node_of(other));
            let args = if side == Side::Left { vec![own, other] } else { vec![other, own] };
            return Ok(Some(value_of(Node::Function { name: "Power", args })));
        }
        if ["&", "|", "^"].contains(&op) {
            let this = value_of(self.0.clone());
            return match (super::q::as_q(&this), super::q::as_q(other)) {
                (Some(own), Some(other)) => {
                    let (left, right) =
                        if side == Side::Left { (own, other) } else { (other, own) };
                    Ok(Some(super::q::combined(op, left, right)))
                }
                _ => Err(raise(
                    "NotImplementedError",
                    "Use .bitand(), .bitor(), and .bitxor() for bitwise logical operations.",
                )),
            };
        }
        if !["+", "-", "*", "/", "%"].contains(&op) {
            return Ok(None);
        }
        let (own, other) = (self.0.clone(), node_of(other));
        let (left, right) = if side == Side::Left { (own, other) } else { (other, own) };
        Ok(Some(value_of(Node::Combined(op, Box::new(left), Box::new(right)))))
    }

    fn unary(self: Rc<Self>, _: &mut Machine, op: &'static str) -> Outcome<Option<Value>> {
        match (&self.0, op) {
            (Node::Exists(set, negated), "~") => {
                Ok(Some(value_of(Node::Exists(set.clone(), !negated))))
            }
            (node, "~") => {
                let items = vec![Item::Node(node.clone())];
                let condition = Condition { negated: true, ..Condition::of(items) };
                Ok(Some(value_of(Node::Holds(Rc::new(condition)))))
            }
            (node, "-") => Ok(Some(value_of(Node::Combined(
                "*",
                Box::new(node.clone()),
                Box::new(Node::Value(Value::Int(-1))),
            )))),
            _ => Ok(None),
        }
    }
}

/// Expressions, by the names under which scripts know them.
pub(super) fn constructors() -> Vec<(&'static str, Value)> {
    let mut out = vec![
        ("Q", Value::Object(Rc::new(super::q::QClass))),
        ("F", Value::native("F", |_, args| path(args, Node::F))),
        (
            "OrderBy",
            Value::native("OrderBy", |machine, mut args| {
                let descending = match args.take("descending") {
                    Some(value) => machine.truth(&value)?,
                    None => false,
                };
                let by = args.take("expression").or_else(|| args.positional.first().cloned());
                ordered(machine, node_of(&by.unwrap_or(Value::None)), descending, args)
            }),
        ),
        (
            "OuterRef",
            Value::native("OuterRef", |_, args| {
                let given = args.only("OuterRef")?;
                match (node_of(&given), &given) {
                    (Node::OuterRef(path, further), _) => {
                        Ok(value_of(Node::OuterRef(path, further + 1)))
                    }
                    (_, Value::Str(path)) => Ok(value_of(Node::OuterRef(path.clone(), 0))),
                    _ => Err(raise("TypeError", "the name of a field is needed")),
                }
            }),
        ),
        (
            "Value",
            Value::native("Value", |_, args| {
                Ok(value_of(Node::Value(args.positional.into_iter().next().unwrap_or(Value::None))))
            }),
        ),
        (
            "Exists",
            Value::native("Exists", |_, args| Ok(value_of(Node::Exists(set_of(args)?, false)))),
        ),
        (
            "Subquery",
            Value::native("Subquery", |_, args| Ok(value_of(Node::Subquery(set_of(args)?)))),
        ),
        (
            "When",
            Value::native("When", |_, mut args| {
                let then = args.take("then").unwrap_or(Value::None);
                let condition = args.take("condition");
                args.positional.extend(condition);
                super::q::checked_when(&args)?;
                // A text names a field here.
                let then = Box::new(path_or_node(&then));
                Ok(value_of(Node::When(Rc::new(condition_of(args)?), then)))
            }),
        ),
        (
            "Case",
            Value::native("Case", |_, mut args| {
                let default = args.take("default").map(|value| Box::new(path_or_node(&value)));
                let is_when = |value: &Value| matches!(node_of(value), Node::When(..));
                if !args.positional.iter().all(is_when) {
                    let message = "Positional arguments must all be When objects.";
                    return Err(raise("TypeError", message));
                }
                let whens = args.positional.iter().filter_map(|value| match node_of(value) {
                    Node::When(condition, then) => Some((condition, *then)),
                    _ => None,
                });
                Ok(value_of(Node::Case(whens.gather(), default)))
            }),
        ),
    ];
    for (name, sql) in
        [("Count", "COUNT"), ("Sum", "SUM"), ("Avg", "AVG"), ("Min", "MIN"), ("Max", "MAX")]
    {
        out.push((name, Value::native(name, move |machine, args| aggregate(machine, sql, args))));
    }
    out.extend(super::functions::constructors());
    out
}

/// An expression in an order: `asc()`, `desc()`, `OrderBy(…)`.
fn ordered(machine: &mut Machine, node: Node, descending: bool, mut args: Args) -> Outcome {
    let mut given = |name: &str| match args.take(name) {
        Some(Value::Bool(false)) => {
            Err(raise("ValueError", "nulls_first and nulls_last values must be True or None."))
        }
        Some(value) => machine.truth(&value),
        None => Ok(false),
    };
    let nulls = match (given("nulls_first")?, given("nulls_last")?) {
        (true, true) => {
            let message = "nulls_first and nulls_last are mutually exclusive";
            return Err(raise("ValueError", message));
        }
        (true, false) => "NULLS FIRST",
        (false, true) => "NULLS LAST",
        (false, false) => "",
    };
    Ok(value_of(Node::Ordered(Box::new(node), descending, nulls)))
}

fn path(args: Args, make: fn(Rc<str>) -> Node) -> Outcome {
    match args.only("F")? {
        Value::Str(path) => Ok(value_of(make(path))),
        _ => Err(raise("TypeError", "the name of a field is needed")),
    }
}

fn set_of(mut args: Args) -> Outcome<Rc<QuerySet>> {
    let set = args.take("queryset");
    args.positional.extend(set);
    match args.positional.first() {
        Some(Value::Object(object)) => super::queryset::query_set(object)
            .ok_or_else(|| raise("TypeError", "a query set is needed")),
        _ => Err(raise("TypeError", "a query set is needed")),
    }
}

fn aggregate(machine: &mut Machine, name: &'static str, mut args: Args) -> Outcome {
    let distinct = match args.take("distinct") {
        Some(value) => machine.truth(&value)?,
        None => false,
    };
    let filter = match args.take("filter") {
        Some(filter) if !filter.is_none() => Some(Rc::new(condition_of(Args::one(filter))?)),
        _ => None,
    };
    let default = args.take("default").filter(|default| !default.is_none());
    let called = called(name);
    if name == "COUNT" && default.is_some() {
        return Err(raise("TypeError", "Count does not allow default."));
    }
    if args.positional.len() != 1 {
        let given = args.positional.len();
        let message = if name == "COUNT" && given == 0 {
            "Count.__init__() missing 1 required positional argument: 'expression'".to_owned()
        } else {
            format!("'{called}' takes exactly 1 argument ({given} given)")
        };
        return Err(raise("TypeError", message));
    }
    let ty = args.take("output_field").as_ref().and_then(super::functions::type_of);
    let of = args.positional.first().map_or(Node::Value(Value::None), path_or_node);
    let aggregate = Node::Aggregate { name, of: Box::new(of), distinct, filter };
    let aggregate = super::functions::typed(aggregate, ty);
    Ok(value_of(match default {
        Some(default) => Node::Function { name: FILLED, args: vec![aggregate, node_of(&default)] },
        None => aggregate,
    }))
}

/// An aggregate with a default: `COALESCE`, of the aggregate's type.
pub(super) const FILLED: &str = "Coalesce of an aggregate";

/// What an aggregate is called in Python.
pub(super) fn called(sql: &str) -> &'static str {
    match sql {
        "COUNT" => "Count",
        "SUM" => "Sum",
        "AVG" => "Avg",
        "MIN" => "Min",
        _ => "Max",
    }
}

/// What an annotation is called where it has no name: `books__count`.
pub(super) fn default_alias(node: &Node) -> Option<String> {
    match node {
        Node::Aggregate { name, of, .. } => match &**of {
            Node::F(path) => Some(format!("{path}__{}", name.to_lowercase())),
            _ => None,
        },
        Node::Typed(of, _) => default_alias(of),
        // An aggregate with a default.
        Node::Function { name: FILLED, args } => args.first().and_then(default_alias),
        _ => None,
    }
}

/// What an expression in `values()` is called where it has no name: `lower1`, `f2`.
pub(super) fn counted_alias(node: &Node, place: usize) -> Rc<str> {
    if let Some(name) = default_alias(node) {
        return format!("{name}{place}").into();
    }
    let name = match node {
        Node::Function { name, .. } => name.to_lowercase(),
        Node::F(_) => "f".to_owned(),
        Node::Aggregate { name, .. } => name.to_lowercase(),
        Node::Case(..) => "case".to_owned(),
        Node::Combined(..) => "combinedexpression".to_owned(),
        Node::Cast(..) => "cast".to_owned(),
        Node::Value(_) => "value".to_owned(),
        _ => "func".to_owned(),
    };
    format!("{name}{place}").into()
}

/// The type of a plain value in an expression.
fn value_type(node: &Node) -> Option<ColumnType> {
    match node {
        Node::Value(Value::Int(_)) => Some(ColumnType::Integer),
        Node::Value(Value::Float(_)) => Some(ColumnType::Float),
        Node::Value(Value::Decimal(_)) => Some(ColumnType::Decimal(None)),
        _ => None,
    }
}

/// Whether an expression counts over several rows.
pub(super) fn is_aggregate(node: &Node) -> bool {
    match node {
        Node::Aggregate { .. } => true,
        Node::Function { args, .. } => args.iter().any(is_aggregate),
        Node::Combined(_, left, right) => is_aggregate(left) || is_aggregate(right),
        Node::Case(whens, default) => {
            whens.iter().any(|(_, then)| is_aggregate(then))
                || default.as_deref().is_some_and(is_aggregate)
        }
        Node::Ordered(node, ..)
        | Node::Cast(node, _)
        | Node::Typed(node, _)
        | Node::Part(_, node)
        | Node::Start(_, node) => is_aggregate(node),
        Node::Named(_, args) => args.iter().any(is_aggregate),
        Node::Compare(_, left, right) => is_aggregate(left) || is_aggregate(right),
        _ => false,
    }
}

impl Query {
    /// An expression as SQL, with its type where that is known. Relations that it crosses are joined so that no row gets lost.
    pub(super) fn expression(
        &mut self,
        machine: &mut Machine,
        node: &Node,
    ) -> Outcome<(Expr, Option<ColumnType>)> {
        Ok(match node {
            Node::F(path) => {
                if let Some(known) =
                    self.annotations.iter().find(|annotation| annotation.name == *path)
                {
                    return Ok((known.expr.clone(), known.ty.clone()));
                }
                // A transform of an annotation.
                if let Some((name, rest)) = path.split_once("__")
                    && let Some(known) = self.annotations.iter().find(|known| *known.name == *name)
                {
                    let (expr, ty) = (known.expr.clone(), known.ty.clone());
                    let rest: Vec<String> = rest.split("__").map(str::to_owned).gather();
                    return lookup::transformed(machine, expr, ty, &rest, "Field");
                }
                let end = self.path(machine, path, &self.reuse.clone())?;
                self.uses(end.table);
                let column = self.column(end.table, &end.column);
                if let (Some((model, _)), Some(part)) = (&end.relation, end.rest.first())
                    && lookup::transform(part, Expr::Star)
                        .is_none_or(|_| !lookup::suits(part, Some(&end.ty)))
                {
                    return Err(super::query::unknown(machine, &self.world, model, part));
                }
                let class = super::typing::of_path(self, path);
                let class = class.as_deref().unwrap_or("Field").to_owned();
                lookup::transformed(machine, column, Some(end.ty), &end.rest, &class)?
            }
            Node::OuterRef(path, further) => (Expr::Outer(path.clone(), *further), None),
            Node::Holds(condition) => {
                (self.condition_expr(machine, condition)?, Some(ColumnType::Boolean))
            }
            Node::Value(value) => {
                let value = super::query::plain(&self.world, value);
                let cell = to_cell(None, &value).ok_or_else(|| {
                    refuse(format!(
                        "A value of type {} cannot stand in a query.",
                        value.type_name()
                    ))
                })?;
                (Expr::Param(cell), None)
            }
            Node::Aggregate { name, of, distinct, filter } => {
                let (of, ty) = match &**of {
                    Node::F(star) if &**star == "*" => (Expr::Star, None),
                    other => self.expression(machine, other)?,
                };
                let filter = match filter {
                    Some(filter) => Some(Box::new(self.condition_expr(machine, filter)?)),
                    None => None,
                };
                let ty = match *name {
                    "COUNT" => Some(ColumnType::Integer),
                    "AVG" if matches!(ty, Some(ColumnType::Decimal(_) | ColumnType::Duration)) => {
                        ty
                    }
                    "AVG" => Some(ColumnType::Float),
                    _ => ty,
                };
                let call =
                    Call { name: (*name).into(), args: vec![of], distinct: *distinct, filter };
                (Expr::Call(call), ty)
            }
            Node::Function { name, args } => {
                let mut written = Vec::with_capacity(args.len());
                let mut first = None;
                for arg in args {
                    let (expr, ty) = self.expression(machine, arg)?;
                    first = first.or(ty);
                    written.push(expr);
                }
                super::functions::call(name, written, first)
            }
            Node::Named(name, args) => {
                let mut written = Vec::with_capacity(args.len());
                for arg in args {
                    written.push(self.expression(machine, arg)?.0);
                }
                (Expr::call(name, written), None)
            }
            Node::Cast(of, ty) => {
                let (of, _) = self.expression(machine, of)?;
                (super::functions::cast(of, ty)?, Some(ty.clone()))
            }
            Node::Typed(of, ty) => (self.expression(machine, of)?.0, Some(ty.clone())),
            Node::Part("day of", of) => {
                let (of, ty) = self.expression(machine, of)?;
                match ty {
                    Some(ColumnType::DateTime) => {
                        (Expr::call("date", vec![of]), Some(ColumnType::Date))
                    }
                    ty => (of, ty),
                }
            }
            Node::Part(part, of) => {
                let (of, _) = self.expression(machine, of)?;
                let ty = if *part == "date" { ColumnType::Date } else { ColumnType::Integer };
                (super::functions::part(machine, part, of)?, Some(ty))
            }
            Node::Start(unit, of) => {
                let (of, ty) = self.expression(machine, of)?;
                super::functions::start(unit, of, ty.as_ref())?
            }
            Node::Window(of, by, order) => {
                let (of, ty) = self.expression(machine, of)?;
                let mut parts = Vec::new();
                for node in by {
                    parts.push(self.expression(machine, node)?.0);
                }
                let mut orders = Vec::new();
                for node in order {
                    let (descending, nulls) = match node {
                        // A name alone has no direction.
                        Node::Ordered(_, descending, nulls) => (Some(*descending), *nulls),
                        _ => (None, ""),
                    };
                    let by = self.expression(machine, node)?.0;
                    orders.push(super::functions::window_order(by, descending, nulls));
                }
                (Expr::Over(Box::new(of), parts, orders), ty)
            }
            Node::Compare(op @ ("IS NULL" | "IS NOT NULL"), of, _) => {
                let is = if *op == "IS NULL" { crate::sql::Is::So } else { crate::sql::Is::Not };
                let (of, _) = self.expression(machine, of)?;
                (Expr::IsNull(Box::new(of), is), Some(ColumnType::Boolean))
            }
            Node::Compare(op, left, right) => {
                let (left, _) = self.expression(machine, left)?;
                let (right, _) = self.expression(machine, right)?;
                (Expr::binary(op, left, right), Some(ColumnType::Boolean))
            }
            Node::Combined(op, left, right) => {
                let (of_left, of_right) = (value_type(left), value_type(right));
                let (left, ty) = self.expression(machine, left)?;
                let (right, other) = self.expression(machine, right)?;
                let (ty, other) = (ty.or(of_left), other.or(of_right));
                let ty = match (&ty, &other) {
                    (_, Some(ColumnType::Decimal(_) | ColumnType::Float)) => other,
                    _ => ty.or(other),
                };
                (Expr::Group(Box::new(Expr::binary(op, left, right))), ty)
            }
            Node::Case(whens, default) => {
                let mut written = Vec::new();
                let mut ty = None;
                for (condition, then) in whens {
                    let condition = self.condition_expr(machine, condition)?;
                    let (then, found) = self.expression(machine, then)?;
                    ty = ty.or(found);
                    written.push((condition, then));
                }
                let default = match default {
                    Some(default) => Some(Box::new(self.expression(machine, default)?.0)),
                    None => Some(Box::new(Expr::Raw("NULL".into()))),
                };
                (Expr::Case(written, default), ty)
            }
            Node::When(..) => {
                return Err(raise("TypeError", "When() can only be used inside Case()"));
            }
            Node::Exists(set, negated) if set.is_empty() => {
                let known = Expr::Param(crate::database::Cell::Bool(*negated));
                (known, Some(ColumnType::Boolean))
            }
            Node::Exists(set, negated) => {
                let mut select = self.inner(machine, set)?;
                select.columns =
                    vec![(Expr::Param(crate::database::Cell::Int(1)), Some("a".into()))];
                select.order_by.clear();
                select.limit = Some(Expr::Raw("1".into()));
                let exists = Expr::Exists(Box::new(select));
                (
                    if *negated { Expr::Prefix("NOT ", Box::new(exists)) } else { exists },
                    Some(ColumnType::Boolean),
                )
            }
            Node::Subquery(set) if set.is_empty() => {
                (Expr::Param(crate::database::Cell::Null), None)
            }
            Node::Subquery(set) => {
                let select = self.inner(machine, set)?;
                (Expr::Subquery(Box::new(select)), None)
            }
            Node::Ordered(node, ..) => self.expression(machine, node)?,
        })
    }

    /// A query set inside of this query: its references to the outer query are this one's columns.
    fn inner(&mut self, machine: &mut Machine, set: &QuerySet) -> Outcome<Select> {
        set.select_inside(machine, self)
    }
}
