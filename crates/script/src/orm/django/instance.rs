//! Instances of models: construction, attributes, `save`.

use std::rc::Rc;

use super::manager::Manager;
use super::{STYLE, class_of};
use crate::Machine;
use crate::eval::raise;
use crate::orm::Runtime;
use crate::sql::{Expr, Insert, Update, Writer};
use crate::value::{Args, Class, Hooks, Instance, Outcome, Value};
use crate::world::{Model, World, to_cell, to_value};

/// What makes a model's class Django's.
pub(super) struct ModelHooks {
    pub(super) world: Rc<World>,
    pub(super) model: usize,
}

/// What Django keeps with an instance.
#[derive(Default)]
pub(super) struct State {
    /// Whether its row is in the database.
    pub(super) saved: bool,
}

impl ModelHooks {
    fn model(&self) -> Option<Rc<Model>> {
        self.world.model(self.model).cloned()
    }
}

impl Hooks for ModelHooks {
    fn construct(
        &self,
        machine: &mut Machine,
        class: &Rc<Class>,
        args: Args,
    ) -> Outcome<Option<Value>> {
        let Some(model) = self.model() else { return Ok(None) };
        let instance = Rc::new(Instance::new(class.clone()));
        let mut keywords = args.keywords;
        let mut take = |name: &str| {
            let at = keywords.iter().position(|(keyword, _)| &**keyword == name)?;
            Some(keywords.remove(at).1)
        };
        let mut positional = args.positional.into_iter();
        for field in &model.fields {
            let related = if field.relation { take(&field.name) } else { None };
            let value = match positional.next().or_else(|| take(&field.attname)) {
                Some(value) => value,
                None => default(machine, field)?,
            };
            let value = match &related {
                Some(Value::Instance(target)) => key_of(&self.world, target),
                Some(other) => other.clone(),
                None => value,
            };
            instance.set(&field.attname, value);
        }
        if let Some((name, _)) = keywords.first() {
            return Err(raise(
                "TypeError",
                format!("{}() got unexpected keyword arguments: '{name}'", class.name),
            ));
        }
        *instance.state.borrow_mut() = Some(Box::new(State::default()));
        Ok(Some(Value::Instance(instance)))
    }

    fn class_attribute(
        &self,
        machine: &mut Machine,
        class: &Rc<Class>,
        name: &str,
    ) -> Outcome<Option<Value>> {
        let core = "django.core.exceptions";
        let of = |machine: &Machine, base: &str| -> Option<Value> {
            let base = class_of(machine, core, base)?;
            let made = Rc::new(Class::new(name, "models", &[base]));
            class.set(&format!("{name} "), Value::Class(made.clone()));
            Some(Value::Class(made))
        };
        Ok(match name {
            "objects" | "_default_manager" => Some(Value::Object(Rc::new(Manager {
                world: self.world.clone(),
                model: self.model,
            }))),
            "DoesNotExist" => {
                class.get("DoesNotExist ").or_else(|| of(machine, "ObjectDoesNotExist"))
            }
            "MultipleObjectsReturned" => class
                .get("MultipleObjectsReturned ")
                .or_else(|| of(machine, "MultipleObjectsReturned")),
            _ => None,
        })
    }

    fn attribute(
        &self,
        _: &mut Machine,
        instance: &Rc<Instance>,
        name: &str,
    ) -> Outcome<Option<Value>> {
        match name {
            "pk" => Ok(Some(key_of(&self.world, instance))),
            "save" => {
                let (world, instance) = (self.world.clone(), instance.clone());
                Ok(Some(Value::native("save", move |machine, _| {
                    save(machine, &world, &instance)?;
                    Ok(Value::None)
                })))
            }
            _ => Ok(None),
        }
    }

    fn repr(&self, machine: &mut Machine, instance: &Rc<Instance>) -> Outcome<Option<String>> {
        let text = machine.str(&Value::Instance(instance.clone()))?;
        Ok(Some(format!("<{}: {text}>", instance.class.name)))
    }

