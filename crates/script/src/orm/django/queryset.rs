//! Query sets.

use std::any::Any;
use std::cell::RefCell;
use std::rc::Rc;

use throughline_order::Gather as _;

use super::expression::{Node, OrderItem, default_alias};
use super::known::Known;
use super::loading::{Loading, Traversed};
use super::mask::{Deferred, Mask};
use super::methods::METHODS;
use super::prefetch::{self, Prefetch};
use super::query::{Group, Query};
use super::{STYLE, compile};
use crate::Machine;
use crate::database::{Reply, Sent};
use crate::eval::{bind, raise, refuse};
use crate::orm::Runtime;
use crate::sql::{Expr, Select, Writer};
use crate::value::{Args, Class, Dict, Object, Outcome, Value};
use crate::world::{Model, World};

/// How rows come out.
#[derive(Clone)]
pub(super) enum Shape {
    /// As instances.
    Instances,
    /// `values()`
    Dicts(Vec<Rc<str>>),
    /// `values_list()`
    Tuples(Vec<Rc<str>>),
    /// `values_list(named=True)`
    Named(Vec<Rc<str>>),
    /// `values_list(flat=True)`
    Flat(Rc<str>),
}

/// A query set: what it will ask, and what it has fetched.
#[derive(Clone)]
pub(super) struct QuerySet {
    pub(super) query: Query,
    pub(super) shape: Shape,
    pub(super) related: Vec<Rc<str>>,
    pub(super) prefetches: Vec<Prefetch>,
    pub(super) deferred: Deferred,
    /// Whether `select_related()` named no relations: then it is never at odds with what is deferred.
    pub(super) relates_all: bool,
    pub(super) combined: Vec<(&'static str, Rc<QuerySet>)>,
    /// Relations that instances come with already, where they hold that key: of related managers.
    pub(super) known: Vec<Known>,
    /// The manager that it comes from, for `create`.
    pub(super) manager: Option<Rc<super::related::Related>>,
    pub(super) fetched: RefCell<Option<Vec<Value>>>,
    /// Another database than the only one.
    pub(super) database: Option<Rc<str>>,
    /// A class of query sets of the user's own.
    pub(super) user: Option<Rc<Class>>,
}

/// The query set behind a value: itself, or what its manager starts with.
pub(super) fn query_set(object: &Rc<dyn Object>) -> Option<Rc<QuerySet>> {
    let any = object.any();
    if let Some(set) = any.downcast_ref::<QuerySet>() {
        return Some(Rc::new(set.clone()));
    }
    if let Some(manager) = any.downcast_ref::<super::manager::Manager>() {
        return Some(Rc::new(QuerySet::all(manager.world.clone(), manager.model)));
    }
    any.downcast_ref::<super::related::Related>().map(|related| Rc::new(related.start_plainly()))
}

impl QuerySet {
    pub(super) fn all(world: Rc<World>, model: usize) -> Self {
        Self {
            query: Query::new(world, model),
            shape: Shape::Instances,
            related: Vec::new(),
            prefetches: Vec::new(),
            deferred: Deferred::default(),
            relates_all: false,
            combined: Vec::new(),
            known: Vec::new(),
            manager: None,
            fetched: RefCell::default(),
            database: None,
            user: None,
        }
    }

    /// The same without what was fetched.
    pub(super) fn copy(&self) -> Self {
        Self { fetched: RefCell::default(), ..self.clone() }
    }

    pub(super) fn fresh(&self, change: impl FnOnce(&mut Self)) -> Value {
        let mut set = self.copy();
        set.query.sticky.clear();
        change(&mut set);
        Value::Object(Rc::new(set))
    }

    pub(super) fn narrowed(&self, machine: &mut Machine, args: Args) -> Outcome<Rc<Self>> {
        let mut set = self.copy();
        set.narrow(machine, args, false)?;
        Ok(Rc::new(set))
    }

    fn narrow(&mut self, machine: &mut Machine, args: Args, exclude: bool) -> Outcome<()> {
        if args.positional.is_empty() && args.keywords.is_empty() {
            return Ok(());
        }
        let mut condition = super::q::of_filter(machine, args)?;
        condition.negated = exclude;
        self.query.filter(machine, &condition)
    }

