//! Classes and their instances.

use std::any::Any;
use std::cell::RefCell;
use std::rc::Rc;

use indexmap::IndexMap;
use rustc_hash::FxBuildHasher;

use super::{Args, Key, Outcome, Value};
use crate::Machine;

/// What is known by a name, in the order in which it was bound.
pub type Named<T> = IndexMap<Rc<str>, T, FxBuildHasher>;

/// Names with their values, in the order in which they were bound.
pub type Names = Named<Value>;

/// A class: built in, an exception, an enumeration, or a model of an ORM. A module is one without bases.
pub struct Class {
    /// Its name.
    pub name: Rc<str>,
    /// Its module, as in `type(x).__module__`.
    pub module: Rc<str>,
    /// The classes behind it in the order in which attributes are looked for, itself not among them.
    pub mro: Vec<Rc<Class>>,
    /// Its attributes.
    pub names: RefCell<Names>,
    /// What makes its instances and answers for them, where that is not plain Python.
    pub hooks: Option<Rc<dyn Hooks>>,
    /// Its own class, where that is not `type`.
    pub meta: Option<Rc<Class>>,
}

impl Class {
    /// A class with these bases.
    pub fn new(name: &str, module: &str, bases: &[Rc<Self>]) -> Self {
        let mut mro: Vec<Rc<Self>> = Vec::new();
        for base in bases {
            for each in std::iter::once(base).chain(&base.mro) {
                // A class that several bases share comes last.
                mro.retain(|known| !Rc::ptr_eq(known, each));
                mro.push(each.clone());
            }
        }
        Self {
            name: name.into(),
            module: module.into(),
            mro,
            names: RefCell::default(),
            hooks: bases.iter().find_map(|base| base.hooks.clone()),
            meta: bases.iter().find_map(|base| base.meta.clone()),
        }
    }

    /// Whether it is that class or derives from it.
    pub fn derives(self: &Rc<Self>, other: &Rc<Self>) -> bool {
        Rc::ptr_eq(self, other) || self.mro.iter().any(|base| Rc::ptr_eq(base, other))
    }

    /// Whether it has that name or derives from a class that has it. For classes of ours, whose names are one each.
    pub fn derives_from(&self, name: &str) -> bool {
        &*self.name == name || self.mro.iter().any(|base| &*base.name == name)
    }

    /// An attribute of the class or its bases.
    pub fn get(&self, name: &str) -> Option<Value> {
        if let Some(value) = self.names.borrow().get(name) {
            return Some(value.clone());
        }
        self.mro.iter().find_map(|base| base.names.borrow().get(name).cloned())
    }

    /// Binds an attribute.
    pub fn set(&self, name: &str, value: Value) {
        self.names.borrow_mut().insert(name.into(), value);
    }
}

/// What a class of ours does otherwise than plain Python. `None` means: as plain Python.
pub trait Hooks {
    /// Whether the class is a model of the ORM.
    fn is_model(&self) -> bool {
        false
    }

    /// `class name(base, …)` in a script, where this makes one of its bases.
    ///
    /// # Errors
    /// What the declaration raises.
    fn derive(
        &self,
        machine: &mut Machine,
        name: &str,
        bases: &[Rc<Class>],
        names: Names,
    ) -> Outcome<Option<Rc<Class>>> {
        let _ = (machine, name, bases, names);
        Ok(None)
    }

    /// `Class(…)`.
    ///
    /// # Errors
    /// What the call raises.
    fn construct(
        &self,
        machine: &mut Machine,
        class: &Rc<Class>,
        args: Args,
    ) -> Outcome<Option<Value>> {
        let _ = (machine, class, args);
        Ok(None)
    }

    /// `Class.name`, asked before its plain attributes.
    ///
    /// # Errors
    /// What the access raises.
    fn class_attribute(
        &self,
        machine: &mut Machine,
        class: &Rc<Class>,
        name: &str,
    ) -> Outcome<Option<Value>> {
        let _ = (machine, class, name);
        Ok(None)
    }

