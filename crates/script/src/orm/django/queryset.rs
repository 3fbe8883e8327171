//! Query sets.

use std::any::Any;
use std::cell::RefCell;
use std::rc::Rc;

use throughline_core::document::ColumnType;

use super::expression::{Node, OrderItem, Written, condition_of, default_alias, negate};
use super::instance::{State, with_state};
use super::prefetch::{self, Prefetch};
use super::query::{Group, Query};
use super::{STYLE, class_of, compile, raise_field_error};
use crate::Machine;
use crate::database::{Cell, Reply, Sent};
use crate::eval::{raise, refuse};
use crate::orm::Runtime;
use crate::sql::{Expr, Select, Writer};
use crate::value::{Args, Class, Dict, Instance, Object, Outcome, Value};
use crate::world::{Model, World, to_value};

/// How rows come out.
#[derive(Clone)]
pub(super) enum Shape {
    /// As instances.
    Instances,
    /// `values()`
    Dicts(Vec<Rc<str>>),
    /// `values_list()`
    Tuples(Vec<Rc<str>>),
    /// `values_list(flat=True)`
    Flat(Rc<str>),
}

/// A query set: what it will ask, and what it has fetched.
#[derive(Clone)]
pub(super) struct QuerySet {
    pub(super) query: Query,
    pub(super) shape: Shape,
    /// Expressions that still refer to an outer query: `filter(author=OuterRef("pk"))`.
    pub(super) outer: Vec<(Rc<str>, Rc<str>)>,
    pub(super) related: Vec<Rc<str>>,
    pub(super) prefetches: Vec<Prefetch>,
    pub(super) only: Option<Vec<Rc<str>>>,
    pub(super) combined: Vec<(&'static str, Rc<QuerySet>)>,
    /// The relation that every instance comes with already: of a related manager.
    pub(super) known: Option<(Rc<str>, Value)>,
    /// The manager that it comes from, for `create`.
    pub(super) manager: Option<Rc<super::related::Related>>,
    pub(super) fetched: RefCell<Option<Vec<Value>>>,
}

type Method = fn(&Rc<QuerySet>, &mut Machine, Args) -> Outcome;

/// The query set behind a value: itself, or what its manager starts with.
pub(super) fn query_set(object: &Rc<dyn Object>) -> Option<Rc<QuerySet>> {
    let any = object.any();
    if let Some(set) = any.downcast_ref::<QuerySet>() {
        return Some(Rc::new(set.clone()));
    }
    if let Some(manager) = any.downcast_ref::<super::manager::Manager>() {
        return Some(Rc::new(QuerySet::all(manager.world.clone(), manager.model)));
    }
    any.downcast_ref::<super::related::Related>().map(|related| Rc::new(related.start()))
}

pub(super) const METHODS: &[(&str, Method)] = &[
    ("all", |set, _, _| Ok(set.fresh(|_| {}))),
    ("filter", |set, machine, args| set.filtered(machine, args, false)),
    ("exclude", |set, machine, args| set.filtered(machine, args, true)),
    ("order_by", |set, machine, args| set.ordered(machine, args)),
    ("reverse", |set, _, _| Ok(set.fresh(|set| set.query.reversed = !set.query.reversed))),
    ("distinct", |set, _, _| Ok(set.fresh(|set| set.query.distinct = true))),
    ("none", |set, _, _| Ok(set.fresh(|set| set.query.empty = true))),
    ("get", |set, machine, args| {
        let narrowed = set.narrowed(machine, args)?;
        narrowed.one(machine)
    }),
    ("first", |set, machine, _| set.end(machine, false)),
    ("last", |set, machine, _| set.end(machine, true)),
    ("earliest", |set, machine, args| set.extreme(machine, args, false)),
    ("latest", |set, machine, args| set.extreme(machine, args, true)),
    ("count", |set, machine, _| set.count(machine).map(Value::from)),
    ("exists", |set, machine, _| set.exists(machine).map(Value::Bool)),
    ("aggregate", |set, machine, args| set.aggregate(machine, args)),
    ("annotate", |set, machine, args| set.annotated(machine, args)),
    ("alias", |set, machine, args| set.annotated(machine, args)),
    ("values", |set, machine, args| set.values(machine, args)),
    ("values_list", |set, machine, args| set.values_list(machine, args)),
    ("only", |set, _, args| {
        let names = texts(&args);
        Ok(set.fresh(|set| set.only = Some(names.clone())))
    }),
    ("defer", |set, _, args| {
        let names = texts(&args);
        let model = set.query.model();
        Ok(set.fresh(|set| {
            let all = model.iter().flat_map(|model| &model.fields).map(|field| field.name.clone());
            set.only = Some(all.filter(|name| !names.contains(name)).collect());
        }))
    }),
    ("select_related", |set, _, args| {
        let names = texts(&args);
        let all: Vec<Rc<str>> = set
            .query
            .model()
            .map(|model| {
                let keys = model
                    .relations
                    .iter()
                    .filter(|relation| relation.key.is_some() && !relation.null);
                keys.map(|relation| relation.name.clone()).collect()
            })
            .unwrap_or_default();
        Ok(set.fresh(|set| {
            set.related.extend(if names.is_empty() { all.clone() } else { names.clone() })
        }))
    }),
    ("prefetch_related", |set, machine, args| {
        let found = prefetch::parse(machine, &set.query.world, set.query.model, &args)?;
        Ok(set.fresh(|set| set.prefetches.extend(found.iter().cloned())))
    }),
    ("in_bulk", |set, machine, args| {
        let ids = args.positional.first().cloned();
        let narrowed = match ids {
            Some(ids) if !ids.is_none() => set.narrowed(
                machine,
                Args { positional: Vec::new(), keywords: vec![("pk__in".into(), ids)] },
            )?,
            _ => Rc::new(set.copy()),
        };
        let mut out = Dict::default();
        for row in narrowed.rows(machine)? {
            let key = match &row {
                Value::Instance(instance) => super::instance::key_of(&set.query.world, instance),
                _ => Value::None,
            };
            out.insert(machine.key(&key)?, key, row);
        }
        Ok(Value::dict(out))
    }),
    ("create", |set, machine, args| set.create(machine, args)),
    ("get_or_create", |set, machine, mut args| {
        let defaults = defaults(machine, args.take("defaults"))?;
        set.get_or_create(machine, args, defaults)
            .map(|(row, created)| Value::tuple(vec![row, Value::Bool(created)]))
    }),
    ("update_or_create", |set, machine, mut args| {
        let defaults_given = defaults(machine, args.take("defaults"))?;
        let create = match args.take("create_defaults") {
            Some(given) => defaults(machine, Some(given))?,
            None => defaults_given.clone(),
        };
        let (row, created) = set.get_or_create(machine, args, create)?;
        if let (Value::Instance(instance), false) = (&row, created) {
            let mut names = Vec::new();
            for (name, value) in defaults_given {
                machine.set_attribute(&row, &name, value)?;
                names.push(name);
            }
            super::instance::save(machine, &set.query.world, instance, Some(&names))?;
        }
        Ok(Value::tuple(vec![row, Value::Bool(created)]))
    }),
    ("bulk_create", |set, machine, args| {
        let rows = machine.list_of(args.positional.first().unwrap_or(&Value::None))?;
        super::instance::bulk_create(machine, &set.query.world, set.query.model, &rows)?;
        Ok(Value::list(rows))
    }),
    ("bulk_update", |set, machine, args| {
        let rows = machine.list_of(args.positional.first().unwrap_or(&Value::None))?;
        let fields = args.positional.get(1).cloned().or_else(|| {
            args.keywords
                .iter()
                .find(|(name, _)| &**name == "fields")
                .map(|(_, value)| value.clone())
        });
        let names: Vec<Rc<str>> = machine
            .list_of(&fields.unwrap_or(Value::None))?
            .iter()
            .filter_map(|name| name.as_str().map(Into::into))
            .collect();
        for row in &rows {
            if let Value::Instance(instance) = row {
                super::instance::save(machine, &set.query.world, instance, Some(&names))?;
            }
        }
        Ok(Value::from(rows.len()))
    }),
    ("update", |set, machine, args| set.update(machine, args)),
    ("delete", |set, machine, _| {
        let rows = set.rows(machine)?;
        super::delete::delete(machine, &set.query.world, set.query.model, rows)
    }),
    ("union", |set, machine, args| set.combine(machine, "UNION", args)),
    ("intersection", |set, machine, args| set.combine(machine, "INTERSECT", args)),
    ("difference", |set, machine, args| set.combine(machine, "EXCEPT", args)),
    ("iterator", |set, machine, _| {
        let rows = set.rows(machine)?;
        machine.iterate(&Value::list(rows)).map(Value::Iter)
    }),
];

fn texts(args: &Args) -> Vec<Rc<str>> {
    args.positional.iter().filter_map(|value| value.as_str().map(Into::into)).collect()
}

fn defaults(machine: &mut Machine, given: Option<Value>) -> Outcome<Vec<(Rc<str>, Value)>> {
    let Some(given) = given.filter(|given| !given.is_none()) else { return Ok(Vec::new()) };
    let mut out = Vec::new();
    for (name, value) in machine.mapping(&given)? {
        if let Value::Str(name) = name {
            let value = if matches!(value, Value::Function(_) | Value::Native(_)) {
                machine.call(&value, Args::default())?
            } else {
                value
            };
            out.push((name, value));
        }
    }
    Ok(out)
}

impl QuerySet {
    pub(super) fn all(world: Rc<World>, model: usize) -> Self {
        Self {
            query: Query::new(world, model),
            shape: Shape::Instances,
            outer: Vec::new(),
            related: Vec::new(),
            prefetches: Vec::new(),
            only: None,
            combined: Vec::new(),
            known: None,
            manager: None,
            fetched: RefCell::default(),
        }
    }