    pub(super) fn filtered(&self, machine: &mut Machine, args: Args, exclude: bool) -> Outcome {
        self.uncombined(machine, if exclude { "exclude" } else { "filter" })?;
        if !(args.positional.is_empty() && args.keywords.is_empty()) {
            self.uncut("filter")?;
        }
        let mut set = self.copy();
        set.narrow(machine, args, exclude)?;
        Ok(Value::Object(Rc::new(set)))
    }

    pub(super) fn ordered(&self, machine: &mut Machine, args: Args) -> Outcome {
        self.uncut("reorder")?;
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
                        order.push(OrderItem { by: *by, descending, nulls, named: false })
                    }
                    by => order.push(OrderItem { by, descending: false, nulls: "", named: false }),
                },
            }
        }
        Ok(self.fresh(|set| {
            set.query.order = order;
            set.query.ordered = true;
            set.query.reversed = false;
        }))
    }

    pub(super) fn annotated(&self, machine: &mut Machine, args: Args, hidden: bool) -> Outcome {
        self.uncombined(machine, if hidden { "alias" } else { "annotate" })?;
        let mut set = self.copy();
        let name = if hidden { "alias" } else { "annotate" };
        super::aggregate::expressions_only(machine, name, &args)?;
        let mut given: Vec<(Rc<str>, Value)> = Vec::new();
        for value in args.positional {
            let name = default_alias(&super::expression::node_of(&value));
            let name =
                name.ok_or_else(|| raise("TypeError", "Complex annotations require an alias"))?;
            if args.keywords.iter().any(|(keyword, _)| **keyword == *name) {
                let message = format!(
                    "The named annotation '{name}' conflicts with the default name for another annotation."
                );
                return Err(raise("TypeError", message));
            }
            given.push((name.into(), value));
        }
        given.extend(args.keywords);
        // After values() the rows are grouped by what they have.
        let by = match &set.shape {
            Shape::Dicts(names) | Shape::Tuples(names) | Shape::Named(names) => Some(names.clone()),
            Shape::Flat(name) => Some(vec![name.clone()]),
            Shape::Instances => None,
        };
        let model = set.query.model();
        for (name, value) in given {
            let taken = model.as_ref().is_some_and(|model| {
                super::query::field_of(&set.query.world, model, &name).is_some()
                    || model.relation(&name).is_some()
                    || model.by_accessor(&name).is_some()
            });
            if taken && by.is_none() {
                let message =
                    format!("The annotation '{name}' conflicts with a field on the model.");
                return Err(raise("ValueError", message));
            }
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
            if hidden {
                if let Some(last) = set.query.annotations.last_mut() {
                    last.hidden = true;
                }
                continue;
            }
            match &mut set.shape {
                Shape::Dicts(names) | Shape::Tuples(names) | Shape::Named(names) => {
                    names.retain(|known| *known != name);
                    names.push(name);
                }
                Shape::Flat(_) | Shape::Instances => {}
            }
        }
        Ok(Value::Object(Rc::new(set)))
    }

    /// The names that `values()` without names gives.
    fn all_names(&self) -> Vec<Rc<str>> {
        let fields = self.query.model().map(|model| {
            let parents = self.query.world.ancestors(&model);
            let fields = parents.iter().flat_map(|parent| &parent.fields).chain(&model.fields);
            fields.map(|field| field.attname.clone()).gather()
        });
        let shown = self.query.annotations.iter().filter(|annotation| !annotation.hidden);
        let annotations = shown.map(|annotation| annotation.name.clone());
        fields.unwrap_or_default().into_iter().chain(annotations).gather()
    }

    pub(super) fn values(&self, machine: &mut Machine, args: Args) -> Outcome {
        let mut set = self.copy();
        let mut names: Vec<Rc<str>> = Vec::new();
        let mut expressions = 1;
        let mut taken: Vec<Rc<str>> = super::methods::texts(&args);
        for value in &args.positional {
            if let Value::Str(name) = value {
                names.push(name.clone());
                continue;
            }
            // An expression is named after its function and counted.
            let node = super::expression::node_of(value);
            let mut name = super::expression::counted_alias(&node, expressions);
            while taken.contains(&name) {
                expressions += 1;
                name = super::expression::counted_alias(&node, expressions);
            }
            taken.push(name.clone());
            set.query.annotate(machine, name.clone(), &node)?;
            names.push(name);
        }
        for (name, value) in args.keywords {
            set.query.annotate(machine, name.clone(), &super::expression::path_or_node(&value))?;
            names.push(name);
        }
        if names.is_empty() {
            names = set.all_names();
        }
        for name in &names {
            let known = set.query.annotations.iter().any(|annotation| annotation.name == *name);
            if known {
                continue;
            }
            let end = set.query.clone().path(machine, name, &None)?;
            let Some(first) = end.rest.first() else { continue };
            if !super::lookup::suits(first, Some(&end.ty))
                && !matches!(end.ty, throughline_core::document::ColumnType::Json)
            {
                let mut parts = name.split("__").skip_while(|part| part != first);
                let before = name.split("__").take_while(|part| part != first).last();
                let message = format!(
                    "Cannot resolve keyword '{}' into field. Join on '{}' not permitted.",
                    parts.next().unwrap_or_default(),
                    before.unwrap_or_default()
                );
                return Err(super::raise_field_error(machine, &message));
            }
        }
        set.shape = Shape::Dicts(names);
        Ok(Value::Object(Rc::new(set)))
    }

    pub(super) fn values_list(&self, machine: &mut Machine, mut args: Args) -> Outcome {
        let flat = match args.take("flat") {
            Some(flat) => machine.truth(&flat)?,
            None => false,
        };
        let named = match args.take("named") {
            Some(named) => machine.truth(&named)?,
            None => false,
        };
        if flat && named {
            return Err(raise("TypeError", "'flat' and 'named' can't be used together."));
        }
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
                _ if named => Shape::Named(names),
                _ => Shape::Tuples(names),
            };
        }
        Ok(Value::Object(Rc::new(set)))
    }

    pub(super) fn send(&self, machine: &mut Machine, sent: Sent) -> Outcome<Reply> {
        self.is_there(machine)?;
        if sent.sql.contains(crate::sql::UNBOUND) {
            return Err(raise(
                "ValueError",
                "This queryset contains a reference to an outer query and may only be used in a subquery.",
            ));
        }
        let world = &self.query.world;
        world.send(sent).map_err(|error| super::Django.database_error(machine, world, &error))
    }

    /// Its SELECT inside of another query.
    pub(super) fn select_inside(
        &self,
        machine: &mut Machine,
        around: &mut Query,
    ) -> Outcome<Select> {
        if !self.combined.is_empty() {
            return Err(refuse(
                "A combination of query sets inside of another query is not supported here: combine their conditions with `|`, or ask for the keys first.",
            ));
        }
        let mut query = self.query.clone();
        query.inside(around);
        let name = match &self.shape {
            Shape::Instances => "pk".into(),
            Shape::Flat(name) => name.clone(),
            Shape::Dicts(names) | Shape::Tuples(names) | Shape::Named(names) => {
                names.first().cloned().unwrap_or_default()
            }
        };
        let (expr, _) = query.expression(machine, &Node::F(name.clone()))?;
        let alias = if matches!(self.shape, Shape::Instances) { None } else { Some(name) };
        let mut select = query.select(machine, vec![(expr, alias)])?;
        around.bind(machine, &mut select)?;
        Ok(select)
    }

    /// The SELECT, with the fields of the model where rows become instances.
    pub(super) fn compiled(&self, machine: &mut Machine) -> Outcome<(Select, Loading)> {
        let mut query = self.query.clone();
        let mut columns: Vec<(Expr, Option<Rc<str>>)> = Vec::new();
        let mut loading = Loading::default();
        match &self.shape {
            Shape::Instances => {
                let Some(model) = query.model() else { return Ok((Select::default(), loading)) };
                let world = query.world.clone();
                let mask = self.deferred.mask(machine, &world, &model)?;
                own_columns(&mut query, &model, &mask, &mut columns, &mut loading);
                let annotations = query.annotations.clone();
                for annotation in annotations.into_iter().filter(|annotation| !annotation.hidden) {
                    columns.push((annotation.expr, Some(annotation.name.clone())));
                    loading.extra.push((annotation.name, annotation.ty));
                }
                for path in &self.related {
                    let all = if self.relates_all { Traversed::All } else { Traversed::Named };
                    loading.relate(&mut query, machine, path, (&mask, all), &mut columns)?;
                }
            }
            Shape::Dicts(names) | Shape::Tuples(names) | Shape::Named(names) => {
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
        if let (false, Shape::Dicts(names) | Shape::Tuples(names) | Shape::Named(names)) =
            (self.combined.is_empty(), &self.shape)
        {
            let missing = |item: &OrderItem| match &item.by {
                Node::F(path) => !names.contains(path),
                _ => false,
            };
            if self.query.order.iter().any(missing) {
                let message = "ORDER BY term does not match any column in the result set.";
                return Err(match super::class_of(machine, "django.db", "DatabaseError") {
                    Some(class) => machine.exception(&class, vec![Value::str(message)]),
                    None => raise("RuntimeError", message),
                });
            }
        }
        for (op, other) in &self.combined {
            let (other, _) = other.compiled(machine)?;
            select.combined.push((op, other));
        }
        Ok((select, loading))
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
        // A part of a union that has no rows is left out.
        if let (true, Some((op, _))) = (never(&self.query.condition), self.combined.first())
            && op.starts_with("UNION")
        {
            let mut parts = self.combined.iter().filter(|(_, part)| !part.is_empty()).cloned();
            let Some((_, first)) = parts.next() else { return Ok(Vec::new()) };
            let mut set = first.copy();
            set.combined.extend(parts);
            set.query.order.clone_from(&self.query.order);
            set.query.ordered |= self.query.ordered;
            (set.query.limit, set.query.offset) = (self.query.limit, self.query.offset);
            return set.fetch(machine);
        }
        if self.is_empty() {
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
                    for known in &self.known {
                        known.give(machine, &instance)?;
                    }
                    Value::Instance(instance)
                }
                Shape::Dicts(_) => {
                    let mut dict = Dict::default();
                    loading.extra.iter().zip(row).for_each(|((name, ty), cell)| {
                        dict.set(name, super::read::value(ty.as_ref(), cell))
                    });
                    Value::dict(dict)
                }
                Shape::Tuples(_) => Value::tuple(
                    loading
                        .extra
                        .iter()
                        .zip(row)
                        .map(|((_, ty), cell)| super::read::value(ty.as_ref(), cell))
                        .gather(),
                ),
                Shape::Named(_) => {
                    let fields = loading.extra.iter().map(|(name, _)| name.clone()).gather();
                    let values = loading.extra.iter().zip(row);
                    let values = values
                        .map(|((_, ty), cell)| super::read::value(ty.as_ref(), cell))
                        .gather();
                    Value::Object(Rc::new(crate::orm::record::Record::new("Row", fields, values)))
                }
                Shape::Flat(_) => {
                    let ty = loading.extra.first().and_then(|(_, ty)| ty.as_ref());
                    row.first().map_or(Value::None, |cell| super::read::value(ty, cell))
                }
            });
        }
        if !self.prefetches.is_empty() {
            prefetch::run(machine, &world, self.query.model, &out, &self.prefetches)?;
        }
        Ok(out)
    }
}