    /// `Class[key]`
    ///
    /// # Errors
    /// What the access raises.
    fn class_item(
        &self,
        machine: &mut Machine,
        class: &Rc<Class>,
        key: &Value,
    ) -> Outcome<Option<Value>> {
        let _ = (machine, class, key);
        Ok(None)
    }

    /// What `iter(Class)` goes over.
    ///
    /// # Errors
    /// What fetching raises.
    fn class_items(&self, machine: &mut Machine, class: &Rc<Class>) -> Outcome<Option<Value>> {
        let _ = (machine, class);
        Ok(None)
    }

    /// What `iter(instance)` goes over.
    ///
    /// # Errors
    /// What making the items raises.
    fn items(&self, machine: &mut Machine, instance: &Rc<Instance>) -> Outcome<Option<Value>> {
        let _ = (machine, instance);
        Ok(None)
    }

    /// `instance.name`, asked before its plain attributes.
    ///
    /// # Errors
    /// What the access raises.
    fn attribute(
        &self,
        machine: &mut Machine,
        instance: &Rc<Instance>,
        name: &str,
    ) -> Outcome<Option<Value>> {
        let _ = (machine, instance, name);
        Ok(None)
    }

    /// `super().name`, where no class of the user's has it.
    ///
    /// # Errors
    /// What the access raises.
    fn inherited(
        &self,
        machine: &mut Machine,
        instance: &Rc<Instance>,
        name: &str,
    ) -> Outcome<Option<Value>> {
        let _ = (machine, instance, name);
        Ok(None)
    }

    /// `instance.name = value`; whether it was done.
    ///
    /// # Errors
    /// What the assignment raises.
    fn set_attribute(
        &self,
        machine: &mut Machine,
        instance: &Rc<Instance>,
        name: &str,
        value: &Value,
    ) -> Outcome<bool> {
        let _ = (machine, instance, name, value);
        Ok(false)
    }

    /// `repr(instance)`.
    ///
    /// # Errors
    /// What a method of the user's raises.
    fn repr(&self, machine: &mut Machine, instance: &Rc<Instance>) -> Outcome<Option<String>> {
        let _ = (machine, instance);
        Ok(None)
    }

    /// `str(instance)`.
    ///
    /// # Errors
    /// What a method of the user's raises.
    fn str(&self, machine: &mut Machine, instance: &Rc<Instance>) -> Outcome<Option<String>> {
        let _ = (machine, instance);
        Ok(None)
    }

    /// `instance == other`.
    ///
    /// # Errors
    /// What a comparison raises.
    fn equal(
        &self,
        machine: &mut Machine,
        instance: &Rc<Instance>,
        other: &Value,
    ) -> Outcome<Option<bool>> {
        let _ = (machine, instance, other);
        Ok(None)
    }

    /// `hash(instance)`, as a key.
    ///
    /// # Errors
    /// `TypeError` where it cannot be hashed.
    fn key(&self, machine: &mut Machine, instance: &Rc<Instance>) -> Outcome<Option<Key>> {
        let _ = (machine, instance);
        Ok(None)
    }

    /// `await instance`.
    ///
    /// # Errors
    /// What waiting for it raises.
    fn wait(&self, machine: &mut Machine, instance: &Rc<Instance>) -> Outcome<Option<Value>> {
        let _ = (machine, instance);
        Ok(None)
    }
}

/// An instance.
pub struct Instance {
    /// Its class.
    pub class: Rc<Class>,
    /// Its attributes.
    pub names: RefCell<Names>,
    /// What the ORM keeps with it.
    pub state: RefCell<Option<Box<dyn Any>>>,
}

impl Instance {
    /// An instance without attributes.
    pub fn new(class: Rc<Class>) -> Self {
        Self { class, names: RefCell::default(), state: RefCell::default() }
    }

    /// A plain attribute of its own.
    pub fn get(&self, name: &str) -> Option<Value> {
        self.names.borrow().get(name).cloned()
    }

    /// Binds a plain attribute.
    pub fn set(&self, name: &str, value: Value) {
        self.names.borrow_mut().insert(name.into(), value);
    }
}
