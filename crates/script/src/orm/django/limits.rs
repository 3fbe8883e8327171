//! What cannot be asked of a query set: rows that were cut, another database.

use super::queryset::{QuerySet, Shape, never};
use crate::Machine;
use crate::eval::raise;
use crate::value::{Outcome, Value};

impl QuerySet {
    /// There is one database.
    pub(super) fn is_there(&self, machine: &mut Machine) -> Outcome<()> {
        let Some(name) = &self.database else { return Ok(()) };
        let message = format!("The connection '{name}' doesn't exist.");
        Err(match super::class_of(machine, "django.db.utils", "ConnectionDoesNotExist") {
            Some(class) => machine.exception(&class, vec![Value::from(message)]),
            None => raise("Exception", message),
        })
    }

    /// How many columns were chosen.
    pub(super) fn chosen(&self) -> usize {
        match &self.shape {
            Shape::Dicts(names) | Shape::Tuples(names) | Shape::Named(names) => names.len(),
            Shape::Instances | Shape::Flat(_) => 1,
        }
    }

    /// Whether it was cut.
    pub(super) fn is_sliced(&self) -> bool {
        self.query.limit.is_some() || self.query.offset > 0
    }

    /// What cannot be done to rows that were cut.
    pub(super) fn uncut(&self, what: &str) -> Outcome<()> {
        if !self.is_sliced() {
            return Ok(());
        }
        let message = format!("Cannot {what} a query once a slice has been taken.");
        Err(raise("TypeError", message))
    }

    /// Whether no row can be among them, whatever is in the database.
    pub(super) fn is_empty(&self) -> bool {
        self.query.empty || self.query.limit == Some(0) || never(&self.query.condition)
    }
}