/// Whether the conditions hold for no row, whatever is in the database: `id IN ()`.
pub(super) fn never(conditions: &[Expr]) -> bool {
    conditions.iter().any(|condition| matches!(condition, Expr::Or(items) if items.is_empty()))
}

impl Object for QuerySet {
    fn class(&self) -> Rc<Class> {
        match &self.user {
            Some(user) => user.clone(),
            None => Rc::new(Class::new("QuerySet", "django.db.models.query", &[])),
        }
    }

    fn any(&self) -> &dyn Any {
        self
    }

    fn attribute(self: Rc<Self>, machine: &mut Machine, name: &str) -> Outcome<Option<Value>> {
        // Methods of the user's own come first.
        match self.user.as_ref().and_then(|user| user.get(name)) {
            Some(Value::Object(object)) if object.class().derives_from("property") => {
                object.call(machine, Args::one(Value::Object(self)))
            }
            Some(found) => Ok(Some(bind(&Value::Object(self), found))),
            None => self.inherited(machine, name),
        }
    }

    fn inherited(self: Rc<Self>, machine: &mut Machine, name: &str) -> Outcome<Option<Value>> {
        if let Some((name, run)) = METHODS.iter().find(|(method, _)| *method == name) {
            let run = *run;
            return Ok(Some(Value::native(name, move |machine, args| run(&self, machine, args))));
        }
        // `aget` is `get`, to be awaited.
        let awaited = name
            .strip_prefix('a')
            .and_then(|name| METHODS.iter().find(|(method, _)| *method == name));
        if let Some((name, run)) = awaited.filter(|(name, _)| super::methods::ASYNC.contains(name))
        {
            let run = *run;
            return Ok(Some(Value::native(name, move |_, args| {
                let set = self.clone();
                Ok(crate::orm::awaitable::later(move |machine| run(&set, machine, args)))
            })));
        }
        match name {
            "ordered" => {
                let own = self.query.model().is_some_and(|model| {
                    !compile::default_order(&self.query.world, &model).is_empty()
                });
                let ordered = if self.query.ordered {
                    !self.query.order.is_empty()
                } else {
                    own && self.query.group == Group::No
                };
                Ok(Some(Value::Bool(self.query.empty || ordered)))
            }
            "db" => Ok(Some(Value::str("default"))),
            "model" => Ok(self.query.world.class(self.query.model).map(Value::Class)),
            "query" => {
                let (select, _) = self.compiled(machine)?;
                let sent = Writer::new(&STYLE).select(&select);
                Ok(Some(Value::Object(Rc::new(super::raw::Shown(crate::orm::inlined(&sent))))))
            }
            "extra" | "explain" | "datetimes" | "resolve_expression" => Err(refuse(format!(
                "`{name}` of query sets is not supported here: the playground's database has nothing that gives the same."
            ))),
            "_db" => Ok(Some(Value::None)),
            _ if super::manager::is_inner(name) => Err(super::manager::inner(name, "a query set")),
            _ => Ok(None),
        }
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
            // A slice of a slice stays inside of it.
            let (skipped, before) = (usize::try_from(start).unwrap_or(0), set.query.limit);
            let end = stop.map(|stop| usize::try_from(stop).unwrap_or(0));
            let end = match (end, before) {
                (Some(end), Some(before)) => Some(end.min(before)),
                (end, before) => end.or(before),
            };
            set.query.offset += skipped;
            set.query.limit = end.map(|end| end.saturating_sub(skipped));
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
        let at = usize::try_from(at).unwrap_or(0);
        if set.query.limit.is_some_and(|limit| at >= limit) {
            return Err(raise("IndexError", "list index out of range"));
        }
        set.query.offset += at;
        set.query.limit = Some(1);
        match set.rows(machine)?.into_iter().next() {
            Some(row) => Ok(Some(row)),
            None => Err(raise("IndexError", "list index out of range")),
        }
    }

