//! SELECT queries: what they will ask, and what they have fetched.

use std::any::Any;
use std::cell::RefCell;
use std::rc::Rc;

use throughline_order::Gather as _;

use super::STYLE;
use super::compile::Compiler;
use super::many::Many;
use super::methods::{METHODS, REFUSED};
use super::node::{Node, Source, node_of};
use super::rows::Shape;
use super::session::Session;
use crate::Machine;
use crate::database::{Reply, Sent};
use crate::eval::refuse;
use crate::sql::{Expr, Select, Source as Table, What, Writer};
use crate::value::{Class, Instance, Object, Outcome, Side, Value};

/// A join.
#[derive(Clone)]
pub(super) struct Joined {
    pub(super) kind: &'static str,
    pub(super) source: Source,
    pub(super) on: Node,
}

/// Under which attribute of which source the rows of a joined one come.
#[derive(Clone)]
pub(super) struct Branch {
    pub(super) from: Source,
    pub(super) to: Source,
    pub(super) attribute: Rc<str>,
    pub(super) outer: bool,
}

/// A SELECT query.
#[derive(Clone)]
pub(super) struct Query {
    pub(super) session: Rc<Session>,
    pub(super) id: u64,
    pub(super) root: Source,
    /// Whether it gives all fields of its model because nothing else was asked for.
    pub(super) is_default: bool,
    pub(super) columns: Vec<Node>,
    pub(super) joins: Vec<Joined>,
    /// The source that the next join starts from.
    pub(super) context: Source,
    pub(super) tree: Vec<Branch>,
    pub(super) condition: Option<Node>,
    pub(super) group_by: Vec<Node>,
    pub(super) having: Option<Node>,
    pub(super) order_by: Vec<Node>,
    pub(super) limit: Option<i64>,
    pub(super) offset: Option<i64>,
    pub(super) distinct: bool,
    pub(super) shape: Shape,
    pub(super) alias: Option<Rc<str>>,
    /// `with_cte(…)`
    pub(super) ctes: Vec<Rc<super::cte::Cte>>,
    /// `left UNION right`
    pub(super) compound: Option<(&'static str, Rc<Query>, Rc<Query>)>,
    /// The instance and the relation of a many-to-many.
    pub(super) many: Option<(Rc<Instance>, Many)>,
    pub(super) fetched: RefCell<Option<Vec<Value>>>,
}

/// The query behind a value.
pub(super) fn query_of(object: &Rc<dyn Object>) -> Option<Rc<Query>> {
    object.any().downcast_ref::<Query>()?;
    let any: Rc<dyn Object> = object.clone();
    let query = any.any().downcast_ref::<Query>()?;
    Some(Rc::new(query.clone()))
}

impl Query {
    /// A query for a source's rows: `Model.select(…)`.
    pub(super) fn new(session: &Rc<Session>, root: Source, columns: Vec<Node>) -> Self {
        let is_default = columns.is_empty();
        let columns = if is_default { all_fields(session, &root) } else { columns };
        Self {
            session: session.clone(),
            id: session.world.next(),
            context: root.clone(),
            root,
            is_default,
            columns,
            joins: Vec::new(),
            tree: Vec::new(),
            condition: None,
            group_by: Vec::new(),
            having: None,
            order_by: Vec::new(),
            limit: None,
            offset: None,
            distinct: false,
            shape: Shape::Models,
            alias: None,
            ctes: Vec::new(),
            compound: None,
            many: None,
            fetched: RefCell::default(),
        }
    }

    /// The same without what was fetched.
    pub(super) fn copy(&self) -> Self {
        Self { fetched: RefCell::default(), ..self.clone() }
    }

    pub(super) fn changed(&self, change: impl FnOnce(&mut Self)) -> Rc<Self> {
        let mut query = self.copy();
        change(&mut query);
        Rc::new(query)
    }

    pub(super) fn fresh(&self, change: impl FnOnce(&mut Self)) -> Value {
        Value::Object(self.changed(change))
    }

    pub(super) fn narrow(&mut self, node: Node) {
        self.condition = Some(match self.condition.take() {
            Some(known) => Node::binary("AND", known, node),
            None => node,
        });
    }