    /// The same without what was fetched.
    pub(super) fn copy(&self) -> Self {
        Self { fetched: RefCell::default(), ..self.clone() }
    }

    fn fresh(&self, change: impl FnOnce(&mut Self)) -> Value {
        let mut set = self.copy();
        change(&mut set);
        Value::Object(Rc::new(set))
    }

    fn narrowed(&self, machine: &mut Machine, args: Args) -> Outcome<Rc<Self>> {
        let mut set = self.copy();
        set.narrow(machine, args, false)?;
        Ok(Rc::new(set))
    }

    fn narrow(&mut self, machine: &mut Machine, args: Args, exclude: bool) -> Outcome<()> {
        let mut args = args;
        // References to an outer query wait until it is known.
        args.keywords.retain(|(name, value)| {
            if let Value::Object(object) = value
                && let Some(Written(Node::OuterRef(path))) = object.any().downcast_ref::<Written>()
            {
                self.outer.push((name.clone(), path.clone()));
                return false;
            }
            true
        });
        if args.positional.is_empty() && args.keywords.is_empty() {
            return Ok(());
        }
        let mut condition = condition_of(args)?;
        condition.negated = exclude;
        self.query.filter(machine, &condition)
    }

    fn filtered(&self, machine: &mut Machine, args: Args, exclude: bool) -> Outcome {
        if self.query.limit.is_some() || self.query.offset > 0 {
            return Err(raise("TypeError", "Cannot filter a query once a slice has been taken."));
        }
        let mut set = self.copy();
        set.narrow(machine, args, exclude)?;
        Ok(Value::Object(Rc::new(set)))
    }

