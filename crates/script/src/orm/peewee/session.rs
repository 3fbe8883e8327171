//! What the queries of a run share: the models, which of them have a database, the last key.

use std::cell::{Cell as Flag, RefCell};
use std::collections::BTreeSet;
use std::rc::Rc;

use throughline_order::{Gather as _, set_of};

use super::Peewee;
use super::exceptions::{base, raised};
use crate::Machine;
use crate::database::{Reply, Sent};
use crate::eval::Raised;
use crate::orm::Runtime;
use crate::value::{Class, Outcome, Value};
use crate::world::{Field, Model, Relation, World};

/// What the queries of a run share.
pub(super) struct Session {
    pub(super) world: Rc<World>,
    /// Models that were taken off their database.
    pub(super) unbound: RefCell<BTreeSet<usize>>,
    /// `last_insert_rowid()`
    pub(super) last_id: Flag<Option<i64>>,
    /// `Model.DoesNotExist`, by the place of the model.
    errors: RefCell<Vec<(usize, Rc<Class>)>>,
    /// Models that a script has declared, and those that such a one has changed. The last one of a place counts.
    own: RefCell<Vec<Rc<Model>>>,
}

impl Session {
    /// The session of a world.
    pub(super) fn of(world: &Rc<World>) -> Rc<Self> {
        let known = world.shared.borrow().clone();
        if let Some(session) = known.and_then(|known| known.downcast::<Self>().ok()) {
            return session;
        }
        let session = Rc::new(Self {
            world: world.clone(),
            unbound: RefCell::new(set_of(
                world.models.iter().filter(|model| !model.bound).map(|model| model.at),
            )),
            last_id: Flag::new(None),
            errors: RefCell::default(),
            own: RefCell::new(world.models.iter().filter_map(timed).gather()),
        });
        *world.shared.borrow_mut() = Some(session.clone());
        session
    }

    pub(super) fn model(&self, at: usize) -> Option<Rc<Model>> {
        self.owned(|model| model.at == at).or_else(|| self.world.model(at).cloned())
    }

    fn owned(&self, wanted: impl Fn(&Model) -> bool) -> Option<Rc<Model>> {
        self.own.borrow().iter().rev().find(|model| wanted(model)).cloned()
    }

    /// The place of the model of this name.
    pub(super) fn find(&self, name: &str) -> Option<usize> {
        let own = self.owned(|model| &*model.name == name);
        own.map(|model| model.at).or_else(|| self.world.find(name))
    }

    /// The model of this name.
    pub(super) fn named(&self, name: &str) -> Option<Rc<Model>> {
        self.find(name).and_then(|at| self.model(at))
    }

    /// The place of the model whose class this is.
    pub(super) fn model_of(&self, class: &Rc<Class>) -> Option<usize> {
        self.world.model_of(class)
    }

    /// All models.
    pub(super) fn models(&self) -> Vec<Rc<Model>> {
        (0..self.next_model()).filter_map(|at| self.model(at)).gather()
    }

    /// The place of the next model that a script declares.
    pub(super) fn next_model(&self) -> usize {
        let own = self.own.borrow();
        own.iter().map(|model| model.at + 1).max().unwrap_or(0).max(self.world.models.len())
    }

    /// A model that a script has declared.
    pub(super) fn declared(&self, at: usize) -> Option<Rc<Model>> {
        self.owned(|model| model.at == at && at >= self.world.models.len())
    }

    /// Adds a model.
    pub(super) fn declare(&self, model: Model) {
        self.own.borrow_mut().push(Rc::new(model));
    }

    /// Changes a model.
    pub(super) fn change(&self, at: usize, change: impl FnOnce(&mut Model)) {
        let Some(model) = self.model(at) else { return };
        let mut changed = Model::clone(&model);
        change(&mut changed);
        self.own.borrow_mut().retain(|model| model.at != at);
        self.declare(changed);
    }

    /// The class of a model; that of a generated through model is made when it is first asked for.
    pub(super) fn class(self: &Rc<Self>, at: usize) -> Rc<Class> {
        if let Some(class) = self.world.class(at) {
            return class;
        }
        let name = self.model(at).map(|model| model.name.clone()).unwrap_or_default();
        let mut class = Class::new(&name, "models", &[]);
        class.hooks = Some(Peewee.hooks(&self.world, at));
        let class = Rc::new(class);
        self.world.set_class(at, class.clone());
        class
    }

    /// `Model.DoesNotExist`
    pub(super) fn missing(&self, machine: &Machine, at: usize) -> Rc<Class> {
        if let Some((_, class)) = self.errors.borrow().iter().find(|(of, _)| *of == at) {
            return class.clone();
        }
        let name = self.model(at).map(|model| model.name.clone()).unwrap_or_default();
        let bases: Vec<Rc<Class>> = base(machine, "DoesNotExist").into_iter().gather();
        let class = Rc::new(Class::new(&format!("{name}DoesNotExist"), "models", &bases));
        self.errors.borrow_mut().push((at, class.clone()));
        class
    }

    /// Whether an exception says that a row of this model is missing.
    pub(super) fn is_missing(&self, machine: &mut Machine, raised: &Raised) -> bool {
        machine.caught(raised).is_some_and(|error| error.class.derives_from("DoesNotExist"))
    }

    /// # Errors
    /// `InterfaceError` where a model has no database.
    pub(super) fn bound(&self, machine: &mut Machine, model: usize) -> Outcome<()> {
        if self.unbound.borrow().contains(&model) {
            return Err(raised(
                machine,
                "InterfaceError",
                "Query must be bound to a database in order to call \"execute\".",
            ));
        }
        Ok(())
    }

    /// Sends a statement.
    ///
    /// # Errors
    /// Peewee's exception for what the database says.
    pub(super) fn send(&self, machine: &mut Machine, sent: Sent) -> Outcome<Reply> {
        let reply = self
            .world
            .send(sent)
            .map_err(|error| Peewee.database_error(machine, &self.world, &error))?;
        if reply.last_id.is_some() {
            self.last_id.set(reply.last_id);
        }
        Ok(reply)
    }

    /// Foreign keys of `from` that lead to `to`, in the order of their fields.
    pub(super) fn keys<'a>(&self, from: &'a Model, to: &Model) -> Vec<&'a Relation> {
        from.relations
            .iter()
            .filter(|relation| relation.key.is_some() && relation.target == to.name)
            .gather()
    }

    /// The model that a foreign key leads to, and the field there.
    pub(super) fn referred(&self, relation: &Relation) -> Option<(Rc<Model>, Rc<str>)> {
        let target = self.named(&relation.target)?;
        let key = relation.key.as_ref()?;
        let name = target.field(&key.to_field)?.name.clone();
        Some((target, name))
    }

    /// What a value of a foreign key's column is on the other side: the raw key of an instance.
    pub(super) fn key_of(&self, model: &Model, field: &Field, value: &Value) -> Value {
        let Value::Instance(instance) = value else { return value.clone() };
        let named = model.relation(&field.name).and_then(|relation| self.referred(relation));
        match named {
            Some((_, name)) => super::instance::data(instance, &name).unwrap_or(Value::None),
            None => value.clone(),
        }
    }
}

/// A model with fields that keep moments as numbers, with what rows need to know of that.
fn timed(model: &Rc<Model>) -> Option<Rc<Model>> {
    let mut changed = Model::clone(model);
    let mut any = false;
    for field in &mut changed.fields {
        if let Some(ty) = super::epoch::column_type(field) {
            field.ty = ty;
            any = true;
        }
    }
    any.then(|| Rc::new(changed))
}