    /// The statement.
    pub(super) fn statement(&self, machine: &mut Machine) -> Outcome<Sent> {
        let select = Compiler::new(&self.session).select(machine, self, false)?;
        Ok(Writer::new(&STYLE).select(&select))
    }

    /// Sends it.
    pub(super) fn reply(&self, machine: &mut Machine) -> Outcome<Reply> {
        self.session.bound(machine, self.root.model())?;
        let sent = self.statement(machine)?;
        self.session.send(machine, sent)
    }

    /// All rows; fetched once.
    pub(super) fn rows(&self, machine: &mut Machine) -> Outcome<Vec<Value>> {
        if let Some(rows) = &*self.fetched.borrow() {
            return Ok(rows.clone());
        }
        let reply = self.reply(machine)?;
        let rows = super::rows::made(machine, self, &reply)?;
        *self.fetched.borrow_mut() = Some(rows.clone());
        Ok(rows)
    }

    /// `get()`
    pub(super) fn one(&self, machine: &mut Machine) -> Outcome {
        let query = self.changed(|query| {
            query.limit = Some(1);
            query.offset = Some(0);
        });
        if let Some(row) = query.rows(machine)?.into_iter().next() {
            return Ok(row);
        }
        let sent = query.statement(machine)?;
        let params: Vec<Value> = sent.params.iter().map(super::rows::parameter).gather();
        let model = self.root.model();
        let name = self.session.model(model).map(|model| model.name.clone()).unwrap_or_default();
        let shown = machine.repr(&Value::list(params))?;
        let message = format!(
            "<Model: {name}> instance matching query does not exist:\nSQL: {}\nParams: {shown}",
            sent.sql
        );
        let class = self.session.missing(machine, model);
        Err(machine.exception(&class, vec![Value::from(message)]))
    }

    /// A single value about the rows, asked with `LIMIT 1`.
    fn single(&self, machine: &mut Machine, mut select: Select) -> Outcome<Option<i64>> {
        self.session.bound(machine, self.root.model())?;
        select.limit = Some(Expr::Param(crate::Cell::Int(1)));
        let reply = self.session.send(machine, Writer::new(&STYLE).select(&select))?;
        let cell = reply.rows.first().and_then(|row| row.first());
        Ok(cell.and_then(|cell| super::rows::raw(cell).as_int()))
    }

    /// `count()`
    pub(super) fn count(&self, machine: &mut Machine) -> Outcome<i64> {
        let plain = self.compound.is_none()
            && self.having.is_none()
            && self.group_by.is_empty()
            && !self.distinct;
        let inner = self.changed(|query| {
            query.order_by.clear();
            if plain {
                query.columns = vec![Node::Sql("1".into(), Vec::new())];
            }
        });
        let inner = Compiler::new(&self.session).select(machine, &inner, false)?;
        let select = Select {
            columns: vec![(Expr::call("COUNT", vec![Expr::Raw("1".into())]), None)],
            from: vec![Table {
                what: What::Select(Box::new(inner)),
                alias: Some("_wrapped".into()),
            }],
            ..Select::default()
        };
        Ok(self.single(machine, select)?.unwrap_or(0))
    }

    /// `exists()`
    pub(super) fn exists(&self, machine: &mut Machine) -> Outcome<bool> {
        let inner = self.changed(|query| {
            if query.is_default && query.compound.is_none() {
                query.columns = vec![Node::Sql("1".into(), Vec::new())];
                query.is_default = false;
            }
        });
        let inner = Compiler::new(&self.session).select(machine, &inner, true)?;
        let select =
            Select { columns: vec![(Expr::Exists(Box::new(inner)), None)], ..Select::default() };
        Ok(self.single(machine, select)? == Some(1))
    }
}

/// All fields of a source, in the order of its table.
pub(super) fn all_fields(session: &Session, source: &Source) -> Vec<Node> {
    let model = session.model(source.model());
    let fields = model.iter().flat_map(|model| &model.fields);
    fields.map(|field| Node::Field(source.clone(), field.name.clone())).gather()
}

/// What `select(…)` takes: fields, expressions, models.
pub(super) fn selected(session: &Rc<Session>, values: &[Value]) -> Vec<Node> {
    let mut out = Vec::new();
    for value in values {
        match source_of(session, value) {
            Some(source @ (Source::Model(_) | Source::Alias(_))) => {
                out.extend(all_fields(session, &source));
            }
            Some(Source::Query(_) | Source::Cte(_)) | None => out.push(node_of(value)),
        }
    }
    out
}

/// A model, an alias of one, or a subquery.
pub(super) fn source_of(session: &Rc<Session>, value: &Value) -> Option<Source> {
    match value {
        Value::Class(class) => session.model_of(class).map(Source::Model),
        Value::Object(object) => match object.any().downcast_ref::<super::class::AliasObject>() {
            Some(alias) => Some(Source::Alias(alias.alias.clone())),
            None => match super::cte::cte_of(value) {
                Some(cte) => Some(Source::Cte(cte)),
                None => query_of(object).map(Source::Query),
            },
        },
        _ => None,
    }
}

impl Object for Query {
    fn class(&self) -> Rc<Class> {
        let name = match (&self.compound, &self.many) {
            (Some(_), _) => "ModelCompoundSelectQuery",
            (None, Some(_)) => "ManyToManyQuery",
            (None, None) => "ModelSelect",
        };
        Rc::new(Class::new(name, "peewee", &[]))
    }

