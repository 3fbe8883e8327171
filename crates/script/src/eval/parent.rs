//! `super()`, and methods of classes.

use std::any::Any;
use std::rc::Rc;

use throughline_order::Gather as _;

use super::call::bind;
use super::{Machine, Scope, raise, refuse};
use crate::value::{Args, Class, Object, Outcome, Value};

/// What a method's scope calls the value that it is a method of; no name of a script has a blank.
pub(crate) const RECEIVER: &str = " self";

/// What the scope of a class's body calls the class.
pub(crate) const CLASS: &str = "__class__";

/// `super()`: the same value, from the class behind the one that says so.
struct Super {
    class: Rc<Class>,
    receiver: Value,
}

impl Machine {
    /// `super()` in a method.
    pub(crate) fn parent(&mut self, scope: &Rc<Scope>, args: Args) -> Outcome {
        let found = match args.positional.as_slice() {
            [] => scope.reach(CLASS).zip(scope.reach(RECEIVER)),
            [class, receiver] => Some((class.clone(), receiver.clone())),
            _ => return Err(refuse("`super` takes nothing here, or a class and an object.")),
        };
        match found {
            Some((Value::Class(class), receiver)) => {
                Ok(Value::Object(Rc::new(Super { class, receiver })))
            }
            _ => Err(raise("RuntimeError", "super(): no arguments")),
        }
    }
}

impl Object for Super {
    fn class(&self) -> Rc<Class> {
        Rc::new(Class::new("super", "builtins", &[]))
    }

    fn any(&self) -> &dyn Any {
        self
    }

    fn attribute(self: Rc<Self>, machine: &mut Machine, name: &str) -> Outcome<Option<Value>> {
        let own = match &self.receiver {
            Value::Instance(instance) => instance.class.clone(),
            Value::Class(class) => class.clone(),
            Value::Object(object) => object.class(),
            _ => return Ok(None),
        };
        let line: Vec<Rc<Class>> = std::iter::once(own.clone()).chain(own.mro.clone()).gather();
        let behind = line.iter().skip_while(|class| !Rc::ptr_eq(class, &self.class)).skip(1);
        let found = behind.filter_map(|class| class.names.borrow().get(name).cloned()).next();
        match found {
            Some(Value::Object(object)) if object.class().derives_from("property") => {
                object.call(machine, Args::one(self.receiver.clone()))
            }
            Some(found) => Ok(Some(bind(&self.receiver, found))),
            None => self.given(machine, name),
        }
    }
}

impl Super {
    /// What no class of the user's has.
    fn given(&self, machine: &mut Machine, name: &str) -> Outcome<Option<Value>> {
        let found = match &self.receiver {
            Value::Instance(instance) => match instance.class.hooks.clone() {
                Some(hooks) => hooks.inherited(machine, instance, name)?,
                None => None,
            },
            Value::Object(object) => object.clone().inherited(machine, name)?,
            _ => None,
        };
        Ok(found.or_else(|| {
            (name == "__init__").then(|| Value::native("__init__", |_, _| Ok(Value::None)))
        }))
    }
}

/// A function that belongs to the class: `@classmethod`, `@staticmethod`.
struct OfClass {
    name: &'static str,
    function: Value,
}

impl Object for OfClass {
    fn class(&self) -> Rc<Class> {
        Rc::new(Class::new(self.name, "builtins", &[]))
    }

    fn any(&self) -> &dyn Any {
        self
    }
}

/// `classmethod` and `staticmethod`.
pub(crate) fn of_class(name: &str) -> Option<Value> {
    let name = match name {
        "classmethod" => "classmethod",
        "staticmethod" => "staticmethod",
        _ => return None,
    };
    Some(Value::native(name, move |_, args| {
        Ok(Value::Object(Rc::new(OfClass { name, function: args.only(name)? })))
    }))
}

/// What such a function is as an attribute; nothing for other values.
pub(crate) fn unwrapped(class: &Rc<Class>, found: &Value) -> Option<Value> {
    let Value::Object(object) = found else { return None };
    let wrapped = object.any().downcast_ref::<OfClass>()?;
    Some(match wrapped.name {
        "classmethod" => bind(&Value::Class(class.clone()), wrapped.function.clone()),
        _ => wrapped.function.clone(),
    })
}
