//! Peewee's module and its exceptions.

use std::rc::Rc;

use throughline_order::Gather as _;

use crate::Machine;
use crate::eval::{Raised, raise};
use crate::value::{Class, Value};

/// Class and base.
const CLASSES: &[(&str, &str)] = &[
    ("PeeweeException", "Exception"),
    ("DoesNotExist", "Exception"),
    ("ImproperlyConfigured", "PeeweeException"),
    ("InterfaceError", "PeeweeException"),
    ("DatabaseError", "PeeweeException"),
    ("DataError", "DatabaseError"),
    ("IntegrityError", "DatabaseError"),
    ("InternalError", "DatabaseError"),
    ("NotSupportedError", "DatabaseError"),
    ("OperationalError", "DatabaseError"),
    ("ProgrammingError", "DatabaseError"),
];

pub(super) fn install(machine: &mut Machine) {
    let module = Class::new("peewee", "", &[]);
    for (name, base) in CLASSES {
        let base = match module.get(base) {
            Some(Value::Class(base)) => Some(base),
            _ => machine.class(base),
        };
        let bases: Vec<Rc<Class>> = base.into_iter().gather();
        module.set(name, Value::Class(Rc::new(Class::new(name, "peewee", &bases))));
    }
    machine.modules.insert("peewee".into(), Rc::new(module));
}

/// An exception class of the module.
pub(super) fn base(machine: &Machine, name: &str) -> Option<Rc<Class>> {
    match machine.modules.get("peewee")?.get(name)? {
        Value::Class(class) => Some(class),
        _ => None,
    }
}

/// One of Peewee's exceptions.
pub(super) fn raised(machine: &mut Machine, name: &str, message: &str) -> Box<Raised> {
    match base(machine, name) {
        Some(class) => machine.exception(&class, vec![Value::str(message)]),
        None => raise("RuntimeError", message),
    }
}
