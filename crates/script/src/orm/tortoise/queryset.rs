//! Query sets: what they will ask when they are awaited.

use std::any::Any;
use std::rc::Rc;

use super::condition::Q;
use super::expression::Node;
use super::methods::{self, METHODS};
use super::prefetch::Prefetches;
use super::raised;
use crate::Machine;
use crate::eval::refuse;
use crate::value::{Class, Object, Outcome, Value};
use crate::world::{Model, World};

/// How rows come out.
#[derive(Clone)]
pub(super) enum Shape {
    /// As instances.
    Instances,
    /// `values()`: name in the dictionary, path.
    Dicts(Vec<(Rc<str>, Rc<str>)>),
    /// `values_list()`
    Tuples(Vec<Rc<str>>),
    /// `values_list(flat=True)`
    Flat(Vec<Rc<str>>),
}

/// How many rows are wanted.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Wanted {
    All,
    /// `first()`, `get_or_none()`
    OneOrNone,
    /// `get()`
    One,
    /// `Model[key]`: as `get()`, with another message.
    ByKey,
}

/// What awaiting does.
#[derive(Clone)]
pub(super) enum Action {
    Rows,
    Count,
    Exists,
    Contains(Value),
    Update(Vec<(Rc<str>, Value)>),
    Delete,
}

/// A query set.
#[derive(Clone)]
pub(super) struct QuerySet {
    pub(super) world: Rc<World>,
    pub(super) model: Rc<Model>,
    pub(super) action: Action,
    pub(super) shape: Shape,
    pub(super) wanted: Wanted,
    pub(super) conditions: Vec<Q>,
    pub(super) order: Vec<(Rc<str>, bool)>,
    pub(super) annotations: Vec<(Rc<str>, Node)>,
    pub(super) only: Vec<Rc<str>>,
    pub(super) related: Vec<Rc<str>>,
    pub(super) prefetches: Prefetches,
    pub(super) group_by: Vec<Rc<str>>,
    pub(super) limit: Option<i64>,
    pub(super) offset: Option<i64>,
    pub(super) distinct: bool,
}

/// The query set behind a value.
pub(super) fn query_set(value: &Value) -> Option<Rc<QuerySet>> {
    match value {
        Value::Object(object) => {
            object.any().downcast_ref::<QuerySet>().map(|set| Rc::new(set.clone()))
        }
        _ => None,
    }
}

impl QuerySet {
    pub(super) fn all(world: &Rc<World>, model: &Rc<Model>) -> Self {
        Self {
            world: world.clone(),
            model: model.clone(),
            action: Action::Rows,
            shape: Shape::Instances,
            wanted: Wanted::All,
            conditions: Vec::new(),
            order: Vec::new(),
            annotations: Vec::new(),
            only: Vec::new(),
            related: Vec::new(),
            prefetches: Prefetches::default(),
            group_by: Vec::new(),
            limit: None,
            offset: None,
            distinct: false,
        }
    }

    pub(super) fn value(self) -> Value {
        Value::Object(Rc::new(self))
    }

    /// With one more condition.
    pub(super) fn whose(mut self, name: &str, value: Value) -> Self {
        self.conditions.push(Q { filters: vec![(name.into(), value)], ..Q::default() });
        self
    }

    fn name(&self) -> &'static str {
        match (&self.action, &self.shape) {
            (Action::Count, _) => "CountQuery",
            (Action::Exists, _) => "ExistsQuery",
            (Action::Contains(_), _) => "ContainsQuery",
            (Action::Update(_), _) => "UpdateQuery",
            (Action::Delete, _) => "DeleteQuery",
            (Action::Rows, Shape::Instances) => "QuerySet",
            (Action::Rows, Shape::Dicts(_)) => "ValuesQuery",
            (Action::Rows, Shape::Tuples(_) | Shape::Flat(_)) => "ValuesListQuery",
        }
    }
}

impl Object for QuerySet {
    fn class(&self) -> Rc<Class> {
        Rc::new(Class::new(self.name(), "tortoise.queryset", &[]))
    }

    fn any(&self) -> &dyn Any {
        self
    }

    fn attribute(self: Rc<Self>, _: &mut Machine, name: &str) -> Outcome<Option<Value>> {
        // What ends a query has no methods of its own.
        if self.name() != "QuerySet" {
            return match name {
                "sql" | "explain" => Err(refuse(format!("`{name}()` is not supported here yet."))),
                _ => Ok(None),
            };
        }
        if name == "model" {
            return Ok(self.world.class(self.model.at).map(Value::Class));
        }
        if methods::UNSUPPORTED.contains(&name) {
            return Err(refuse(format!("`QuerySet.{name}()` is not supported here yet.")));
        }
        let found = METHODS.iter().find(|(method, _)| *method == name);
        Ok(found
            .map(|(name, run)| Value::native(name, move |machine, args| run(&self, machine, args))))
    }

    fn wait(self: Rc<Self>, machine: &mut Machine) -> Outcome<Option<Value>> {
        self.run(machine).map(Some)
    }

    fn iterate(self: Rc<Self>, machine: &mut Machine) -> Outcome<Option<Value>> {
        if self.name() != "QuerySet" {
            return Ok(None);
        }
        Err(raised(machine, "ParamsError", methods::NO_INDEX))
    }

    fn iterate_async(self: Rc<Self>, machine: &mut Machine) -> Outcome<Option<Value>> {
        match self.action {
            Action::Rows => self.run(machine).map(Some),
            _ => Ok(None),
        }
    }

    fn item(self: Rc<Self>, machine: &mut Machine, key: &Value) -> Outcome<Option<Value>> {
        if self.name() != "QuerySet" {
            return Ok(None);
        }
        methods::slice(&self, machine, key).map(Some)
    }

    fn repr(self: Rc<Self>, _: &mut Machine) -> Outcome<Option<String>> {
        Ok(Some(format!("<tortoise.queryset.{} object at 0x…>", self.name())))
    }
}