    fn ordered(&self, machine: &mut Machine, args: Args) -> Outcome {
        let mut order = Vec::new();
        for value in &args.positional {
            match value {
                Value::Str(name) if &**name == "?" => {
                    return Err(refuse(
                        "`order_by(\"?\")` gives another order each time, so it is not supported here.",
                    ));
                }
                Value::Str(name) => {
                    let item = compile::item(name);
                    if let Node::F(path) = &item.by {
                        let known = self
                            .query
                            .annotations
                            .iter()
                            .any(|annotation| annotation.name == *path);
                        if !known {
                            self.query.clone().path(machine, path, &None)?;
                        }
                    }
                    order.push(item);
                }
                other => match super::expression::node_of(other) {
                    Node::Ordered(by, descending, nulls) => {
                        order.push(OrderItem { by: *by, descending, nulls })
                    }
                    by => order.push(OrderItem { by, descending: false, nulls: "" }),
                },
            }
        }
        Ok(self.fresh(|set| {
            set.query.order = order;
            set.query.ordered = true;
            set.query.reversed = false;
        }))
    }

    fn annotated(&self, machine: &mut Machine, args: Args) -> Outcome {
        let mut set = self.copy();
        let mut given: Vec<(Rc<str>, Value)> = Vec::new();
        for value in args.positional {
            let name = default_alias(&super::expression::node_of(&value));
            let name =
                name.ok_or_else(|| raise("TypeError", "Complex annotations require an alias"))?;
            given.push((name.into(), value));
        }
        given.extend(args.keywords);
        // After values() the rows are grouped by what they have.
        let by = match &set.shape {
            Shape::Dicts(names) | Shape::Tuples(names) => Some(names.clone()),
            Shape::Flat(name) => Some(vec![name.clone()]),
            Shape::Instances => None,
        };
        for (name, value) in given {
            let node = super::expression::node_of(&value);
            if let (Some(names), true, Group::No) =
                (&by, super::expression::is_aggregate(&node), &set.query.group)
            {
                let mut exprs = Vec::new();
                for name in names {
                    exprs.push(set.query.expression(machine, &Node::F(name.clone()))?.0);
                }
                set.query.group = Group::Values(exprs);
            }
            set.query.annotate(machine, name.clone(), &node)?;
            match &mut set.shape {
                Shape::Dicts(names) | Shape::Tuples(names) => names.push(name),
                Shape::Flat(_) | Shape::Instances => {}
            }
        }
        Ok(Value::Object(Rc::new(set)))
    }

    fn aggregate(&self, machine: &mut Machine, args: Args) -> Outcome {
        let mut set = self.copy();
        let mut given: Vec<(Rc<str>, Value)> = Vec::new();
        for value in args.positional {
            let name = default_alias(&super::expression::node_of(&value));
            given.push((
                name.ok_or_else(|| raise("TypeError", "Complex aggregates require an alias"))?
                    .into(),
                value,
            ));
        }
        given.extend(args.keywords);
        let mut columns = Vec::new();
        let mut types = Vec::new();
        set.query.order.clear();
        set.query.ordered = true;
        for (name, value) in &given {
            let node = super::expression::node_of(value);
            let (expr, ty) = set.query.expression(machine, &node)?;
            columns.push((expr, Some(name.clone())));
            types.push(ty);
        }
        let select = set.query.select(machine, columns)?;
        let reply = set.send(machine, Writer::new(&STYLE).select(&select))?;
        let mut out = Dict::default();
        for ((name, _), (ty, cell)) in
            given.iter().zip(types.iter().zip(reply.rows.first().into_iter().flatten()))
        {
            out.set(name, to_value(ty.as_ref(), cell));
        }
        Ok(Value::dict(out))
    }

    /// The names that `values()` without names gives.
    fn all_names(&self) -> Vec<Rc<str>> {
        let fields = self.query.model().map(|model| {
            model.fields.iter().map(|field| field.attname.clone()).collect::<Vec<_>>()
        });
        let annotations = self.query.annotations.iter().map(|annotation| annotation.name.clone());
        fields.unwrap_or_default().into_iter().chain(annotations).collect()
    }

