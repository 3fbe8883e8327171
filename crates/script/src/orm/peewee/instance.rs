//! Instances of models: construction and attributes.

use std::rc::Rc;

use rustc_hash::FxHashSet;
use throughline_core::document::{RelationKind, Value as Constant};
use throughline_order::Gather as _;

use super::class::{self, Backref, all, by_id};
use super::many::{self, many_of};
use super::node::{Node, Source, value_of};
use super::session::Session;
use crate::Machine;
use crate::orm::defaults::given as given_default;
use crate::value::{Args, Class, Hooks, Instance, Key, Names, Outcome, Value};
use crate::world::{Model, Relation};

/// What makes a model's class Peewee's.
pub(super) struct ModelHooks {
    pub(super) session: Rc<Session>,
    pub(super) model: usize,
}

/// What Peewee keeps with an instance.
#[derive(Default)]
pub(super) struct State {
    /// `__data__`: values by the fields' names.
    pub(super) data: Names,
    /// `__rel__`: instances that foreign keys lead to.
    pub(super) related: Names,
    /// Names of fields that were set since the row was read or written.
    pub(super) dirty: FxHashSet<Rc<str>>,
}

/// Does something with the state of an instance; `None` where it has none of Peewee's.
pub(super) fn with_state<T>(
    instance: &Instance,
    change: impl FnOnce(&mut State) -> T,
) -> Option<T> {
    let mut state = instance.state.borrow_mut();
    state.as_mut().and_then(|state| state.downcast_mut::<State>()).map(change)
}

/// A value of `__data__`.
pub(super) fn data(instance: &Instance, name: &str) -> Option<Value> {
    with_state(instance, |state| state.data.get(name).cloned()).flatten()
}

/// The primary key of an instance.
pub(super) fn key_of(session: &Session, instance: &Instance) -> Value {
    let model = session.model_of(&instance.class).and_then(|at| session.model(at));
    let name = model.and_then(|model| model.key().map(|key| key.name.clone()));
    name.and_then(|name| data(instance, &name)).unwrap_or(Value::None)
}

/// The whole primary key of an instance: a tuple where it has several fields.
fn whole_key(session: &Session, instance: &Instance) -> Value {
    let model = session.model_of(&instance.class).and_then(|at| session.model(at));
    let keys: Vec<Value> = model
        .iter()
        .flat_map(|model| &model.fields)
        .filter(|field| field.primary_key)
        .map(|field| data(instance, &field.name).unwrap_or(Value::None))
        .gather();
    match keys.len() {
        0 | 1 => keys.into_iter().next().unwrap_or(Value::None),
        _ => Value::tuple(keys),
    }
}

/// An instance without values.
pub(super) fn empty(class: Rc<Class>) -> Rc<Instance> {
    let instance = Instance::new(class);
    *instance.state.borrow_mut() = Some(Box::new(State::default()));
    Rc::new(instance)
}

impl ModelHooks {
    fn model(&self) -> Option<Rc<Model>> {
        self.session.model(self.model)
    }

    /// The back-reference of this name; the last one that was declared has it.
    fn back(&self, model: &Model, name: &str) -> Option<Backref> {
        let reverse = model.by_accessor(name)?;
        if reverse.kind == RelationKind::ManyToMany {
            return None;
        }
        let source = self.session.find(&reverse.source)?;
        Some(Backref { source, field: reverse.source_field.clone() })
    }

    /// `book.author`
    fn forward(
        &self,
        machine: &mut Machine,
        instance: &Rc<Instance>,
        relation: &Relation,
        null: bool,
        lazy: bool,
    ) -> Outcome {
        let name = &relation.name;
        let value = data(instance, name).unwrap_or(Value::None);
        let known = with_state(instance, |state| state.related.get(name).cloned()).flatten();
        if let Some(known) = known {
            return Ok(known);
        }
        let Some((target, to)) = self.session.referred(relation) else { return Ok(value) };
        if !lazy {
            return Ok(value);
        }
        if value.is_none() {
            if null {
                return Ok(value);
            }
            let class = self.session.missing(machine, target.at);
            return Err(machine.exception(&class, Vec::new()));
        }
        let mut query = all(&self.session, target.at);
        let field = Node::Field(Source::Model(target.at), to);
        query.narrow(Node::binary("=", field, Node::Value(value)));
        let found = query.one(machine)?;
        with_state(instance, |state| state.related.insert(name.clone(), found.clone()));
        Ok(found)
    }

