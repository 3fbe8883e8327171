//! `transaction.atomic()`: a context manager and a decorator.

use std::any::Any;
use std::cell::RefCell;
use std::rc::Rc;

use crate::Machine;
use crate::value::{Args, Class, Object, Outcome, Value};
use crate::world::World;

/// A block that happens wholly or not at all.
struct Atomic {
    world: Rc<World>,
    /// Names of the save points that are open.
    open: RefCell<Vec<String>>,
    /// What its block is handed.
    gives: Value,
}

/// `atomic`, `atomic()` and `@atomic`.
pub(in crate::orm) fn constructor(world: &Rc<World>) -> Value {
    giving(world, Value::None)
}

/// The same, where `async with in_transaction() as connection` has a connection.
pub(in crate::orm) fn giving(world: &Rc<World>, gives: Value) -> Value {
    let world = world.clone();
    Value::native("atomic", move |_, args| {
        if let Some(function @ Value::Function(_)) = args.positional.first().cloned() {
            return Ok(wrapped(world.clone(), function));
        }
        Ok(Value::Object(Rc::new(Atomic {
            world: world.clone(),
            open: RefCell::default(),
            gives: gives.clone(),
        })))
    })
}

fn wrapped(world: Rc<World>, function: Value) -> Value {
    Value::native("wrapper", move |machine, args| {
        world.atomically(|| machine.call(&function, args))
    })
}

impl Object for Atomic {
    fn class(&self) -> Rc<Class> {
        Rc::new(Class::new("Atomic", "transaction", &[]))
    }

    fn any(&self) -> &dyn Any {
        self
    }

    fn call(self: Rc<Self>, _: &mut Machine, args: Args) -> Outcome<Option<Value>> {
        Ok(args.positional.into_iter().next().map(|function| wrapped(self.world.clone(), function)))
    }

    fn enter(self: Rc<Self>, _: &mut Machine) -> Outcome<Option<Value>> {
        let name = format!("atomic_{}", self.world.next());
        if self.world.send_quietly(&format!("SAVEPOINT {name}")).is_ok() {
            self.open.borrow_mut().push(name);
        }
        Ok(Some(self.gives.clone()))
    }

    fn exit(self: Rc<Self>, _: &mut Machine, raised: Option<&Value>) -> Outcome<bool> {
        if let Some(name) = self.open.borrow_mut().pop() {
            if raised.is_some() {
                let _ = self.world.send_quietly(&format!("ROLLBACK TO SAVEPOINT {name}"));
            }
            let _ = self.world.send_quietly(&format!("RELEASE SAVEPOINT {name}"));
        }
        Ok(false)
    }
}