    fn values(&self, machine: &mut Machine, args: Args) -> Outcome {
        let mut set = self.copy();
        let mut names = texts(&args);
        for (name, value) in args.keywords {
            set.query.annotate(machine, name.clone(), &super::expression::path_or_node(&value))?;
            names.push(name);
        }
        if names.is_empty() {
            names = set.all_names();
        }
        for name in &names {
            let known = set.query.annotations.iter().any(|annotation| annotation.name == *name);
            if !known {
                set.query.clone().path(machine, name, &None)?;
            }
        }
        set.shape = Shape::Dicts(names);
        Ok(Value::Object(Rc::new(set)))
    }

    fn values_list(&self, machine: &mut Machine, mut args: Args) -> Outcome {
        let flat = match args.take("flat") {
            Some(flat) => machine.truth(&flat)?,
            None => false,
        };
        args.take("named");
        let count = args.positional.len();
        let Value::Object(made) = self.values(machine, args)? else { return Ok(Value::None) };
        let Some(set) = query_set(&made) else { return Ok(Value::None) };
        let mut set = set.copy();
        if let Shape::Dicts(names) = set.shape {
            if flat && count != 1 {
                return Err(raise(
                    "TypeError",
                    "'flat' is not valid when values_list is called with more than one field.",
                ));
            }
            set.shape = match (flat, names.first()) {
                (true, Some(name)) => Shape::Flat(name.clone()),
                _ => Shape::Tuples(names),
            };
        }
        Ok(Value::Object(Rc::new(set)))
    }

    pub(super) fn send(&self, machine: &mut Machine, sent: Sent) -> Outcome<Reply> {
        let world = &self.query.world;
        world.send(sent).map_err(|error| super::Django.database_error(machine, world, &error))
    }

    /// Its SELECT inside of another query.
    pub(super) fn select_inside(
        &self,
        machine: &mut Machine,
        around: &mut Query,
    ) -> Outcome<Select> {
        let mut query = self.query.clone();
        let prefix = if around.prefix == Some('U') { 'V' } else { 'U' };
        // What refers to its own tables by their names gets the new names.
        let before: Vec<Rc<str>> = query.tables.iter().map(|table| table.alias.clone()).collect();
        query = query.renamed(prefix);
        let after: Vec<Rc<str>> = query.tables.iter().map(|table| table.alias.clone()).collect();
        for expr in query.condition.iter_mut().chain(&mut query.having) {
            super::rename::tables(expr, &before, &after);
        }
        for annotation in &mut query.annotations {
            super::rename::tables(&mut annotation.expr, &before, &after);
        }
        for (name, path) in &self.outer {
            let end = around.path(machine, path, &None)?;
            around.promote(&end.joins);
            around.uses(end.table);
            let outer = Expr::Group(Box::new(around.column(end.table, &end.column)));
            let (path, op) = name
                .rsplit_once("__")
                .filter(|(_, lookup)| super::query::is_lookup(lookup))
                .unwrap_or((name, "exact"));
            let op = match op {
                "gt" => ">",
                "gte" => ">=",
                "lt" => "<",
                "lte" => "<=",
                _ => "=",
            };
            let own = query.path(machine, path, &None)?;
            query.uses(own.table);
            let column = query.column(own.table, &own.column);
            query.condition.push(Expr::binary(op, column, outer));
        }
        let name = match &self.shape {
            Shape::Instances => "pk".into(),
            Shape::Flat(name) => name.clone(),
            Shape::Dicts(names) | Shape::Tuples(names) => {
                names.first().cloned().unwrap_or_default()
            }
        };
        let (expr, _) = query.expression(machine, &Node::F(name.clone()))?;
        let alias = if matches!(self.shape, Shape::Instances) { None } else { Some(name) };
        query.select(machine, vec![(expr, alias)])
    }

    /// The SELECT, with the fields of the model where rows become instances.
    fn compiled(&self, machine: &mut Machine) -> Outcome<(Select, Loading)> {
        let mut query = self.query.clone();
        let mut columns: Vec<(Expr, Option<Rc<str>>)> = Vec::new();
        let mut loading = Loading::default();
        match &self.shape {
            Shape::Instances => {
                let Some(model) = query.model() else { return Ok((Select::default(), loading)) };
                self.own_columns(&mut query, machine, &model, &mut columns, &mut loading)?;
                let annotations = query.annotations.clone();
                for annotation in annotations {
                    columns.push((annotation.expr, Some(annotation.name.clone())));
                    loading.extra.push((annotation.name, annotation.ty));
                }
                for path in &self.related {
                    loading.relate(&mut query, machine, path, &mut columns)?;
                }
            }
            Shape::Dicts(names) | Shape::Tuples(names) => {
                for name in names {
                    let (expr, ty) = query.expression(machine, &Node::F(name.clone()))?;
                    columns.push((expr, Some(name.clone())));
                    loading.extra.push((name.clone(), ty));
                }
            }
            Shape::Flat(name) => {
                let (expr, ty) = query.expression(machine, &Node::F(name.clone()))?;
                columns.push((expr, Some(name.clone())));
                loading.extra.push((name.clone(), ty));
            }
        }
        let mut select = query.select(machine, columns)?;
        for (op, other) in &self.combined {
            let (other, _) = other.compiled(machine)?;
            select.combined.push((op, other));
        }
        Ok((select, loading))
    }