    fn set_key(
        &self,
        machine: &mut Machine,
        instance: &Rc<Instance>,
        relation: &Relation,
        value: &Value,
    ) -> Outcome<()> {
        let name = relation.name.clone();
        let target = self.session.referred(relation);
        if let (Value::Instance(other), Some((target, to))) = (value, &target)
            && self.session.model_of(&other.class) == Some(target.at)
        {
            let key = data(other, to).unwrap_or(Value::None);
            with_state(instance, |state| {
                state.data.insert(name.clone(), key);
                state.related.insert(name.clone(), value.clone());
                state.dirty.insert(name);
            });
            return Ok(());
        }
        let before = data(instance, &name).unwrap_or(Value::None);
        let same = !value.is_none() && machine.equal(value, &before)?;
        with_state(instance, |state| {
            state.data.insert(name.clone(), value.clone());
            let kept = same && state.related.get(&name).is_some_and(|known| !known.is_none());
            if !kept {
                state.related.shift_remove(&name);
            }
            state.dirty.insert(name);
        });
        Ok(())
    }
}

impl Hooks for ModelHooks {
    fn is_model(&self) -> bool {
        true
    }

    fn derive(
        &self,
        machine: &mut Machine,
        name: &str,
        bases: &[Rc<Class>],
        names: crate::value::Names,
    ) -> Outcome<Option<Rc<Class>>> {
        super::declare::declare(machine, &self.session, name, bases, names).map(Some)
    }

    fn construct(
        &self,
        machine: &mut Machine,
        class: &Rc<Class>,
        args: Args,
    ) -> Outcome<Option<Value>> {
        let Some(model) = self.model() else { return Ok(None) };
        let instance = empty(class.clone());
        for field in &model.fields {
            if let Some(value) = super::epoch::default(machine, field) {
                with_state(&instance, |state| {
                    state.data.insert(field.name.clone(), value);
                    state.dirty.insert(field.name.clone());
                });
                continue;
            }
            let declared = field.declared.as_ref().and_then(|declared| declared.default.as_ref());
            if declared.is_none_or(|default| matches!(default, Constant::None)) {
                continue;
            }
            if let Some(value) = given_default(machine, field)? {
                with_state(&instance, |state| {
                    state.data.insert(field.name.clone(), value);
                    state.dirty.insert(field.name.clone());
                });
            }
        }
        let made = Value::Instance(instance);
        for (name, value) in args.keywords {
            machine.set_attribute(&made, &name, value)?;
        }
        Ok(Some(made))
    }

    fn class_attribute(
        &self,
        machine: &mut Machine,
        class: &Rc<Class>,
        name: &str,
    ) -> Outcome<Option<Value>> {
        let Some(model) = self.model() else { return Ok(None) };
        if let Some(back) = self.back(&model, name) {
            return Ok(Some(Value::Object(Rc::new(back))));
        }
        if let Some(what) = super::epoch::unsupported(&model, name) {
            return Err(crate::eval::refuse(what));
        }
        let field = model.field(name).map(|field| field.name.clone());
        let field = field.or_else(|| many_of(&self.session, &model, name).map(|many| many.name));
        if let Some(field) = field {
            let node = Node::Field(Source::Model(self.model), field);
            return Ok(Some(value_of(&self.session, node)));
        }
        if class.get(name).is_some() {
            return Ok(None);
        }
        Ok(match name {
            "DoesNotExist" => Some(Value::Class(self.session.missing(machine, self.model))),
            "_meta" => Some(Value::Object(Rc::new(super::meta::Meta {
                session: self.session.clone(),
                model: self.model,
            }))),
            "__dict__" => Some(super::meta::namespace(&self.session, self.model, class)),
            _ => class::method(&self.session, self.model, name)?,
        })
    }

    fn class_item(
        &self,
        machine: &mut Machine,
        _: &Rc<Class>,
        key: &Value,
    ) -> Outcome<Option<Value>> {
        class::check_key(&self.session, self.model, key)?;
        by_id(&self.session, self.model, key.clone()).one(machine).map(Some)
    }

    fn class_items(&self, _: &mut Machine, _: &Rc<Class>) -> Outcome<Option<Value>> {
        Ok(Some(Value::Object(Rc::new(all(&self.session, self.model)))))
    }

