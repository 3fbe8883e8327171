//! What makes a model's class ormar's: construction, attributes, equality, and the methods of instances.

use std::rc::Rc;

use super::accessor::Accessor;
use super::config::Config;
use super::link::{Kind, link, links};
use super::make::{expand, make, usable};
use super::proxy::Proxy;
use super::queryset::QuerySet;
use super::state::{hold, key_of, relate, same, with_state};
use super::{dump, save};
use crate::Machine;
use crate::eval::{raise, refuse};
use crate::orm::awaitable::later;
use crate::value::{Args, Class, Dict, Hooks, Instance, Key, Outcome, Value};
use crate::world::{Model, World};

/// What makes a model's class ormar's.
pub(super) struct ModelHooks {
    pub(super) world: Rc<World>,
    pub(super) model: usize,
}

impl ModelHooks {
    fn model(&self) -> Option<Rc<Model>> {
        self.world.model(self.model).cloned()
    }
}

/// Methods of instances that are not here.
const MISSING: &[&str] = &["signals", "model_copy", "copy", "construct", "remove"];

impl Hooks for ModelHooks {
    fn is_model(&self) -> bool {
        true
    }

    fn construct(
        &self,
        machine: &mut Machine,
        _: &Rc<Class>,
        args: Args,
    ) -> Outcome<Option<Value>> {
        if !args.positional.is_empty() {
            let count = args.positional.len() + 1;
            return Err(raise(
                "TypeError",
                format!(
                    "NewBaseModel.__init__() takes 1 positional argument but {count} were given"
                ),
            ));
        }
        if let Some(model) = self.model().filter(|model| !model.configured) {
            let message = format!("'{}' object has no attribute 'ormar_config'", model.name);
            return Err(raise("AttributeError", message));
        }
        let made = make(machine, &self.world, self.model, args.keywords, &[])?;
        Ok(Some(Value::Instance(made)))
    }

    fn class_attribute(
        &self,
        machine: &mut Machine,
        class: &Rc<Class>,
        name: &str,
    ) -> Outcome<Option<Value>> {
        let Some(model) = self.model() else { return Ok(None) };
        if !model.configured && class.get(name).is_none() && !name.starts_with("__") {
            let message = "'ModelMetaclass' object has no attribute 'ormar_config'";
            return Err(raise("AttributeError", message));
        }
        Ok(match name {
            "objects" => {
                usable(machine, &model)?;
                Some(Value::Object(Rc::new(QuerySet::new(self.world.clone(), self.model))))
            }
            "ormar_config" => {
                Some(Value::Object(Rc::new(Config { world: self.world.clone(), model })))
            }
            "update_forward_refs" => {
                Some(Value::native("update_forward_refs", |_, _| Ok(Value::None)))
            }
            _ => {
                let name = match model.key() {
                    Some(key) if name == "pk" => key.name.clone(),
                    _ => name.into(),
                };
                let known =
                    model.field(&name).is_some() || link(&self.world, self.model, &name).is_some();
                known.then(|| Accessor::first(&self.world, self.model, &name))
            }
        })
    }

    fn attribute(
        &self,
        _: &mut Machine,
        instance: &Rc<Instance>,
        name: &str,
    ) -> Outcome<Option<Value>> {
        let Some(model) = self.model() else { return Ok(None) };
        if let Some(relation) = link(&self.world, self.model, name) {
            if relation.hidden {
                return Ok(None);
            }
            if relation.many() {
                return Ok(Some(Value::Object(Rc::new(Proxy::new(
                    self.world.clone(),
                    instance.clone(),
                    relation,
                )))));
            }
            let held = super::state::held(instance, name);
            return Ok(Some(held.into_iter().next().map_or(Value::None, Value::Instance)));
        }
        if model.field(name).is_some() {
            return Ok(Some(instance.get(name).unwrap_or(Value::None)));
        }
        if instance.class.get(name).is_some() {
            return Ok(None);
        }
        if MISSING.contains(&name) {
            return Err(refuse(format!("`{name}` of ormar's models is not supported here yet.")));
        }
        let world = self.world.clone();
        let instance = instance.clone();
        Ok(match name {
            "pk" => Some(key_of(&world, &instance)),
            "saved" => {
                Some(Value::Bool(with_state(&instance, |state| state.saved).unwrap_or(false)))
            }
            "ormar_config" => Some(Value::Object(Rc::new(Config { world, model }))),
            "model_dump" | "dict" => Some(Value::native("model_dump", move |machine, args| {
                dump::model_dump(machine, &world, &instance, args)
            })),
            "model_dump_json" | "json" => {
                Some(Value::native("model_dump_json", move |machine, args| {
                    dump::model_dump_json(machine, &world, &instance, args)
                }))
            }
            "update_from_dict" => Some(Value::native("update_from_dict", move |machine, args| {
                let given = args.only("update_from_dict")?;
                for (name, value) in machine.mapping(&given)? {
                    if let Value::Str(name) = name {
                        machine.set_attribute(&Value::Instance(instance.clone()), &name, value)?;
                    }
                }
                Ok(Value::Instance(instance.clone()))
            })),
            _ => method(&world, &instance, name),
        })
    }