    fn own_columns(
        &self,
        query: &mut Query,
        machine: &mut Machine,
        model: &Rc<Model>,
        columns: &mut Vec<(Expr, Option<Rc<str>>)>,
        loading: &mut Loading,
    ) -> Outcome<()> {
        let wanted = |field: &crate::world::Field| {
            self.only.as_ref().is_none_or(|only| {
                field.primary_key || only.contains(&field.name) || only.contains(&field.attname)
            })
        };
        // Fields of parents with a table come first.
        for (parent, _) in &model.parents {
            let Some(parent) = query.world.named(parent).cloned() else { continue };
            for field in parent.fields.iter().filter(|field| wanted(field)) {
                let (expr, _) = query.expression(machine, &Node::F(field.attname.clone()))?;
                columns.push((expr, None));
                loading.own.push((field.attname.clone(), field.ty.clone()));
            }
        }
        for field in model.fields.iter().filter(|field| wanted(field)) {
            columns.push((query.column(0, &field.column), None));
            loading.own.push((field.attname.clone(), field.ty.clone()));
        }
        loading.deferred = self.only.is_some();
        Ok(())
    }

    /// All rows, fetched at most once.
    pub(super) fn rows(&self, machine: &mut Machine) -> Outcome<Vec<Value>> {
        if let Some(rows) = &*self.fetched.borrow() {
            return Ok(rows.clone());
        }
        let rows = self.fetch(machine)?;
        *self.fetched.borrow_mut() = Some(rows.clone());
        Ok(rows)
    }

    fn fetch(&self, machine: &mut Machine) -> Outcome<Vec<Value>> {
        if self.query.empty || self.query.limit == Some(0) || never(&self.query.condition) {
            return Ok(Vec::new());
        }
        let (select, loading) = self.compiled(machine)?;
        let reply = self.send(machine, Writer::new(&STYLE).select(&select))?;
        let world = self.query.world.clone();
        let Some(class) = world.class(self.query.model) else { return Ok(Vec::new()) };
        let mut out = Vec::with_capacity(reply.rows.len());
        for row in &reply.rows {
            out.push(match &self.shape {
                Shape::Instances => {
                    let instance = loading.instance(&world, &class, row);
                    if let Some((name, value)) = &self.known {
                        with_state(&instance, |state| {
                            state.cache.insert(name.clone(), value.clone())
                        });
                    }
                    Value::Instance(instance)
                }
                Shape::Dicts(_) => {
                    let mut dict = Dict::default();
                    loading
                        .extra
                        .iter()
                        .zip(row)
                        .for_each(|((name, ty), cell)| dict.set(name, to_value(ty.as_ref(), cell)));
                    Value::dict(dict)
                }
                Shape::Tuples(_) => Value::tuple(
                    loading
                        .extra
                        .iter()
                        .zip(row)
                        .map(|((_, ty), cell)| to_value(ty.as_ref(), cell))
                        .collect(),
                ),
                Shape::Flat(_) => {
                    let ty = loading.extra.first().and_then(|(_, ty)| ty.as_ref());
                    row.first().map_or(Value::None, |cell| to_value(ty, cell))
                }
            });
        }
        if !self.prefetches.is_empty() {
            prefetch::run(machine, &world, self.query.model, &out, &self.prefetches)?;
        }
        Ok(out)
    }

    fn one(&self, machine: &mut Machine) -> Outcome {
        let mut set = self.copy();
        if set.combined.is_empty() && set.query.limit.is_none() {
            set.query.limit = Some(21);
            set.query.order.clear();
            set.query.ordered = true;
        }
        let found = set.rows(machine)?;
        let world = &self.query.world;
        let name = self.query.model().map(|model| model.name.clone()).unwrap_or_default();
        let class = world.class(self.query.model).map_or(Value::None, Value::Class);
        let (error, message) = match found.as_slice() {
            [only] => return Ok(only.clone()),
            [] => ("DoesNotExist", format!("{name} matching query does not exist.")),
            many => {
                let count = if many.len() > 20 {
                    "more than 20".to_owned()
                } else {
                    many.len().to_string()
                };
                (
                    "MultipleObjectsReturned",
                    format!("get() returned more than one {name} -- it returned {count}!"),
                )
            }
        };
        match machine.attribute(&class, error)? {
            Value::Class(class) => Err(machine.exception(&class, vec![Value::from(message)])),
            _ => Err(raise("Exception", message)),
        }
    }

    fn end(&self, machine: &mut Machine, last: bool) -> Outcome {
        let mut set = self.copy();
        let ordered = set.query.ordered && !set.query.order.is_empty()
            || !set.query.ordered
                && set.query.model().is_some_and(|model| !model.ordering.is_empty());
        if !ordered {
            set.query.order = vec![compile::item("pk")];
            set.query.ordered = true;
        }
        if last {
            set.query.reversed = !set.query.reversed;
        }
        set.query.limit = Some(1);
        Ok(set.rows(machine)?.into_iter().next().unwrap_or(Value::None))
    }

    fn extreme(&self, machine: &mut Machine, args: Args, last: bool) -> Outcome {
        let mut set = self.copy();
        set.query.order = texts(&args).iter().map(|name| compile::item(name)).collect();
        set.query.ordered = true;
        set.query.reversed = last;
        set.query.limit = Some(1);
        match set.rows(machine)?.into_iter().next() {
            Some(row) => Ok(row),
            None => set.one(machine),
        }
    }

