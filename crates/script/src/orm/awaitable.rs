//! What an asynchronous method gives before it is awaited: nothing has been asked yet.

use std::any::Any;
use std::cell::RefCell;
use std::rc::Rc;

use crate::Machine;
use crate::eval::raise;
use crate::value::{Class, Object, Outcome, Value};

type Later = Box<dyn FnOnce(&mut Machine) -> Outcome>;

/// A coroutine.
struct Awaitable(RefCell<Option<Later>>);

/// What is done when it is awaited.
pub(super) fn later(run: impl FnOnce(&mut Machine) -> Outcome + 'static) -> Value {
    Value::Object(Rc::new(Awaitable(RefCell::new(Some(Box::new(run))))))
}

impl Object for Awaitable {
    fn class(&self) -> Rc<Class> {
        Rc::new(Class::new("coroutine", "builtins", &[]))
    }

    fn any(&self) -> &dyn Any {
        self
    }

    fn wait(self: Rc<Self>, machine: &mut Machine) -> Outcome<Option<Value>> {
        let run = self.0.borrow_mut().take();
        match run {
            Some(run) => machine.deeper(run).map(Some),
            None => Err(raise("RuntimeError", "cannot reuse already awaited coroutine")),
        }
    }
}