    fn attribute(
        &self,
        machine: &mut Machine,
        instance: &Rc<Instance>,
        name: &str,
    ) -> Outcome<Option<Value>> {
        let Some(model) = self.model() else { return Ok(None) };
        if let Some(back) = self.back(&model, name) {
            if let Some(own) = instance.get(name) {
                return Ok(Some(own));
            }
            let source = self.session.model(back.source);
            let to = source
                .as_ref()
                .and_then(|source| source.relation(&back.field))
                .and_then(|relation| self.session.referred(relation));
            let key = to.and_then(|(_, to)| data(instance, &to)).unwrap_or(Value::None);
            let mut query = all(&self.session, back.source);
            let field = Node::Field(Source::Model(back.source), back.field);
            let op = if key.is_none() { "IS" } else { "=" };
            query.narrow(Node::binary(op, field, Node::Value(key)));
            return Ok(Some(Value::Object(Rc::new(query))));
        }
        if let Some(what) = super::epoch::unsupported(&model, name) {
            return Err(crate::eval::refuse(what));
        }
        if let Some(many) = many_of(&self.session, &model, name) {
            return many::related(machine, &self.session, &model, instance, &many).map(Some);
        }
        if let Some(field) = model.field(name) {
            let relation = model.relation(&field.name).filter(|relation| relation.key.is_some());
            return match relation {
                Some(relation) if *field.name == *name => {
                    let lazy = field
                        .declared
                        .as_ref()
                        .and_then(|declared| declared.arg("lazy_load"))
                        .is_none_or(|arg| arg.value != Constant::Bool(false));
                    self.forward(machine, instance, relation, field.null, lazy).map(Some)
                }
                Some(relation) => {
                    let own = data(instance, &field.name).filter(|value| !value.is_none());
                    let other =
                        with_state(instance, |state| state.related.get(&field.name).cloned())
                            .flatten();
                    Ok(Some(match (own, other, self.session.referred(relation)) {
                        (Some(own), ..) => own,
                        (None, Some(Value::Instance(other)), Some((_, to))) => {
                            data(&other, &to).unwrap_or(Value::None)
                        }
                        _ => Value::None,
                    }))
                }
                None => Ok(Some(data(instance, &field.name).unwrap_or(Value::None))),
            };
        }
        if let Some(own) = instance.get(name) {
            return Ok(Some(own));
        }
        if instance.class.get(name).is_some() {
            return Ok(None);
        }
        match name {
            "_pk" => return Ok(Some(whole_key(&self.session, instance))),
            "dirty_fields" => {
                let dirty = with_state(instance, |state| state.dirty.clone()).unwrap_or_default();
                let Some(model) = self.session.model(self.model) else { return Ok(None) };
                let fields = model.fields.iter().filter(|field| dirty.contains(&field.name));
                let fields = fields.map(|field| {
                    let node = super::node::Node::Field(
                        super::node::Source::Model(self.model),
                        field.name.clone(),
                    );
                    super::node::value_of(&self.session, node)
                });
                return Ok(Some(Value::list(fields.gather())));
            }
            "__data__" | "__rel__" => {
                let values = with_state(instance, |state| {
                    if name == "__data__" { state.data.clone() } else { state.related.clone() }
                });
                let mut dict = crate::value::Dict::default();
                for (name, value) in values.unwrap_or_default() {
                    dict.set(&name, value);
                }
                return Ok(Some(Value::dict(dict)));
            }
            _ => {}
        }
        if let Some(method) = super::save::method(name) {
            let (session, instance) = (self.session.clone(), instance.clone());
            return Ok(Some(Value::native("method", move |machine, args| {
                method(&session, &instance, machine, args)
            })));
        }
        self.class_attribute(machine, &instance.class, name)
    }

    fn set_attribute(
        &self,
        machine: &mut Machine,
        instance: &Rc<Instance>,
        name: &str,
        value: &Value,
    ) -> Outcome<bool> {
        let Some(model) = self.model() else { return Ok(false) };
        if self.back(&model, name).is_some() {
            return Ok(false);
        }
        if let Some(many) = many_of(&self.session, &model, name) {
            many::assign(machine, &self.session, &model, instance, &many, value.clone())?;
            return Ok(true);
        }
        let key = (name == "_pk").then(|| model.key()).flatten();
        let Some(field) = key.or_else(|| model.field(name)) else { return Ok(false) };
        if let Some(relation) =
            model.relation(&field.name).filter(|relation| relation.key.is_some())
        {
            self.set_key(machine, instance, relation, value)?;
            return Ok(true);
        }
        with_state(instance, |state| {
            state.data.insert(field.name.clone(), value.clone());
            state.dirty.insert(field.name.clone());
        });
        Ok(true)
    }

    fn repr(&self, machine: &mut Machine, instance: &Rc<Instance>) -> Outcome<Option<String>> {
        let text = machine.str(&Value::Instance(instance.clone()))?;
        Ok(Some(format!("<{}: {text}>", instance.class.name)))
    }

    fn str(&self, machine: &mut Machine, instance: &Rc<Instance>) -> Outcome<Option<String>> {
        let key = whole_key(&self.session, instance);
        machine.str(&key).map(|text| Some(text.to_string()))
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
        let (a, b) = (whole_key(&self.session, instance), whole_key(&self.session, other));
        Ok(Some(!a.is_none() && machine.equal(&a, &b)?))
    }

    fn key(&self, machine: &mut Machine, instance: &Rc<Instance>) -> Outcome<Option<Key>> {
        let key = machine.key(&whole_key(&self.session, instance))?;
        Ok(Some(Key::Row(instance.class.name.clone(), Box::new(key))))
    }
}
