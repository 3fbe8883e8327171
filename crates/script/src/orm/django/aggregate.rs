//! `aggregate()`: over the rows of a query, or over what it has grouped, cut or made distinct.

use std::rc::Rc;

use throughline_core::document::ColumnType;
use throughline_order::Gather as _;

use super::STYLE;
use super::expression::{FILLED, Node, default_alias, is_expression, node_of};
use super::query::{Annotation, Group, Query};
use super::queryset::{QuerySet, Shape};
use crate::Machine;
use crate::eval::raise;
use crate::sql::{Expr, Select, Source, What, Writer};
use crate::value::{Args, Dict, Outcome, Value};

impl QuerySet {
    pub(super) fn aggregate(&self, machine: &mut Machine, args: Args) -> Outcome {
        let set = self.copy();
        if !set.query.distinct_on.is_empty() {
            let message = "aggregate() + distinct(fields) not implemented.";
            return Err(raise("NotImplementedError", message));
        }
        if args.positional.is_empty() && args.keywords.is_empty() {
            return Ok(Value::dict(Dict::default()));
        }
        expressions_only(machine, "aggregate", &args)?;
        // What has a name comes first.
        let mut given: Vec<(Rc<str>, Value)> = args.keywords;
        for value in args.positional {
            let name = default_alias(&super::expression::node_of(&value));
            given.push((
                name.ok_or_else(|| raise("TypeError", "Complex aggregates require an alias"))?
                    .into(),
                value,
            ));
        }
        for (name, value) in &given {
            let node = super::expression::node_of(value);
            let earlier = |path: &Rc<str>| given.iter().any(|(known, _)| known == path);
            if let Node::Aggregate { name, of, .. } = &node
                && let Node::F(path) = &**of
                && earlier(path)
                && !super::query::is_field(&set.query, path)
            {
                let called = super::expression::called(name);
                let message =
                    format!("Cannot compute {called}('{path}'): '{path}' is an aggregate");
                return Err(super::raise_field_error(machine, &message));
            }
            if !super::expression::is_aggregate(&node) && !mentions(&node, &earlier) {
                return Err(raise("TypeError", format!("{name} is not an aggregate expression")));
            }
            if let Some(alias) = set.query.hidden_in(&node) {
                let message = format!(
                    "Cannot aggregate over the '{alias}' alias. Use annotate() to promote it."
                );
                return Err(super::raise_field_error(machine, &message));
            }
        }
        if set.is_empty() {
            let mut out = Dict::default();
            for (name, value) in &given {
                out.set(name, of_nothing(&node_of(value)));
            }
            return Ok(Value::dict(out));
        }
        let (select, types) = select(machine, &set, &given)?;
        let reply = set.send(machine, Writer::new(&STYLE).select(&select))?;
        let mut out = Dict::default();
        for ((name, _), (ty, cell)) in
            given.iter().zip(types.iter().zip(reply.rows.first().into_iter().flatten()))
        {
            out.set(name, super::read::value(ty.as_ref(), cell));
        }
        Ok(Value::dict(out))
    }
}

/// `QuerySet.annotate() received non-expression(s): True.`
pub(super) fn expressions_only(machine: &mut Machine, method: &str, args: &Args) -> Outcome<()> {
    let mut others = Vec::new();
    for value in args.positional.iter().chain(args.keywords.iter().map(|(_, value)| value)) {
        if !is_expression(value) {
            others.push(machine.str(value)?);
        }
    }
    if others.is_empty() {
        return Ok(());
    }
    let others = others.join(", ");
    let message = format!("QuerySet.{method}() received non-expression(s): {others}.");
    Err(raise("TypeError", message))
}

/// The SELECT of an `aggregate`, with the types of what it gives.
pub(super) fn select(
    machine: &mut Machine,
    set: &QuerySet,
    given: &[(Rc<str>, Value)],
) -> Outcome<(Select, Vec<Option<ColumnType>>)> {
    let query = &set.query;
    let plain = query.group == Group::No
        && !query.distinct
        && query.limit.is_none()
        && query.offset == 0
        && set.combined.is_empty();
    if plain {
        let mut query = query.clone();
        query.order.clear();
        query.ordered = true;
        let (columns, types) = columns(machine, &mut query, given)?;
        return Ok((query.select(machine, columns)?, types));
    }
    // The rows are made by a query inside; the aggregates read its columns.
    let mut inner = set.copy();
    if inner.query.limit.is_none() && inner.query.offset == 0 {
        inner.query.order.clear();
        inner.query.ordered = true;
    }
    let mut lifted = Vec::new();
    let mut names: Vec<Rc<str>> = match (&inner.shape, inner.query.distinct) {
        (Shape::Dicts(names) | Shape::Tuples(names) | Shape::Named(names), _) => names.clone(),
        (Shape::Flat(name), _) => vec![name.clone()],
        (Shape::Instances, true) => {
            let model = inner.query.model();
            model.iter().flat_map(|model| &model.fields).map(|field| field.attname.clone()).gather()
        }
        (Shape::Instances, false) => vec!["pk".into()],
    };
    let mut whole = Vec::new();
    for (name, value) in given {
        let node = lift(&node_of(value), &mut names, &mut whole);
        lifted.push((name.clone(), node));
    }
    for (name, node) in whole {
        inner.query.annotate(machine, name.clone(), &node)?;
        names.push(name);
    }
    for annotation in inner.query.annotations.iter().filter(|annotation| !annotation.hidden) {
        if !names.contains(&annotation.name) {
            names.push(annotation.name.clone());
        }
    }
    inner.shape = Shape::Dicts(names);
    let (made, loading) = inner.compiled(machine)?;
    let mut outer = Query::new(query.world.clone(), query.model);
    for (name, ty) in loading.extra {
        let expr = Expr::Column(None, name.clone());
        outer.annotations.push(Annotation {
            name,
            expr,
            ty,
            class: None,
            unfit: None,
            aggregate: false,
            hidden: false,
        });
    }
    let mut columns = Vec::new();
    let mut types = Vec::new();
    for (name, node) in &lifted {
        let (expr, ty) = outer.expression(machine, node)?;
        types.push(super::read::computed(&expr, ty));
        columns.push((expr, Some(name.clone())));
    }
    let from = Source { what: What::Select(Box::new(made)), alias: Some("subquery".into()) };
    Ok((Select { columns, from: vec![from], ..Select::default() }, types))
}

