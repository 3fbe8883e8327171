//! Tortoise's modules, its exceptions, and the names that scripts have without importing them.

use std::rc::Rc;

use throughline_order::Gather as _;

use crate::Machine;
use crate::value::{Class, Value};
use crate::world::World;

/// Class and base, of `tortoise.exceptions`.
const EXCEPTIONS: &[(&str, &str)] = &[
    ("BaseORMException", "Exception"),
    ("FieldError", "BaseORMException"),
    ("ParamsError", "BaseORMException"),
    ("ConfigurationError", "BaseORMException"),
    ("TransactionManagementError", "BaseORMException"),
    ("OperationalError", "BaseORMException"),
    ("IntegrityError", "OperationalError"),
    ("NoValuesFetched", "OperationalError"),
    ("NotExistOrMultiple", "OperationalError"),
    ("MultipleObjectsReturned", "NotExistOrMultiple"),
    ("ObjectDoesNotExistError", "OperationalError"),
    ("DoesNotExist", "NotExistOrMultiple"),
    ("IncompleteInstanceError", "OperationalError"),
    ("DBConnectionError", "BaseORMException"),
    ("ValidationError", "BaseORMException"),
    ("UnSupportedError", "BaseORMException"),
];

pub(super) fn install(machine: &mut Machine, world: &Rc<World>) {
    let exceptions = Class::new("tortoise.exceptions", "", &[]);
    for (name, base) in EXCEPTIONS {
        let base = match exceptions.get(base) {
            Some(Value::Class(base)) => Some(base),
            _ => machine.class(base),
        };
        let bases: Vec<Rc<Class>> = base.into_iter().gather();
        let class = Class::new(name, "tortoise.exceptions", &bases);
        exceptions.set(name, Value::Class(Rc::new(class)));
    }
    machine.modules.insert("tortoise.exceptions".into(), Rc::new(exceptions));
    let expressions = super::operators::constructors();
    let functions = super::expression::constructors();
    let prefetch = vec![("Prefetch", super::prefetch::constructor())];
    let atomic = crate::orm::atomic::giving(world, super::start::in_block(world));
    let transactions = vec![("in_transaction", atomic.clone()), ("atomic", atomic)];
    // What the recorded scripts have without importing it.
    for (name, value) in functions.iter().chain(&expressions).chain(&prefetch) {
        if ["Count", "Sum", "Avg", "Max", "Min", "Q", "F", "Prefetch"].contains(name) {
            machine.scope.set(name, value.clone());
        }
    }
    if let Some(datetime) = machine.modules.get("datetime").cloned() {
        machine.scope.set("datetime", Value::Module(datetime));
    }
    module(machine, "tortoise.expressions", expressions);
    module(machine, "tortoise.functions", functions);
    module(machine, "tortoise.query_utils", prefetch);
    module(machine, "tortoise.transactions", transactions);
    module(machine, "tortoise", super::start::names(world));
    module(machine, "tortoise.models", super::start::model());
}

fn module(machine: &mut Machine, name: &str, names: Vec<(&'static str, Value)>) {
    let module = Class::new(name, "", &[]);
    names.into_iter().for_each(|(name, value)| module.set(name, value));
    machine.modules.insert(name.into(), Rc::new(module));
}
