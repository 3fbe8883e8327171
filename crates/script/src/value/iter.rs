//! Iterators.

use std::cell::RefCell;

use super::{Outcome, Value};
use crate::Machine;
use crate::eval::raise;

/// An iterator.
pub struct Each {
    /// The name of its class: `generator`, `zip`.
    pub name: &'static str,
    state: RefCell<Box<dyn Iterate>>,
}

/// What gives items one by one.
pub trait Iterate {
    /// The next item.
    ///
    /// # Errors
    /// What making it raises.
    fn next(&mut self, machine: &mut Machine) -> Outcome<Option<Value>>;
}

impl Each {
    /// An iterator of this class.
    pub fn new(name: &'static str, state: impl Iterate + 'static) -> Self {
        Self { name, state: RefCell::new(Box::new(state)) }
    }

    /// The next item.
    ///
    /// # Errors
    /// What making it raises.
    pub fn next(&self, machine: &mut Machine) -> Outcome<Option<Value>> {
        machine.step()?;
        match self.state.try_borrow_mut() {
            Ok(mut state) => state.next(machine),
            Err(_) => Err(raise("ValueError", "generator already executing")),
        }
    }
}

/// Items that are there already.
pub struct Items(pub std::vec::IntoIter<Value>);

impl Iterate for Items {
    fn next(&mut self, _: &mut Machine) -> Outcome<Option<Value>> {
        Ok(self.0.next())
    }
}

/// A closure as an iterator.
pub(crate) struct Steps<F>(pub(crate) F);

impl<F: FnMut(&mut Machine) -> Outcome<Option<Value>>> Iterate for Steps<F> {
    fn next(&mut self, machine: &mut Machine) -> Outcome<Option<Value>> {
        (self.0)(machine)
    }
}