    fn set_attribute(
        &self,
        machine: &mut Machine,
        instance: &Rc<Instance>,
        name: &str,
        value: &Value,
    ) -> Outcome<bool> {
        let Some(model) = self.model() else { return Ok(false) };
        let name: Rc<str> = match model.key() {
            Some(key) if name == "pk" => key.name.clone(),
            _ => name.into(),
        };
        if let Some(relation) = link(&self.world, self.model, &name) {
            let values = expand(machine, &self.world, &relation, value)?;
            // The other side's list keeps the instance, as in ormar.
            if value.is_none() && relation.kind == Kind::Key && relation.nullable {
                hold(instance, &relation.name, Vec::new());
            }
            for value in &values {
                relate(machine, &self.world, instance, &relation, value)?;
            }
            if !relation.many() {
                with_state(instance, |state| state.saved = false);
            }
            return Ok(true);
        }
        if matches!(instance.class.get(&name), Some(Value::Object(found)) if found.class().derives_from("property"))
        {
            let message = format!("property '{name}' of '{}' object has no setter", model.name);
            return Err(raise("AttributeError", message));
        }
        if super::pydantic::is_field(&instance.class, &name) {
            instance.set(&name, value.clone());
            return Ok(true);
        }
        if let Some(field) = model.field(&name) {
            let value = super::make::encoded(machine, &model, field, value)?;
            instance.set(&name, value);
            with_state(instance, |state| state.saved = false);
            return Ok(true);
        }
        Err(raise("ValueError", format!("\"{}\" object has no field \"{name}\"", model.name)))
    }

    fn repr(&self, machine: &mut Machine, instance: &Rc<Instance>) -> Outcome<Option<String>> {
        let Some(model) = self.model() else { return Ok(None) };
        let mut dict = Dict::default();
        let value = Value::Instance(instance.clone());
        let relations = links(&self.world, &model);
        let hidden = |name: &str| relations.iter().any(|link| link.hidden && &*link.name == name);
        let fields = model.fields.iter().map(|field| field.name.clone());
        let rest = relations
            .iter()
            .filter(|link| model.field(&link.name).is_none())
            .map(|link| link.name.clone());
        for name in fields.chain(rest).filter(|name| !hidden(name)) {
            let shown = match relations.iter().find(|link| link.name == name) {
                Some(link) => {
                    let items = super::state::shown(instance, &link.name);
                    if link.many() {
                        Value::list(items)
                    } else {
                        items.into_iter().next().unwrap_or(Value::None)
                    }
                }
                None => machine.attribute(&value, &name)?,
            };
            dict.set(&name, shown);
        }
        let inner = machine.deeper(|machine| machine.repr(&Value::dict(dict)))?;
        Ok(Some(format!("{}({inner})", model.name)))
    }

    fn str(&self, _: &mut Machine, _: &Rc<Instance>) -> Outcome<Option<String>> {
        Err(refuse("`str()` of ormar's models is not supported here yet: print their fields."))
    }

    fn equal(
        &self,
        machine: &mut Machine,
        instance: &Rc<Instance>,
        other: &Value,
    ) -> Outcome<Option<bool>> {
        match other {
            Value::Instance(other) => same(machine, &self.world, instance, other).map(Some),
            _ => Ok(Some(false)),
        }
    }

    fn key(&self, machine: &mut Machine, instance: &Rc<Instance>) -> Outcome<Option<Key>> {
        let key = key_of(&self.world, instance);
        if key.is_none() {
            return Ok(None);
        }
        Ok(Some(Key::Row(instance.class.name.clone(), Box::new(machine.key(&key)?))))
    }
}

fn method(world: &Rc<World>, instance: &Rc<Instance>, name: &str) -> Option<Value> {
    type Run = fn(&mut Machine, &Rc<World>, &Rc<Instance>, Args) -> Outcome;
    let (name, run): (&'static str, Run) = match name {
        "save" => ("save", |machine, world, instance, _| {
            save::insert(machine, world, instance)?;
            Ok(Value::Instance(instance.clone()))
        }),
        "update" => ("update", save::update),
        "upsert" => ("upsert", save::upsert),
        "delete" => {
            ("delete", |machine, world, instance, _| save::delete(machine, world, instance))
        }
        "load" => ("load", |machine, world, instance, _| {
            save::load(machine, world, instance)?;
            Ok(Value::Instance(instance.clone()))
        }),
        "load_all" => ("load_all", save::load_all),
        "save_related" => ("save_related", save::save_related),
        _ => return None,
    };
    let (world, instance) = (world.clone(), instance.clone());
    Some(Value::native(name, move |_, args| {
        let (world, instance) = (world.clone(), instance.clone());
        Ok(later(move |machine| run(machine, &world, &instance, args)))
    }))
}