    fn str(&self, machine: &mut Machine, instance: &Rc<Instance>) -> Outcome<Option<String>> {
        let key = key_of(&self.world, instance);
        Ok(Some(format!("{} object ({})", instance.class.name, machine.str(&key)?)))
    }

    fn equal(
        &self,
        machine: &mut Machine,
        instance: &Rc<Instance>,
        other: &Value,
    ) -> Outcome<Option<bool>> {
        let Value::Instance(other) = other else { return Ok(Some(false)) };
        if !Rc::ptr_eq(&instance.class, &other.class) {
            return Ok(Some(false));
        }
        let (a, b) = (key_of(&self.world, instance), key_of(&self.world, other));
        if a.is_none() {
            return Ok(Some(Rc::ptr_eq(instance, other)));
        }
        machine.equal(&a, &b).map(Some)
    }
}

/// The default of a field in Python.
fn default(machine: &mut Machine, field: &crate::world::Field) -> Outcome {
    let _ = machine;
    use throughline_core::document::Value as Written;
    Ok(match field.declared.as_ref().and_then(|declared| declared.default.as_ref()) {
        Some(Written::Bool(yes)) => Value::Bool(*yes),
        Some(Written::Int(number)) => Value::Int(*number),
        Some(Written::Str(text)) => Value::str(text),
        _ => Value::None,
    })
}

/// The primary key of an instance.
pub(super) fn key_of(world: &World, instance: &Instance) -> Value {
    let model = world.model_of(&instance.class).and_then(|at| world.model(at));
    model
        .and_then(|model| model.key())
        .and_then(|key| instance.get(&key.attname))
        .unwrap_or(Value::None)
}

/// Inserts or updates the row of an instance.
pub(super) fn save(
    machine: &mut Machine,
    world: &Rc<World>,
    instance: &Rc<Instance>,
) -> Outcome<()> {
    let Some(model) = world.model_of(&instance.class).and_then(|at| world.model(at)).cloned()
    else {
        return Ok(());
    };
    let saved = instance
        .state
        .borrow()
        .as_ref()
        .is_some_and(|state| state.downcast_ref::<State>().is_some_and(|state| state.saved));
    if saved && let Some(key) = model.key() {
        let set = model.fields.iter().filter(|field| !field.primary_key).filter_map(|field| {
            let value = instance.get(&field.attname)?;
            Some((field.column.clone(), Expr::Param(to_cell(Some(&field.ty), &value)?)))
        });
        let cell =
            to_cell(Some(&key.ty), &key_of(world, instance)).unwrap_or(crate::database::Cell::Null);
        let condition =
            Expr::binary("=", Expr::column(&model.table, &key.column), Expr::Param(cell));
        let update =
            Update { table: model.table.clone(), set: set.collect(), condition: Some(condition) };
        let sent = Writer::new(&STYLE).update(&update);
        world.send(sent).map_err(|error| super::Django.database_error(machine, world, &error))?;
        return Ok(());
    }
    let mut insert = Insert { verb: "INSERT", table: model.table.clone(), ..Insert::default() };
    let mut row = Vec::new();
    for field in &model.fields {
        let value = instance.get(&field.attname).unwrap_or(Value::None);
        if field.auto && value.is_none() {
            insert.returning.push(Expr::column(&model.table, &field.column));
            continue;
        }
        insert.columns.push(field.column.clone());
        let cell = to_cell(Some(&field.ty), &value)
            .ok_or_else(|| raise("TypeError", "this value cannot be stored"))?;
        row.push(Expr::Param(cell));
    }
    insert.rows.push(row);
    let sent = Writer::new(&STYLE).insert(&insert);
    let reply =
        world.send(sent).map_err(|error| super::Django.database_error(machine, world, &error))?;
    if let (Some(cell), Some(key)) = (reply.rows.first().and_then(|row| row.first()), model.key()) {
        instance.set(&key.attname, to_value(Some(&key.ty), cell));
    }
    *instance.state.borrow_mut() = Some(Box::new(State { saved: true }));
    Ok(())
}
