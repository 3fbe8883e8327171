//! Django's modules and their exceptions.

use std::rc::Rc;

use throughline_order::Gather as _;

use crate::value::{Class, Value};
use crate::world::World;
use crate::{Machine, Raised};

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

pub(super) fn install(machine: &mut Machine, world: &Rc<World>) {
    module(machine, "django.core.exceptions", CORE);
    module(machine, "django.db", DATABASE);
    module(machine, "django.db.utils", DATABASE);
    if let (Some(db), Some(utils)) =
        (machine.modules.get("django.db").cloned(), machine.modules.get("django.db.utils").cloned())
    {
        for (name, value) in db.names.borrow().iter() {
            utils.set(name, value.clone());
        }
    }
    models(machine);
    if let Some(models) = machine.modules.get("django.db.models") {
        models.set("prefetch_related_objects", super::prefetch::of_objects(world));
    }
    for (name, class) in super::manager::classes(world) {
        for module in ["django.db.models", "django.db.models.query", "django.db.models.manager"] {
            let module = machine
                .modules
                .entry(module.into())
                .or_insert_with(|| Rc::new(Class::new(module, "", &[])));
            module.set(name, Value::Class(class.clone()));
        }
    }
    let nothing = |machine: &mut Machine, name: &str, names: Vec<(&str, Value)>| {
        let module = Class::new(name, "", &[]);
        names.into_iter().for_each(|(name, value)| module.set(name, value));
        machine.modules.insert(name.into(), Rc::new(module));
    };
    let now = Value::native("now", |machine, _| Ok(Value::datetime(machine.now, None)));
    let atomic = crate::orm::atomic::constructor(world);
    nothing(machine, "django.db.transaction", vec![("atomic", atomic)]);
    if let (Some(db), Some(transaction)) = (
        machine.modules.get("django.db").cloned(),
        machine.modules.get("django.db.transaction").cloned(),
    ) {
        machine.scope.set("transaction", Value::Module(transaction.clone()));
        db.set("transaction", Value::Module(transaction));
    }
    nothing(machine, "django.utils.timezone", vec![("now", now)]);
    let shortcuts = super::raw::shortcuts(world);
    nothing(machine, "django.shortcuts", shortcuts);
    nothing(machine, "django.utils", Vec::new());
    nothing(machine, "django", Vec::new());
    if let Some(utils) = machine.modules.get("django.db.utils").cloned() {
        let bases: Vec<Rc<Class>> = machine.class("Exception").into_iter().gather();
        let name = "ConnectionDoesNotExist";
        let class = Class::new(name, "django.utils.connection", &bases);
        utils.set(name, Value::Class(Rc::new(class)));
    }
    for (name, module) in &machine.modules {
        if name.starts_with("django") {
            module.set(crate::eval::CLOSED, Value::None);
        }
    }
}

/// What a relation to one raises where there is none: an exception of the model that is missing, and an `AttributeError`, so that `hasattr` says no.
pub(super) fn no_related(
    machine: &mut Machine,
    world: &World,
    target: usize,
    message: String,
) -> Box<Raised> {
    let missing = world.class(target).and_then(|class| {
        match machine.attribute(&Value::Class(class), "DoesNotExist").ok()? {
            Value::Class(missing) => Some(missing),
            _ => None,
        }
    });
    let bases: Vec<Rc<Class>> = missing.into_iter().chain(machine.class("AttributeError")).gather();
    let class = Class::new(
        "RelatedObjectDoesNotExist",
        "django.db.models.fields.related_descriptors",
        &bases,
    );
    machine.exception(&Rc::new(class), vec![Value::from(message)])
}

/// What `from django.db.models import *` brings beyond what is here and what models are declared with.
const BEYOND: &[&str] = &[
    "Aggregate",
    "BinaryField",
    "DurationField",
    "Expression",
    "ExpressionList",
    "Field",
    "FileField",
    "FilteredRelation",
    "GenericIPAddressField",
    "JSONField",
    "Lookup",
    "OrderWrt",
    "RowRange",
    "TimeField",
    "Transform",
    "UUIDField",
    "ValueRange",
    "WindowFrame",
    "WindowFrameExclusion",
];

/// `django.db.models`: expressions, and the exceptions of deleting.
fn models(machine: &mut Machine) {
    machine.unknown.extend(BEYOND.iter().map(|name| (*name).into()));
    let module = Class::new("django.db.models", "", &[]);
    for (name, value) in super::expression::constructors() {
        module.set(name, value.clone());
        machine.scope.set(name, value);
    }
    let prefetch = super::prefetch::constructor();
    module.set("Prefetch", prefetch.clone());
    machine.scope.set("Prefetch", prefetch);
    let base =
        match machine.modules.get("django.db").and_then(|module| module.get("IntegrityError")) {
            Some(Value::Class(class)) => vec![class],
            _ => Vec::new(),
        };
    for name in ["ProtectedError", "RestrictedError"] {
        module
            .set(name, Value::Class(Rc::new(Class::new(name, "django.db.models.deletion", &base))));
    }
    for name in ["django.db.models", "django.db.models.functions", "django.db.models.expressions"] {
        let copy = Class::new(name, "", &[]);
        for (name, value) in module.names.borrow().iter() {
            copy.set(name, value.clone());
        }
        machine.modules.insert(name.into(), Rc::new(copy));
    }
    let lookups = Class::new("django.db.models.lookups", "", &[]);
    for (name, value) in super::comparisons::comparisons() {
        lookups.set(name, value);
    }
    machine.modules.insert("django.db.models.lookups".into(), Rc::new(lookups));
    if let (Some(db), Some(models)) = (
        machine.modules.get("django.db").cloned(),
        machine.modules.get("django.db.models").cloned(),
    ) {
        db.set("models", Value::Module(models));
    }
    if let Some(core) = machine.modules.get("django.core.exceptions").cloned() {
        machine.scope.set("exceptions", Value::Module(core));
    }
    if let Some(datetime) = machine.modules.get("datetime").cloned() {
        machine.scope.set("datetime", Value::Module(datetime));
    }
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