    pub(super) fn count(&self, machine: &mut Machine) -> Outcome<i64> {
        if let Some(rows) = &*self.fetched.borrow() {
            return Ok(i64::try_from(rows.len()).unwrap_or(i64::MAX));
        }
        if self.query.empty || never(&self.query.condition) {
            return Ok(0);
        }
        let name: Option<Rc<str>> = Some("__count".into());
        let star = Expr::call("COUNT", vec![Expr::Star]);
        let plain = !self.query.distinct
            && self.query.limit.is_none()
            && self.query.offset == 0
            && self.combined.is_empty()
            && self.query.group == Group::No;
        let select = if plain {
            let mut query = self.query.clone();
            query.order.clear();
            query.ordered = true;
            query.select(machine, vec![(star, name)])?
        } else {
            let mut set = self.copy();
            if set.query.limit.is_none() && set.query.offset == 0 {
                set.query.order.clear();
                set.query.ordered = true;
            }
            let (mut inner, _) = set.compiled(machine)?;
            for (at, (_, alias)) in inner.columns.iter_mut().enumerate() {
                alias.get_or_insert_with(|| format!("col{}", at + 1).into());
            }
            let from = crate::sql::Source {
                what: crate::sql::What::Select(Box::new(inner)),
                alias: Some("subquery".into()),
            };
            Select {
                columns: vec![(Expr::call("COUNT", vec![Expr::Star]), None)],
                from: vec![from],
                ..Select::default()
            }
        };
        let reply = self.send(machine, Writer::new(&STYLE).select(&select))?;
        Ok(match reply.rows.first().and_then(|row| row.first()) {
            Some(Cell::Int(count)) => *count,
            _ => 0,
        })
    }

    pub(super) fn exists(&self, machine: &mut Machine) -> Outcome<bool> {
        if let Some(rows) = &*self.fetched.borrow() {
            return Ok(!rows.is_empty());
        }
        if self.query.empty || never(&self.query.condition) {
            return Ok(false);
        }
        let mut query = self.query.clone();
        query.order.clear();
        query.ordered = true;
        query.limit.get_or_insert(1);
        query.limit = query.limit.map(|limit| limit.min(1));
        let select = query.select(machine, vec![(Expr::Param(Cell::Int(1)), Some("a".into()))])?;
        Ok(!self.send(machine, Writer::new(&STYLE).select(&select))?.rows.is_empty())
    }

    fn create(&self, machine: &mut Machine, mut args: Args) -> Outcome {
        if let Some(manager) = &self.manager {
            return manager.clone().create(machine, args);
        }
        let world = &self.query.world;
        let Some(class) = world.class(self.query.model) else { return Ok(Value::None) };
        args.positional.clear();
        let made = machine.call(&Value::Class(class), args)?;
        if let Value::Instance(instance) = &made {
            super::instance::save(machine, world, instance, None)?;
        }
        Ok(made)
    }

    fn get_or_create(
        &self,
        machine: &mut Machine,
        args: Args,
        defaults: Vec<(Rc<str>, Value)>,
    ) -> Outcome<(Value, bool)> {
        match self.narrowed(machine, args.clone())?.one(machine) {
            Ok(row) => Ok((row, false)),
            Err(raised) => {
                let missing = machine
                    .caught(&raised)
                    .is_some_and(|exception| &*exception.class.name == "DoesNotExist");
                if !missing {
                    return Err(raised);
                }
                let mut keywords: Vec<(Rc<str>, Value)> =
                    args.keywords.into_iter().filter(|(name, _)| !name.contains("__")).collect();
                for (name, value) in defaults {
                    keywords.retain(|(known, _)| *known != name);
                    keywords.push((name, value));
                }
                self.create(machine, Args { positional: Vec::new(), keywords })
                    .map(|row| (row, true))
            }
        }
    }

    fn update(&self, machine: &mut Machine, args: Args) -> Outcome {
        let mut query = self.query.clone();
        let Some(model) = query.model() else { return Ok(Value::None) };
        if query.limit.is_some() {
            return Err(raise("TypeError", "Cannot update a query once a slice has been taken."));
        }
        if never(&query.condition) || query.empty {
            return Ok(Value::Int(0));
        }
        let mut set = Vec::new();
        for (name, value) in args.keywords {
            let Some(field) = model.field(&name) else {
                return Err(super::query::unknown(machine, &model, &name));
            };
            let value = super::query::plain(&query.world, &value);
            let expr = match super::expression::node_of(&value) {
                Node::Value(value) => {
                    Expr::Param(crate::world::to_cell(Some(&field.ty), &value).ok_or_else(
                        || raise("TypeError", format!("{name} cannot be a {}", value.type_name())),
                    )?)
                }
                node => {
                    let before = query.tables.len();
                    let (expr, _) = query.expression(machine, &node)?;
                    if query.tables.len() > before {
                        return Err(raise_field_error(
                            machine,
                            "Joined field references are not permitted in this query",
                        ));
                    }
                    expr
                }
            };
            set.push((field.column.clone(), expr));
        }
        let joined = query.tables.iter().skip(1).any(|table| table.used);
        let condition = if joined {
            // Rows that are found over relations are told by their keys.
            let key = model.key().map(|key| key.column.clone()).unwrap_or_default();
            let mut inner = self.copy();
            inner.query.order.clear();
            inner.query.ordered = true;
            let mut around = Query::new(query.world.clone(), query.model);
            let select = inner.select_inside(machine, &mut around)?;
            Some(Expr::InSelect(
                Box::new(Expr::column(&model.table, &key)),
                Box::new(select),
                crate::sql::Is::So,
            ))
        } else {
            (!query.condition.is_empty()).then(|| Expr::And(query.condition.clone()))
        };
        let update = crate::sql::Update { table: model.table.clone(), set, condition };
        let reply = self.send(machine, Writer::new(&STYLE).update(&update))?;
        Ok(Value::Int(i64::try_from(reply.affected).unwrap_or(i64::MAX)))
    }

