//! What is known of related rows without asking.

use std::rc::Rc;

use super::instance::with_state;
use crate::Machine;
use crate::value::{Instance, Outcome, Value};

/// An instance that rows are known to refer to.
#[derive(Clone)]
pub(super) struct Known {
    pub(super) field: Rc<str>,
    pub(super) attname: Rc<str>,
    pub(super) key: Value,
    pub(super) instance: Rc<Instance>,
    /// The other side's name, where that is one row, too.
    pub(super) accessor: Option<Rc<str>>,
}

impl Known {
    pub(super) fn give(&self, machine: &mut Machine, row: &Rc<Instance>) -> Outcome<()> {
        let cached = with_state(row, |state| state.cache.contains_key(&self.field));
        let Some(held) = row.get(&self.attname).filter(|_| cached == Some(false)) else {
            return Ok(());
        };
        if machine.equal(&held, &self.key)? {
            let owner = Value::Instance(self.instance.clone());
            with_state(row, |state| state.cache.insert(self.field.clone(), owner));
            if let Some(accessor) = &self.accessor {
                let row = Value::Instance(row.clone());
                with_state(&self.instance, |state| state.cache.insert(accessor.clone(), row));
            }
        }
        Ok(())
    }
}
