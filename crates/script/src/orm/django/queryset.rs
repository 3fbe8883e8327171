//! Query sets.

use std::any::Any;
use std::cell::RefCell;
use std::rc::Rc;

use super::STYLE;
use super::instance::State;
use crate::Machine;
use crate::eval::raise;
use crate::orm::Runtime;
use crate::sql::{Expr, Select, Source, Writer};
use crate::value::{Args, Class, Instance, Object, Outcome, Value};
use crate::world::{World, to_cell, to_value};

/// A query set: what it will ask, and what it has fetched.
pub(super) struct QuerySet {
    world: Rc<World>,
    model: usize,
    conditions: Vec<Expr>,
    fetched: RefCell<Option<Vec<Value>>>,
}

type Method = fn(&Rc<QuerySet>, &mut Machine, Args) -> Outcome;

const METHODS: &[(&str, Method)] = &[
    ("all", |set, _, _| Ok(Value::Object(Rc::new(set.with(None))))),
    ("filter", |set, machine, args| {
        let condition = set.condition(machine, args)?;
        Ok(Value::Object(Rc::new(set.with(Some(condition)))))
    }),
    ("get", |set, machine, args| {
        let condition = set.condition(machine, args)?;
        let found = set.with(Some(condition)).fetch(machine, Some(21))?;
        let name = set.world.model(set.model).map(|model| model.name.clone()).unwrap_or_default();
        let class = set.world.class(set.model).map_or(Value::None, Value::Class);
        match found.as_slice() {
            [only] => Ok(only.clone()),
            [] => {
                let error = machine.attribute(&class, "DoesNotExist")?;
                let message = format!("{name} matching query does not exist.");
                Err(raised(machine, &error, message))
            }
            many => {
                let error = machine.attribute(&class, "MultipleObjectsReturned")?;
                let message =
                    format!("get() returned more than one {name} -- it returned {}!", many.len());
                Err(raised(machine, &error, message))
            }
        }
    }),
];

fn raised(machine: &mut Machine, class: &Value, message: String) -> Box<crate::Raised> {
    match class {
        Value::Class(class) => machine.exception(class, vec![Value::from(message)]),
        _ => raise("Exception", message),
    }
}

impl QuerySet {
    pub(super) fn all(world: Rc<World>, model: usize) -> Self {
        Self { world, model, conditions: Vec::new(), fetched: RefCell::default() }
    }

    fn with(&self, condition: Option<Expr>) -> Self {
        let conditions = self.conditions.iter().cloned().chain(condition).collect();
        Self {
            world: self.world.clone(),
            model: self.model,
            conditions,
            fetched: RefCell::default(),
        }
    }

    fn condition(&self, _: &mut Machine, args: Args) -> Outcome<Expr> {
        let Some(model) = self.world.model(self.model) else { return Ok(Expr::And(Vec::new())) };
        let mut out = Vec::new();
        for (name, value) in args.keywords {
            let field =
                model.field(&name).ok_or_else(|| raise("NotImplementedError", name.to_string()))?;
            let cell = to_cell(Some(&field.ty), &value).unwrap_or(crate::database::Cell::Null);
            out.push(Expr::binary(
                "=",
                Expr::column(&model.table, &field.column),
                Expr::Param(cell),
            ));
        }
        Ok(Expr::And(out))
    }

    fn fetch(&self, machine: &mut Machine, limit: Option<i64>) -> Outcome<Vec<Value>> {
        let (Some(model), Some(class)) =
            (self.world.model(self.model).cloned(), self.world.class(self.model))
        else {
            return Ok(Vec::new());
        };
        let select = Select {
            columns: model
                .fields
                .iter()
                .map(|field| (Expr::column(&model.table, &field.column), None))
                .collect(),
            from: vec![Source::table(&model.table, None)],
            condition: (!self.conditions.is_empty()).then(|| Expr::And(self.conditions.clone())),
            limit: limit.map(|limit| Expr::Raw(limit.to_string())),
            ..Select::default()
        };
        let sent = Writer::new(&STYLE).select(&select);
        let reply = self
            .world
            .send(sent)
            .map_err(|error| super::Django.database_error(machine, &self.world, &error))?;
        Ok(reply
            .rows
            .iter()
            .map(|row| {
                let instance = Instance::new(class.clone());
                for (field, cell) in model.fields.iter().zip(row) {
                    instance.set(&field.attname, to_value(Some(&field.ty), cell));
                }
                *instance.state.borrow_mut() = Some(Box::new(State { saved: true }));
                Value::Instance(Rc::new(instance))
            })
            .collect())
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
        if self.fetched.borrow().is_none() {
            let rows = self.fetch(machine, None)?;
            *self.fetched.borrow_mut() = Some(rows);
        }
        Ok(self.fetched.borrow().clone().map(Value::list))
    }
}