    fn any(&self) -> &dyn Any {
        self
    }

    fn attribute(self: Rc<Self>, _: &mut Machine, name: &str) -> Outcome<Option<Value>> {
        if let (Some(method), true) = (super::many::method(name), self.many.is_some()) {
            return Ok(Some(Value::native("method", move |machine, args| {
                method(&self, machine, args)
            })));
        }
        if let Some((name, method)) = METHODS.iter().find(|(known, _)| *known == name) {
            let method = *method;
            return Ok(Some(Value::native(name, move |machine, args| {
                method(&self, machine, args)
            })));
        }
        match name {
            "c" => return Ok(Some(Value::Object(Rc::new(super::class::Inner(self))))),
            "model" => {
                return Ok(Some(Value::Class(self.session.class(self.root.model()))));
            }
            _ => {}
        }
        if REFUSED.contains(&name) {
            return Err(refuse(format!("`.{name}()` of a query is not supported here.")));
        }
        if ["in_", "not_in", "is_null", "asc", "desc", "cast", "contains"].contains(&name) {
            let node = Node::Query(self.clone());
            return super::condition::method(&self.session, &node, name);
        }
        Ok(None)
    }

    fn iterate(self: Rc<Self>, machine: &mut Machine) -> Outcome<Option<Value>> {
        self.rows(machine).map(|rows| Some(Value::list(rows)))
    }

    fn len(self: Rc<Self>, machine: &mut Machine) -> Outcome<Option<usize>> {
        self.rows(machine).map(|rows| Some(rows.len()))
    }

    fn item(self: Rc<Self>, machine: &mut Machine, key: &Value) -> Outcome<Option<Value>> {
        let rows = Value::list(self.rows(machine)?);
        machine.item(&rows, key).map(Some)
    }

    fn operate(
        self: Rc<Self>,
        _: &mut Machine,
        op: &'static str,
        other: &Value,
        side: Side,
    ) -> Outcome<Option<Value>> {
        if let (Value::Object(object), Side::Left) = (other, side)
            && let (Some(other), Some(op)) = (
                query_of(object),
                match op {
                    "+" => Some("UNION ALL"),
                    "|" => Some("UNION"),
                    "&" => Some("INTERSECT"),
                    "-" => Some("EXCEPT"),
                    _ => None,
                },
            )
        {
            return Ok(Some(super::methods::combined(&self, op, other)));
        }
        if matches!(op, "==" | "!=" | "<" | "<=" | ">" | ">=" | "<<") {
            let node = Node::Query(self.clone());
            return super::node::operated(&self.session, op, node, other, side);
        }
        Ok(None)
    }

    fn repr(self: Rc<Self>, machine: &mut Machine) -> Outcome<Option<String>> {
        let sent = self.statement(machine)?;
        let mut out = String::new();
        let mut params = sent.params.iter();
        for part in sent.sql.split('?') {
            if !out.is_empty()
                && let Some(cell) = params.next()
            {
                out.push_str(&machine.repr(&super::rows::parameter(cell))?);
            }
            out.push_str(part);
        }
        Ok(Some(out))
    }
}