/// Whether an expression names something.
fn mentions(node: &Node, wanted: &dyn Fn(&Rc<str>) -> bool) -> bool {
    match node {
        Node::F(path) => wanted(path),
        Node::Function { args, .. } | Node::Named(_, args) => {
            args.iter().any(|arg| mentions(arg, wanted))
        }
        Node::Combined(_, left, right) => mentions(left, wanted) || mentions(right, wanted),
        Node::Typed(of, _) | Node::Cast(of, _) => mentions(of, wanted),
        _ => false,
    }
}

type Columns = Vec<(Expr, Option<Rc<str>>)>;

fn columns(
    machine: &mut Machine,
    query: &mut Query,
    given: &[(Rc<str>, Value)],
) -> Outcome<(Columns, Vec<Option<ColumnType>>)> {
    let (mut columns, mut types) = (Vec::new(), Vec::new());
    for (name, value) in given {
        let node = node_of(value);
        super::typing::class(machine, query, &node)?;
        let (expr, ty) = query.expression(machine, &node)?;
        let ty = super::read::computed(&expr, ty);
        types.push(ty.clone());
        columns.push((expr.clone(), Some(name.clone())));
        // Those that follow may name it.
        if !super::query::is_field(query, name) {
            query.annotations.push(Annotation {
                name: name.clone(),
                expr,
                ty,
                class: None,
                unfit: None,
                aggregate: true,
                hidden: true,
            });
        }
    }
    Ok((columns, types))
}

/// An expression over the columns of the query inside; what it names there is asked for there, and what has conditions is
/// computed there.
fn lift(node: &Node, names: &mut Vec<Rc<str>>, whole: &mut Vec<(Rc<str>, Node)>) -> Node {
    let mut inside = |node: Node| {
        let name: Rc<str> = format!("__col{}", whole.len() + 1).into();
        whole.push((name.clone(), node));
        Node::F(name)
    };
    if let Node::Case(..) | Node::Holds(_) | Node::Exists(..) | Node::Subquery(_) = node {
        return inside(node.clone());
    }
    let filter = match node {
        Node::Aggregate { filter: Some(filter), .. } => {
            let holds = inside(Node::Holds(filter.clone()));
            Some(Rc::new(super::expression::Condition::of(vec![super::expression::Item::Node(
                holds,
            )])))
        }
        _ => None,
    };
    let mut each = |node: &Node| lift(node, names, whole);
    match node {
        Node::F(star) if &**star == "*" => node.clone(),
        Node::F(path) => {
            if !names.contains(path) {
                names.push(path.clone());
            }
            node.clone()
        }
        Node::Aggregate { name, of, distinct, .. } => {
            Node::Aggregate { name, of: Box::new(each(of)), distinct: *distinct, filter }
        }
        Node::Function { name, args } => {
            Node::Function { name, args: args.iter().map(each).gather() }
        }
        Node::Named(name, args) => Node::Named(name.clone(), args.iter().map(each).gather()),
        Node::Combined(op, left, right) => {
            Node::Combined(op, Box::new(each(left)), Box::new(each(right)))
        }
        Node::Compare(op, left, right) => {
            Node::Compare(op, Box::new(each(left)), Box::new(each(right)))
        }
        Node::Cast(of, ty) => Node::Cast(Box::new(each(of)), ty.clone()),
        Node::Typed(of, ty) => Node::Typed(Box::new(each(of)), ty.clone()),
        Node::Part(part, of) => Node::Part(part, Box::new(each(of))),
        Node::Start(unit, of) => Node::Start(unit, Box::new(each(of))),
        Node::OuterRef(..)
        | Node::Holds(_)
        | Node::Value(_)
        | Node::Case(..)
        | Node::When(..)
        | Node::Exists(..)
        | Node::Subquery(_)
        | Node::Window(..)
        | Node::Ordered(..) => node.clone(),
    }
}

/// What an aggregate gives where there are no rows, without asking.
fn of_nothing(node: &Node) -> Value {
    match node {
        Node::Aggregate { name: "COUNT", .. } => Value::Int(0),
        Node::Function { name: "Coalesce" | FILLED, args } => {
            let mut values = args.iter().map(of_nothing);
            values.find(|value| !value.is_none()).unwrap_or(Value::None)
        }
        Node::Typed(of, _) => of_nothing(of),
        Node::Value(value) => value.clone(),
        _ => Value::None,
    }
}
