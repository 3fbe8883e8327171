//! Django's modules and their exceptions.

use std::rc::Rc;

use crate::Machine;
use crate::value::{Class, Value};
use crate::world::World;

/// Class, base, of `django.core.exceptions`.
const CORE: &[(&str, &str)] = &[
    ("ObjectDoesNotExist", "Exception"),
    ("MultipleObjectsReturned", "Exception"),
    ("FieldError", "Exception"),
    ("FieldDoesNotExist", "Exception"),
    ("ValidationError", "Exception"),
    ("ImproperlyConfigured", "Exception"),
];

/// Class, base, of `django.db`.
const DATABASE: &[(&str, &str)] = &[
    ("Error", "Exception"),
    ("DatabaseError", "Error"),
    ("IntegrityError", "DatabaseError"),
    ("OperationalError", "DatabaseError"),
    ("DataError", "DatabaseError"),
    ("NotSupportedError", "DatabaseError"),
];

pub(super) fn install(machine: &mut Machine, _: &Rc<World>) {
    module(machine, "django.core.exceptions", CORE);
    module(machine, "django.db", DATABASE);
}

fn module(machine: &mut Machine, name: &str, classes: &[(&str, &str)]) {
    let module = Class::new(name, "", &[]);
    for (class, base) in classes {
        let base = match module.get(base) {
            Some(Value::Class(base)) => Some(base),
            _ => machine.class(base),
        };
        let bases: Vec<Rc<Class>> = base.into_iter().collect();
        module.set(class, Value::Class(Rc::new(Class::new(class, name, &bases))));
    }
    machine.modules.insert(name.into(), Rc::new(module));
}