    fn combine(&self, machine: &mut Machine, op: &'static str, mut args: Args) -> Outcome {
        let all = match args.take("all") {
            Some(all) => machine.truth(&all)?,
            None => false,
        };
        let op = if all { "UNION ALL" } else { op };
        let mut set = self.copy();
        for value in &args.positional {
            if let Value::Object(object) = value
                && let Some(other) = query_set(object)
            {
                set.combined.push((op, other));
            }
        }
        Ok(Value::Object(Rc::new(set)))
    }
}

/// Whether the conditions hold for no row, whatever is in the database: `id IN ()`.
fn never(conditions: &[Expr]) -> bool {
    conditions.iter().any(|condition| matches!(condition, Expr::Or(items) if items.is_empty()))
}

/// What the columns of a row become.
#[derive(Default)]
struct Loading {
    own: Vec<(Rc<str>, ColumnType)>,
    extra: Vec<(Rc<str>, Option<ColumnType>)>,
    /// `select_related`: path, model, fields.
    related: Vec<(Rc<str>, usize, Vec<(Rc<str>, ColumnType)>)>,
    deferred: bool,
}

impl Loading {
    fn relate(
        &mut self,
        query: &mut Query,
        machine: &mut Machine,
        path: &str,
        columns: &mut Vec<(Expr, Option<Rc<str>>)>,
    ) -> Outcome<()> {
        let mut so_far = String::new();
        for part in path.split("__") {
            if !so_far.is_empty() {
                so_far.push_str("__");
            }
            so_far.push_str(part);
            if self.related.iter().any(|(known, ..)| **known == *so_far) {
                continue;
            }
            let end = query.path(machine, &format!("{so_far}__pk"), &None)?;
            let whole = query.path(machine, &so_far, &None)?;
            let Some(model) = whole.relation.filter(|_| !whole.many) else {
                return Err(raise_field_error(
                    machine,
                    &format!(
                        "Invalid field name(s) given in select_related: '{part}'. Choices are: (none)"
                    ),
                ));
            };
            let _ = end;
            let mut fields = Vec::new();
            for field in &model.fields {
                let forced = format!("{so_far}__{}", field.attname);
                let at = query.table_for(machine, &so_far)?;
                let _ = forced;
                columns.push((query.column(at, &field.column), None));
                fields.push((field.attname.clone(), field.ty.clone()));
            }
            self.related.push((so_far.as_str().into(), model.at, fields));
        }
        Ok(())
    }

    fn instance(&self, world: &Rc<World>, class: &Rc<Class>, row: &[Cell]) -> Rc<Instance> {
        let instance = Rc::new(Instance::new(class.clone()));
        let mut cells = row.iter();
        for ((name, ty), cell) in self.own.iter().zip(cells.by_ref()) {
            instance.set(name, to_value(Some(ty), cell));
        }
        *instance.state.borrow_mut() = Some(Box::new(State { saved: true, ..State::default() }));
        for ((name, ty), cell) in self.extra.iter().zip(cells.by_ref()) {
            instance.set(name, to_value(ty.as_ref(), cell));
        }
        for (path, model, fields) in &self.related {
            let Some(class) = world.class(*model) else { continue };
            let related = Rc::new(Instance::new(class));
            let mut all_null = true;
            for ((name, ty), cell) in fields.iter().zip(cells.by_ref()) {
                all_null &= *cell == Cell::Null;
                related.set(name, to_value(Some(ty), cell));
            }
            *related.state.borrow_mut() = Some(Box::new(State { saved: true, ..State::default() }));
            let value = if all_null { Value::None } else { Value::Instance(related) };
            let (owner, name) = match path.rsplit_once("__") {
                Some((before, name)) => (follow(&instance, before), name),
                None => (Some(instance.clone()), &**path),
            };
            if let Some(owner) = owner {
                with_state(&owner, |state| state.cache.insert(name.into(), value));
            }
        }
        instance
    }
}

/// The instance that a path of loaded relations leads to.
fn follow(instance: &Rc<Instance>, path: &str) -> Option<Rc<Instance>> {
    let mut here = instance.clone();
    for part in path.split("__") {
        let next = with_state(&here, |state| state.cache.get(part).cloned()).flatten();
        let Some(Value::Instance(next)) = next else { return None };
        here = next;
    }
    Some(here)
}

impl Query {
    /// The table of a relation that is loaded together with its owner.
    fn table_for(&mut self, machine: &mut Machine, path: &str) -> Outcome<usize> {
        let before = self.tables.len();
        let end = self.path(machine, path, &None)?;
        // The last join of the path is that of the relation itself, also where its key alone needs none.
        let last = path.rsplit("__").next().unwrap_or(path);
        let at = self
            .tables
            .iter()
            .enumerate()
            .rfind(|(at, table)| {
                *table.key == *last
                    && (*at >= before || table.parent == end.table || end.joins.contains(at))
            })
            .map_or(end.table, |(at, _)| at);
        let mut above = Vec::new();
        let mut here = at;
        while here != 0 {
            above.push(here);
            here = self.tables.get(here).map_or(0, |table| table.parent);
        }
        above.reverse();
        self.promote(&above);
        self.uses(at);
        Ok(at)
    }
}

impl Object for QuerySet {
    fn class(&self) -> Rc<Class> {
        Rc::new(Class::new("QuerySet", "django.db.models.query", &[]))
    }

