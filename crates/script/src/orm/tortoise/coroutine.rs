//! What an `async def` of Tortoise's gives: nothing happens until it is awaited.

use std::any::Any;
use std::cell::RefCell;
use std::rc::Rc;

use crate::Machine;
use crate::eval::raise;
use crate::value::{Class, Object, Outcome, Value};

type Run = Box<dyn FnOnce(&mut Machine) -> Outcome>;

/// A call that has not run yet.
pub(super) struct Coroutine(RefCell<Option<Run>>);

/// A call that runs when it is awaited.
pub(super) fn later(run: impl FnOnce(&mut Machine) -> Outcome + 'static) -> Value {
    Value::Object(Rc::new(Coroutine(RefCell::new(Some(Box::new(run))))))
}

impl Object for Coroutine {
    fn class(&self) -> Rc<Class> {
        Rc::new(Class::new("coroutine", "builtins", &[]))
    }

    fn any(&self) -> &dyn Any {
        self
    }

    fn wait(self: Rc<Self>, machine: &mut Machine) -> Outcome<Option<Value>> {
        let run = self.0.borrow_mut().take();
        match run {
            Some(run) => run(machine).map(Some),
            None => Err(raise("RuntimeError", "cannot reuse already awaited coroutine")),
        }
    }
}
