//! ormar's modules and exceptions, and those of SQLAlchemy and pydantic that come through.

use std::rc::Rc;

use throughline_order::Gather as _;

use crate::Machine;
use crate::eval::Raised;
use crate::value::{Class, Value};
use crate::world::World;

/// Class, base, of `ormar.exceptions`.
const ORMAR: &[(&str, &str)] = &[
    ("AsyncOrmException", "Exception"),
    ("ModelDefinitionError", "AsyncOrmException"),
    ("ModelError", "AsyncOrmException"),
    ("NoMatch", "AsyncOrmException"),
    ("MultipleMatches", "AsyncOrmException"),
    ("QueryDefinitionError", "AsyncOrmException"),
    ("RelationshipInstanceError", "AsyncOrmException"),
    ("ModelPersistenceError", "AsyncOrmException"),
    ("SignalDefinitionError", "AsyncOrmException"),
    ("ModelListEmptyError", "AsyncOrmException"),
];

/// Class, base, of `sqlalchemy.exc`.
const SQLALCHEMY: &[(&str, &str)] = &[
    ("SQLAlchemyError", "Exception"),
    ("StatementError", "SQLAlchemyError"),
    ("DBAPIError", "StatementError"),
    ("DatabaseError", "DBAPIError"),
    ("IntegrityError", "DatabaseError"),
    ("OperationalError", "DatabaseError"),
    ("DataError", "DatabaseError"),
    ("ProgrammingError", "DatabaseError"),
];

/// Python's own, of a pointer to an instance that is gone.
const WEAK: &[(&str, &str)] = &[("ReferenceError", "Exception")];

pub(super) fn install(machine: &mut Machine, world: &Rc<World>) {
    // What its old versions were used with, and what does not come with it any more.
    machine.absent.push("databases");
    module(machine, "ormar.exceptions", ORMAR);
    module(machine, "sqlalchemy.exc", SQLALCHEMY);
    module(machine, "pydantic_core._pydantic_core", &[("ValidationError", "ValueError")]);
    module(machine, "weakref", WEAK);
    let pydantic = copied(machine, "pydantic", "pydantic_core._pydantic_core");
    super::pydantic::install(&pydantic);
    machine.scope.set("pydantic", Value::Module(pydantic));
    let sqlalchemy = Rc::new(Class::new("sqlalchemy", "", &[]));
    if let Some(exc) = machine.modules.get("sqlalchemy.exc") {
        sqlalchemy.set("exc", Value::Module(exc.clone()));
    }
    machine.modules.insert("sqlalchemy".into(), sqlalchemy.clone());
    machine.scope.set("sqlalchemy", Value::Module(sqlalchemy.clone()));
    let ormar = copied(machine, "ormar", "ormar.exceptions");
    if let Some(exceptions) = machine.modules.get("ormar.exceptions") {
        ormar.set("exceptions", Value::Module(exceptions.clone()));
    }
    for (name, group) in super::clause::constructors() {
        ormar.set(name, group);
    }
    super::setup::install(world, &ormar, &sqlalchemy);
    machine.scope.set("ormar", Value::Module(ormar));
    if let Some(datetime) = machine.modules.get("datetime").cloned() {
        machine.scope.set("datetime", Value::Module(datetime));
    }
}

/// A module with the names of another one.
fn copied(machine: &mut Machine, name: &str, from: &str) -> Rc<Class> {
    let made = Rc::new(Class::new(name, "", &[]));
    if let Some(from) = machine.modules.get(from) {
        for (name, value) in from.names.borrow().iter() {
            made.set(name, value.clone());
        }
    }
    machine.modules.insert(name.into(), made.clone());
    made
}

fn module(machine: &mut Machine, name: &str, classes: &[(&str, &str)]) {
    let module = Class::new(name, "", &[]);
    for (class, base) in classes {
        let base = match module.get(base) {
            Some(Value::Class(base)) => Some(base),
            _ => machine.class(base),
        };
        let bases: Vec<Rc<Class>> = base.into_iter().gather();
        module.set(class, Value::Class(Rc::new(Class::new(class, name, &bases))));
    }
    machine.modules.insert(name.into(), Rc::new(module));
}

/// An exception of a module. ormar raises some without any message.
pub(super) fn exception(
    machine: &mut Machine,
    module: &str,
    class: &'static str,
    message: &str,
) -> Box<Raised> {
    match machine.modules.get(module).and_then(|module| module.get(class)) {
        Some(Value::Class(class)) => {
            let args = if message.is_empty() { Vec::new() } else { vec![Value::str(message)] };
            machine.exception(&class, args)
        }
        _ => crate::eval::raise("Exception", message),
    }
}

/// An exception of ormar's own.
pub(super) fn raise(machine: &mut Machine, class: &'static str, message: &str) -> Box<Raised> {
    exception(machine, "ormar.exceptions", class, message)
}

/// Looking at an instance that no one has any more.
pub(super) fn gone(machine: &mut Machine) -> Box<Raised> {
    exception(machine, "weakref", "ReferenceError", "weakly-referenced object no longer exists")
}

/// Whether this is ormar's exception of that name.
pub(super) fn is(machine: &mut Machine, raised: &Raised, class: &str) -> bool {
    machine.caught(raised).is_some_and(|exception| exception.class.derives_from(class))
}