    fn any(&self) -> &dyn Any {
        self
    }

    fn attribute(self: Rc<Self>, _: &mut Machine, name: &str) -> Outcome<Option<Value>> {
        let found = METHODS.iter().find(|(method, _)| *method == name);
        Ok(found
            .map(|(name, run)| Value::native(name, move |machine, args| run(&self, machine, args))))
    }

    fn iterate(self: Rc<Self>, machine: &mut Machine) -> Outcome<Option<Value>> {
        self.rows(machine).map(|rows| Some(Value::list(rows)))
    }

    fn len(self: Rc<Self>, machine: &mut Machine) -> Outcome<Option<usize>> {
        self.rows(machine).map(|rows| Some(rows.len()))
    }

    fn truth(self: Rc<Self>, machine: &mut Machine) -> Outcome<Option<bool>> {
        self.rows(machine).map(|rows| Some(!rows.is_empty()))
    }

    fn item(self: Rc<Self>, machine: &mut Machine, key: &Value) -> Outcome<Option<Value>> {
        if self.fetched.borrow().is_some() {
            let rows = Value::list(self.rows(machine)?);
            return machine.item(&rows, key).map(Some);
        }
        let number = |value: &Value| value.as_int();
        if let Value::Slice(parts) = key {
            let [start, stop, step] = &**parts;
            let negative =
                [start, stop].iter().any(|part| number(part).is_some_and(|number| number < 0));
            if negative {
                return Err(raise("ValueError", "Negative indexing is not supported."));
            }
            let mut set = self.copy();
            let start = number(start).unwrap_or(0);
            let stop = number(stop);
            set.query.offset += usize::try_from(start).unwrap_or(0);
            if let Some(stop) = stop {
                set.query.limit = Some(usize::try_from((stop - start).max(0)).unwrap_or(0));
            }
            if !step.is_none() {
                let rows = Value::list(set.rows(machine)?);
                let by = Value::Slice(Rc::new([Value::None, Value::None, step.clone()]));
                return machine.item(&rows, &by).map(Some);
            }
            return Ok(Some(Value::Object(Rc::new(set))));
        }
        let Some(at) = number(key) else {
            return Err(raise(
                "TypeError",
                format!("QuerySet indices must be integers or slices, not {}.", key.type_name()),
            ));
        };
        if at < 0 {
            return Err(raise("ValueError", "Negative indexing is not supported."));
        }
        let mut set = self.copy();
        set.query.offset += usize::try_from(at).unwrap_or(0);
        set.query.limit = Some(1);
        match set.rows(machine)?.into_iter().next() {
            Some(row) => Ok(Some(row)),
            None => Err(raise("IndexError", "list index out of range")),
        }
    }

    fn operate(
        self: Rc<Self>,
        machine: &mut Machine,
        op: &'static str,
        other: &Value,
        _: crate::value::Side,
    ) -> Outcome<Option<Value>> {
        let (Value::Object(other), "|" | "&") = (other, op) else { return Ok(None) };
        let Some(other) = query_set(other) else { return Ok(None) };
        let mut set = self.copy();
        let (own, theirs) =
            (Expr::And(set.query.condition.clone()), Expr::And(other.query.condition.clone()));
        set.query.condition = vec![if op == "|" {
            Expr::Or(vec![own, theirs])
        } else {
            Expr::And(vec![own, theirs])
        }];
        let _ = (machine, negate as fn(Expr) -> Expr);
        Ok(Some(Value::Object(Rc::new(set))))
    }

    fn repr(self: Rc<Self>, machine: &mut Machine) -> Outcome<Option<String>> {
        let mut set = self.copy();
        if self.fetched.borrow().is_none() && set.query.limit.is_none() {
            set.query.limit = Some(21);
        }
        let rows =
            if self.fetched.borrow().is_some() { self.rows(machine)? } else { set.rows(machine)? };
        let mut parts = Vec::new();
        for row in rows.iter().take(20) {
            parts.push(machine.repr(row)?);
        }
        if rows.len() > 20 {
            parts.push("'...(remaining elements truncated)...'".into());
        }
        let _ = class_of;
        Ok(Some(format!("<QuerySet [{}]>", parts.join(", "))))
    }
}