    fn operate(
        self: Rc<Self>,
        _: &mut Machine,
        op: &'static str,
        other: &Value,
        _: crate::value::Side,
    ) -> Outcome<Option<Value>> {
        let (Value::Object(other), "|" | "&" | "^") = (other, op) else { return Ok(None) };
        let Some(other) = query_set(other) else { return Ok(None) };
        super::combine::combined(&self, &other, op).map(|set| Some(Value::Object(set)))
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
        Ok(Some(format!("<QuerySet [{}]>", parts.join(", "))))
    }
}

/// The columns of the model itself: those of parents with a table first.
fn own_columns(
    query: &mut Query,
    model: &Rc<Model>,
    mask: &Mask,
    columns: &mut Vec<(Expr, Option<Rc<str>>)>,
    loading: &mut Loading,
) {
    for parent in query.world.ancestors(model) {
        let mut chosen = parent.fields.iter().filter(|field| mask.has(&field.name)).peekable();
        if chosen.peek().is_none() {
            continue;
        }
        let at = query.table_of(0, model, &parent.name);
        query.uses(at);
        for field in chosen {
            columns.push((query.column(at, &field.column), None));
            loading.own.push((field.attname.clone(), field.ty.clone()));
        }
    }
    for field in model.fields.iter().filter(|field| mask.has(&field.name)) {
        columns.push((query.column(0, &field.column), None));
        loading.own.push((field.attname.clone(), field.ty.clone()));
    }
}
